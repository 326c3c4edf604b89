"""Positions are counted on through replacements; nothing is searched."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postil_base.problem import PostilError
from postil_study.privacy.pseudonyms.edits import Edit, Edits
from postil_study.privacy.pseudonyms.layer_names import TextChange, layer_with_names
from postil_study.privacy.pseudonyms.matching import Names, PseudonymRule
from postil_study.privacy.pseudonyms.yaml_names import replaced_yaml

NAMES = Names(
    [
        PseudonymRule("Jane Doe", "E01"),
        PseudonymRule("Jane", "E01"),
        PseudonymRule("Köln", "[place 1]"),
        PseudonymRule("李", "甲乙"),
    ]
)
pieces = st.lists(
    st.sampled_from(["Jane", "Jane Doe", "Jane\nDoe", "Köln", "李", "Janet", "we", "\n\n", " ", ".", "🙂", "E01"]),
    max_size=30,
)


@st.composite
def texts(draw: st.DrawFn) -> str:
    return draw(st.sampled_from(["", " "])).join(draw(pieces))


@st.composite
def edited(draw: st.DrawFn) -> tuple[str, Edits]:
    text = draw(st.text(st.sampled_from("abcß🙂\n "), max_size=60))
    cuts = sorted(draw(st.lists(st.integers(0, len(text)), max_size=12, unique=True)))
    spans = list(zip(cuts[::2], cuts[1::2], strict=False))
    news = st.text(st.sampled_from("XYZ"), min_size=1, max_size=9)
    return text, Edits(Edit(start, end, draw(news)) for start, end in spans)


@given(edited())
def test_every_character_outside_stays_and_is_found_by_counting(made: tuple[str, Edits]) -> None:
    text, edits = made
    new = edits.apply(text)
    inside = {i for edit in edits.edits for i in range(edit.start, edit.end)}
    for i, character in enumerate(text):
        if i not in inside:
            assert new[edits.start(i)] == character
            assert edits.end(i + 1) == edits.start(i) + 1


@given(edited())
def test_what_replaces_a_name_is_found_whole(made: tuple[str, Edits]) -> None:
    text, edits = made
    new = edits.apply(text)
    for edit in edits.edits:
        assert new[slice(*edits.span(edit.start, edit.end))] == edit.new
        for cut in range(edit.start + 1, edit.end):
            assert new[slice(*edits.span(edit.start, cut))] == edit.new
            assert new[slice(*edits.span(cut, edit.end))] == edit.new


@given(edited(), st.integers(0, 60), st.integers(0, 60))
def test_a_passage_on_whole_names_is_the_passage_with_pseudonyms(made: tuple[str, Edits], a: int, b: int) -> None:
    text, edits = made
    start, end = sorted((min(a, len(text)), min(b, len(text))))
    if any(edit.start < cut < edit.end for edit in edits.edits for cut in (start, end)):
        return
    inner = [Edit(e.start - start, e.end - start, e.new) for e in edits.edits if start <= e.start and e.end <= end]
    assert edits.apply(text)[slice(*edits.span(start, end))] == Edits(inner).apply(text[start:end])


@given(edited())
def test_the_way_back_is_exact(made: tuple[str, Edits]) -> None:
    text, edits = made
    new = edits.apply(text)
    back = edits.inverse(text)
    assert back.apply(new) == text
    for start in range(len(text)):
        if not any(edit.start < start < edit.end for edit in edits.edits):
            assert back.start(edits.start(start)) == start


@given(texts())
def test_no_name_is_left_and_none_is_found_in_a_longer_word(text: str) -> None:
    new = NAMES.text(text)
    assert list(NAMES.find(new)) == [] or "E01" in text
    assert new.count("Janet") == text.count("Janet")


@given(texts(), st.data())
def test_a_layer_stays_on_its_words(text: str, data: st.DataObject) -> None:
    text = text or "."
    edits = NAMES.edits(text)
    new = edits.apply(text)
    start = data.draw(st.integers(0, max(len(text) - 1, 0)))
    end = data.draw(st.integers(min(start + 1, len(text)), len(text)))
    change = TextChange("I01", "I02", text, new, "old", "new", edits)
    import json

    record = {"id": "aaaaaaaaaa", "start": start, "end": end, "codes": ["x"], "quote": text[start:end], "memo": "Jane"}
    header = {"postil": 1, "coder": "ana", "transcript": "I01", "text_sha256": "old"}
    raw = "\n".join(json.dumps(line, ensure_ascii=False) for line in (header, record)) + "\n"
    made = layer_with_names(raw.encode(), "codings/ana/I01.jsonl", change, NAMES.text).decode().splitlines()
    after = json.loads(made[1])
    assert json.loads(made[0])["text_sha256"] == "new"
    assert json.loads(made[0])["transcript"] == "I02"
    assert after["memo"] == "E01"
    assert after.get("quote", "") == new[after["start"] : after["end"]]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Jane Doe: 1 # Jane\n", "E01: 1 # E01\n"),
        ("a: [Jane, 'Köln x']\n", 'a: [E01, "[place 1] x"]\n'.replace('"', "'")),
        ("a: Köln\n", "a: '[place 1]'\n"),
        ("a: |\n  Jane\n  Doe and\n  Jane\n", "a: |\n  E01 and\n  E01\n"),
        ("a: >-\n  Here is Jane\n  Doe.\n", "a: >-\n  Here is E01.\n"),
        ('a: "x \\u004aane"\n', "a: x E01\n"),
        ("a: plain Jane\n  Doe goes on\nb: 1\n", "a: plain E01 goes on\nb: 1\n"),
        ("# only Jane\n", "# only E01\n"),
    ],
)
def test_yaml_keeps_its_layout(text: str, wanted: str) -> None:
    assert replaced_yaml(text, "x.yaml", lambda _, value: NAMES.text(value)) == wanted


def test_two_keys_that_become_one_are_refused() -> None:
    with pytest.raises(PostilError, match="cannot be replaced safely"):
        replaced_yaml("Jane: 1\nJane Doe: 2\n", "x.yaml", lambda _, value: NAMES.text(value))


def test_no_name_goes_from_a_label_into_the_words() -> None:
    from postil_study.text.turns import parse_turns

    text = "Jane:\nDoe is a deer.\n\nBen:\nHello Jane\n\nJane:\nDoe\n"
    edits = NAMES.turn_edits(text, parse_turns(text, {"Jane", "Ben"}))
    assert edits.apply(text) == "E01:\nDoe is a deer.\n\nBen:\nHello E01\n\nE01:\nDoe\n"


@pytest.mark.parametrize(
    "rule",
    [
        PseudonymRule("", "x"),
        PseudonymRule("Jane", " "),
        PseudonymRule("Jane", "a\nb"),
        PseudonymRule("Jane  Doe", "x"),
    ],
)
def test_rules_that_cannot_be_meant_are_refused(rule: PseudonymRule) -> None:
    with pytest.raises(PostilError):
        Names([rule])
