from __future__ import annotations

import pytest

from postil_codebook.changes.edit import delete_code, merge_codes, move_code, rename_code
from postil_codebook.changes.rewrite import Kind, extend, following, mentions, rewrite
from postil_codebook.load import load_codebook
from postil_codebook.values import Codebook

BOOK = """\
codes:
  selection:
    children:
      find-ptm: {definition: x}
      fame: {definition: y, children: {likes: {definition: z}}}
  trust: {definition: t}
"""

PROCESS = """\
nodes:
  a: {codes: [find-ptm, selection/fame/*]}   # a
  b:
    items:
      one: [selection/fame]  # one
      two: {codes: [trust]}
      three: trust
"""
FINDINGS = "findings:\n  - {id: f, links: {code: [fame], challenge: fame, stride: [fame]}}\n"
THEMES = "themes:\n  - id: t\n    codes:\n      - fame   # why\n      - trust\n"
STUDY = "guide:\n  - {id: q, names: [fame, popularity]}\nagreement: {codes: [fame], reason: x}\n"


def book(text: str) -> Codebook:
    return load_codebook(text, "")[0]


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        ("process", PROCESS, PROCESS.replace("selection/fame/*", "glory/*").replace("selection/fame]", "glory]")),
        (
            "findings",
            FINDINGS,
            FINDINGS.replace("code: [fame], challenge: fame", "code: [glory], challenge: glory"),
        ),
        ("themes", THEMES, THEMES.replace("fame", "glory")),
        ("study", STUDY, STUDY.replace("fame", "glory")),
    ],
)
def test_a_rename_is_followed_everywhere(kind: Kind, text: str, expected: str) -> None:
    decide = following(book(BOOK), book(rename_code(BOOK, "", "fame", "glory")), {"fame": "glory"})
    assert rewrite(text, "", kind, decide) == expected
    assert mentions(text, "", kind, decide) == 2 if kind != "themes" else 1
    assert rewrite(expected, "", kind, decide) == expected


def test_a_move_changes_paths_that_would_not_lead_there_any_more() -> None:
    decide = following(book(BOOK), book(move_code(BOOK, "", "fame", "trust")))
    assert rewrite(PROCESS, "", "process", decide) == PROCESS.replace("selection/fame", "fame")
    assert rewrite(THEMES, "", "themes", decide) == THEMES


def test_what_is_deleted_is_taken_out_and_the_rest_stays() -> None:
    decide = following(book(BOOK), book(delete_code(BOOK, "", "trust")), {"trust": None})
    changed = rewrite(PROCESS, "", "process", decide)
    assert changed == PROCESS.replace("two: {codes: [trust]}", "two: {codes: []}").replace("      three: trust\n", "")
    assert rewrite(THEMES, "", "themes", decide) == THEMES.replace("      - trust\n", "")


def test_a_merge_claims_nothing_twice() -> None:
    decide = following(book(BOOK), book(merge_codes(BOOK, "", ["fame"], "trust")), {"fame": "trust"})
    assert "one: []  # one" in rewrite(PROCESS, "", "process", decide)
    assert rewrite(THEMES, "", "themes", decide) == THEMES.replace("      - fame   # why\n", "")
    unclaimed = "nodes: {a: {codes: [fame]}, b: {codes: [fame]}}\n"
    assert rewrite(unclaimed, "", "process", decide) == "nodes: {a: {codes: [trust]}, b: {codes: []}}\n"


def test_unknown_references_are_left_for_the_check() -> None:
    decide = following(book(BOOK), book(delete_code(BOOK, "", "trust")), {"trust": None})
    text = "themes: [{id: t, codes: [nothing, selection/trust]}]\n"
    assert rewrite(text, "", "themes", decide) == text


def test_parts_of_a_split_join_their_code() -> None:
    changed = extend(PROCESS, "", "process", book(BOOK), "trust", ["trust-a", "trust-b"])
    assert "two: {codes: [trust, trust-a, trust-b]}" in changed
    assert "three: [trust, trust-a, trust-b]" in changed
    assert changed.count("#") == PROCESS.count("#")
