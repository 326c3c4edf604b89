"""Codings in rows: every one finds its words, or is listed; importing again changes nothing."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postil_base.problem import PostilError
from postil_codebook.load import load_codebook
from postil_formats.codings.codes import with_codebook, with_new_codes
from postil_formats.codings.plan import CodingsPlan, plan_codings
from postil_formats.codings.sources.rows import read_codings, split_codes
from postil_formats.codings.writing import apply_codings
from postil_formats.texts.plan import ImportOptions, plan_import
from postil_formats.texts.roles import parse_speaker
from postil_formats.texts.writing import apply_import
from postil_study.anchoring.quote_search import QuoteIndex, resolved_by_order
from postil_study.new import create_study
from postil_study.study import Study, open_study
from postil_study.text.values import CodeUse, Layer, Segment
from tests.shared_data import SHARED, needs_shared

CODEBOOK = """\
title: Test
version: 0.1.0
codes:
  choice:
    label: Choice
    codable: false
    children:
      size: {label: Size matters, definition: d}
      fame: {definition: d, formerly: [glory]}
  trust: {definition: d}
"""
TALK = (
    "I: Why that one?\nP1: It is “small”, and it works. We trust it.\nI: It works?\nP1: It works. Everybody has it.\n"
)
HEAD = "transcript,coder,segment,quote,codes,memo\n"


def clock() -> datetime:
    return datetime(2026, 11, 2, 10, 20, 30, tzinfo=UTC)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    made = tmp_path / "study"
    create_study(made, "Test", ("ana",))
    (made / "codebook" / "codebook.yaml").write_text(CODEBOOK)
    for name, talk in (("T1", TALK), ("T2", TALK.replace("small", "big").replace("Everybody", "Nobody"))):
        source = tmp_path / f"{name}.txt"
        source.write_text(talk)
        rules = dict([parse_speaker("I=interviewer"), parse_speaker(f"P1=participant:{name}-p")])
        apply_import(made, plan_import(open_study(made), [source], ImportOptions(speakers=rules), clock))
    return made


def plan(root: Path, *contents: str, done: str = "", coder: str = "") -> CodingsPlan:
    tables = [read_codings(text.encode(), f"{n}.csv", coder=coder) for n, text in enumerate(contents)]
    return plan_codings(open_study(root), tables, done, clock=clock)


def imported(root: Path, *contents: str, done: str = "", coder: str = "") -> Study:
    made = plan(root, *contents, done=done, coder=coder)
    assert not made.unknown_codes
    apply_codings(open_study(root), made)
    return open_study(root)


def layer_of(study: Study, coder: str = "ana", transcript: str = "T1") -> Layer:
    layer = study.layer(coder, transcript)
    assert layer is not None
    return layer


def state(root: Path) -> dict[str, bytes]:
    paths = (path for path in root.rglob("*") if path.is_file() and ".postil" not in path.parts)
    return {str(path.relative_to(root)): path.read_bytes() for path in paths}


class TestPlaces:
    def test_a_row_becomes_a_segment(self, root: Path) -> None:
        study = imported(root, HEAD + 'T1,ana,s1,"We trust it.",trust; choice/size,because\n')
        (segment,) = layer_of(study).segments
        assert (segment.id, segment.code_ids, segment.memo, segment.at) == (
            "s1",
            ("trust", "size"),
            "because",
            "2026-11-02T10:20:30Z",
        )
        assert study.transcripts["T1"].text[segment.start : segment.end] == segment.quote == "We trust it."
        assert layer_of(study).header.text_sha256 == study.transcripts["T1"].text_sha256
        assert study.problems() == []

    @pytest.mark.parametrize(
        "quote",
        [
            'it is "SMALL", and',
            "It is  “small”,\nand",
            "It is “small”,12 and",
            "It is 'small' and",
            "Itis“small”,and it work",
        ],
    )
    def test_forms_of_a_quote(self, root: Path, quote: str) -> None:
        index = QuoteIndex(open_study(root).transcripts["T1"].text)
        places = index.find(quote).places
        ((start, end),) = places
        assert index.text[start:end].startswith("It is “small”, and")

    def test_words_in_another_order_are_not_found(self, root: Path) -> None:
        index = QuoteIndex(open_study(root).transcripts["T1"].text)
        assert index.find("small is it, and it works").places == ()
        assert index.find("it is").places == ((22, 27),)
        assert index.find("7").places == index.find("—").places == index.find(" ").places == ()

    def test_several_places_are_settled_by_the_order_of_rows(self, root: Path) -> None:
        (root / "transcripts/T1.txt").write_text("I:\nWhy?\n\nP1:\nYes so. One. Yes so. Two. Yes so.\n")
        rows = "T1,ana,a,One.,trust,\nT1,ana,b,Yes so.,size,\nT1,ana,c,Two.,fame,\n"
        by_id = layer_of(imported(root, HEAD + rows)).by_id
        assert [by_id[id_].start for id_ in "abc"] == [21, 26, 34]

    def test_several_places_without_an_order_are_listed(self, root: Path) -> None:
        (root / "transcripts/T1.txt").write_text("I:\nWhy?\n\nP1:\nYes so. One. Yes so. Two. Yes so.\n")
        made = plan(root, HEAD + "T1,ana,a,Two.,trust,\nT1,ana,b,Yes so.,size,\nT1,ana,c,One.,fame,\n")
        (problem,) = made.problems
        assert (problem.id, problem.lost, problem.places) == ("b", True, ((13, 20), (26, 33), (39, 46)))
        assert "13-20, 26-33, 39-46" in problem.message

    def test_of_several_places_only_one_is_an_answer(self, root: Path) -> None:
        (root / "transcripts/T1.txt").write_text("I:\nFast?\n\nP1:\nFast.\n")
        study = imported(root, HEAD + "T1,ana,a,fast,trust,\n")
        (segment,) = layer_of(study).segments
        assert segment.quote == "Fast"
        assert segment.start == 14

    def test_a_transcript_is_found_by_participant_file_or_words(self, root: Path) -> None:
        head = "participant,transcript,coder,quote,codes\n"
        rows = "T1-p,,ana,We trust it.,trust\n,t1.txt,ana,Everybody has it.,fame\n,,ana,Nobody has it.,fame\n"
        study = imported(root, head + rows)
        assert [segment.quote for segment in layer_of(study).segments] == ["We trust it.", "Everybody has it."]
        assert [segment.quote for segment in layer_of(study, transcript="T2").segments] == ["Nobody has it."]

    def test_words_in_two_transcripts_are_reported(self, root: Path) -> None:
        made = plan(root, "coder,quote,codes\nana,We trust it.,trust\n")
        assert "several transcripts (T1, T2)" in made.problems[0].message
        assert (made.placed, made.segments) == (0, 1)

    def test_positions_settle_it_all(self, root: Path) -> None:
        text = open_study(root).transcripts["T1"].text
        start = text.rindex("It works")
        study = imported(root, f"transcript,coder,quote,codes,start,end\nT1,ana,It works,size,{start},{start + 8}\n")
        assert layer_of(study).segments[0].start == start

    def test_a_row_without_words_codes_the_whole_transcript(self, root: Path) -> None:
        study = imported(root, HEAD + "T1,ana,w,,trust,all of it\n")
        assert [(s.start, s.end, s.quote) for s in layer_of(study).segments] == [(None, None, "")]

    def test_rows_that_cannot_be_placed_do_not_stop_the_others(self, root: Path) -> None:
        made = plan(root, HEAD + "T1,ana,a,Never said.,trust,\nT1,ana,b,We trust it.,trust,\nT9,ana,c,Not here,size,\n")
        assert [(p.row, p.id, p.lost) for p in made.problems] == [(2, "a", True), (4, "c", True)]
        assert made.placed == 1


class TestRecords:
    def test_importing_again_changes_nothing(self, root: Path) -> None:
        segments = HEAD + "T1,ben,s1,We trust it.,trust,m\nT1,ben,s2,It is “small”,size,\n"
        relations = (
            "transcript,coder,from,from_code,to,to_code,type,cue\nT1,ben,s2,size,s1,trust,leads-to,and it works\n"
        )
        imported(root, segments, relations, done="2026-11-02")
        before = state(root)
        made = plan(root, segments, relations, done="2026-12-24")
        assert made.added == 0
        assert apply_codings(open_study(root), made) == []
        assert state(root) == before

    def test_rows_without_ids_too(self, root: Path) -> None:
        rows = "transcript,coder,quote,codes\nT1,ana,We trust it.,trust\nT1,ana,We trust it.,size\n"
        study = imported(root, rows)
        (segment,) = layer_of(study).segments
        assert segment.code_ids == ("trust", "size")
        before = state(root)
        assert apply_codings(study, plan(root, rows)) == []
        assert state(root) == before

    def test_a_changed_or_deleted_segment_stays_as_the_coder_left_it(self, root: Path) -> None:
        rows = HEAD + "T1,ana,s1,We trust it.,trust,\nT1,ana,s2,It is “small”,size,\n"
        imported(root, rows)
        path = root / "codings/ana/T1.jsonl"
        text = path.read_text().replace('"codes":["trust"]', '"codes":["fame"]')
        lines = [line for line in text.splitlines() if '"s2"' not in line]
        path.write_text("\n".join([*lines, '{"id":"s2","deleted":"2026-11-03T00:00:00Z"}']) + "\n")
        before = state(root)
        made = plan(root, rows)
        assert [problem.message for problem in made.problems] == [
            "the study has another segment s1, which stays as it is",
            "the segment was deleted in the study and stays so",
        ]
        assert apply_codings(open_study(root), made) == []
        assert state(root) == before

    def test_ids_are_unique_in_the_study(self, root: Path) -> None:
        rows = HEAD + "T1,ana,1,We trust it.,trust,\nT1,ben,1,We trust it.,size,\nT2,ana,1,We trust it.,trust,\n"
        relations = "transcript,coder,from,to,type\nT2,ana,1,1,influences\n"
        study = imported(root, rows, relations)
        layers = list(study.layers("coder"))
        ids = [segment.id for layer in layers for segment in layer.segments]
        assert len(ids) == len(set(ids)) == 3
        (relation,) = layer_of(study, transcript="T2").relations
        assert relation.source == layer_of(study, transcript="T2").segments[0].id
        before = state(root)
        assert apply_codings(study, plan(root, rows, relations)) == []
        assert state(root) == before

    def test_modes_and_unsure(self, root: Path) -> None:
        head = "transcript,coder,quote,codes,unsure\n"
        study = imported(root, head + "T1,ana,We trust it.,trust (deny); size [wish],yes\n")
        (segment,) = layer_of(study).segments
        assert segment.codes == (CodeUse("trust", "deny"), CodeUse("size", "wish"))
        assert segment.unsure

    def test_done_marks_only_what_was_imported(self, root: Path) -> None:
        study = imported(root, HEAD + "T1,ana,s1,We trust it.,trust,\n", done="2026-11-05")
        assert layer_of(study).header.done == "2026-11-05"
        assert study.layer("ana", "T2") is None


class TestRelations:
    SEGMENTS = (
        HEAD + "T1,ana,s1,It is “small”,size,\nT1,ana,s2,We trust it.,trust,\nT1,ana,s3,Everybody has it.,fame,\n"
    )
    RELATIONS = "transcript,coder,from,from_code,to,to_code,type,cue,guard\n"

    def test_cue_and_guard(self, root: Path) -> None:
        study = imported(root, self.SEGMENTS, self.RELATIONS + "T1,ana,s1,size,s2,trust,leads to,and  IT works,if so\n")
        (relation,) = layer_of(study).relations
        assert relation.cue is not None
        assert study.transcripts["T1"].text[slice(*relation.cue)] == "and it works"
        assert (relation.type, relation.guard, relation.source_code) == ("leads-to", "if so", "size")
        assert study.problems() == []

    def test_the_cue_of_an_interviewer_states_nothing(self, root: Path) -> None:
        made = plan(root, self.SEGMENTS, self.RELATIONS + "T1,ana,s2,trust,s3,fame,influences,It works?,\n")
        assert made.joined == 1
        assert "only in an interviewer's words" in made.problems[0].message
        assert not made.problems[0].lost
        assert made.layers[0].after.relations[0].cue is None

    def test_a_cue_from_elsewhere(self, root: Path) -> None:
        made = plan(root, self.SEGMENTS, self.RELATIONS + "T1,ana,s1,size,s2,trust,influences,Everybody,\n")
        assert "not between its segments" in made.problems[0].message

    @pytest.mark.parametrize(
        ("row", "message"),
        [
            ("T1,ana,s1,size,s9,trust,influences,,", "has both segments s1 and s9"),
            ("T1,ben,s1,size,s2,trust,influences,,", "no coding of ben"),
            ("T1,ana,s1,fame,s2,trust,influences,,", "does not have the code fame"),
        ],
    )
    def test_what_cannot_be_joined(self, root: Path, row: str, message: str) -> None:
        made = plan(root, self.SEGMENTS, self.RELATIONS + row + "\n")
        assert made.joined == 0
        assert message in made.problems[0].message

    def test_unknown_type(self, root: Path) -> None:
        with pytest.raises(PostilError, match=r"1\.csv, row 2: 'loves' is no type of relation"):
            plan(root, self.SEGMENTS, self.RELATIONS + "T1,ana,s1,size,s2,trust,loves,,\n")


class TestCodesAndCoders:
    def test_codes_by_label_and_former_id(self, root: Path) -> None:
        study = imported(root, HEAD + "T1,ana,a,We trust it.,Size Matters; glory; Trust,\n")
        assert layer_of(study).segments[0].code_ids == ("size", "fame", "trust")

    def test_unknown_codes_are_counted(self, root: Path) -> None:
        made = plan(root, HEAD + "T1,ana,a,We trust it.,trust; Hype,\nT1,ana,b,Everybody has it.,Hype; luck,\n")
        assert made.unknown_codes == {"Hype": 2, "luck": 1}

    def test_adding_codes(self) -> None:
        text = with_new_codes(CODEBOOK, "c.yaml", ["Hype!", "luck", "trust"])
        book, problems = load_codebook(text, "c.yaml")
        assert [(book.codes[c].label, book.codes[c].parent) for c in ("hype", "luck")] == [
            ("Hype!", "imported"),
            ("luck", "imported"),
        ]
        assert not book.codes["imported"].codable
        assert [problem for problem in problems if problem.severity == "error"] == []
        assert text.startswith(CODEBOOK)

    def test_a_code_of_which_nothing_can_be_an_id(self) -> None:
        with pytest.raises(PostilError, match="cannot be added"):
            with_new_codes(CODEBOOK, "c.yaml", ["検索"])

    def test_taking_codes_from_another_book(self) -> None:
        other, _ = load_codebook("codes:\n- {id: hype, stage: talk, def: Loud}\n- {id: trust, def: other}\n", "o.yaml")
        book, _ = load_codebook(with_codebook(CODEBOOK, "c.yaml", other), "c.yaml")
        assert (book.codes["hype"].definition, book.codes["hype"].parent) == ("Loud", "talk")
        assert book.codes["trust"].definition == "d"

    def test_unknown_coders_are_added_at_the_end_of_record(self, root: Path) -> None:
        path = root / "study.yaml"
        path.write_text(path.read_text().replace("analysis:\n", "analysis:\n  record: [consensus, ana]  # mine\n"))
        study = imported(root, HEAD + "T1,Reader B,a,We trust it.,trust,\nT1,ana,b,We trust it.,trust,\n")
        assert study.settings.coders["reader-b"].name == "Reader B"
        assert study.settings.analysis.record == ("consensus", "ana", "reader-b")
        assert "# mine" in path.read_text()
        again = plan(root, HEAD + "T1,Reader B,c,Everybody has it.,fame,\n")
        assert again.new_coders == {}

    def test_coder_of_a_file_without_that_column(self, root: Path) -> None:
        rows = "transcript,quote,codes\nT1,We trust it.,trust\n"
        with pytest.raises(PostilError, match="--coder"):
            plan(root, rows)
        assert layer_of(imported(root, rows, coder="ana")).segments


class TestFiles:
    def test_missing_columns(self) -> None:
        with pytest.raises(PostilError, match=r"the first row must name the columns.*Found: a, b"):
            read_codings(b"a,b\n1,2\n", "x.csv", coder="ana")

    @pytest.mark.parametrize("name", ["x.qdpx", "x.docx", "x"])
    def test_other_kinds(self, name: str) -> None:
        with pytest.raises(PostilError, match=r"\.csv and \.xlsx"):
            read_codings(b"a,b\n", name)

    def test_cells_guarded_against_formulas(self) -> None:
        table = read_codings(b"coder,quote,codes\nana,'=1+1 is what I typed,x\n", "x.csv")
        assert table.segments[0].quote == "=1+1 is what I typed"

    def test_xlsx(self) -> None:
        import io

        from openpyxl import Workbook

        book, buffer = Workbook(), io.BytesIO()
        sheet = book.active
        assert sheet is not None
        sheet.append(["Document", "Coded by", "Quotation", "Code", "Comment"])
        sheet.append(["T1", "ana", "We trust it.", "trust", None])
        book.save(buffer)
        (row,) = read_codings(buffer.getvalue(), "x.xlsx").segments
        assert (row.transcript, row.coder, row.quote, row.codes) == ("T1", "ana", "We trust it.", (("trust", ""),))

    def test_positions_that_are_none(self) -> None:
        with pytest.raises(PostilError, match="row 2: 'x' is no position"):
            read_codings(b"coder,codes,start,end\nana,c,x,2\n", "x.csv")


def test_split_codes() -> None:
    assert split_codes(" a;b | c (wish)\n;; a ") == (("a", ""), ("b", ""), ("c", "wish"))


words = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), min_size=1, max_size=40)


@given(words, words, words)
def test_a_quote_is_found_where_it_stands(before: str, quote: str, after: str) -> None:
    text = f"{before}{quote}{after}"
    wanted = quote.strip()
    found = QuoteIndex(text).find(quote)
    if wanted:
        start = len(before) + len(quote) - len(quote.lstrip())
        assert (start, start + len(wanted)) in found.places
    assert all(0 <= a < b <= len(text) for a, b in found.places)


def test_digits_that_are_new_in_the_text_are_not_the_quote() -> None:
    text = "We looked at 12 models, of 340 downloads, then."
    index = QuoteIndex(text)
    assert text[slice(*index.find("We looked: at 12 models of 3407 downloads").places[0])].endswith("340 downloads")
    assert index.find("We looked: at 15 models of 340 downloads").places == ()
    assert index.find("We looked: at models of downloads").places == (), "the text has digits that the quote lacks"


def test_a_combining_mark_is_not_cut_off_its_letter() -> None:
    text = "They said cafe\u0301 and la\u0308\u0323 too"
    for quote, found in (("SAID CAFE", "said cafe\u0301"), ("and LA", "and la\u0308\u0323")):
        assert [text[a:b] for a, b in QuoteIndex(text).find(quote).places] == [found]


def test_a_quote_at_several_places_is_placed_only_where_its_neighbours_leave_one() -> None:
    twice = ((10, 13), (30, 33))
    assert resolved_by_order([twice]) == [None]
    assert resolved_by_order([((20, 23),), twice]) == [(20, 23), (30, 33)]
    assert resolved_by_order([((5, 8),), twice, ((40, 43),)]) == [(5, 8), None, (40, 43)]
    assert resolved_by_order([((25, 28),), ((20, 23),), twice]) == [(25, 28), (20, 23), None], "they are in no order"


@given(st.lists(st.sampled_from(["Word", " ", "\n", "“", "é", "e\u0301", "-", "1"]), max_size=30).map("".join))
def test_folding_only_widens(text: str) -> None:
    quote = text.upper().replace("“", '"').replace("\n", "  ")
    places = QuoteIndex(text).find(quote).places
    assert bool(places) == bool(quote.strip())


@given(st.lists(st.lists(st.integers(0, 50), min_size=1, max_size=3, unique=True).map(sorted), max_size=8))
def test_order_never_invents_a_place(starts: list[list[int]]) -> None:
    places = [tuple((start, start + 3) for start in some) for some in starts]
    for spans, chosen in zip(places, resolved_by_order(places), strict=True):
        assert chosen is None or chosen in spans
        assert chosen is not None or len(spans) > 1


@needs_shared
def test_the_real_codings(tmp_path: Path) -> None:
    data = SHARED / "ptm-study"
    root = tmp_path / "ptm"
    create_study(root, "PTM", ())
    options = ImportOptions(id_from=(r"Interview-(\d+)", "P{}"))
    apply_import(root, plan_import(open_study(root), [data / "transcripts"], options))
    other, _ = load_codebook((data / "codings/codebook.yaml").read_text("utf-8"), "codebook.yaml")
    book_text = with_codebook((root / "codebook/codebook.yaml").read_text(), "codebook.yaml", other)
    book, _ = load_codebook(book_text, "codebook.yaml")
    tables = [read_codings((data / "codings" / f).read_bytes(), f) for f in ("segments.csv", "relations.csv")]
    made = plan_codings(open_study(root), tables, "2026-11-02", book)
    assert (made.segments, made.placed, made.relations, made.joined) == (342, 342, 88, 88)
    assert made.problems == ()
    assert made.unknown_codes == {}
    apply_codings(open_study(root), made, book_text)
    study = open_study(root)
    layers = list(study.layers("coder"))
    assert len(layers) == 12
    assert sum(relation.cue is not None for layer in layers for relation in layer.relations) == 87
    segments: list[tuple[str, Segment]] = [(la.header.transcript, s) for la in layers for s in la.segments]
    assert all(s.start is not None and study.transcripts[t].text[s.start : s.end] == s.quote for t, s in segments)
    assert {s.id for _, s in segments} == {row.id for row in tables[0].segments}
    assert study.problems() == []
    again = plan_codings(study, tables, "2026-12-24", book)
    assert apply_codings(study, again, book_text) == []
