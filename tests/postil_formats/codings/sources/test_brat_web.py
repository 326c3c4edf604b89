"""Brat's standoff files and W3C Web Annotations become segments, relations, modes and memos on their very words."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postil_base.problem import PostilError
from postil_cli.running import run
from postil_formats.codings.plan import plan_codings
from postil_formats.codings.read import ReadWishes, coding_files, read_codings_file
from postil_formats.codings.sources.rows import CodingsTable
from postil_formats.codings.sources.web import read_web
from postil_formats.codings.writing import apply_codings
from postil_study.study import open_study
from postil_study.text.values import Layer
from tests.transcripts_support import TEXT, small_study, write_files

EMPTY = '{"postil":1,"coder":"ana","transcript":"I01"}\n'


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return small_study(tmp_path / "s", {"codings/ana/I01.jsonl": EMPTY})


def span(words: str, text: str = TEXT) -> tuple[int, int]:
    start = text.index(words)
    return start, start + len(words)


def entity(id_: str, code: str, words: str, text: str = TEXT) -> str:
    start, end = span(words, text)
    return f"{id_}\t{code} {start} {end}\t{' '.join(words.split())}"


def taken_in(root: Path, table: CodingsTable) -> Layer:
    study = open_study(root)
    plan = plan_codings(study, [table])
    assert [p for p in plan.problems if p.lost] == []
    apply_codings(study, plan)
    again = plan_codings(open_study(root), [table])
    assert again.added == 0, "the same file again changes nothing"
    layer = open_study(root).layer(table.segments[0].coder.lower(), "I01")
    assert layer is not None
    return layer


def brat(tmp_path: Path, lines: list[str], text: str | None = TEXT, name: str = "I01") -> CodingsTable:
    files = {f"{name}.ann": "\n".join(lines) + "\n"}
    write_files(tmp_path / "brat", files)
    if text is not None:
        (tmp_path / "brat" / f"{name}.txt").write_bytes(text.encode())
    (table,) = read_codings_file(tmp_path / "brat" / f"{name}.ann", ReadWishes("ana"))
    return table


# Brat -------------------------------------------------------------------------------------------------------------

LINES = [
    entity("T1", "popularity", "I looked at the downloads first."),
    entity("T2", "issues", "Then at the issues."),
    "R1\tleads_to Arg1:T1 Arg2:T2",
    "R2\tCoreference Arg1:T1 Arg2:T2",
    "A1\tNegation T2",
    "A2\tConfidence T1 low",
    "A3\tunsure T1",
    "#1\tAnnotatorNotes T1\tRather many.",
    "N1\tReference T1 Wikipedia:123\tDownload",
    "*\tEquiv T1 T2",
]


def test_brat_entities_notes_attributes_and_relations(root: Path, tmp_path: Path) -> None:
    table = brat(tmp_path, LINES)
    layer = taken_in(root, table)
    first, second = layer.segments
    assert (first.quote, first.code_ids, first.unsure) == ("I looked at the downloads first.", ("popularity",), True)
    assert first.memo == "Confidence: low\nRather many.\nReference: Download"
    assert (second.uses[0].code, second.uses[0].mode) == ("issues", "deny")
    assert all(TEXT[s.start : s.end] == s.quote for s in layer.segments)
    assert [(r.source, r.target, r.type) for r in layer.relations] == [(first.id, second.id, "leads-to")]
    assert len(table.warnings) == 2
    assert any("Coreference" in warning for warning in table.warnings)


def test_brat_counts_both_characters_of_a_line_end(root: Path, tmp_path: Path) -> None:
    crlf = TEXT.replace("\n", "\r\n")
    words = "I looked at the downloads first."
    layer = taken_in(root, brat(tmp_path, [entity("T1", "popularity", words, crlf)], crlf))
    assert [s.start for s in layer.segments] == [span(words)[0]]
    folded = brat(tmp_path, [entity("T1", "popularity", words)], crlf)
    assert (folded.segments[0].start, folded.segments[0].quote) == (span(words)[0], words)


def test_brat_pieces_become_segments_of_their_own(root: Path, tmp_path: Path) -> None:
    a, b = span("I looked"), span("downloads")
    table = brat(tmp_path, [f"T1\tpopularity {a[0]} {a[1]};{b[0]} {b[1]}\tI looked downloads"])
    layer = taken_in(root, table)
    assert [(s.quote, s.memo) for s in layer.segments] == [("I looked", ""), ("downloads", "part of T1")]


def test_brat_without_its_text_looks_the_words_up(root: Path, tmp_path: Path) -> None:
    table = brat(tmp_path, ["T1\tpopularity 0 5;6 15\tThen  at the is"], None)
    assert [row.quote for row in table.segments] == ["Then ", "at the is"]
    assert any("missing" in warning for warning in table.warnings)
    layer = taken_in(root, brat(tmp_path, ["T1\tpopularity 0 19\tThen at the issues."], None))
    assert layer.segments[0].start == span("Then at the issues.")[0]


def test_brat_events_stand_for_their_triggers(root: Path, tmp_path: Path) -> None:
    table = brat(tmp_path, [*LINES[:2], "E1\tpopularity:T1 Theme:T2", "A1\twish E1", "R1\tinfluences Arg1:E1 Arg2:T2"])
    layer = taken_in(root, table)
    assert layer.segments[0].uses[0].mode == "wish"
    assert layer.relations[0].source == layer.segments[0].id
    assert any("roles of events" in warning for warning in table.warnings)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("T1\tpopularity 5 2\tx", "not in the text"),
        ("T1\tpopularity 5 99999\tx", "not in the text"),
        ("T1\tpopularity x y\tx", "needs a type and positions"),
        ("T1", "needs a type and positions"),
        ("R1\tleads-to Arg1:T1", "needs a type and two ends"),
        ("hello", "no annotation of brat"),
        ("T1\tpopularity -5 2\tx", "needs a type and positions"),
    ],
)
def test_brat_lines_that_are_broken_are_named(tmp_path: Path, line: str, message: str) -> None:
    with pytest.raises(PostilError, match=rf"I01.ann:2: .*{message}"):
        brat(tmp_path, [entity("T9", "issues", "Then"), line])


def test_brat_needs_a_coder(tmp_path: Path) -> None:
    write_files(tmp_path, {"I01.ann": "T1\tx 0 1\tx\n"})
    with pytest.raises(PostilError, match="--coder"):
        read_codings_file(tmp_path / "I01.ann", ReadWishes())


@given(st.text(max_size=200))
def test_brat_never_fails_but_with_a_message(text: str) -> None:
    from postil_formats.codings.sources.brat import read_brat

    try:
        read_brat(text.encode("utf-8", "replace"), "x.ann", TEXT, coder="ana")
    except PostilError as error:
        assert "x.ann" in str(error)


# W3C --------------------------------------------------------------------------------------------------------------


def quote(words: str, **more: str) -> dict[str, Any]:
    return {"type": "TextQuoteSelector", "exact": words, **more}


def tag(value: str) -> dict[str, Any]:
    return {"type": "TextualBody", "purpose": "tagging", "value": value}


def note(id_: str, target: Any, *bodies: Any, **more: Any) -> dict[str, Any]:
    return {"id": f"https://notes.example/{id_}", "type": "Annotation", "target": target, "body": list(bodies), **more}


def on(*selectors: dict[str, Any]) -> dict[str, Any]:
    return {"source": "https://example.org/texts/I01.txt", "selector": list(selectors)}


def web(annotations: Any, coder: str = "") -> CodingsTable:
    return read_web(json.dumps(annotations).encode(), "notes.jsonld", coder=coder)


def test_web_annotations_of_every_kind(root: Path) -> None:
    start, end = span("downloads")
    page = {
        "@context": "http://www.w3.org/ns/anno.jsonld",
        "type": "AnnotationPage",
        "items": [
            note(
                "a1",
                on(quote("I looked at the downloads first.")),
                tag("popularity"),
                {"type": "TextualBody", "purpose": "commenting", "value": "Rather many."},
                creator={"type": "Person", "name": "Ana"},
            ),
            note(
                "a2",
                on({"type": "TextPositionSelector", "start": start, "end": end}),
                {"source": "https://codes.example/book#trust", "purpose": "classifying"},
                creator="acct:ana",
            ),
            note("a3", on(quote("Then at the issues.")), tag("issues (deny)"), creator="ana"),
            note("r1", "https://notes.example/a1", motivation="replying", creator="ben", bodyValue="Not so many."),
            note("l1", ["https://notes.example/a1", "https://notes.example/a3"], tag("leads to"), motivation="linking"),
        ],
    }
    layer = taken_in(root, web(page))
    by_id = layer.by_id
    assert [(by_id[i].quote, by_id[i].code_ids) for i in ("a1", "a2", "a3")] == [
        ("I looked at the downloads first.", ("popularity",)),
        ("downloads", ("trust",)),
        ("Then at the issues.", ("issues",)),
    ]
    assert by_id["a1"].memo == "Rather many.\nben: Not so many."
    assert by_id["a3"].uses[0].mode == "deny"
    assert [(r.source, r.target, r.type) for r in layer.relations] == [("a1", "a3", "leads-to")]


def test_web_prefix_and_suffix_tell_places_apart(tmp_path: Path) -> None:
    text = "E01:\nWell, so it goes. And then, so it goes on.\n"
    manifest = "I01:\n  speakers: {E01: {role: participant, participant: E01}}\n"
    files = {"codings/ana/I01.jsonl": EMPTY, "transcripts/I01.txt": text, "transcripts/transcripts.yaml": manifest}
    root = small_study(tmp_path / "s", files)
    made = web([note("x", on(quote("so it goes", prefix="And then,  ", suffix=" on")), tag("trust"))], "ana")
    assert [s.start for s in taken_in(root, made).segments] == [text.rindex("so it goes")]
    unclear = web([note("x", on(quote("so it goes")), tag("trust"))], "ana")
    (problem,) = plan_codings(open_study(small_study(tmp_path / "t", files)), [unclear]).problems
    assert problem.lost and len(problem.places) == 2


def test_web_positions_of_another_kind_give_way_to_the_words(root: Path) -> None:
    selectors = on(quote("Then at the issues."), {"type": "TextPositionSelector", "start": 3, "end": 9})
    layer = taken_in(root, web(note("x", selectors, tag("issues")), "ana"))
    assert layer.segments[0].start == span("Then at the issues.")[0]


def test_web_motivation_says_what_a_body_is(root: Path) -> None:
    target = on({"type": "FragmentSelector", "value": "char=42,74"})
    tagged = note("x", target, {"type": "TextualBody", "value": "popularity"}, motivation="tagging")
    said = note("y", target, {"type": "TextualBody", "value": "popularity"}, motivation="commenting")
    layer = taken_in(root, web({"@graph": [tagged, said]}, "ana"))
    assert [(s.code_ids, s.memo) for s in layer.segments] == [(("popularity",), ""), ((), "popularity")]


def test_web_bodies_inside_bodies(root: Path) -> None:
    inner = {"type": "Choice", "items": [{"type": "TextualBody", "value": "so it is", "purpose": "commenting"}]}
    outer = {"type": "Composite", "purpose": "tagging", "items": [{"type": "TextualBody", "value": "trust"}, inner]}
    layer = taken_in(root, web(note("x", on(quote("downloads")), outer), "ana"))
    assert [(s.code_ids, s.memo) for s in layer.segments] == [(("trust",), "so it is")]


def test_web_what_hypothesis_hands_out(root: Path) -> None:
    start, end = span("downloads")
    place = [{"type": "TextPositionSelector", "start": start, "end": end}, quote("downloads", prefix="at the ")]
    target = {"source": "https://example.org/I01.txt", "selector": place}
    rows = [
        {"id": "h1", "user": "acct:ana@hypothes.is", "text": "Rather many.", "tags": ["trust"], "target": [target]},
        {"id": "h2", "user": "acct:ben@x", "text": "Not so.", "tags": [], "target": [target], "references": ["h1"]},
    ]
    layer = taken_in(root, web({"total": 2, "rows": rows}))
    assert [(s.id, s.code_ids, s.memo) for s in layer.segments] == [("h1", ("trust",), "Rather many.\nben: Not so.")]


def test_web_a_text_nobody_knows_places_nothing(root: Path) -> None:
    stray = {"source": "urn:x:I99", "selector": {"type": "TextPositionSelector", "start": 3, "end": 9}}
    (problem,) = plan_codings(open_study(root), [web(note("x", stray, tag("trust")), "ana")]).problems
    assert problem.lost and "no transcript 'I99'" in problem.message


def test_web_what_has_no_place_is_said() -> None:
    made = web(
        [
            note("x", {"source": "I01", "selector": {"type": "SvgSelector", "value": "<svg/>"}}, tag("a")),
            note("y", "https://notes.example/x", tag("b")),
            {"type": "Annotation", "body": "c"},
        ],
        "ana",
    )
    assert made.segments == ()
    assert len(made.warnings) == 3


@pytest.mark.parametrize("data", [b"{", b"[]", b'{"a": 1}', b"nonsense", b"[" * 100_000, b"null"])
def test_web_files_that_are_none_are_refused(data: bytes) -> None:
    with pytest.raises(PostilError, match=r"x\.jsonld"):
        read_web(data, "x.jsonld", coder="ana")


def test_web_needs_to_know_who() -> None:
    with pytest.raises(PostilError, match="--coder"):
        web(note("x", on(quote("Then")), tag("a")))


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["target", "body", "type", "id", "selector", "source", "creator", "purpose", "exact", "items"]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=25,
)


@given(values)
def test_web_never_fails_but_with_a_message(value: Any) -> None:
    try:
        web(value, "ana")
    except PostilError as error:
        assert "notes.jsonld" in str(error)


# The command ------------------------------------------------------------------------------------------------------


def test_command_takes_files_and_folders(root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = write_files(tmp_path / "brat", {"I01.ann": "\n".join(LINES) + "\n", "I01.txt": TEXT})
    assert coding_files([folder, folder / "I01.txt"]) == [folder / "I01.ann"]
    assert run(["import-codings", str(folder), "--coder", "ana", "-C", str(root)]) == 0
    shown = capsys.readouterr()
    assert "2 of 2 rows placed" in shown.out
    assert "Coreference" in shown.err
    file = tmp_path / "notes.jsonld"
    file.write_text(json.dumps(note("w1", on(quote("Then at the issues.")), tag("nowhere"))))
    assert run(["import-codings", str(file), "--coder", "ana", "-C", str(root)]) == 1
    assert "--add-codes" in capsys.readouterr().err
    assert run(["import-codings", str(file), "--coder", "ana", "--add-codes", "-C", str(root)]) == 0
