"""Putting the page together. Every text from the study is escaped; nothing is loaded from anywhere."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from postil_base.quoting.html import html
from postil_base.version import __version__

HERE = Path(__file__).resolve().parent
POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:"


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the page; ``body`` is HTML already."""

    id: str
    title: str
    body: str


def page(title: str, meta: Sequence[str], sections: Sequence[Section], lang: str = "en") -> str:
    """The whole document."""
    links = "".join(f'<a href="#{s.id}">{html(s.title)}</a>' for s in sections)
    body = "\n".join(f'<section id="{s.id}"><h2>{html(s.title)}</h2>\n{s.body}</section>' for s in sections)
    about = "".join(f'<p class="meta">{html(line)}</p>' for line in meta)
    return (
        f'<!DOCTYPE html>\n<html lang="{html(lang)}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta name="generator" content="Postil {__version__}">\n<title>{html(title)}</title>\n'
        f"<style>\n{_asset('report.css')}</style>\n</head>\n<body>\n"
        f"<header><h1>{html(title)}</h1>{about}"
        f'<nav aria-label="Sections">{links}</nav></header>\n'
        f"<main>\n{body}\n</main>\n"
        f'<footer class="page">Made with Postil {__version__}. The page holds all it needs and loads nothing.'
        "</footer>\n"
        f"<script>\n{_asset('report.js')}</script>\n</body>\n</html>\n"
    )


def _asset(name: str) -> str:
    return (HERE / name).read_text(encoding="utf-8")


def table(headers: Sequence[str], rows: Iterable[Sequence[object]], numbers: Iterable[int] = ()) -> str:
    """An HTML table of texts; columns named in ``numbers`` stand flush right."""
    flush = set(numbers)

    def line(tag: str, cells: Sequence[object]) -> str:
        scope = ' scope="col"' if tag == "th" else ""
        done = (
            f"<{tag}{scope}{' class=number' if i in flush else ''}>{html(str(cell))}</{tag}>"
            for i, cell in enumerate(cells)
        )
        return f"<tr>{''.join(done)}</tr>"

    body = "\n".join(line("td", row) for row in rows)
    head = f"<thead>{line('th', headers)}</thead>"
    return f'<div class="scroll" tabindex="0"><table>{head}\n<tbody>{body}</tbody></table></div>'
