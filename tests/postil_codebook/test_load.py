from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from postil_base.problem import Problem
from postil_codebook.load import load_codebook
from postil_codebook.values import Code, Codebook, CodeGroup
from postil_codebook.write import native_codebook_text
from tests.shared_data import SHARED, needs_shared


def said(problems: list[Problem]) -> list[tuple[str, str, str]]:
    return [(str(p.place), p.rule, p.severity) for p in problems]


GOOD = """\
title: Trust
version: 1.0.0
codes:
  trust:
    label: Trust in a model
    codable: false
    children:
      maker:
        definition: Who made it.
        include: A name.
        exclude: A licence (use licence).
        examples: ["Made by them.", no]
        origin: prior
        color: blue
        formerly: [author]
        changed: 2026-11-02T10:20:30Z
        memo: "x: y"
        x-mine: {a: 1}
  licence: {definition: What may be done with it.}
groups:
  both: {codes: [trust/maker, author, licence], exclusive: true, label: Both}
"""


def test_a_good_book() -> None:
    book, problems = load_codebook(GOOD, "b.yaml")
    assert problems == []
    assert [(code.id, code.parent, code.codable) for code in book.codes.values()] == [
        ("trust", None, False),
        ("maker", "trust", True),
        ("licence", None, True),
    ]
    maker = book.codes["maker"]
    assert (maker.label, maker.examples, maker.changed) == ("maker", ("Made by them.", "no"), "2026-11-02T10:20:30Z")
    assert maker.extra == {"x-mine": {"a": 1}}
    assert str(maker.place) == "b.yaml:8:7"
    assert book.groups["both"].codes == ("maker", "licence")
    assert [book.resolve(name) for name in ("maker", "trust/maker", "author", "other/maker", "ust/maker", "x")] == [
        "maker",
        "maker",
        "maker",
        None,
        None,
        None,
    ]
    assert list(book.subtree("trust")) == ["trust", "maker"]


@pytest.mark.parametrize(
    ("text", "place", "rule", "severity", "words"),
    [
        ("codes: {a: {lable: A, definition: x}}", "1:13", "unknown-key", "error", "did you mean 'label'"),
        ("codes: {a: {label: A}}", "1:9", "no-definition", "warning", "write one"),
        ("codes:\n  a: {definition: x}\n  a: {definition: y}", "3:3", "duplicate-key", "error", "line 2"),
        (
            "codes:\n  a: {definition: x}\n  b:\n    definition: y\n    children:\n      a: {definition: z}",
            "6:7",
            "duplicate-code",
            "error",
            "first in line 2",
        ),
        ("codes: {A B: {definition: x}}", "1:9", "bad-id", "error", "such as 'a-b'"),
        ("codes: {_a: {definition: x}}", "1:9", "bad-id", "error", "such as 'a'"),
        ("codes: {a: {definition: x, origin: priorr}}", "1:36", "unknown-value", "error", "did you mean 'prior'"),
        ("codes: {a: {definition: x, codable: no}}", "1:37", "yaml-type", "error", "true or false"),
        ("codes: {a: {definition: [x]}}", "1:25", "yaml-type", "error", "must be a text"),
        ("codes: {a: text}", "1:12", "yaml-type", "error", "are expected"),
        ("codes: text", "1:8", "yaml-type", "error", "a mapping or a list"),
        ("kodes: {}", "1:1", "unknown-key", "error", "did you mean 'codes'"),
        ("codes: {a: {definition: x}}\ngroups: {g: {codes: [a, bb]}}", "2:25", "unknown-code", "error", "'bb'"),
        ("codes: {trust: {definition: x}}\ngroups: {g: {codes: [thrust]}}", "2:22", "unknown-code", "error", "'trust'"),
        ("codes: {a: {definition: x}}\ngroups: {g: {code: [a]}}", "2:14", "unknown-key", "error", "'codes'"),
        ("codes: {a: {definition: x, formerly: [b]}, b: {definition: y}}", "1:9", "duplicate-code", "error", "'b'"),
        ('codes: {a: {definition: x, label: "x\\ny"}}', "1:28", "long-label", "error", "one line"),
        ('codes: {a: {definition: x, label: "\\x1b[0m"}}', "1:35", "control-character", "error", "U+001B"),
        ("codes:\n  a: {definition: x\n", "3:1", "yaml-syntax", "error", "not YAML"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(text: str, place: str, rule: str, severity: str, words: str) -> None:
    _, problems = load_codebook(text, "b.yaml")
    assert (f"b.yaml:{place}", rule, severity) in said(problems)
    assert any(words in problem.message for problem in problems if problem.rule == rule)


def test_a_heading_needs_no_definition_and_a_book_may_be_empty() -> None:
    assert load_codebook("codes: {a: {codable: false}, b: {children: {c: {definition: x}}}}", "b")[1] == []
    for text in ("", "codes:\n", "codes: {}\n"):
        book, problems = load_codebook(text, "b")
        assert (dict(book.codes), problems) == ({}, [])


def test_a_duplicate_does_not_hide_what_is_below_it() -> None:
    text = (
        "codes:\n  a: {definition: x}\n  b:\n    children:\n      a:\n        children:\n          c: {definition: y}\n"
    )
    book, _ = load_codebook(text, "b")
    assert set(book.codes) == {"a", "b", "c"}
    assert book.codes["c"].parent == "a"


def test_a_huge_label_is_cut_and_reported() -> None:
    book, problems = load_codebook(f"codes: {{a: {{definition: x, label: {'y' * 1_000_000}}}}}", "b")
    assert len(book.codes["a"].label) == 200
    assert [p.rule for p in problems] == ["long-label"]
    assert all(len(str(p)) < 500 for p in problems)


def test_attacks_end_soon() -> None:
    start = time.monotonic()
    wide = "codes:\n" + "".join(f"  c{n}: {{lable: x}}\n" for n in range(20_000))
    book, problems = load_codebook(wide, "b")
    assert len(book.codes) == 20_000
    assert len(problems) == 40_000
    assert len(list(book.subtree("c7"))) == 1
    bomb = "codes:\n  a: &a {children: {b: {}, c: {}}}\n" + "".join(f"  k{n}: *a\n" for n in range(30_000))
    assert "yaml-size" in {p.rule for p in load_codebook(bomb, "b")[1]}
    groups = "codes: {a: {definition: x}}\ngroups: {g: {codes: [" + "bb," * 50_000 + "]}}"
    assert len(load_codebook(groups, "b")[1]) == 50_000
    assert time.monotonic() - start < 20


def test_the_list_form_becomes_a_tree() -> None:
    text = """\
codes:
  - {id: find, stage: model-selection, kind: step, def: "Looking: for one."}
  - {id: test, stage: evaluation, kind: step, def: Trying it.}
  - {id: pick, stage: model-selection, kind: influence, def: Taking one.}
  - {id: loose, def: Without a stage.}
"""
    book, problems = load_codebook(text, "b")
    assert problems == []
    assert [(c.id, c.parent, c.codable) for c in book.codes.values()] == [
        ("model-selection", None, False),
        ("find", "model-selection", True),
        ("pick", "model-selection", True),
        ("evaluation", None, False),
        ("test", "evaluation", True),
        ("loose", None, True),
    ]
    assert book.codes["pick"].extra == {"x-kind": "influence"}
    assert book.codes["model-selection"].label == "Model selection"
    again, problems = load_codebook(native_codebook_text(book), "b")
    assert problems == []
    assert bare(again) == bare(book)


@needs_shared
def test_the_codebook_of_the_ptm_study() -> None:
    path = SHARED / "ptm-study" / "codings" / "codebook.yaml"
    book, problems = load_codebook(path.read_text(encoding="utf-8"), "codebook.yaml")
    assert problems == []
    assert sum(code.codable for code in book.codes.values()) == 35
    assert len(book.children(None)) == 5
    assert all(code.definition for code in book.codes.values() if code.codable)
    again, problems = load_codebook(native_codebook_text(book), "codebook.yaml")
    assert problems == []
    assert bare(again) == bare(book)


def bare(book: Codebook) -> Codebook:
    """The book without places."""
    import msgspec

    from postil_base.problem import Place

    def without(value: Code | CodeGroup) -> Code | CodeGroup:
        return msgspec.structs.replace(value, place=Place(""))

    return msgspec.structs.replace(
        book,
        codes={key: without(code) for key, code in book.codes.items()},
        groups={key: without(group) for key, group in book.groups.items()},
        path="",
    )


words = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\u202a\u202b\u202c\u202d\u202e"), max_size=150
)
ids = st.lists(st.from_regex(r"[a-z0-9][a-z0-9.-]{0,6}", fullmatch=True), min_size=1, max_size=6, unique=True)


@st.composite
def books(draw: st.DrawFn) -> Codebook:
    codes: dict[str, Code] = {}
    below: dict[str | None, list[Code]] = {}
    for name in draw(ids):
        parent = draw(st.sampled_from([None, *codes]))
        made = Code(
            name,
            draw(words).strip() or name,
            parent,
            draw(words),
            draw(words),
            draw(words),
            tuple(draw(st.lists(words, max_size=3))),
            draw(st.sampled_from(["", "prior", "in-vivo"])),
            draw(words),
            draw(st.booleans()),
            memo=draw(words),
            extra={"x-a": draw(st.sampled_from([1, True, "no", [1, "b"], {"c": None}]))},
        )
        codes[name] = made
        below.setdefault(parent, []).append(made)
    ordered: dict[str, Code] = {}

    def visit(parent: str | None) -> None:
        for code in below.get(parent, []):
            ordered[code.id] = code
            visit(code.id)

    visit(None)
    groups = {
        "g": CodeGroup("g", tuple(draw(st.lists(st.sampled_from([*codes]), unique=True))), draw(st.booleans()), "g")
    }
    return Codebook(draw(words), "1.0", ordered, groups)


@given(books())
@settings(max_examples=80, deadline=None)
def test_what_is_written_loads_as_the_same(book: Codebook) -> None:
    again, problems = load_codebook(native_codebook_text(book), "")
    assert [p for p in problems if p.severity == "error"] == []
    assert bare(again) == book
