"""Codebooks of other programs, of people and of Postil itself, as tables and documents, become the study's codebook."""

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
from postil_codebook.values import Code, Codebook
from postil_codebook.write import native_codebook_text
from postil_formats.codebooks.read import read_codebook_file
from postil_formats.codebooks.tables import read_book_rows
from postil_formats.codebooks.writing import codebook_docx, codebook_markdown
from postil_study.new import create_study
from postil_study.study import open_study
from tests.docx_maker import docx, para
from tests.postil_formats.codebooks.test_writing import BOOK
from tests.postil_formats.codings.sources.test_word import table
from tests.postil_formats.codings.test_elsewhere import sheet
from tests.transcripts_support import small_study


def comma(rows: Sequence[Sequence[str]]) -> bytes:
    buffer = io.StringIO()
    csv.writer(buffer).writerows(rows)
    return buffer.getvalue().encode()


def read(tmp_path: Path, name: str, data: bytes | str, **said: str) -> tuple[Codebook, tuple[str, ...]]:
    path = tmp_path / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    made, _ = read_codebook_file(path, said)
    return made.book, made.warnings


def paths(book: Codebook) -> list[str]:
    """Every code by its path of labels."""
    return [
        "/".join([*(book.codes[c].label for c in reversed(book.ancestors(id_))), book.codes[id_].label])
        for id_ in book.codes
    ]


TREES: dict[str, list[str]] = {  # headings and rows, cells with a bar between
    "indent": ["Code|Definition", "Price|p", "  Discount|d", "    Late|l", "Power|b"],
    "no-break indent": [
        "Name|Meaning",
        "Price|p",
        "\u00a0\u00a0Discount|d",
        "\u00a0\u00a0\u00a0\u00a0Late|l",
        "Power|b",
    ],
    "bullets": ["Code|Definition", "Price|p", "- Discount|d", "-- Late|l", "Power|b"],
    "numbers": ["Code|Definition", "1 Price|p", "1.1 Discount|d", "1.1.1 Late|l", "2 Power|b"],
    "level": ["Level|Code|Definition", "1|Price|p", "2|Discount|d", "3|Late|l", "1|Power|b"],
    "levels": ["Level 1|Level 2|Level 3|Definition", "Price|||p", "|Discount||d", "||Late|l", "Power|||b"],
    "parent": ["code|parent|description", "Price||p", "Discount|Price|d", "Late|discount|l", "Power||b"],
    "parent below": ["code|parent code|description", "Discount|Price|d", "Late|Discount|l", "Price||p", "Power||b"],
    "parent id": ["id|parent_id|name|description", "1||Price|p", "2|1|Discount|d", "3|2|Late|l", "4||Power|b"],
    "path": ["Code|Memo", "Price|p", "Price > Discount|d", "Price > Discount > Late|l", "Power|b"],
    "dots": [
        "tag|description|number of highlights",
        "Price|p|3",
        "Price.Discount|d|2",
        "Price.Discount.Late|l|1",
        "Power|b|0",
    ],
}


class TestTables:
    @pytest.mark.parametrize("name", TREES)
    def test_the_tree(self, name: str, tmp_path: Path) -> None:
        rows = [line.split("|") for line in TREES[name]]
        for file, data in (
            ("b.csv", comma(rows)),
            ("b.xlsx", sheet(*rows)),
            ("b.docx", docx(para("Codes"), table(*rows))),
        ):
            book, _ = read(tmp_path, file, data)
            assert sorted(paths(book)) == ["Power", "Price", "Price/Discount", "Price/Discount/Late"], file
            assert [book.codes[c].definition for c in ("price", "discount", "late", "power")] == ["p", "d", "l", "b"]

    def test_all_columns(self, tmp_path: Path) -> None:
        rows = [
            (
                "Kategorie",
                "Oberkategorie",
                "Definition",
                "Kodierregel",
                "Abgrenzung",
                "Ankerbeispiel",
                "Kommentar",
                "Farbe",
            ),
            ("Preis", "Auswahl", "Es geht um Geld", "wenn Geld", "nicht Zeit", "die Liste\nzu teuer", "offen", "blue"),
        ]
        book, warnings = read(tmp_path, "b.csv", comma(rows))
        assert book.codes["preis"] == Code(
            "preis", "Preis", "auswahl", "Es geht um Geld", "wenn Geld", "nicht Zeit", ("die Liste", "zu teuer"),
            color="blue", memo="offen",
        )  # fmt: skip
        assert not book.codes["auswahl"].codable
        assert warnings == ("'Auswahl' is named as a parent and has no row of its own; it becomes a heading",)

    def test_requal_and_two_plain_columns(self, tmp_path: Path) -> None:
        rows = [("", "code_name", "code_description", "code_color"), ("1", "price", "money", "rgb(1,2,3)")]
        book, _ = read(tmp_path, "b.csv", comma(rows))
        assert (book.codes["price"].definition, book.codes["price"].color) == ("money", "#010203")
        _, told = read(tmp_path, "b.csv", comma([("Code", "Color"), ("price", "●")]))
        assert told == ("colours not kept: ●",)
        plain, told = read(tmp_path, "c.csv", comma([("price", "It is about money, mostly"), ("power", "Who decides")]))
        assert [(c.id, c.definition) for c in plain.codes.values()] == [
            ("price", "It is about money, mostly"),
            ("power", "Who decides"),
        ]
        assert "no headings" in told[0]

    def test_equal_names_in_two_branches(self, tmp_path: Path) -> None:
        rows = [("code", "parent"), ("A", ""), ("Price", "A"), ("B", ""), ("Price", "B")]
        book, _ = read(tmp_path, "b.csv", comma(rows))
        assert sorted(paths(book)) == ["A", "A/Price", "B", "B/Price"]

    def test_names_that_cannot_be_ids(self, tmp_path: Path) -> None:
        book, _ = read(tmp_path, "b.csv", comma([("code", "definition"), ("価格", "d"), ("検索", "e")]))
        assert [(c.id, c.label) for c in book.codes.values()] == [("code-1", "価格"), ("code-2", "検索")]

    @pytest.mark.parametrize(
        ("rows", "message"),
        [
            ([("code", "definition"), ("A", "x"), ("a", "y")], r"'a' is there twice \(rows 2 and 3\)"),
            ([("code", "parent"), ("A", "B"), ("B", "A")], "stands below itself"),
            (
                [("code", "parent", "definiton"), ("A", "", "x")],
                "the column 'definiton' is not known; is it 'definition'",
            ),
            ([("a", "b", "c"), ("1", "2", "3")], "the first row must name the columns"),
        ],
    )
    def test_what_is_refused(self, rows: Sequence[Sequence[str]], message: str, tmp_path: Path) -> None:
        with pytest.raises(PostilError, match=message):
            read(tmp_path, "b.csv", comma(rows))

    def test_columns_said(self, tmp_path: Path) -> None:
        rows = [("Sigle", "Was es heißt", "Jahr"), ("A", "x", "2020")]
        book, warnings = read(tmp_path, "b.csv", comma(rows), **{"Sigle": "label", "Was es heißt": "definition"})
        assert (book.codes["a"].definition, warnings) == ("x", ("columns not used: 'Jahr'",))


CELLS = (
    "",
    "Price",
    "A > B",
    "A.B",
    "  deep",
    "- item",
    "1.1 Foo",
    "two\nlines",
    "検索",
    "Price",
    "b",
    "B: c",
    ">",
    "..",
    "#",
    "1",
)
HEADINGS = (
    "code",
    "definition",
    "parent",
    "id",
    "level",
    "label",
    "subcode",
    "origin",
    "Level 1",
    "Level 2",
    "examples",
)


@given(
    st.lists(st.sampled_from(HEADINGS), min_size=1, max_size=5),
    st.lists(st.lists(st.sampled_from(CELLS), max_size=5), max_size=8),
)
def test_any_table_is_a_sound_codebook_or_a_message(heading: list[str], rows: list[list[str]]) -> None:
    try:
        book = read_book_rows([heading, *rows], "b.csv").book
    except PostilError as error:
        assert str(error).startswith(("b.csv", "--column"))
        return
    back, problems = load_codebook(native_codebook_text(book), "c.yaml")
    assert [problem for problem in problems if problem.severity == "error"] == []
    told = [{(c.id, c.label, c.parent, c.definition) for c in b.codes.values()} for b in (back, book)]
    assert told[0] == told[1]


class TestDocuments:
    MARKDOWN = """\
# My codes

## Price

The price counts.

**Include:** money
**Exclude:** not here

> the list

### Discount

less

## Power

Example: the boss decided
"""

    def test_headings(self, tmp_path: Path) -> None:
        book, _ = read(tmp_path, "b.md", self.MARKDOWN)
        assert (book.title, paths(book)) == ("My codes", ["Price", "Price/Discount", "Power"])
        assert book.codes["price"].examples == ("the list",)
        assert book.codes["power"].examples == ("the boss decided",)
        assert book.codes["price"].definition == "The price counts."

    def test_a_list_and_a_table(self, tmp_path: Path) -> None:
        listed, _ = read(tmp_path, "b.md", "Our codes\n\n- **Price**: money\n  - Discount – less\n- Power\n")
        assert (paths(listed), listed.codes["price"].definition) == (["Price", "Price/Discount", "Power"], "money")
        tabled, _ = read(tmp_path, "c.md", "| Code | Definition |\n|---|---|\n| Price | mo\\|ney |\n| Power | |\n")
        assert (paths(tabled), tabled.codes["price"].definition) == (["Price", "Power"], "mo|ney")

    def test_word_headings(self, tmp_path: Path) -> None:
        data = docx(
            para("Codebook", style="Title"), para("Price", style="Heading2"), para("money"),
            para("Discount", style="Heading3"), para("Include: less"), para("Power", style="Heading2"),
        )  # fmt: skip
        book, _ = read(tmp_path, "b.docx", data)
        assert (paths(book), book.codes["discount"].include) == (["Price", "Price/Discount", "Power"], "less")

    def test_what_holds_none(self, tmp_path: Path) -> None:
        with pytest.raises(PostilError, match="no codes that can be told"):
            read(tmp_path, "b.md", "Just words.\n")
        with pytest.raises(PostilError, match=r"Codebooks are read from \.yaml, \.csv"):
            read(tmp_path, "b.txt", "Just words.\n")


def bare(book: Codebook, *, lines: bool = False) -> list[tuple[object, ...]]:
    """What is compared; ``lines``: examples as the lines of a cell, where one of two lines is like two."""
    names = ("id", "label", "parent", "definition", "include", "exclude", "codable", "origin", "memo")
    return [
        (*(getattr(code, name) for name in names), "\n".join(code.examples) if lines else code.examples)
        for code in book.codes.values()
    ]


class TestOwnExports:
    """What goes out as a codebook comes back."""

    @pytest.mark.parametrize("source", ["nasty", "study"])
    def test_documents(self, source: str, tmp_path: Path) -> None:
        root = Path(__file__).resolve().parents[3]
        book = load_codebook(BOOK, "b.yaml")[0] if source == "nasty" else open_study(root).codebook
        used = dict.fromkeys(book.codes, 1)
        for name, data in (("b.md", codebook_markdown(book, used)), ("b.docx", codebook_docx(book, used))):
            back, _ = read(tmp_path, name, data)
            assert bare(back) == bare(book), name
            assert (back.title, back.version) == (book.title, book.version)
            assert {g.codes: g.exclusive for g in back.groups.values()} == {
                g.codes: g.exclusive for g in book.groups.values()
            }
            assert (
                load_codebook(native_codebook_text(back), "x")[1] == load_codebook(native_codebook_text(book), "x")[1]
            )

    @pytest.mark.parametrize("kind", ["csv", "xlsx"])
    def test_tables(self, kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        root = small_study(tmp_path / "s", {"codebook/codebook.yaml": BOOK})
        out = tmp_path / f"codebook.{kind}"
        assert run(["export", kind, "--table", "codebook", "--out", str(out), "--everything", "-C", str(root)]) == 0
        made, _ = read_codebook_file(out)
        assert bare(made.book, lines=True) == bare(open_study(root).codebook, lines=True)
        capsys.readouterr()


class TestCommand:
    def test_the_template_of_a_new_study_gives_way(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        root = tmp_path / "study"
        create_study(root, "Test", ("ana",))
        file = tmp_path / "mine.xlsx"
        file.write_bytes(sheet(("Code", "Definition"), ("Price", "money")))
        assert run(["import-codebook", str(file), "-C", str(root)]) == 0
        assert "1 code." in capsys.readouterr().err
        book = open_study(root).codebook
        assert (list(book.codes), book.title) == (["price"], "mine")
        assert run(["import-codebook", str(file), "-C", str(root)]) == 1
        assert "is there already and has 1 code" in capsys.readouterr().err

    def test_not_once_it_was_changed_or_used(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        file = tmp_path / "mine.csv"
        file.write_bytes(comma([("Code", "Definition"), ("Price", "money")]))
        changed = tmp_path / "changed"
        create_study(changed, "Test", ("ana",))
        path = changed / "codebook/codebook.yaml"
        path.write_text(path.read_text().replace("What it means, in one or two sentences.", "Mine."))
        assert run(["import-codebook", str(file), "-C", str(changed)]) == 1
        used = tmp_path / "used"
        create_study(used, "Test", ("ana",))
        (used / "codings/ana").mkdir(parents=True)
        (used / "codings/ana/T1.jsonl").write_text(
            '{"postil":1,"kind":"coder","coder":"ana","transcript":"T1"}\n{"id":"aaaaaaaaaa","codes":["first-code"]}\n'
        )
        assert run(["import-codebook", str(file), "-C", str(used)]) == 1
        assert list(open_study(used).codebook.codes) == ["example", "first-code"]
        capsys.readouterr()

    def test_no_spreadsheet_is_not_utf_8(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        root = tmp_path / "study"
        create_study(root, "Test", ())
        for name in ("b.xlsx", "b.yaml", "b.txt"):
            (tmp_path / name).write_bytes(sheet(("Code", "Definition"), ("Price", "money")))
            assert run(["import-codebook", str(tmp_path / name), "--to", f"codebook/{name}.yaml", "-C", str(root)]) == 0
        (tmp_path / "old.xls").write_bytes(b"\xd0\xcf\x11\xe0" + b"\0" * 100)
        assert run(["import-codebook", str(tmp_path / "old.xls"), "-C", str(root)]) == 1
        assert "UTF-8" not in (told := capsys.readouterr().err) and "save it as .xlsx" in told


def test_messages_name_pages_that_exist() -> None:
    """A message that sends somebody to a page of docs/ sends them to one that is there."""
    import re

    root = Path(__file__).resolve().parents[3]
    sources = [p for room in ("codebook", "transcripts", "model", "tui") for p in (root / room).rglob("*.py")]
    named = {page for path in sources for page in re.findall(r"docs/([\w-]+\.md)", path.read_text("utf-8"))}
    assert named and [page for page in sorted(named) if not (root / "docs" / page).is_file()] == []
