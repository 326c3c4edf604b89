"""Co-occurrence, matrices, quotes, joint display, computed findings, and tables as files."""

from __future__ import annotations

import csv
import io
import json
import random
import re
from collections import Counter
from itertools import combinations
from pathlib import Path

import msgspec
import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from postil_base.files.text import read_text
from postil_base.problem import PostilError
from postil_base.quoting.csv import csv_cell
from postil_cli.main import cli
from postil_cli.running import run
from postil_codebook.findings import load_findings
from postil_codebook.values import Finding
from postil_formats.tables.files import (
    LINES,
    Cell,
    Delimiter,
    KOfN,
    Table,
    csv_pieces,
    shown,
    to_csv,
    to_html,
    to_markdown,
    to_xlsx,
)
from postil_formats.tables.latex import latex_table
from postil_model.counts.cooccurrence import (
    Mode,
    _crossings,
    _crossings_of_codes,
    cooccurrence,
    cooccurrence_in,
    matrix_table,
    pair_table,
)
from postil_model.counts.matrix import attribute_table, code_matrix, participant_table
from postil_model.decision.model import Params
from postil_model.decision.of_study import build_model, study_interviews
from postil_model.evidence.rows import EvidenceRow
from postil_model.findings.check import conflicts, findings_tables
from postil_model.findings.computed import computed
from postil_model.findings.joint import fact, joint, joint_table
from postil_model.findings.joint_of_study import study_joint
from postil_model.search.quotes import quotes
from postil_study.text.values import Transcript, TranscriptInfo, Turn
from tests.model_study import GUIDE, shopping, talk, write_study
from tests.shared_data import SHARED, needs_shared


def row(
    segment: str, code: str, start: int, end: int, transcript: str = "T", turn: int = 0, coder: str = "a"
) -> EvidenceRow:
    return EvidenceRow(
        "", "code", "stated", "P", (segment,), code, "", "affirm", coder, transcript, turn, ((start, end),)
    )


def test_cooccurrence_by_hand() -> None:
    rows = [row("1", "a", 0, 10), row("2", "b", 5, 15), row("3", "b", 8, 9), row("4", "a", 20, 25, turn=1),
            row("5", "c", 25, 30, turn=1), row("6", "a", 0, 10, transcript="U")]  # fmt: skip
    found = cooccurrence(rows)
    # touching segments share no character; segment 1 meets both segments of b
    ((one, other, count, c, jaccard),) = found.pairs()
    assert (one, other, count, c) == ("a", "b", 2, 2 / 3)
    assert jaccard == pytest.approx(5 / (5 + 10 + 5 + 10))
    assert found.totals == (3, 2, 1)
    turns = (Turn(0, "A", 0, 0, 18), Turn(1, "A", 19, 19, 40))
    transcripts = {id_: Transcript(id_, "", turns, TranscriptInfo(id_), "") for id_ in "TU"}
    in_turns = cooccurrence(rows, "turn", (), transcripts).pairs()
    assert [pair[:3] for pair in in_turns] == [("a", "b", 1), ("a", "c", 1)]
    assert [pair[:3] for pair in cooccurrence(rows, "transcript").pairs()] == [
        ("a", "b", 1), ("a", "c", 1), ("b", "c", 1),
    ]  # fmt: skip


def test_cooccurrence_is_what_comparing_every_pair_gives() -> None:
    rng = random.Random(3)
    rows = []
    for number in range(300):
        start = rng.randrange(2000)
        rows.append(row(str(number), rng.choice("abcde"), start, start + rng.randrange(1, 120), rng.choice("TU")))
    slow: Counter[tuple[str, str]] = Counter()
    for one, other in combinations(rows, 2):
        (a, b), (c, d) = one.parts[0], other.parts[0]
        if one.transcript == other.transcript and a < d and c < b:
            slow[tuple(sorted((one.code, other.code)))] += 1  # type: ignore[index]
    found = cooccurrence(rows, codes="abcde")
    for i, one_code in enumerate("abcde"):
        for j, other_code in enumerate("abcde"):
            assert found.counts[i, j] == slow[tuple(sorted((one_code, other_code)))]  # type: ignore[index]
    covered = {code: {(r.transcript, x) for r in rows if r.code == code for x in range(*r.parts[0])} for code in "ab"}
    both, either = covered["a"] & covered["b"], covered["a"] | covered["b"]
    assert found.jaccard[0, 1] == pytest.approx(len(both) / len(either))


def test_segments_of_one_coder_do_not_meet_those_of_another() -> None:
    rows = [row("1", "a", 0, 10), row("2", "b", 0, 10, coder="b")]
    assert cooccurrence(rows).pairs() == []


def test_a_segment_in_two_participants_words_is_one_segment() -> None:
    first, second = row("1", "a", 0, 10), row("1", "a", 12, 20)
    found = cooccurrence([first, second, row("2", "b", 5, 14)])
    assert (found.totals, [p[:3] for p in found.pairs()]) == ((1, 1), [("a", "b", 1)])


@pytest.mark.parametrize("mode", ["overlap", "turn", "transcript"])
def test_layers_and_evidence_give_the_same_cooccurrence(tmp_path: Path, mode: Mode) -> None:
    study = shopping(tmp_path)
    interviews, _ = study_interviews(study)
    evidence = build_model(study, Params(1)).evidence
    rows, texts = evidence.rows, evidence.transcripts
    assert cooccurrence_in(interviews, mode).pairs() == cooccurrence(rows, mode, (), texts).pairs()
    chosen = ["price", "choose"]
    assert cooccurrence_in(interviews, mode, chosen).pairs() == cooccurrence(rows, mode, chosen, texts).pairs()


def test_cooccurrence_without_anything_coded_is_empty() -> None:
    found = cooccurrence([])
    assert (pair_table(found).rows, matrix_table(found).rows) == ((), ())


def test_code_by_participant_counts_each_speakers_segments(tmp_path: Path) -> None:
    study = shopping(tmp_path)
    interviews, _ = study_interviews(study)
    matrix = code_matrix(interviews, study.codebook, study.settings.participants)
    assert matrix.participants == ("P1", "P2", "P3", "P4")
    assert matrix.row("search") == [2, 1, 1, 1]
    assert matrix.row("price") == [1, 0, 1, 0]  # not the interviewer's
    table = participant_table(matrix, study.codebook)
    assert next(r for r in table.rows if r[0] == "attr/price") == ("attr/price", 1, 0, 1, 0, 2, "2/4")
    denied = code_matrix(interviews, study.codebook, modes=["deny"])
    assert denied.row("colour") == [1, 0, 0, 0]
    trees = code_matrix(interviews, study.codebook, rows="subtrees")
    assert trees.row("attr") == [2, 0, 1, 0]


def test_code_by_attribute_counts_participants_of_participants(tmp_path: Path) -> None:
    people = "participants:\n  P1: {size: small}\n  P2: {size: large}\n  P3: {size: large}\n  P4: {}\n"
    study = shopping(tmp_path, settings=people + GUIDE)
    matrix = code_matrix(study_interviews(study)[0], study.codebook)
    table = attribute_table(matrix, study.codebook, {"P1": "small", "P2": "large", "P3": "large"}, "size")
    assert table.headers == ("code", "size: large", "size: small", "size: not given")
    assert next(r for r in table.rows if r[0] == "buy") == ("buy", "1/2", "0/1", "1/1")


def test_quotes_of_codes_nodes_items_edges_and_people(tmp_path: Path) -> None:
    model = build_model(shopping(tmp_path), Params(1))

    def said(name: str) -> list[tuple[str, str]]:
        return [(q.participant, q.quote) for q in quotes(model, name)]

    assert said("buy") == [("P2", "I bought it"), ("P4", "bought it")]
    assert said("E1")[0] == ("P1", "I needed a lamp […] I looked around")
    assert said("task->search") == said("E1")
    assert said("attributes.colour") == said("attr/colour") == [("P1", "Colour did not matter at all")]
    assert said("attr") == [
        ("P1", "The price decided"), ("P1", "Colour did not matter at all"), ("P3", "The price was fine"),
    ]  # fmt: skip
    assert {q.mode for q in quotes(model, "P3")} == {"affirm", "hypothetical"}
    assert said("E3") == []  # known, but nobody says it
    with pytest.raises(PostilError, match=r"called 'serch'\. Did you mean search"):
        quotes(model, "serch")


def test_the_quotes_command_keeps_what_consent_does_not_cover(tmp_path: Path) -> None:
    people = "participants:\n  P1: {consent: {quote: false}}\n  P2: {}\n  P3: {}\n  P4: {}\n"
    shopping(tmp_path, settings=people + GUIDE)
    shown = CliRunner().invoke(cli, ["quotes", "task", "--study", str(tmp_path)], catch_exceptions=False).stdout
    assert "I wanted a chair" in shown
    assert "I needed a lamp" not in shown


FINDINGS = """findings:
  - {id: f1, statement: Prices shown, numerator: 3, denominator: 12, value: 25, unit: percent, source: shop,
     links: {code: [price]}, fit: confirmation, reading: They look at it.}
  - {id: f2, statement: Colours, value: 7, conflict: printed 7 and 9, links: {node: [buy]}}
  - {id: f3, statement: Moon phase, links: {code: [stray]}, fit: silence, reading: Nobody says it., source: sky}
"""


def test_the_joint_display_sets_words_beside_numbers_and_warns(tmp_path: Path) -> None:
    study = shopping(
        tmp_path, settings=GUIDE + "findings: codebook/findings.yaml\n", files={"codebook/findings.yaml": FINDINGS}
    )
    first, second, third = study_joint(study)
    assert (first.theme, str(first.support), first.strip) == ("Price", "1/4", "■□□□")
    assert [(q.participant, q.text) for q in first.quotes] == [("P1", "The price decided")]
    assert first.warnings == ()
    assert fact(first.finding) == "Prices shown: 25% (3/12)"
    assert set(second.warnings) == {
        "number with an open conflict: printed 7 and 9", "number without a source", "no fit written",
    }  # fmt: skip
    assert [q.participant for q in second.quotes] == ["P2", "P4"]
    assert third.support.k == 1
    table = joint_table([first, second, third])
    assert table.rows[0][:5] == ("Price", "1/4", "■□□□", "“The price decided” (P1)", "")


def test_a_quote_that_is_not_what_stands_there_is_warned_of(tmp_path: Path) -> None:
    one = talk("T1", "P1", "?", "I searched far and wide for it").code("a", "I searched far and wide for it", "search")
    one.segments[0]["quote"] = "I searched far"
    study = write_study(tmp_path, [one])
    finding = Finding("f", "x", links={"code": ("search",)}, fit="confirmation", reading="r", source="s")
    (row_,) = joint(build_model(study, Params(1)), [finding], not_verbatim={"a"})
    assert row_.warnings == ("quote not verbatim: segment a",)


def test_a_finding_follows_its_data(tmp_path: Path) -> None:
    (tmp_path / "d.csv").write_text("kind,signed,n\nmodel,yes,10\nmodel,no,30\ndata,yes,5\nmodel,no,2\n")

    def value(**compute: str) -> Finding:
        (finding,) = computed(
            [Finding("f", "x", unit="percent", extra={"compute": {"file": "d.csv", **compute}})], tmp_path
        )
        return finding

    found = value(filter="kind == 'model'", numerator="signed == 'yes'", denominator="all")
    assert (found.numerator, found.denominator) == (1, 3)
    assert found.value == pytest.approx(100 / 3)
    assert value(numerator="sum(n)").value == 47
    assert value(numerator="n > 3 and not signed in ['no']").value == 2
    for bad, message in (
        ("__import__('os')", "is no amount"), ("n.sum()", "is no amount"), ("nope == 1", "no column 'nope'"),
        ("n ==", "is no expression"), ("1 == 1", "column first"), ("n", "only comparisons"),
    ):  # fmt: skip
        with pytest.raises(PostilError, match=message):
            value(numerator=bad)
    with pytest.raises(PostilError, match="the denominator computed from"):
        value(numerator="all", denominator="kind == 'none'")
    with pytest.raises(PostilError, match="outside of the study"):
        computed([Finding("f", "x", extra={"compute": {"file": "../d.csv"}})], tmp_path)


SHARE = "SELECT count(*) FILTER (WHERE licence IS NULL) AS numerator, count(*) AS denominator FROM data"


@pytest.mark.parametrize(
    ("compute", "numbers"),
    [
        ({"data": "m.csv", "sql": SHARE}, (2, 4, 50.0)),
        ({"data": "m.csv", "sql": SHARE + ";"}, (2, 4, 50.0)),
        ({"data": "m.csv", "sql": "SELECT median(n) AS value FROM data"}, (None, None, 3.0)),
        ({"data": "m.csv", "sql": "SELECT max(n) FROM data"}, (None, None, 5.0)),
        ({"data": {"all": "m.csv"}, "sql": 'SELECT count(*) AS numerator, 8 AS denominator FROM "all"'}, (4, 8, 50.0)),
        ({"data": ["m.csv", "d.csv"], "sql": "SELECT count(*) FROM m JOIN d ON m.id = d.id"}, (None, None, 2.0)),
        ({"file": "m.csv", "numerator": "licence == ''", "denominator": "all"}, (2, 4, 50.0)),
        ({"file": "m.csv", "numerator": "licence != 'mit'", "denominator": "all"}, (3, 4, 75.0)),
        ({"file": "m.csv", "numerator": "not licence == 'mit'", "denominator": "all"}, (3, 4, 75.0)),
        ({"file": "m.csv", "filter": "licence != ''", "numerator": "n == 1", "denominator": "all"}, (1, 2, 50.0)),
        ({"file": "m.csv", "numerator": "n in [1, 5]", "denominator": "all"}, (2, 4, 50.0)),
    ],
)  # fmt: skip
def test_data_give_numbers_and_empty_cells_are_missing(
    tmp_path: Path, compute: dict[str, object], numbers: tuple[float | None, ...]
) -> None:
    (tmp_path / "m.csv").write_text("id,n,licence\na,1,mit\nb,2,\nc,4,apache\nd,5,\n", "utf-8")
    (tmp_path / "d.csv").write_text("id\na\nd\n", "utf-8")
    (found,) = computed([Finding("f", "x", unit="percent", extra={"compute": compute})], tmp_path)
    assert (found.numerator, found.denominator, found.value) == numbers and not found.conflict


@pytest.mark.parametrize(
    ("sql", "says"),
    [
        ("SELECT count(*) FILTER (WHERE license IS NULL) FROM data", "there is no column 'license'; is licence meant"),
        ("SELECT n AS value FROM data", "the query gives 2 rows or more; ask for one"),
        ("SELECT n AS value FROM data WHERE n > 9", "the query gives no rows; ask for one"),
        ("SELECT 1 AS a, 2 AS b", "the query gives a, b; call its columns numerator, denominator or value"),
        ("SELECT max(licence) AS value FROM data", "value is 'mit', not a number"),
        ("SELECT sum(n) FILTER (WHERE n > 99) AS value FROM data", "value is missing, not a number"),
        ("SELECT 5 AS numerator, 4 AS denominator", "5 of 4 cannot be a share"),
        ("SELECT 5 AS numerator, 0 AS denominator", "the denominator computed from m.csv is 0"),
        ("DROP TABLE data", "only SELECT can be asked"),
    ],
)
def test_what_is_no_number_is_said(tmp_path: Path, sql: str, says: str) -> None:
    (tmp_path / "m.csv").write_text("id,n,licence\na,1,mit\nb,2,\n", "utf-8")
    finding = Finding("f", "x", unit="percent", extra={"compute": {"data": "m.csv", "sql": sql}})
    with pytest.raises(PostilError, match=re.escape(f"finding f: {says}"[:60])):
        computed([finding], tmp_path)


def test_a_printed_number_stays_and_what_the_data_give_is_a_conflict(tmp_path: Path) -> None:
    (tmp_path / "m.csv").write_text("n,licence\n1,mit\n2,\n3,\n", "utf-8")
    printed = Finding("f", "x", 2, 3, 66.7, unit="percent", extra={"compute": {"data": "m.csv", "sql": SHARE}})
    (same,) = computed([printed], tmp_path)
    assert same.value == 66.7 and not same.conflict
    wrong = msgspec.structs.replace(printed, numerator=1, value=33.3)
    (other,) = computed([wrong], tmp_path)
    assert (other.numerator, other.value) == (1, 33.3)
    assert other.conflict == (
        "numerator 1 is printed, but the data give 2; value 33.3 is printed, but the data give 66.66666667"
    )


def test_findings_are_listed_measured_again_and_a_conflict_is_the_exit_code(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = f"""findings:
  none:
    statement: Models without a licence
    numerator: 1
    denominator: 3
    unit: percent
    reading: Few say it.
    compute: {{data: data/m.csv, sql: "{SHARE}"}}
"""
    root = shopping(
        tmp_path, settings=GUIDE + "findings: codebook/findings.yaml\n", files={"codebook/findings.yaml": text}
    ).root
    (root / "data").mkdir()
    (root / "data/m.csv").write_text("n,licence\n1,mit\n2,\n3,\n", "utf-8")
    assert run(["findings", "--json", "-C", str(root)]) == 1
    (one,) = json.loads(capsys.readouterr().out)
    assert one["printed"]["numerator"] == 1 and one["computed"]["numerator"] == 2
    assert "numerator 1 is printed, but the data give 2" in one["conflict"] and one["computed"]["engine"].startswith(
        "duckdb"
    )
    (tmp_path / "newer.csv").write_text("n,licence\n1,mit\n2,mit\n3,\n4,mit\n", "utf-8")
    done = CliRunner().invoke(cli, ["findings", "--remeasure", str(tmp_path / "newer.csv"), "--json", "-C", str(root)])
    (again,) = json.loads(done.stdout)
    assert (
        done.exit_code == 0 and again["difference"] == pytest.approx(25 - 200 / 3) and again["reading"] == "Few say it."
    )
    checked = CliRunner().invoke(cli, ["check", "-C", str(root)])
    assert "codebook/findings.yaml:2" in checked.output and "the data give 2" in checked.output


NASTY = Table(("a|b", "n"), (("=1+1", 2), ("100% <b> & _x_", 1 / 3), ("line\nbreak", None)), "T[i]tle", ("a note",))


def test_tables_make_every_cell_safe() -> None:
    assert to_csv(NASTY) == 'a|b,n\n\'=1+1,2\n100% <b> & _x_,0.3333\n"line\nbreak",\n'
    assert "a\\|b" in to_markdown(NASTY)
    assert "100\\% \\textless{}b\\textgreater{} \\& \\_x\\_" in latex_table(NASTY)
    assert "&lt;b&gt;" in to_html([NASTY], "T")
    sheet = load_workbook(io.BytesIO(to_xlsx([NASTY]))).active
    assert sheet is not None
    assert [cell.value for cell in sheet["A"]][:3] == ["a|b", "=1+1", "100% <b> & _x_"]
    assert sheet["A2"].data_type == "s"
    assert sheet["B3"].value == pytest.approx(1 / 3)


def test_workbooks_have_the_same_bytes() -> None:
    assert to_xlsx([NASTY]) == to_xlsx([NASTY])


@pytest.mark.parametrize("command", [["cooccurrence"], ["matrix"], ["joint"], ["matrix", "--subtrees"]])
def test_the_commands_answer_in_every_format(tmp_path: Path, command: list[str]) -> None:
    study = tmp_path / "study"
    shopping(study, settings=GUIDE + "findings: codebook/findings.yaml\n", files={"codebook/findings.yaml": FINDINGS})
    for ending in ("csv", "json", "xlsx", "md", "html", "tex"):
        out = tmp_path / f"o.{ending}"
        result = CliRunner().invoke(cli, [*command, "--study", str(study), "--out", str(out)], catch_exceptions=False)
        assert result.exit_code == 0, result.output
        assert out.stat().st_size > 20
    assert json.loads((tmp_path / "o.json").read_text())


def test_findings_are_held_against_their_counts_and_each_other() -> None:
    findings = (
        Finding("Q1", "Verified", numerator=199, denominator=6243, value=3.19, unit="percent", basis="census"),
        Finding("Q2", "Most used set", value=6834, unit="models", conflict="I04: several numbers are printed"),
        Finding("Q3", "Most used set", value=1673, unit="models", conflict="I04: several numbers are printed"),
        Finding("Q4", "Nothing is counted"),
    )
    checked, between = findings_tables(findings)
    assert checked.rows[0][2:7] == ("3.19%", "199/6,243", "3.188%", "[2.78, 3.65]%", "census")
    assert checked.rows[3][2:6] == ("", "", "", "")
    assert [row[1] for row in between.rows] == ["Q2, Q3", "Q2, Q3"]
    assert "same statement with other numbers" in str(between.rows[1][0])


@needs_shared
def test_the_published_findings_name_their_conflicts() -> None:
    findings, _ = load_findings(read_text(SHARED / "ptm-study/findings.yaml"), "findings.yaml")
    found = {conflict.about.partition(":")[0]: conflict.findings for conflict in conflicts(findings)}
    assert found["I04"] == ("Q04", "Q06", "Q07", "Q08")
    assert found["I05"] == ("Q09",) and found["I06"] == ("Q16",)


@pytest.mark.parametrize(
    "numbers", ["numerator: 21, denominator: 20", "numerator: -1, denominator: 20", "numerator: 1, denominator: -20",
                "numerator: 5, denominator: 0", "numerator: 2.5, denominator: 2"],
)  # fmt: skip
def test_counts_that_are_no_share_stop_neither_display_nor_report(tmp_path: Path, numbers: str) -> None:
    rest = "source: s, links: {node: [task]}, fit: silence, reading: r"
    text = f"findings:\n  - {{id: Q, statement: much, {numbers}, {rest}}}\n"
    shopping(tmp_path, settings=f"{GUIDE}findings: codebook/findings.yaml\n", files={"codebook/findings.yaml": text})
    said = CliRunner().invoke(cli, ["check", "-C", str(tmp_path)], standalone_mode=False)
    assert "codebook/findings.yaml:2:" in said.stdout and said.return_value == 1
    written = [["report", "--out", str(tmp_path / "r.html")], ["model", "--out", str(tmp_path / "m.svg")]]
    shown = [["joint"], ["joint", "--interval"], ["joint", "--check"], ["joint", "--interval", "--format", "csv"]]
    for words in (*shown, *written):
        result = CliRunner().invoke(cli, [*words, "-C", str(tmp_path)], catch_exceptions=False)
        assert result.exit_code == 0
        if words == ["joint"]:
            assert "is no share" in result.stdout
    assert "is no share" in read_text(tmp_path / "r.html")


@needs_shared
def test_the_case_of_more_than_all(tmp_path: Path) -> None:
    case = SHARED / "cases/studies/joint_crash"
    said = CliRunner().invoke(cli, ["check", "-C", str(case)], standalone_mode=False)
    assert re.search(r"findings\.yaml:2:\d+: .*numerator 21 is above the denominator 20", said.stdout)
    shown = CliRunner().invoke(cli, ["joint", "--interval", "-C", str(case)], catch_exceptions=False)
    assert "105% (21/20)" in shown.stdout and "is no share" in shown.stdout and "[" not in shown.stdout


spans = st.lists(
    st.tuples(st.sampled_from("abcde"), st.integers(0, 40), st.integers(1, 12)).map(
        lambda s: row("1", s[0], s[1], s[1] + s[2])
    ),
    max_size=25,
)


@given(spans, st.integers(1, 12))
def test_the_most_frequent_pairs_are_the_first_of_all(rows: list[EvidenceRow], most: int) -> None:
    found = cooccurrence(rows)
    assert found.pairs(most) == found.pairs()[:most]
    assert found.c_above_one == any(c > 1 for _, _, _, c, _ in found.pairs())


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 30), st.integers(1, 9)), min_size=1, max_size=30))
def test_codes_counted_against_codes_give_what_the_list_of_pairs_gives(spans: list[tuple[int, int, int]]) -> None:
    code, start, length = (np.array(column) for column in zip(*spans, strict=True))
    dense = []
    for count in (_crossings, _crossings_of_codes):
        rows, columns, times = count(code, start, start + length, 4)
        matrix = np.zeros((4, 4), dtype=np.int64)
        matrix[rows, columns] = times
        dense.append(matrix.tolist())
    assert dense[0] == dense[1]


CELLS = st.one_of(
    st.none(),
    st.integers(),
    st.floats(allow_nan=False),
    st.booleans(),
    st.text(st.characters(), max_size=70),
    st.sampled_from('",\n;\t'),
)


@given(st.lists(st.lists(CELLS, min_size=1, max_size=3), max_size=4), st.sampled_from([",", ";", "\t"]), st.booleans())
def test_csv_is_that_of_pythons_own_writer(rows: list[list[Cell]], delimiter: Delimiter, exact: bool) -> None:
    def plain(cell: Cell) -> str:
        if isinstance(cell, str):
            return "1 of 2" if isinstance(cell, KOfN) else csv_cell(cell)
        number = "" if cell is None else repr(cell) if exact else shown(cell)
        return number.replace(".", ",") if delimiter == ";" else number

    rows = [["a", 'b"'], ["1/2", KOfN(1, 2), "1/2", 1, True, 1.0], *rows, *rows]  # what is equal is not the same
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\n").writerows([plain(cell) for cell in row] for row in rows)
    table = Table(("a", 'b"'), tuple(map(tuple, rows[1:])))
    assert to_csv(table, delimiter, exact=exact) == out.getvalue()


def test_a_long_table_is_the_sum_of_its_pieces() -> None:
    rows = [(number, f"text {number}, and so on") for number in range(2 * LINES + 7)]
    pieces = list(csv_pieces(("n", "text"), rows))
    assert len(pieces) == 3 and "".join(pieces) == to_csv(Table(("n", "text"), tuple(rows)))
