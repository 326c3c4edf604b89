"""The codebook as Markdown, HTML and Word, and tables as Parquet."""

from __future__ import annotations

import importlib.util
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

from postil_base.problem import PostilError
from postil_cli.running import run
from postil_codebook.load import load_codebook
from postil_codebook.values import Codebook
from postil_formats.codebooks.writing import codebook_docx, codebook_html, codebook_markdown, outline
from postil_formats.tables.files import Table, to_parquet
from postil_formats.texts.documents.docx_parts import open_word
from postil_study.study import open_study

ROOT = Path(__file__).resolve().parents[3]
NASTY = "*<b>[x](y) & \\\\ # | `code` _em_"
BOOK = f"""title: 'Book {NASTY}'
version: 2.0
codes:
  above:
    label: Above
    codable: false
    children:
      below:
        label: 'Below {NASTY}'
        definition: "1. one\\n- two"
        include: when
        exclude: not
        examples: ["said\\nso"]
        origin: in-vivo
        memo: m
  other: {{label: Other, definition: d}}
groups: {{pair: {{label: Pair, codes: [below, other], exclusive: true}}}}
"""


def book() -> Codebook:
    return load_codebook(BOOK, "b.yaml")[0]


class Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.tags: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.found.append(data)


def test_all_of_a_code_is_in_every_document() -> None:
    words = [block.text for block in outline(book(), {"below": 1})]
    assert "above/below; in 1 segment" in words and "above; a heading, not applied itself" in words
    page = Text()
    page.feed(codebook_html(book(), {"below": 1}))
    word = [paragraph.text for paragraph in open_word(codebook_docx(book(), {"below": 1}), "b.docx").paragraphs]
    for block in outline(book(), {"below": 1}):
        assert block.text in "".join(page.found)
        assert any(block.text in paragraph for paragraph in word)


def test_text_of_people_is_no_mark_up() -> None:
    text = codebook_markdown(book(), {})
    assert "### Below \\*\\<b\\>\\[x\\](y) & \\\\\\\\ \\# \\| \\`code\\` \\_em\\_" in text
    assert "1\\. one  \n\\- two" in text, "no list begins in a definition"
    page = Text()
    page.feed(codebook_html(book(), {}))
    assert page.tags.count("b") == sum(1 for block in outline(book(), {}) if block.lead)


def test_word_has_headings_and_the_same_bytes() -> None:
    data = codebook_docx(book(), {})
    assert data == codebook_docx(book(), {})
    headings = [p.text for p in open_word(data, "b.docx").paragraphs if p.heading]
    assert [text.split(" ")[0] for text in headings] == ["Book", "Above", "Below", "Other", "Groups"]


@pytest.mark.parametrize("name", ["b.md", "b.html", "b.docx", "b.qdc"])
def test_the_command(tmp_path: Path, name: str) -> None:
    assert run(["export", "codebook", "--out", str(tmp_path / name), "-C", str(ROOT)]) == 0
    data = (tmp_path / name).read_bytes()
    label = next(code.label for code in open_study(ROOT).codebook.codes.values() if code.codable)
    assert data.startswith(b"PK") or label.encode() in data


def test_an_ending_that_is_none_of_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["export", "codebook", "--out", str(tmp_path / "b.pdf"), "-C", str(ROOT)]) == 1
    assert ".docx" in capsys.readouterr().err


def test_parquet_says_what_it_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(PostilError, match=r"pip install 'postil\[parquet\]'"):
        to_parquet(Table(("a",), ((1,),)))


@pytest.mark.skipif(importlib.util.find_spec("pyarrow") is None, reason="needs the extra postil[parquet]")
def test_parquet_comes_back(tmp_path: Path) -> None:
    import pandas

    (tmp_path / "t.parquet").write_bytes(to_parquet(Table(("n", "x", "t"), ((1, 0.5, "=1"), (None, 2, None)))))
    frame = pandas.read_parquet(tmp_path / "t.parquet")
    assert frame["t"][0] == "=1" and frame["x"][1] == 2.0 and frame["n"][0] == 1
