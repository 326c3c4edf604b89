"""Codings made in other programs and by hand: each finds its words, its codes and its coder, or is asked about."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postil_base.problem import PostilError
from postil_cli.running import run
from postil_codebook.load import load_codebook
from postil_formats.codings.codes import CodeNames, code_parts, with_new_codes
from postil_formats.codings.plan import CodingsPlan, plan_codings
from postil_formats.codings.sources.columns import SEGMENT_KEYS
from postil_formats.codings.sources.headings import find_layout
from postil_formats.codings.sources.rows import read_codings
from postil_formats.codings.writing import apply_codings
from postil_formats.texts.plan import ImportOptions, plan_import
from postil_formats.texts.roles import parse_speaker
from postil_formats.texts.writing import apply_import
from postil_study.anchoring.quote_omissions import find_quote
from postil_study.anchoring.quote_search import QuoteIndex
from postil_study.new import create_study
from postil_study.study import open_study
from postil_study.text.values import CodeUse

TALK = """\
Interviewer: How did you pick the supplier?

P07: We asked a colleague first. Then we looked at the price list of three of them.

In the end the boss decided, as always.

Interviewer: And was that fine?

P07: Not really. Nobody asked us; we were told.
"""
FIRST, LIST = "We asked a colleague first.", "Then we looked at the price list of three of them."
BOSS = "In the end the boss decided, as always."
BOOK = """\
title: Test
version: 0.1.0
codes:
  advice: {definition: d}
  price: {label: The price, definition: d}
  dissent: {definition: d}
  power: {definition: d}
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    made, source = tmp_path / "study", tmp_path / "P07 interview.txt"
    create_study(made, "Test", ("ana",))
    (made / "codebook" / "codebook.yaml").write_text(BOOK)
    source.write_text(TALK)
    rules = dict([parse_speaker("Interviewer=interviewer"), parse_speaker("P07=participant:P07")])
    apply_import(made, plan_import(open_study(made), [source], ImportOptions(speakers=rules)))
    return made


def sheet(*rows: Sequence[object]) -> bytes:
    from openpyxl import Workbook

    book, buffer = Workbook(), io.BytesIO()
    assert book.active is not None
    for row in rows:
        book.active.append(list(row))
    book.save(buffer)
    return buffer.getvalue()


def comma(*rows: Sequence[object]) -> bytes:
    buffer = io.StringIO()
    csv.writer(buffer).writerows(rows)
    return buffer.getvalue().encode()


def planned(
    root: Path, data: bytes, name: str = "x.csv", commas: str = "", done: str = "", **said: object
) -> CodingsPlan:
    """The plan with every code that the codebook lacks added."""
    study = open_study(root)
    table = read_codings(data, name, **said)  # type: ignore[arg-type]
    plan = plan_codings(study, [table], done, commas=commas)
    if not plan.unknown_codes:
        return plan
    text = with_new_codes((root / "codebook/codebook.yaml").read_text(), "c.yaml", plan.unknown_codes)
    (root / "codebook/codebook.yaml").write_text(text)
    return plan_codings(open_study(root), [table], done, commas=commas)


def found(plan: CodingsPlan) -> set[tuple[str, str, str]]:
    """Every coding as coder, words, code."""
    return {
        (layer.after.header.coder, s.quote, c)
        for layer in plan.layers
        for s in layer.after.segments
        for c in s.code_ids
    }


def path_of(root: Path, code: str) -> str:
    return open_study(root).codebook.code_path(code)


class TestPrograms:
    def test_taguette(self, root: Path) -> None:
        rows = (
            ("id", "document", "tag", "content"),
            (1, "P07 interview.txt", "advice from peers", FIRST),
            (2, "P07 interview.txt", "price", LIST),
            (2, "P07 interview.txt", "process.comparison", LIST),
            (3, "P07 interview.txt", "hierarchy", f"price list of three of them.\n{BOSS}"),
        )
        plan = planned(root, comma(*rows), coder="ana")
        assert [len(layer.after.segments) for layer in plan.layers] == [3]
        assert found(plan) == {
            ("ana", FIRST, "advice-from-peers"),
            ("ana", LIST, "price"),
            ("ana", LIST, "comparison"),
            ("ana", f"price list of three of them.\n{BOSS}", "hierarchy"),
        }
        assert path_of(root, "comparison") == "imported/process/comparison"
        assert found(planned(root, sheet(*rows), "x.xlsx", coder="ana")) == found(plan)

    def test_numbers_of_a_file_are_nobodys_ids(self, root: Path) -> None:
        """Two exports both count from 1."""
        head = ("id", "document", "tag", "content")
        for words, code in ((FIRST, "advice"), (LIST, "price")):
            plan = planned(root, comma(head, (1, "P07 interview.txt", code, words)), coder="ana")
            assert plan.problems == ()
            apply_codings(open_study(root), plan)
        assert len(found(plan)) == 2

    HEADINGS = (
        ("Color", "Comment", "Document group", "Document name", "Code", "Beginning", "End", "Weight score", "Segment",
         "Modified by", "Modified", "Area", "Coverage %"),
        ("Farbe", "Kommentar", "Dokumentgruppe", "Dokumentname", "Code", "Anfang", "Ende", "Gewicht", "Segment",
         "Autor", "Erstellt am", "Fläche", "Abdeckungsgrad %"),
        ("Color", "Comentario", "Grupo de documentos", "Nombre del documento", "Código", "Begin", "End", "Peso",
         "Segmento", "Autor", "Creado", "Area", "Cobertura %"),
    )  # fmt: skip

    @pytest.mark.parametrize("heading", HEADINGS)
    def test_maxqda(self, root: Path, heading: Sequence[str]) -> None:
        def row(code: str, at: int, words: str, coder: str, note: str | None = None) -> tuple[object, ...]:
            return ("●", note, "Buyers", "P07 interview", code, at, at, 0, words, coder, "02.03.2026 10:00", 27, "8,20")

        data = sheet(
            heading,
            row("Selection > Advice from peers", 2, FIRST, "Ana"),
            row("Selection > Price", 2, LIST, "Ana", "see memo"),
            row("Power\\Hierarchy", 3, BOSS, "Ben"),
        )
        plan = planned(root, data, "x.xlsx")
        codes = {code: path_of(root, code) for _, _, code in found(plan)}
        assert set(codes.values()) == {
            "imported/selection/advice-from-peers",
            "imported/selection/selection-price",  # the codebook has a price already, which is another
            "power/hierarchy",
        }
        assert {(coder, words) for coder, words, _ in found(plan)} == {("ana", FIRST), ("ana", LIST), ("ben", BOSS)}
        assert [s.memo for layer in plan.layers for s in layer.after.segments] == ["", "see memo", ""]
        (unused,) = [warning for warning in plan.warnings if "not used" in warning]
        assert all(repr(heading[column]) in unused for column in (0, 2, 5, 6, 7, 10, 11, 12))

    def test_atlas_ti(self, root: Path) -> None:
        old = ("ID", "Quotation Name", "Document", "Quotation Content", "Comment", "Codes", "Reference", "Density",
               "Quotation Groups", "Created by", "Modified by")  # fmt: skip
        new = ("ID", "Name", "Document", "Text Content", "Comment", "Codes", "Reference", "Density", "Groups",
               "Created by", "Modified by")  # fmt: skip
        rows = (
            (
                "1:1",
                "We asked…",
                "P07 interview",
                FIRST,
                None,
                "Selection: Advice\nPeople",
                "2 - 2",
                2,
                None,
                "Ana",
                "Ben",
            ),
            ("1:2", "Then we…", "P07 interview", LIST, "well", "Selection: Price", "2 - 2", 1, None, "Ben", "Ben"),
        )
        for heading in (old, new):
            plan = planned(root, sheet(heading, *rows), "x.xlsx")
            paths = {(coder, words, path_of(root, code)) for coder, words, code in found(plan)}
            assert paths == {
                ("ana", FIRST, "imported/selection/selection-advice"),
                ("ana", FIRST, "imported/people"),
                ("ben", LIST, "imported/selection/selection-price"),
            }

    def test_dedoose(self, root: Path) -> None:
        heading = ("Media Title", "Excerpt Range", "Excerpt Creator", "Excerpt Date", "Excerpt Copy",
                   "Codes Applied Combined", "Code: Advice, peers Applied", "Code: Advice, peers Range",
                   "Code: Advice, peers Weight", "Code: Price Applied", "Code: Price Range")  # fmt: skip
        rows = (
            ("P07 interview.txt", "0-27", "Ana", "3/2/2026", FIRST, "Advice, peers", "True", "0-27", 5, "False", ""),
            ("P07 interview.txt", "28-78", "Ben", "3/2/2026", LIST, "Advice, peers, Price", "True", "", "", "True", ""),
        )
        plan = planned(root, sheet(heading, *rows), "x.xlsx")
        assert found(plan) == {
            ("ana", FIRST, "advice-peers"),
            ("ben", LIST, "advice-peers"),
            ("ben", LIST, "price"),
        }

    def test_requal(self, root: Path) -> None:
        heading = ("", "doc_name", "doc_id", "code_name", "code_id", "segment_text", "user_name")
        plan = planned(root, comma(heading, (1, "P07 interview", 3, "price", 7, LIST, "ana")))
        assert found(plan) == {("ana", LIST, "price")}
        assert plan.warnings[-1].endswith("columns not used: 'doc_id', 'code_id'")


class TestByHand:
    HEAD = ("interview", "Coder", "Quote", "Codes", "Notes")

    def test_quotes_with_omissions_and_labels(self, root: Path) -> None:
        rows = (
            ("P07 interview", "ana", "“We asked a colleague … first.”", "advice", "x"),
            ("P07 interview", "ana", "We asked a colleague [...] price list", "advice; price", "x"),
            ("P07 interview", "ana", "P07: Not really. Nobody asked us", "dissent", ""),
            ("P07 interview", "ben", "(...) “Not really.”", "dissent", ""),
        )
        plan = planned(root, comma(self.HEAD, *rows))
        whole = "We asked a colleague first. Then we looked at the price list"
        assert found(plan) == {
            ("ana", FIRST, "advice"),
            ("ana", whole, "advice"),
            ("ana", whole, "price"),
            ("ana", "Not really. Nobody asked us", "dissent"),
            ("ben", "Not really.", "dissent"),
        }
        assert plan.problems == ()

    def test_a_comma_is_two_codes_where_the_codebook_says_so(self, root: Path) -> None:
        rows = (self.HEAD, ("P07 interview", "ben", BOSS, "dissent, power", ""))
        assert found(planned(root, comma(*rows))) == {("ben", BOSS, "dissent"), ("ben", BOSS, "power")}

    def test_else_it_is_a_question(self, root: Path) -> None:
        rows = (self.HEAD, ("P07 interview", "ben", BOSS, "dissent, hope (deny)", ""))
        plan = planned(root, comma(*rows))
        assert (found(plan), plan.placed) == (set(), 0)
        assert [q.message for q in plan.questions] == [
            "is 'dissent, hope (deny)' one code, or several that the comma separates?"
        ]
        split, kept = (planned(root, comma(*rows), commas=how) for how in ("separate", "keep"))
        assert {code for _, _, code in found(kept)} == {"dissent-hope"}
        assert [s.codes for layer in split.layers for s in layer.after.segments] == [
            ("dissent", CodeUse("hope", "deny"))
        ]

    def test_the_command_writes_nothing_before_it_is_answered(
        self, root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        file = tmp_path / "x.csv"
        file.write_bytes(comma(self.HEAD, ("P07 interview", "ana", BOSS, "hope, fear", "")))
        before = {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}
        assert run(["import-codings", str(file), "--add-codes", "-C", str(root)]) == 1
        assert "two ways" in (told := capsys.readouterr().err) and "--commas separate" in told
        assert {path: path.read_bytes() for path in root.rglob("*") if path.is_file()} == before
        assert run(["import-codings", str(file), "--add-codes", "--commas", "separate", "-C", str(root)]) == 0
        layer = open_study(root).layer("ana", "P07-interview")
        assert layer is not None and layer.segments[0].code_ids == ("hope", "fear")

    def test_wide(self, root: Path) -> None:
        rows = (
            ("document", "coder", "text", "advice", "price", "model", "note", "score"),
            ("P07 interview", "ana", FIRST, 1, 0, 0, 0, 3),
            ("P07 interview", "ana", LIST, "true", "1.0", "", 1, 2),
            ("P07 interview", "ana", BOSS, "", "", "x", "0", 7),
            ("P07 interview", "ana", "Not really.", 0, 0, 0, 0, 1),
        )
        plan = planned(root, comma(*rows))
        assert found(plan) == {
            ("ana", FIRST, "advice"),
            ("ana", LIST, "advice"),
            ("ana", LIST, "price"),
            ("ana", LIST, "note"),
            ("ana", BOSS, "model"),
        }
        told = "; ".join(plan.warnings)
        assert "columns not used: 'score'" in told and "1 row without a code" in told

    def test_long_with_a_column_that_says_no(self, root: Path) -> None:
        rows = (
            ("Dokument", "Kodierer", "Textstelle", "Kode", "Wert"),
            ("P07 interview", "ana", FIRST, "advice", "1"),
            ("P07 interview", "ana", FIRST, "price", "0"),
            ("P07 interview", "ana", LIST, "price", "1,0"),
            ("P07 interview", "ana", LIST, "power", ""),
        )
        plan = planned(root, "\n".join(";".join(row) for row in rows).encode("cp1252"))
        assert found(plan) == {("ana", FIRST, "advice"), ("ana", LIST, "price")}

    def test_documents_with_the_number_of_atlas_ti(self, root: Path, tmp_path: Path) -> None:
        other = tmp_path / "P08.txt"
        other.write_text(TALK.replace("boss", "team").replace("P07", "P08"))
        rules = dict([parse_speaker("Interviewer=interviewer"), parse_speaker("P08=participant:P08")])
        apply_import(root, plan_import(open_study(root), [other], ImportOptions(speakers=rules)))
        rows = (
            ("Document", "Created by", "Quotation Content", "Codes"),
            ("D 2: P07 interview", "ana", FIRST, "advice"),
        )
        plan = planned(root, sheet(*rows), "x.xlsx")
        assert [layer.after.header.transcript for layer in plan.layers] == ["P07-interview"]

    def test_importing_again_changes_nothing(self, root: Path) -> None:
        rows = comma(("document", "coder", "text", "advice", "price"), ("P07 interview", "ana", FIRST, 1, 0))
        apply_codings(open_study(root), planned(root, rows))
        again = planned(root, rows)
        assert (again.added, again.problems, apply_codings(open_study(root), again)) == (0, (), [])

    def test_several_columns_of_codes_and_a_subcode(self, root: Path) -> None:
        rows = (("coder", "quote", "code 1", "code 2"), ("ana", FIRST, "advice", "price"), ("ana", LIST, "power", ""))
        assert found(planned(root, comma(*rows))) == {
            ("ana", FIRST, "advice"), ("ana", FIRST, "price"), ("ana", LIST, "power")
        }  # fmt: skip
        rows = (("coder", "quote", "code", "subcode"), ("ana", BOSS, "power", "boss"), ("ana", LIST, "power", ""))
        assert found(planned(root, comma(*rows))) == {("ana", BOSS, "boss"), ("ana", LIST, "power")}
        assert path_of(root, "boss") == "power/boss"

    def test_words_under_a_heading_of_another_name(self, root: Path) -> None:
        rows = (("Speaker", "Transcript", "Codes"), ("P07", FIRST, "advice"), ("Interviewer", "And was that fine?", ""))
        plan = planned(root, comma(*rows), coder="ana")
        assert found(plan) == {("ana", FIRST, "advice")}
        assert "x.csv: 1 row without a code left out" in plan.warnings

    def test_a_title_above_the_headings(self, root: Path) -> None:
        plan = planned(root, sheet(("My codes",), ("coder", "Zitat", "Kategorie"), ("ana", FIRST, "advice")), "x.xlsx")
        assert found(plan) == {("ana", FIRST, "advice")}


class TestHeadings:
    @pytest.mark.parametrize(
        ("heading", "key"), [("mod", "mode"), ("moed", "mode"), ("memmo", "memo"), ("unsrue", "unsure")]
    )
    def test_a_heading_that_nearly_is_one_is_refused(self, root: Path, heading: str, key: str) -> None:
        data = comma(("coder", "quote", "codes", heading), ("ana", FIRST, "advice", "deny"))
        with pytest.raises(PostilError, match=rf"x\.csv: the column '{heading}' is not known; is it '{key}'\?"):
            planned(root, data)
        left = planned(root, data, columns={heading: "-"})
        assert found(left) == {("ana", FIRST, "advice")}

    @pytest.mark.parametrize("heading", ["mod", "stance", "polarity"])
    def test_a_column_of_modes_is_asked_about_whatever_its_name(self, root: Path, heading: str) -> None:
        rows = (
            ("coder", "quote", "codes", heading),
            ("ana", FIRST, "advice", "deny"),
            ("ana", LIST, "price", "affirm"),
        )
        with pytest.raises(PostilError, match="is it 'mode'"):
            planned(root, comma(*rows))
        plan = planned(root, comma(*rows), columns={heading.upper(): "mode"})
        uses = [use for layer in plan.layers for segment in layer.after.segments for use in segment.codes]
        assert uses == [CodeUse("advice", "deny"), "price"]

    def test_a_mode_that_is_none_is_no_affirmation(self, root: Path) -> None:
        rows = (
            ("coder", "quote", "codes", "mode"),
            ("ana", FIRST, "advice", "Denied"),
            ("ana", LIST, "price", "refused"),
        )
        plan = planned(root, comma(*rows))
        assert [s.codes for layer in plan.layers for s in layer.after.segments] == [(CodeUse("advice", "deny"),)]
        assert [(p.row, p.lost, "'refused' is no mode" in p.message) for p in plan.problems] == [(3, True, True)]
        odd = read_codings(comma(("coder", "quote", "codes", "mode"), ("ana", FIRST, "new one", "never")), "x.csv")
        assert plan_codings(open_study(root), [odd]).unknown_codes == {}, "a code of a row left out is not added"

    def test_unused_columns_are_named(self, root: Path) -> None:
        rows = (("coder", "quote", "codes", "Mood", "empty", ""), ("ana", FIRST, "advice", "low", "", "7"))
        plan = planned(root, comma(*rows))
        assert plan.warnings == ("x.csv: columns not used: 'Mood', column 6, which has no heading",)

    def test_what_was_said_of_columns_is_checked(self, root: Path) -> None:
        data = comma(("coder", "quote", "codes"), ("ana", FIRST, "advice"))
        with pytest.raises(PostilError, match="no column of codings"):
            planned(root, data, columns={"codes": "kodes"})
        with pytest.raises(PostilError, match="has no column 'Zitat'"):
            planned(root, data, columns={"Zitat": "quote"})

    @given(st.sampled_from(["quote", "codes", "coder", "memo", "mode", "transcript", "participant"]), st.data())
    def test_no_slip_of_one_letter_goes_unseen(self, key: str, data: st.DataObject) -> None:
        """Every heading one letter off is read as something known, refused, or named as not used."""
        at = data.draw(st.integers(0, len(key) - 1))
        slip = key[:at] + data.draw(st.sampled_from(["", "x", key[at] * 2])) + key[at + 1 :]
        rows = [["coder", "quote", "codes", slip], ["ana", FIRST, "advice", "deny"]]
        rows[0] = [cell for cell in rows[0] if cell != key] if key in rows[0] else rows[0]
        rows[1] = rows[1][-len(rows[0]) :]
        known = {alias for aliases in SEGMENT_KEYS.values() for alias in aliases}
        try:
            layout = find_layout(rows, "x.csv")
        except PostilError as error:
            assert repr(slip) in str(error)
        else:
            assert layout is None or slip in known or repr(slip) in layout.unused


class TestLayers:
    def test_done_only_if_every_row_found_its_place(self, root: Path) -> None:
        head = ("document", "coder", "quote", "codes")
        rows = (("P07 interview", "ana", FIRST, "advice"), ("P07 interview", "ana", "Never said.", "price"))
        others = (("P07 interview", "ben", FIRST, "advice"),)
        plan = planned(root, comma(head, *rows, *others), done="2026-11-02")
        assert {layer.after.header.coder: layer.after.header.done for layer in plan.layers} == {
            "ana": "",
            "ben": "2026-11-02",
        }
        (told,) = plan.warnings
        assert told.startswith("ana's layer of P07-interview is not marked as finished: 1 row")
        again = planned(root, comma(head, *rows[:1], *others), done="2026-11-02")
        assert {layer.after.header.done for layer in again.layers} == {"2026-11-02"}

    def test_consensus_is_no_coder(self, root: Path) -> None:
        plan = planned(root, comma(("coder", "quote", "codes"), ("Consensus", FIRST, "advice")))
        apply_codings(open_study(root), plan)
        study = open_study(root)
        assert tuple(study.settings.coders) == ("ana",)
        assert [layer.header.kind for layer in study.layers()] == ["consensus"]
        assert study.problems() == []

    def test_nobodys_words_are_told(self, root: Path, tmp_path: Path) -> None:
        source = tmp_path / "T2.txt"
        source.write_text("I: Why?\nP1: We trust it.\nCarla: Phone rings.\nI: And?\nP1: Sorry.\nCarla: Door opens.\n")
        rules = dict(map(parse_speaker, ("I=interviewer", "P1=participant:P1", "Carla=other")))
        apply_import(root, plan_import(open_study(root), [source], ImportOptions(speakers=rules)))
        rows = (("coder", "quote", "codes"), ("ana", "Phone rings.", "power"), ("ana", "We trust it.", "advice"))
        (told,) = planned(root, comma(*rows)).warnings
        assert told.startswith("1 coding of ana in T2 on words of 'Carla', whose role is `other`")

    def test_a_layer_of_notes_is_no_coders(self, root: Path) -> None:
        path = root / "codings/nvivo"
        path.mkdir(parents=True)
        (path / "P07-interview.jsonl").write_text(
            '{"postil":1,"kind":"source","coder":"nvivo","transcript":"P07-interview"}\n'
        )
        with pytest.raises(PostilError, match="holds notes that came with the source"):
            planned(root, comma(("coder", "quote", "codes"), ("nvivo", FIRST, "advice")))

    def test_a_row_without_a_coder(self, root: Path) -> None:
        rows = (("coder", "quote", "codes"), ("ana", FIRST, "advice"), ("", LIST, "price"))
        with pytest.raises(PostilError, match=r"x\.csv, row 3: no coder is named"):
            planned(root, comma(*rows))


def test_rows_with_the_names_find_the_words_with_pseudonyms(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows, keys = tmp_path / "rows.csv", tmp_path / "keys" / "map.yaml"
    keys.parent.mkdir()
    keys.write_text("names: {Ms Okonkwo: the boss}\n")
    rows.write_bytes(comma(("coder", "quote", "codes"), ("ana", BOSS.replace("the boss", "Ms Okonkwo"), "power")))
    said = ["import-codings", str(rows), "-C", str(root)]
    assert run(said) == 1
    assert run([*said, "--pseudonyms", str(keys)]) == 0
    layer = open_study(root).layer("ana", "P07-interview")
    assert layer is not None and [s.quote for s in layer.segments] == [BOSS]
    capsys.readouterr()


class TestCodeNames:
    @pytest.mark.parametrize(
        ("name", "parts"),
        [
            ("A > B > C", ("A", "B", "C")),
            ("A\\B", ("A", "B")),
            ("Nodes\\\\Selection\\\\Price", ("Selection", "Price")),
            ("A::B", ("A", "B")),
            ("Reasons: none", ("Reasons", "none")),
            ("process.comparison of prices", ("process", "comparison of prices")),
            ("v1.2", ("v1.2",)),
            ("and/or", ("and/or",)),
            ("10:30", ("10:30",)),
        ],
    )
    def test_levels(self, name: str, parts: tuple[str, ...]) -> None:
        assert code_parts(name) == parts

    def test_equal_labels_in_two_branches(self) -> None:
        text = with_new_codes("codes: {}\n", "c.yaml", ["Selection > Price", "Power > Price", "Price"])
        names = CodeNames(load_codebook(text, "c.yaml")[0])
        ids = [names.find(name) for name in ("Selection > Price", "Power > Price", "Price", "price")]
        assert len(set(ids[:3])) == 3 and None not in ids
        assert names.find("Luck > Price") is None
        assert "imported/selection/" in names.hints["Luck > Price"]

    def test_a_heading_that_is_used_itself_can_be_coded(self) -> None:
        book, _ = load_codebook(with_new_codes("codes: {}\n", "c.yaml", ["a-x > b", "a-x"]), "c.yaml")
        assert book.codes["a-x"].codable
        assert not load_codebook(with_new_codes("codes: {}\n", "c.yaml", ["a-x > b"]), "c.yaml")[0].codes["a-x"].codable


words = st.text(st.sampled_from("abcdefgh "), min_size=3, max_size=20).filter(lambda text: len(text.split()) > 0)


@given(words, words, words, st.sampled_from(["[...]", "(…)", "…", " [ … ] ", "..."]))
def test_an_omission_spans_what_was_left_out(first: str, left_out: str, last: str, sign: str) -> None:
    text = f"Xx {first} {left_out} {last} Zz"
    for start, end in find_quote(QuoteIndex(text), f"Xx {first.strip()} {sign} {last.strip()} Zz").places:
        assert text[start:end].split()[0] == "Xx" and text[start:end].split()[-1] == "Zz"
        break
    else:
        raise AssertionError(text)
