"""Tables for spreadsheets, Markdown and the web: what programs other than ours make of our cells."""

from __future__ import annotations

import csv
import io
import re
from datetime import datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from postil_cli.running import run
from postil_codebook.values import Code, Codebook
from postil_formats.codebooks.read import read_codebook_file
from postil_formats.projects.outgoing.tables import codebook_table
from postil_formats.tables.files import KOfN, Table, csv_file, to_csv, to_html, to_markdown, to_xlsx
from postil_formats.texts.tables.sheets import xlsx_sheets
from postil_model.counts.framework import framework
from postil_model.counts.framework_files import as_html as framework_html
from postil_study.study import open_study

ROOT = Path(__file__).resolve().parents[3]
TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), max_size=20)


def is_a_day(cell: str) -> bool:
    """Whether Excel would make a date of it when it opens the file: 11/12, 3-4, 1.5.2024."""
    return re.fullmatch(r"\d{1,4}[/.-]\d{1,2}([/.-]\d{1,4})?", cell) is not None and not re.fullmatch(r"\d+\.\d+", cell)


@pytest.mark.parametrize(
    "command",
    [
        ["joint"],
        ["matrix"],
        ["matrix", "--by", "org_size"],
        ["ask", "stability"],
        ["ask", "subgroups", "org_size", "small"],
    ],
)
def test_no_count_of_people_becomes_a_day(tmp_path: Path, command: list[str]) -> None:
    out = tmp_path / "t.csv"
    assert run([*command, "-C", str(ROOT), "--out", str(out)]) == 0
    assert out.read_bytes().startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(out.read_text("utf-8-sig"))))
    assert [cell for row in rows for cell in row if is_a_day(cell)] == []
    assert [cell for row in rows for cell in row if re.fullmatch(r"\d+ of \d+", cell)]


def test_so_many_of_so_many_in_each_format() -> None:
    table = Table(("code", "k/n"), (("a", KOfN(11, 12)),), "T")
    assert to_csv(table) == "code,k/n\na,11 of 12\n"
    assert "| a | 11/12 |" in to_markdown(table) and "<td>11/12</td>" in to_html([table], "T")
    cell = load_workbook(io.BytesIO(to_xlsx([table]))).active["B2"]  # type: ignore[index]
    assert (cell.value, cell.data_type) == ("11/12", "s") and not isinstance(cell.value, datetime)


def test_delimiters() -> None:
    table = Table(("a;b", "n"), (("x,y", 0.5), ("=1", 1234567), ("v1.5", None)))
    assert to_csv(table, ";") == '"a;b";n\nx,y;0,5\n\'=1;1234567\nv1.5;\n'
    assert to_csv(table, "\t") == "a;b\tn\nx,y\t0.5\n'=1\t1234567\nv1.5\t\n"
    assert to_csv(Table(("n",), ((1 / 3,),)), ";", exact=True) == "n\n0,3333333333333333\n"
    assert csv_file(table).decode("utf-8-sig") == to_csv(table)


@pytest.mark.parametrize(
    "command", [["export", "csv", "--table", "segments"], ["joint"], ["agreement"], ["model", "--evidence-table"]]
)
def test_semicolons_can_be_asked_for(tmp_path: Path, command: list[str]) -> None:
    plain, parted = tmp_path / "p.csv", tmp_path / "s.csv"
    assert run([*command, "-C", str(ROOT), "--out", str(plain)]) == 0
    assert run([*command, "-C", str(ROOT), "--out", str(parted), "--delimiter", ";"]) == 0
    assert parted.read_bytes().startswith(b"\xef\xbb\xbf") and plain.read_bytes().startswith(b"\xef\xbb\xbf")
    one = list(csv.reader(io.StringIO(plain.read_text("utf-8-sig"))))
    other = list(csv.reader(io.StringIO(parted.read_text("utf-8-sig")), delimiter=";"))
    assert [[cell.replace(",", ".") for cell in row] for row in other] == [
        [cell.replace(",", ".") for cell in row] for row in one
    ]


@pytest.mark.parametrize(
    "command", [["joint", "--format", "md"], ["export", "xlsx"], ["agreement", "--format", "html"]]
)
def test_a_delimiter_without_csv_is_refused(
    tmp_path: Path, command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "t.out"
    assert run([*command, "-C", str(ROOT), "--out", str(out), "--delimiter", ";"]) == 1
    assert "--delimiter is for CSV" in capsys.readouterr().err and not out.exists()


@given(TEXTS.filter(lambda text: text == text.strip() and text != ""))
@example("=1+1")
@example("'=1")
@example("''- so")
@example("#N/A")
@example("@x")
@example("007")
@example("12/11")
def test_a_text_in_a_workbook_is_the_text(text: str) -> None:
    data = to_xlsx([Table((text,), ((text, 1),))])
    cell = load_workbook(io.BytesIO(data)).active["A2"]  # type: ignore[index]
    assert (cell.value, cell.data_type) == (text, "s")
    ((_, rows),) = xlsx_sheets(data, "x.xlsx")
    assert [row[0] for row in rows] == [text, text]


def rendered(markdown: str) -> list[list[str]]:
    """The text of each cell as CommonMark shows it: backslashes before punctuation go, nothing else is markup."""
    rows = []
    for line in markdown.splitlines()[2:]:
        cells = re.split(r"(?<!\\)((?:\\\\)*)\|", line)
        joined = ["".join(pair) for pair in zip(cells[::2], [*cells[1::2], ""], strict=True)]
        rows.append([re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", cell).strip() for cell in joined[1:-1]])
    return rows


@given(TEXTS)
@example("<laughs>")
@example("*no*, **never**, _so_, __init__, a_b, `code`, ~~x~~, [a](b), ![i](u), &lt;, $x$, \\")
@example("a|b\\|c")
def test_markdown_shows_every_sign(text: str) -> None:
    made = to_markdown(Table(("a",), ((text,),)))
    ((cell,),) = rendered(made)
    assert cell == " ".join(text.splitlines()).strip()
    bare = re.sub(r"\\[!-/:-@\[-`{-~]", "", made.splitlines()[2][2:-2])
    assert re.findall(r"[*<>`~$&\[\]|]|(?<!\w)_|_(?!\w)", bare) == []


class Tags(HTMLParser):
    """The elements of a page with their attributes, in order."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.found if name == tag]


def assert_accessible(page: str) -> None:
    """Landmarks, one first heading, scopes, labels, contrast, narrow screens, no movement."""
    tags = Tags(page)
    assert len(tags.all("main")) == 1 and len(tags.all("h1")) == 1
    assert tags.all("html")[0].get("lang") and [m for m in tags.all("meta") if m.get("name") == "viewport"]
    assert [th for th in tags.all("th") if th.get("scope") not in ("col", "row")] == []
    ids = {attributes.get("id") for _, attributes in tags.found}
    for _, attributes in tags.found:
        for name in (attributes.get("aria-labelledby") or "").split():
            assert name in ids
    assert "prefers-reduced-motion" in page
    style = page[page.index("<style>") : page.index("</style>")]
    dark = re.search(r"@media screen and \(prefers-color-scheme: dark\) \{\s*:root \{(.*?)\}\s*\}", style, re.DOTALL)
    light = dict(re.findall(r"(--[a-z]+):\s*(#[0-9a-f]{3,6})", style.replace(dark[0], "") if dark else style))
    assert_readable(style, light)
    if dark:
        assert_readable(style, light | dict(re.findall(r"(--[a-z]+):\s*(#[0-9a-f]{3,6})", dark[1])))


def assert_readable(style: str, named: dict[str, str]) -> None:
    """Every text stands out from every ground, under the colours of a scheme."""
    for name, color in named.items():
        style = style.replace(f"var({name})", color)
    rules = [dict(re.findall(r"(?<![-\w])(color|background):\s*(#[0-9a-f]{3,6})", rule)) for rule in style.split("}")]
    grounds = {rule["background"] for rule in rules if "background" in rule and "color" not in rule}
    for rule in rules:
        for ground in [rule["background"]] if {"color", "background"} <= rule.keys() else grounds | {named["--paper"]}:
            if "color" in rule:
                assert contrast(rule["color"], ground) >= 4.5, (rule["color"], ground)


def contrast(one: str, other: str) -> float:
    """WCAG 2.1, 1.4.3: the ratio of relative luminances."""

    def luminance(color: str) -> float:
        text = color[1:] if len(color) == 7 else "".join(2 * digit for digit in color[1:])
        parts = [int(text[at : at + 2], 16) / 255 for at in (0, 2, 4)]
        red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_contrast_by_the_standards_own_bounds() -> None:
    assert contrast("#000", "#ffffff") == pytest.approx(21) and contrast("#777777", "#fff") == pytest.approx(
        4.48, abs=0.01
    )


@pytest.mark.parametrize("command", [["joint"], ["agreement"], ["export", "html"], ["export", "codebook"], ["report"]])
def test_pages_are_accessible(tmp_path: Path, command: list[str]) -> None:
    out = tmp_path / "p.html"
    assert run([*command, "-C", str(ROOT), "--out", str(out)]) == 0
    assert_accessible(out.read_text("utf-8"))


def test_the_framework_page_is_accessible() -> None:
    assert_accessible(framework_html(framework(open_study(ROOT)), "Framework"))


LINES = TEXTS.map(lambda text: " ".join(text.split()))
BLOCKS = st.lists(LINES.filter(bool), max_size=3).map("\n".join)


@st.composite
def books(draw: st.DrawFn) -> Codebook:
    """Codebooks as Postil writes them: texts without space around them, examples of one line."""
    name = st.from_regex(r"[a-z][a-z0-9]{0,5}(-[a-z0-9]{1,4})?", fullmatch=True)
    ids = draw(st.lists(name, min_size=1, max_size=5, unique=True))
    codes: dict[str, Code] = {}
    for number, id_ in enumerate(ids):
        parent = draw(st.sampled_from([None, *codes]))
        codes[id_] = Code(
            id_,
            f"{draw(LINES)} {number}".strip(),  # no two of one name below one parent
            parent,
            draw(BLOCKS),
            draw(BLOCKS),
            draw(BLOCKS),
            tuple(draw(st.lists(LINES.filter(bool), max_size=2))),
            draw(st.sampled_from(["", "prior", "in-vivo"])),
            draw(st.sampled_from(["", "blue", "#aabbcc"])),
            draw(st.booleans()),
            memo=draw(BLOCKS),
        )
    tree: list[Code] = []
    waiting: list[str | None] = [None]
    while waiting:
        above = waiting.pop()
        tree += [codes[above]] if above else []
        waiting += [id_ for id_, code in codes.items() if code.parent == above][::-1]
    return Codebook(codes={code.id: code for code in tree})


def facts(book: Codebook) -> list[tuple[object, ...]]:
    names = ("id", "label", "parent", "definition", "include", "exclude", "examples", "origin", "color", "codable")
    return [tuple(getattr(code, name) for name in (*names, "memo")) for code in book.codes.values()]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(books(), st.sampled_from(["csv", ";", "\t", "xlsx"]))
def test_a_codebook_comes_back_from_its_own_table(
    tmp_path_factory: pytest.TempPathFactory, book: Codebook, way: str
) -> None:
    folder = tmp_path_factory.mktemp("book")
    table = codebook_table(book, {}, {})
    file = folder / ("b.xlsx" if way == "xlsx" else "b.csv")
    file.write_bytes(to_xlsx([table]) if way == "xlsx" else csv_file(table, "," if way == "csv" else way))  # type: ignore[arg-type]
    read, problems = read_codebook_file(file)
    assert (facts(read.book), problems) == (facts(book), [])
    assert [line for line in read.warnings if "not used" in line] == []


def test_taguette_finds_name_and_description(tmp_path: Path) -> None:
    """Its importer asks for one column among tag, name and path, and reads `description` and `parent`."""
    out = tmp_path / "codebook.csv"
    assert run(["export", "csv", "--table", "codebook", "--out", str(out), "-C", str(ROOT)]) == 0
    rows = list(csv.DictReader(io.StringIO(out.read_text("utf-8-sig"))))
    assert len({"tag", "name", "path"} & rows[0].keys()) == 1
    for row in rows:
        assert row["path"] and row["description"].startswith(row["definition"].strip())
        assert row["include"].strip() in row["description"] and row["exclude"].strip() in row["description"]
