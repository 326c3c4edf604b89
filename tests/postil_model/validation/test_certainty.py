"""Certainty of edges: taking people and relations away one by one, and counting what two coders share from the rows."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from postil_base.problem import PostilError
from postil_cli.main import cli
from postil_model.decision.model import Params
from postil_model.decision.of_study import build_model
from postil_model.report.of_study import report
from postil_model.validation.certainty import Counted, Told, agreement, certainties
from postil_model.validation.certainty_files import certainty_table, model_certainties
from postil_study.study import open_study
from tests.model_study import GUIDE, Talk, talk, write_study
from tests.real_interviews import BOTH, real_study, stated_rows
from tests.shared_data import needs_shared

ENDS = ("a", "b", "leads-to")
ROOT = Path(__file__).resolve().parents[3]


def read(people: str, coder: str = "ana") -> list[Told]:
    """One relation for each letter: the participant who states it, in an interview of their own."""
    return [Told(coder, who, f"T{who}", "a:b:leads-to", ENDS) for who in people]


def supporters(relations: Sequence[Told], needed: int = 1) -> list[str]:
    people = sorted({each.participant for each in relations})
    return [p for p in people if len({each.coder for each in relations if each.participant == p}) >= needed]


@given(st.text("PQRS", max_size=6), st.text("PQRS", max_size=4), st.integers(1, 4), st.integers(1, 2))
@settings(max_examples=200, deadline=None)
def test_what_falls_is_what_falls_when_it_is_taken_away(one: str, other: str, t: int, needed: int) -> None:
    relations = [*read(one), *read(other, "ben")]
    people = supporters(relations, needed)
    edge = Counted("e", ENDS, 4, people, [each for each in relations if each.participant in people])
    found = certainties([edge], relations, {}, t, needed=dict.fromkeys("PQRS", needed)).edges
    if len(people) < t:
        assert not found
        return
    (one_edge,) = found
    falls = [p for p in people if len([q for q in people if q != p]) < t]
    assert list(one_edge.falls_without) == falls
    carried = {
        relations[place].participant
        for place in range(len(relations))
        if len(supporters([*relations[:place], *relations[place + 1 :]], needed)) < t
    }
    assert set(one_edge.hangs_on) == carried


def test_agreement_is_twice_the_shared_of_all_in_interviews_both_finished() -> None:
    told = [*read("PQR"), *read("QRS", "ben"), *read("X"), *read("Y", "ben")]
    finished = {f"T{who}": ["ana", "ben"] for who in "PQRS"} | {"TX": ["ana"], "TY": ["ben"]}
    (shared,) = agreement(told, finished).values()
    assert (shared.both, shared.first, shared.second) == (2, 3, 3)
    assert shared.value == pytest.approx(2 * 2 / 6)
    other = [Told("ben", "P", "TP", "a:b:influences", ("a", "b", "influences"))]
    assert agreement([*told, *other], finished)["ana|ben"].second == 4
    assert agreement([*told, *other], finished, types=False)["ana|ben"].both == 3  # P's two types are one


def two_coders() -> list[Talk]:
    """P1 is read by both alike, P2 by both but differently, P3 by one; the relation of P2 was asked for."""
    made = []
    for number, coder in ((1, "ana"), (1, "ben"), (2, "ana"), (2, "ben"), (3, "ana")):
        one = talk(f"T{number}", f"P{number}", "Did the price matter?", "the task and then the search", coder=coder)
        one.code(f"s{coder}{number}", "the task", "task").code(f"t{coder}{number}", "the search", "search")
        if (number, coder) != (2, "ben"):
            one.relate(f"r{coder}{number}", f"s{coder}{number}", f"t{coder}{number}", "leads-to", "and then")
        made.append(one)
    return made


def test_one_reader_read_twice_and_only_when_asked(tmp_path: Path) -> None:
    settings_ = GUIDE.replace("names: [price]", "names: [task]")
    talks = two_coders()
    for each in talks:
        each.asked("price", each.text.strip())
    study = write_study(tmp_path, talks, settings=settings_)
    model = build_model(study, Params(3))
    found = model_certainties(study, model)
    (edge,) = [each for each in found.edges if each.edge == "E1"]
    assert (edge.k, edge.doubly, edge.confirmed) == (3, ("P1", "P2"), ("P1",))
    assert not edge.one_reader and edge.falls_without == ("P1", "P2", "P3") and edge.only_asked is True
    assert (found.pooled.both, found.pooled.first, found.pooled.second) == (1, 2, 1)
    only = build_model(study, Params(1, participants=("P2", "P3")))
    (again,) = [each for each in model_certainties(study, only).edges if each.edge == "E1"]
    assert again.one_reader and again.falls_without == ()
    notes = " ".join(certainty_table(model_certainties(study, only), only).notes)
    assert "of 1 edge, 1 rests on one coder's reading, 0 would fall" in notes


def test_without_marks_of_the_guide_it_is_not_known_what_was_asked(tmp_path: Path) -> None:
    study = write_study(tmp_path, two_coders(), settings="analysis: {record: [ana], min_participants: 1}\n")
    (edge,) = model_certainties(study, build_model(study)).edges
    assert edge.only_asked is None


def test_a_consensus_is_no_single_reading(tmp_path: Path) -> None:
    talks = two_coders()
    write_study(tmp_path, talks, settings="analysis: {record: [consensus, ana], min_participants: 1}\n")
    layer = (tmp_path / "codings/ana/T3.jsonl").read_text(encoding="utf-8")
    (tmp_path / "codings/consensus").mkdir()
    settled = layer.replace('"kind": "coder", "coder": "ana"', '"kind": "consensus", "coder": "consensus"')
    (tmp_path / "codings/consensus/T3.jsonl").write_text(settled, encoding="utf-8")
    study = open_study(tmp_path)
    (edge,) = model_certainties(study, build_model(study)).edges
    assert "P3" in edge.confirmed and "P3" not in edge.doubly


def test_the_command_says_both_lines_and_all_edges() -> None:
    result = CliRunner().invoke(cli, ["ask", "certainty", "--json", "-C", str(ROOT)], standalone_mode=False)
    found = json.loads(result.stdout)
    model = json.loads(CliRunner().invoke(cli, ["model", "--json", "-C", str(ROOT)], standalone_mode=False).stdout)
    shown = {edge["id"]: edge["k"] for edge in model["edges"] if edge["k"] >= 2}
    assert {edge["id"]: edge["k"] for edge in found["edges"]} == shown
    assert {e["id"] for e in found["edges"] if e["fragile"]} == {name for name, k in shown.items() if k == 2}
    assert found["reading"]["says"] and found["reading"]["cannot"]


@needs_shared
def test_the_coders_of_four_real_interviews_as_their_rows_say(tmp_path: Path) -> None:
    study = real_study(tmp_path / "real")
    found = model_certainties(study, build_model(study))
    rows = stated_rows(BOTH)
    a, b = (
        {(person, *key) for person, keys in rows[coder].items() if person <= "P04" for key in keys}
        for coder in ("reader-a", "reader-b")
    )
    pooled = found.pooled
    assert (pooled.both, pooled.first, pooled.second) == (len(a & b), len(a), len(b)) == (11, 19, 18)
    short_a, short_b = ({key[:3] for key in side} for side in (a, b))
    assert found.without_type.value == pytest.approx(2 * len(short_a & short_b) / (len(short_a) + len(short_b)))
    model = build_model(study)
    for edge in found.edges:
        ends = model.edges[edge.edge].key[:3]
        assert edge.shared.both == len({p for p, *key in a & b if tuple(key) == ends})


def drawn(study: Path, *words: str) -> str:
    out = study / "out.svg"
    result = CliRunner().invoke(cli, ["model", *words, "--out", str(out), "-C", str(study)], standalone_mode=False)
    assert result.exception is None, result.exception
    return out.read_text(encoding="utf-8")


@pytest.mark.parametrize("kind", ["order", "cooccur"])
def test_hints_are_read_by_nobody_and_refused(tmp_path: Path, kind: str) -> None:
    study = write_study(tmp_path, two_coders())
    with pytest.raises(PostilError, match="which no coder read"):
        model_certainties(study, build_model(study, Params(1, kind)))  # type: ignore[arg-type]


def words_in(svg: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", svg).split())


def test_the_figure_shows_it_quietly_and_says_what_the_marks_mean(tmp_path: Path) -> None:
    talks = two_coders()
    for each in talks:
        each.asked("price", each.text.strip())
    study = write_study(tmp_path, talks, settings=GUIDE.replace("names: [price]", "names: [task]"))
    plain, marked = drawn(study.root, "-t", "3"), drawn(study.root, "-t", "3", "--certainty")
    assert 'stroke-dasharray="2,2.5"' in marked and 'stroke-dasharray="2,2.5"' not in plain
    assert "3/3°" in marked and "3/3°" not in plain
    legend = words_in(marked)
    assert "Broken line: falls below 3 without any one of its people." in legend
    assert "°: said only when asked." in legend
    assert "Hollow arrowhead" not in legend and 'fill="white" stroke=' not in marked
    alone = drawn(study.root, "-t", "1", "--participants", "P2,P3", "--certainty")
    assert "Hollow arrowhead: one coder" in words_in(alone) and 'fill="white" stroke=' in alone
    assert "falls without any one of P1, P2, P3" in marked and "alone" not in marked


def test_certainty_is_drawn_and_nothing_else(tmp_path: Path) -> None:
    study = write_study(tmp_path, two_coders())
    for words in (["model", "--certainty"], ["model", "--certainty", "--format", "mermaid"]):
        result = CliRunner().invoke(cli, [*words, "-C", str(study.root)], standalone_mode=False)
        assert "postil ask certainty lists it" in str(result.exception)
    stages = ["model", "--certainty", "--level", "stages", "--format", "svg", "-C", str(study.root)]
    assert "Add --level nodes" in str(CliRunner().invoke(cli, stages, standalone_mode=False).exception)
    dot = CliRunner().invoke(cli, ["model", "-t", "1", "--certainty", "--format", "dot", "-C", str(study.root)]).stdout
    assert "digraph" in dot


def test_the_report_has_it_in_the_panel_and_a_section_of_tests(tmp_path: Path) -> None:
    settings_ = "analysis: {record: [ana], min_participants: 3}\n"
    page = report(write_study(tmp_path, two_coders(), settings=settings_), "none")
    panel = page[page.index('id="ev-edge-E1"') :].partition("</details>")[0]
    assert "falls below the threshold without any one of P1, P2, P3" in panel
    section = page[page.index('<section id="tested">') :].partition("</section>")[0]
    assert section.count("It says: ") == 3 and section.count("It cannot say: ") == 3
