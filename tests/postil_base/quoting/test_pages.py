"""Pages from templates: whatever a text holds, it is a text; the page loads nothing and runs its own script only."""

from __future__ import annotations

import re
import subprocess
import sys
from base64 import b64decode
from collections.abc import Callable
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from postil_base.quoting.html import allowed
from postil_base.quoting.pages import as_html, page, policy
from postil_codebook.values import Code, Codebook
from postil_formats.codebooks.writing import codebook_html
from postil_formats.tables.files import Table, to_html
from postil_model.release.packet import Sheet, SheetQuote, SheetSection
from postil_model.release.packet_page import as_html as packet_html

HOSTILE = [
    "</script><script>alert(1)</script>", "<img src=x onerror=alert(1)>", "\"' onmouseover=alert(1) x='", "{{ 7 * 7 }}",
    "{% include '/etc/passwd' %}", "{# gone #}", "&amp;&lt;b&gt;", "</style><svg onload=alert(1)>", "<!--", "]]>",
    "\x00\x1b[31m\ud800\ufffe", "javascript:alert(1)", "a\r\nb", "</title></textarea></template>",
]  # fmt: skip
texts = st.text(max_size=20) | st.sampled_from(HOSTILE)


class Seen(HTMLParser):
    """The elements of a page with their attributes' names, and the words in it."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, tuple[str, ...]]] = []
        self.words: list[str] = []
        self.values: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, tuple(name for name, _ in attrs)))
        self.values += [value or "" for _, value in attrs]

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def tables_page(text: str) -> str:
    return to_html([Table((text, "b"), ((text, 1),), text, (text,)), Table(("x",), ((text,),), "t")], text)


def codebook_page(text: str) -> str:
    code = Code("a", text, definition=text, include=text, exclude=text, examples=(text,), memo=text)
    return codebook_html(Codebook(text, codes={"a": code}), {"a": 2})


def packet_page(text: str) -> str:
    section = SheetSection(text, text, text, text, (SheetQuote(text, text, 3),))
    return packet_html(Sheet(text, text, (section,)))


PAGES: dict[str, Callable[[str], str]] = {"tables": tables_page, "codebook": codebook_page, "packet": packet_page}


@pytest.mark.parametrize("name", PAGES)
@given(text=texts)
@settings(deadline=None)
def test_a_text_is_a_text_wherever_it_stands(name: str, text: str) -> None:
    """The same elements with the same attributes as with a harmless word, and the text read back as it was."""
    seen, plain = Seen(PAGES[name](f"q{text}z")), Seen(PAGES[name]("qz"))
    assert seen.tags == plain.tags
    told = re.sub(r"\s+", " ", allowed(f"q{text}z").replace("\r\n", "\n"))
    assert told in re.sub(r"\s+", " ", "".join(seen.words))


@pytest.mark.parametrize("name", PAGES)
def test_a_page_starts_as_one_and_loads_nothing(name: str) -> None:
    made = PAGES[name]("A study")
    assert made.startswith("<!DOCTYPE html>\n") and made.endswith("</html>\n")
    assert "default-src 'none'" in made and "unsafe-inline'" in made
    assert "script-src 'unsafe-inline'" not in made
    assert not re.search(r'\s(?:src|href)="(?!#|data:)', made)


def test_the_policy_names_the_script_of_the_page_and_no_other(tmp_path: Path) -> None:
    (tmp_path / "x.html").write_text('{% extends "page.html" %}', encoding="utf-8")
    (tmp_path / "x.js").write_text('"use strict"; // <b> {{ no }}\n', encoding="utf-8")
    made = page("x.html", tmp_path, script=tmp_path / "x.js", title="T")
    ran = made[made.index("<script>") + 8 : made.index("</script>")]
    assert ran == '"use strict"; // <b> {{ no }}\n'
    named = re.search(r"script-src 'sha256-([^']+)'", made)
    assert named is not None and b64decode(named[1]) == sha256(ran.encode()).digest()
    assert "script-src" not in policy("")


def test_a_name_that_a_template_does_not_get_is_an_error(tmp_path: Path) -> None:
    from jinja2 import UndefinedError

    (tmp_path / "x.html").write_text("{{ nobody }}", encoding="utf-8")
    with pytest.raises(UndefinedError):
        page("x.html", tmp_path)


def test_only_what_was_made_as_html_is_printed_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "x.html").write_text("{{ one }}|{{ other }}", encoding="utf-8")
    assert page("x.html", tmp_path, one=as_html("<b>\x1b</b>"), other="<b>\x1b") == "<b>\x1b</b>|&lt;b&gt;\ufffd"


def test_no_template_switches_escaping_off_and_no_module_writes_a_page_by_itself() -> None:
    root = Path(__file__).resolve().parents[3]
    folders = ("codebook", "transcripts", "model", "tui")
    templates = [path for folder in folders for path in (root / folder).rglob("*.html")]
    assert len(templates) >= 6
    for path in templates:
        assert not re.search(r"\|\s*safe|autoescape|\|\s*attr|Markup", path.read_text("utf-8")), path
    modules = {path for folder in folders for path in (root / folder).rglob("*.py")}
    for path in modules - {*(root / "transcripts/postil_formats/projects").rglob("html_text.py")}:  # a reader
        assert not re.search(r"<html|</(?:p|td|body|section|blockquote)>", path.read_text("utf-8")), path


def test_jinja2_is_loaded_when_a_page_is_written_and_not_before() -> None:
    code = "import postil_base.quoting.pages, postil_formats.tables.files, postil_cli.main, sys\n"
    code += "print('jinja2' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"
