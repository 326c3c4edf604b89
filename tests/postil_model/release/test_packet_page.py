"""The participant's page: what it holds, what its button saves, and how that is taken in."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from html import unescape
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postil_base.quoting.pages import policy
from postil_cli.running import run
from postil_model.release.packet import (
    NO,
    YES,
    Answer,
    Sheet,
    SheetQuote,
    SheetSection,
    as_markdown,
    read_answer,
    whose,
)
from postil_model.release.packet_page import as_html
from postil_study.files.memos import load_memos
from tests.postil_formats.tables.test_spreadsheets import Tags, assert_accessible
from tests.postil_model.release.test_build import small

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
QUOTE = SheetQuote("<b>so</b>\nyes", "I01", 3)
NASTY = Sheet(
    "P07",
    "A study </script><script>alert(1)</script>",
    (
        SheetSection(
            "trust", "Trust <laughs> & *more*", "What -- > means", "We see", (SheetQuote("<b>so</b>\nyes", "I01", 3),)
        ),
        SheetSection("edge:a->b", 'A, then B (if "c")', "", "", ()),
    ),
)
REMARKS = ("I meant X.\n## Trust <!-- trust -->\n- [x] No\n\\ so\n[ ] Yes\n<!-- end -->", "日本 😀 אבל")


def test_the_page_is_accessible_and_every_box_has_a_label() -> None:
    page = as_html(NASTY)
    assert_accessible(page)
    tags = Tags(page)
    assert len(tags.all("script")) == 1 and "alert(1)<" not in page
    labels = {label.get("for") for label in tags.all("label")}
    for area in tags.all("textarea"):
        assert area.get("id") in labels or area.get("aria-labelledby")
    inside = re.findall(r"<label><input [^>]*> <span>[^<]+</span></label>", page)
    assert len(inside) == len(tags.all("input")) == 4
    assert len(tags.all("fieldset")) == len(tags.all("legend")) == 2


def filled_in(tmp_path: Path, page: str, marks: list[list[bool]], remarks: list[str]) -> str:
    """What the page's own script writes once a browser has filled it in."""
    fill = (
        f"<script>const marks = {json.dumps(marks)}, remarks = {json.dumps(remarks)};"
        'document.querySelectorAll("section[data-id]").forEach((section, n) => {'
        'section.querySelectorAll("input").forEach((box, i) => { box.checked = marks[n][i]; });'
        'section.querySelector("textarea").value = remarks[n]; });'
        'document.querySelector("button").click();'
        'const shown = document.createElement("pre"); shown.id = "out"; shown.textContent = answers();'
        "document.body.append(shown);</script></body>"
    )
    file = tmp_path / "page.html"
    inside = fill[len("<script>") : fill.index("</script>")]
    allowed_too = policy(inside).partition("script-src ")[2]  # the page's own script runs under the page's own policy
    own = page.replace("script-src ", f"script-src {allowed_too} ", 1)
    assert own != page
    file.write_text(own.replace("</body>", fill), encoding="utf-8")
    assert CHROMIUM is not None
    command = [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path / 'profile'}"]
    done = subprocess.run([*command, "--dump-dom", file.as_uri()], capture_output=True, timeout=120)
    dom = done.stdout.decode("utf-8")
    assert "Saved as answers-" in dom, done.stderr.decode()[-500:]
    match = re.search(r'<pre id="out">(.*?)</pre>', dom, re.DOTALL)
    assert match is not None
    return unescape(match[1])


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here")
def test_a_browser_saves_what_was_filled_in_and_it_is_read_back(tmp_path: Path) -> None:
    text = filled_in(tmp_path, as_html(NASTY), [[True, False], [True, True], []], [*REMARKS, "Not lunch."])
    assert whose(text) == "P07"
    first, second = ("\n".join(line.strip() for line in remark.split("\n")) for remark in REMARKS)
    assert read_answer(text) == [
        Answer("trust", ("yes",), first),
        Answer("edge:a->b", ("yes", "no"), second),
        Answer("else", (), "Not lunch."),
    ]


def saved(participant: str, answers: list[tuple[str, bool, bool, str]]) -> str:
    """A file as the page writes it."""
    parts = ["# S: what we understood, x", f"<!-- packet {participant} -->"]
    for section, yes, no, remark in answers:
        lines = [re.sub(r"^(?=[#*\[\\<-])", r"\\", line.strip()) for line in remark.strip().splitlines()]
        boxes = f"- [{'x' if yes else ' '}] {YES}\n- [{'x' if no else ' '}] {NO}"
        parts += [f"## Label <!-- {section} -->", boxes, "\n".join(lines)]
    return "\n\n".join(part for part in parts if part) + "\n"


SIGNS = st.sampled_from(["## A <!-- b -->", "- [x] Yes", "[x]", "\\- a", "* b", "<!-- packet P99 -->"])
remarks = st.lists(st.one_of(SIGNS, st.text(max_size=9)), max_size=4).map("\n".join)
sections = st.sampled_from(["trust", "edge:a->b", "a.b"])


@given(st.lists(st.tuples(sections, st.booleans(), st.booleans(), remarks), max_size=4))
def test_any_answer_is_read_back(answers: list[tuple[str, bool, bool, str]]) -> None:
    text = saved("P 07", answers)
    assert whose(text) == "P 07"
    expected = []
    for section, yes, no, remark in answers:
        said = "\n".join(line.strip() for line in remark.splitlines() if line.strip())
        marks = (*(["yes"] if yes else []), *(["no"] if no else []))
        expected += [Answer(section, tuple(marks), said)] if marks or said else []
    assert read_answer(text) == expected


def test_take_keeps_the_file_under_its_own_participant(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = small(tmp_path, {})
    file = tmp_path / "answers-E01.txt"
    file.write_text(saved("E01", [("trust", True, False, "Not so.\n## No")]), encoding="utf-8")
    assert run(["packet", "E02", "--take", str(file), "-C", str(root)]) == 1
    assert "is the sheet of E01, not of E02" in capsys.readouterr().err and not load_memos(root)[0]
    assert run(["packet", "--take", str(file), "-C", str(root), "--author", "ana"]) == 0
    assert capsys.readouterr().out == "trust: yes  Not so. ## No\n"
    (memo,) = load_memos(root)[0]
    assert (memo.about, memo.author, memo.type) == (("participant:E01",), "ana", "member-check")
    assert "\\## No" in memo.body
    assert run(["packet", "--take", str(file), "-C", str(root)]) == 1
    assert "kept already" in capsys.readouterr().err and len(load_memos(root)[0]) == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("# Letter\n\nDear all\n", "does not say whose sheet"),
        (saved("E77", [("trust", True, False, "")]), "no participant of this study"),
        (saved("E01", [("trust", False, False, "")]), "nothing is filled in"),
    ],
)
def test_what_cannot_be_taken(tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, said: str) -> None:
    root = small(tmp_path, {})
    file = tmp_path / "a.txt"
    file.write_text(text, encoding="utf-8")
    assert run(["packet", "--take", str(file), "-C", str(root)]) == 1
    assert said in capsys.readouterr().err and not load_memos(root)[0]


def test_without_a_participant_there_is_no_sheet(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["packet", "-C", str(small(tmp_path, {}))]) == 1
    assert "whose sheet?" in capsys.readouterr().err


def test_the_filled_in_markdown_is_taken_too() -> None:
    text = as_markdown(NASTY)
    assert whose(text) == "P07" and read_answer(text) == []
    back = text.replace("- [ ] Yes", "- [x] Yes").replace("\n", "\r\n")
    assert whose(back) == "P07"
    assert [(one.section, one.marks) for one in read_answer(back)] == [("trust", ("yes",)), ("edge:a->b", ("yes",))]
