from __future__ import annotations

import csv
import html as stdlib_html
import io
import re
import xml.etree.ElementTree as ElementTree

import graphviz
import pytest
from hypothesis import given
from hypothesis import strategies as st

from postil_base.quoting.csv import csv_cell
from postil_base.quoting.dot import dot_html, dot_id, dot_label
from postil_base.quoting.html import html
from postil_base.quoting.latex import latex
from postil_base.quoting.terminal import json_safe, on_screen, terminal

anything = st.text(st.characters(), max_size=40)  # surrogates included


@given(anything)
def test_a_terminal_gets_no_control_and_as_many_characters(text: str) -> None:
    shown = terminal(text)
    assert len(shown) == len(text)
    shown.encode("utf-8")
    assert not re.search("[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]", shown)


@pytest.mark.parametrize("mark", [*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0x061C])
def test_no_mark_of_direction_reaches_a_terminal_or_hides_in_json(mark: int) -> None:
    text = f"a{chr(mark)}b"
    assert terminal(text) == on_screen(text) == "a\ufffdb"
    assert json_safe(f'"{text}"') == f'"a\\u{mark:04x}b"'


def test_what_needs_it_only() -> None:
    text = "Zürich 検索 \U0001f468\u200d\U0001f469 «é» ﬁn"
    assert terminal(text) == text
    assert terminal("\x1b]0;title\x07", newline=" ") == "␛]0;title␇"


@pytest.mark.parametrize("text", ["=1+1", "+cmd|' /C calc'!A0", "-1+1", "@SUM(A1)", "\t=1", "\n=1", "＝1", "- yes"])
def test_no_cell_is_a_formula(text: str) -> None:
    assert csv_cell(text) == "'" + text


def test_no_cell_moves_a_cursor() -> None:
    assert csv_cell("\r=1\x9b2J\x7f") == "\ufffd=1\ufffd2J\ufffd"
    assert csv_cell("one\r\ntwo") == "one\r\ntwo"


@pytest.mark.parametrize("text", ["", "1", "-1", "-0.31", "+5", "1e-3", "-.5", "text =1", "a@b.c", "'x"])
def test_what_is_no_formula_stays(text: str) -> None:
    assert csv_cell(text) == text


@given(anything)
def test_a_cell_is_the_same_however_it_is_looked_at(text: str) -> None:
    """Sign by sign, without the short way for what is harmless."""
    clean = "".join(
        "\ufffd"
        if (ord(sign) < 32 and sign not in "\t\n\r") or 127 <= ord(sign) < 160 or 0xD800 <= ord(sign) < 0xE000
        else sign
        for sign in text
    )
    clean = re.sub("\r(?!\n)", "\ufffd", clean)
    begins = clean.lstrip("'")[:1] in set("=+-@\t\r\n＝＋－＠")
    number = re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", clean) is not None
    assert csv_cell(text) == ("'" + clean if begins and not number else clean)


@given(anything)
def test_a_cell_survives_a_csv_writer(text: str) -> None:
    cell = csv_cell(text)
    file = io.StringIO()
    csv.writer(file).writerow([cell, "next"])
    assert next(csv.reader(io.StringIO(file.getvalue(), newline=""))) == [cell, "next"]
    cell.encode("utf-8")


@given(anything)
def test_html_is_content_and_nothing_else(text: str) -> None:
    escaped = html(text)
    parsed = ElementTree.fromstring(f'<p title="{escaped}">{escaped}</p>')
    assert list(parsed) == []
    assert stdlib_html.unescape(escaped).count("<") == text.count("<")


@given(anything)
def test_latex_has_no_active_character_left(text: str) -> None:
    escaped = latex(text)
    named = "backslash|asciicircum|asciitilde|less|greater|bar|asciigrave"
    drawn = map(latex, "■□→←≥≤×−")  # signs of our own tables, which other fonts lack
    for sign in drawn:
        escaped = escaped.replace(sign, "")
    rest = re.sub(r"\\(text(" + named + r")|char34)\{\}", "", escaped)
    rest = re.sub(r"\\[{}$&#%_]", "", rest).replace("{}", "")
    assert not re.search(r"[\\{}$&#%^~<>|\"`\n]", rest)
    assert "--" not in escaped


def test_latex_keeps_braces_apart_from_its_own() -> None:
    assert latex("a{}b--c") == r"a\{\}b-{}-c"
    assert latex("say ''it'',,") == "say '{}'it'{}',{},"


@given(anything)
def test_dot_strings_end_where_they_should(text: str) -> None:
    graph = graphviz.Digraph()
    for value in (dot_id(text), dot_label(text)):
        graph.body.clear()
        graph.node("n", label=value)
        quoted = graph.body[0].removeprefix("\tn [label=").removesuffix("]\n")
        assert re.fullmatch(r"\w+|-?(\.\d+|\d+(\.\d*)?)", quoted) or re.fullmatch(r'"([^"\\\n]|\\["\\n])*"', quoted)


@given(anything, anything)
def test_dot_ids_of_two_texts_differ(one: str, other: str) -> None:
    def shown(text: str) -> str:
        return (
            re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]", "\ufffd", text)
            .replace("\r\n", "\n")
            .replace("\r", "\n")
        )

    assert (dot_id(one) == dot_id(other)) == (shown(one) == shown(other))


@given(anything)
def test_dot_html_labels_parse(text: str) -> None:
    parsed = ElementTree.fromstring(f"<b>{dot_html(text)}</b>")
    assert {child.tag for child in parsed} <= {"br"}
