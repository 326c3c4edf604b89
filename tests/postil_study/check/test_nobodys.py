"""Codings on words that are nobody's are listed by `postil check`, and a segment stands in every turn it touches."""

from __future__ import annotations

from collections import Counter
from itertools import combinations
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from postil_cli.main import cli
from postil_model.counts.cooccurrence import JACCARD_OF, Mode, cooccurrence, cooccurrence_in, pair_table
from postil_model.decision.of_study import build_model, study_evidence, study_interviews
from postil_model.evidence.hints import cooccur_pairs
from postil_study.check.study import check_study
from tests.model_study import Talk, write_study

TURNS = [
    ("Q", "What now?"),
    ("Note", "They laugh."),
    ("A", "We searched here."),
    ("Q", "And?"),
    ("A", "Then we bought it."),
]


def three_voices() -> Talk:
    return Talk("T1", TURNS, {"Q": "", "A": "P1"})


def found(root: Path, *talks: Talk) -> list[tuple[int, str]]:
    study = write_study(root, talks)
    manifest = root / "transcripts/transcripts.yaml"
    text = manifest.read_text(encoding="utf-8").replace('"Q": {', '"Note": {role: other}, "Q": {')
    manifest.write_text(text, encoding="utf-8")
    return [(p.place.line, p.message) for p in check_study(study.root) if p.rule == "nobodys-words"]


@pytest.mark.parametrize(
    ("quote", "whose"),
    [("They laugh.", "'Note'"), ("laugh", "'Note'"), ("\n\nNote:\n", "no speaker's words"), ("Note:\nThey", "'Note'")],
)
def test_a_coding_on_nobodys_words_is_listed_with_its_line(tmp_path: Path, quote: str, whose: str) -> None:
    ((line, message),) = found(tmp_path, three_voices().code("n", quote, "task").code("a", "searched", "search"))
    assert line == 2 and whose in message and "counts nowhere" in message


@pytest.mark.parametrize("quote", ["searched", "They laugh.\n\nA:\nWe searched", "What now?", "now?\n\nNote:\nThey"])
def test_words_of_somebody_are_not_listed(tmp_path: Path, quote: str) -> None:
    assert found(tmp_path, three_voices().code("n", quote, "task")) == []


def test_codes_on_the_whole_transcript_are_not_listed(tmp_path: Path) -> None:
    assert found(tmp_path, three_voices().code("n", "", "task")) == []


# --- every turn ----------------------------------------------------------------------------------------------------

LONG = [("Q", "Ask 0."), ("A", "Say 1."), ("Q", "Ask 2."), ("A", "Say 3."), ("B", "Say 4."), ("A", "Say 5.")]


def over(turns: list[tuple[int, int, str]]) -> Talk:
    """Segments from the first word of a turn to the last of another, with a code."""
    one = Talk("T1", LONG, {"Q": "", "A": "P1", "B": "P2"})
    text = one.text
    for number, (first, last, code) in enumerate(turns):
        start, end = text.index(LONG[first][1]), text.index(LONG[last][1]) + len(LONG[last][1])
        one.segments.append({"id": f"s{number}", "start": start, "end": end, "codes": [code]})
    return one


SEGMENT = st.tuples(st.integers(0, 5), st.integers(0, 5), st.sampled_from(["task", "search", "buy"])).map(
    lambda s: (min(s[:2]), max(s[:2]), s[2])
)


@given(st.lists(SEGMENT, max_size=6))
@settings(max_examples=60, deadline=None, derandomize=True)
def test_turns_with_both_codes_are_those_both_touch(turns: list[tuple[int, int, str]]) -> None:
    from tempfile import TemporaryDirectory

    plain: Counter[tuple[str, str]] = Counter()
    of: dict[str, set[int]] = {}
    for first, last, code in turns:
        of.setdefault(code, set()).update(t for t in range(first, last + 1) if LONG[t][0] != "Q")
    for one, other in combinations(sorted(of), 2):
        if both := len(of[one] & of[other]):
            plain[one, other] = both
    with TemporaryDirectory() as folder:
        study = write_study(Path(folder), [over(turns)])
        interviews, _ = study_interviews(study)
        counted = cooccurrence_in(interviews, "turn")
        evidence, _ = study_evidence(study)
        same = cooccurrence(evidence.rows, "turn", [], evidence.transcripts)
        for table in (counted, same):
            assert {tuple(sorted(pair[:2])): pair[2] for pair in table.pairs()} == plain
            assert dict(zip(table.codes, table.totals, strict=True)) == {c: len(t) for c, t in of.items() if t}
        for one, other, both, c, jaccard in counted.pairs():
            assert c == jaccard == pytest.approx(both / len(of[one] | of[other]))


def test_hints_look_at_every_turn_too(tmp_path: Path) -> None:
    study = write_study(tmp_path, [over([(1, 3, "task"), (3, 3, "search")])])
    evidence, _ = study_evidence(study)
    assert [(one.object, other.object) for one, other, _ in cooccur_pairs(evidence)] == [("task", "search")]
    assert build_model(study).evidence.rows


@pytest.mark.parametrize("mode", ["overlap", "turn", "transcript"])
def test_jaccard_says_over_what(tmp_path: Path, mode: Mode) -> None:
    study = write_study(tmp_path, [over([(1, 1, "task"), (1, 1, "search")])])
    table = pair_table(cooccurrence_in(study_interviews(study)[0], mode))
    over_what = {"overlap": "characters", "turn": "turns", "transcript": "transcripts"}[mode]
    assert table.headers[-1] == f"Jaccard of {over_what}" and JACCARD_OF[mode] == over_what
    said = CliRunner().invoke(cli, ["cooccurrence", "--mode", mode, "-C", str(tmp_path)])
    assert f"Jaccard of {over_what}" in said.stdout
