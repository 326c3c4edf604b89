"""The member-check sheet as a page: to fill in on the screen, to save as a file that can be sent back, or to print.

The page loads nothing and sends nothing. Its button saves a text in the form of `packet.as_markdown`, which
`packet.read_answer` reads.
"""

from __future__ import annotations

import re

from postil_base.quoting.html import html
from postil_formats.tables.files import PAGE_RULES
from postil_model.release.packet import INTRODUCTION, NO, REMARK, YES, Sheet, SheetSection, mark_of

POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'"
_PRINTED = INTRODUCTION.replace("Put an x between the brackets", "Tick a box").replace(
    "and send this back", "save your answers with the button at the end, and send us the file (or print the page)"
)


def as_html(sheet: Sheet) -> str:
    """The sheet as one page."""
    sections = "\n".join(_section(section, number) for number, section in enumerate(sheet.sections, 1))
    title = html(f"{sheet.title or 'Our interview'}: what we understood, {sheet.participant}")
    file = f"answers-{re.sub(r'[^A-Za-z0-9._-]+', '-', sheet.participant)}.txt"
    head = (
        f'<meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>{title}</title>\n'
        f"<style>{_STYLE}{PAGE_RULES}</style>"
    )
    send = (
        '<section class="send"><h2 id="send">Send it back</h2>'
        '<p><button type="button">Save my answers as a file</button></p><p role="status"></p>'
        "<noscript><p>Your browser runs no scripts, so the button does nothing: please print this page, or write to us."
        "</p></noscript></section>"
    )
    return (
        f'<!doctype html>\n<html lang="en"><head>{head}</head><body><header><h1>{title}</h1></header>\n'
        f'<main data-mark="{html(mark_of(sheet.participant))}" data-file="{html(file)}"><p>{html(_PRINTED)}</p>\n'
        f"{sections}\n{_ELSE}\n{send}\n</main>\n<script>{_SCRIPT}</script></body></html>\n"
    )


def _section(section: SheetSection, number: int) -> str:
    meaning = f"<p><em>{html(section.meaning)}</em></p>" if section.meaning else ""
    summary = f"<p>We understood: {html(section.summary)}</p>" if section.summary else ""
    quotes = "".join(
        f"<blockquote>{html(q.text)}<footer>{html(q.transcript)}, turn {q.turn}</footer></blockquote>"
        for q in section.quotes
    )
    boxes = "".join(f'<label><input type="checkbox"> <span>{html(text)}</span></label> ' for text in (YES, NO))
    name = f"s{number}"
    answer = (
        f'<fieldset aria-labelledby="{name}"><legend>Is this what you meant?</legend>{boxes}</fieldset>'
        f'<p><label for="{name}-r">{html(REMARK)}</label></p>'
        f'<textarea id="{name}-r" rows="4" aria-describedby="{name}"></textarea>'
    )
    return (
        f'<section data-id="{html(section.id)}" aria-labelledby="{name}"><h2 id="{name}">{html(section.label)}</h2>'
        f"{meaning}{summary}{quotes}{answer}</section>"
    )


_ELSE = (
    '<section data-id="else" aria-labelledby="else"><h2 id="else">Anything else?</h2>'
    '<textarea rows="6" aria-labelledby="else"></textarea></section>'
)
_STYLE = (
    "body{font:11pt/1.5 Georgia,serif;max-width:42em;margin:2em auto;padding:0 1em;color:#222;background:#fff}"
    "blockquote{margin:.8em 0 .8em 1em;padding-left:.8em;border-left:3px solid #767676;white-space:pre-line;"
    "overflow-wrap:anywhere}blockquote footer{font-size:85%;color:#555}"
    "section{break-inside:avoid;border-top:1px solid #ccc}fieldset{border:0;margin:0;padding:0}"
    "fieldset label{display:inline-block;margin-right:2em;padding:.2em 0}input{width:1.1em;height:1.1em}"
    "textarea{box-sizing:border-box;width:100%;border:1px solid #767676;font:inherit}"
    "button{font:inherit;padding:.5em 1em;border:1px solid #1f4e8c;background:#1f4e8c;color:#fff;cursor:pointer}"
    ":focus-visible{outline:3px solid #1f4e8c;outline-offset:2px}@media print{.send{display:none}}"
)
_SCRIPT = r"""
"use strict";
const main = document.querySelector("main"), told = document.querySelector("[role=status]");
let saved = true;
function answers() {
  const parts = ["# " + document.querySelector("h1").textContent, main.dataset.mark];
  for (const section of main.querySelectorAll("section[data-id]")) {
    const label = section.querySelector("h2").textContent.replace(/\s+/g, " ").trim();
    const boxes = [...section.querySelectorAll("input")].map(
      box => "- [" + (box.checked ? "x" : " ") + "] " + box.parentNode.textContent.trim());
    const remark = section.querySelector("textarea").value.trim().split(/\r\n|[\n\r\v\f\u0085\u2028\u2029]/).map(
      line => line.trim().replace(/^(?=[#*\[\\<-])/, "\\")).join("\n");
    parts.push("## " + label + " <!-- " + section.dataset.id + " -->", boxes.join("\n"), remark);
  }
  return parts.filter(part => part).join("\n\n") + "\n";
}
main.addEventListener("input", () => { saved = false; });
document.querySelector("button").addEventListener("click", () => {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([answers()], {type: "text/plain;charset=utf-8"}));
  link.download = main.dataset.file;
  document.body.append(link);
  link.click();
  link.remove();
  saved = true;
  told.textContent = "Saved as " + link.download + ", where your browser keeps downloads. Please send us this file.";
});
addEventListener("beforeunload", event => { if (!saved) event.preventDefault(); });
"""
