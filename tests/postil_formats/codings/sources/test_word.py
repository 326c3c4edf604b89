"""Codings in Word files and in reports of programs: comments, columns beside the words, highlights, references."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

import pytest

from postil_base.problem import PostilError
from postil_cli.running import run
from postil_formats.codings.codes import CodeNames
from postil_formats.codings.plan import CodingsPlan, plan_codings
from postil_formats.codings.read import ReadWishes, read_codings_file
from postil_formats.codings.sources.comments import codes_and_memo
from postil_formats.codings.sources.rows import CodingsTable, read_codings
from postil_formats.codings.writing import apply_codings
from postil_study.study import open_study
from tests.docx_maker import NS, docx, para
from tests.docx_maker import run as words
from tests.postil_formats.codings.test_elsewhere import BOSS, FIRST, LIST, comma, found, root

__all__ = ["root"]


def commented(text: str, *ids: int) -> str:
    starts = "".join(f'<w:commentRangeStart w:id="{id_}"/>' for id_ in ids)
    ends = "".join(f'<w:commentRangeEnd w:id="{id_}"/><w:r><w:commentReference w:id="{id_}"/></w:r>' for id_ in ids)
    return f"{starts}{words(text)}{ends}"


def comments(*made: tuple[int, str, str]) -> dict[str, str | bytes]:
    """Comments as id, author, text."""
    bodies = "".join(
        f'<w:comment w:id="{id_}" w:author="{author}" w:date="2026-03-02T10:00:00Z">'
        + "".join(f"<w:p><w:r><w:t>{escape(line)}</w:t></w:r></w:p>" for line in text.split("\n"))
        + "</w:comment>"
        for id_, author, text in made
    )
    return {"word/comments.xml": f'<w:comments xmlns:w="{NS}">{bodies}</w:comments>'}


def marked(text: str, color: str) -> str:
    return words(text, f'<w:highlight w:val="{color}"/>')


def table(*rows: Sequence[str]) -> str:
    made = "".join("<w:tr>" + "".join(f"<w:tc>{para(cell)}</w:tc>" for cell in row) + "</w:tr>" for row in rows)
    return f"<w:tbl>{made}</w:tbl>"


QUESTION, LAST = "Interviewer: How did you pick the supplier?", "Interviewer: And was that fine?"


def interview(*answer: str, parts: Mapping[str, str | bytes] | None = None) -> bytes:
    """The interview of the fixture as a Word file, its first answer in these runs."""
    rest = (para(BOSS), para(LAST), para("P07: Not really. Nobody asked us; we were told."))
    return docx(para(QUESTION), para("P07: ", *answer), *rest, parts=parts)


def read(root: Path, name: str, data: bytes, **said: object) -> tuple[CodingsTable, ...]:
    file = root.parent / name
    file.write_bytes(data)
    known = CodeNames(open_study(root).codebook).knows
    return read_codings_file(file, ReadWishes(known=known, **said))  # type: ignore[arg-type]


def planned(root: Path, tables: Sequence[CodingsTable], done: str = "", commas: str = "") -> CodingsPlan:
    from postil_formats.codings.codes import with_new_codes

    plan = plan_codings(open_study(root), tables, done, commas=commas)
    book = root / "codebook/codebook.yaml"
    book.write_text(with_new_codes(book.read_text(), "c.yaml", plan.unknown_codes))
    return plan_codings(open_study(root), tables, done, commas=commas)


class TestComments:
    def test_codes_coder_and_memo(self, root: Path) -> None:
        data = interview(
            commented(FIRST, 0),
            " ",
            commented(LIST, 1, 2),
            parts=comments(
                (0, "Ana", "advice from peers"), (1, "Ana", "price; comparison\nHe laughs."), (2, "Ben", "price\npower")
            ),
        )
        plan = planned(root, read(root, "P07 interview.docx", data))
        assert found(plan) == {
            ("ana", FIRST, "advice-from-peers"),
            ("ana", LIST, "price"),
            ("ana", LIST, "comparison"),
            ("ben", LIST, "price"),
            ("ben", LIST, "power"),
        }
        assert {s.memo for layer in plan.layers for s in layer.after.segments} == {"", "He laughs."}
        assert all(problem.lost is False for problem in plan.problems)

    @pytest.mark.parametrize(
        ("text", "codes", "memo"),
        [
            ("price", ("price",), ""),
            ("price;comparison ; power", ("price", "comparison", "power"), ""),
            ("Codes: price | power", ("price", "power"), ""),
            ("#price #power_games", ("price", "power games"), ""),
            (
                "price: they compare three lists, which takes days",
                ("price",),
                "they compare three lists, which takes days",
            ),
            ("price - he hesitates", ("price",), "he hesitates"),
            ("Selection: Price", ("Selection: Price",), ""),
            ("price; hope - so he says", ("price",), "hope - so he says"),
            ("price; Is this really about money?", ("price",), "Is this really about money?"),
            ("Ask him again about this.", (), "Ask him again about this."),
            ("dissent, power", ("dissent, power",), ""),
            ("price (deny)", ("price (deny)",), ""),
        ],
    )
    def test_what_a_comment_says(self, text: str, codes: tuple[str, ...], memo: str) -> None:
        assert codes_and_memo(text, lambda name: name == "price") == (codes, memo)

    def test_a_remark_is_no_code_and_is_told(self, root: Path) -> None:
        data = interview(
            commented(FIRST, 0), " ", commented(LIST, 1),
            parts=comments((0, "Ana", "I do not see what he means here, ask."), (1, "Ana", "price (deny)")),
        )  # fmt: skip
        (made,) = read(root, "x.docx", data)
        assert made.warnings == ("1 comment without a code left out: 'I do not see what he means here, ask.'",)
        assert [row.codes for row in made.segments] == [(("price", "deny"),)]

    def test_a_comma_is_asked_about(self, root: Path) -> None:
        data = interview(commented(FIRST, 0), " ", LIST, parts=comments((0, "Ana", "hope, fear")))
        plan = planned(root, read(root, "x.docx", data))
        assert ("hope, fear" in plan.questions[0].message, plan.placed) == (True, 0)

    def test_a_comment_on_no_words_is_listed_and_nothing_is_done(self, root: Path) -> None:
        data = docx(
            para(QUESTION), para("P07: ", commented(FIRST, 0), f" {LIST}"), para(LAST), para("P07: Not really."),
            parts=comments((0, "Ana", "advice"), (7, "Ana", "price")),
        )  # fmt: skip
        plan = planned(root, read(root, "x.docx", data), done="2026-11-02")
        assert found(plan) == {("ana", FIRST, "advice")}
        assert [(p.file, p.row, p.lost) for p in plan.problems if p.lost] == [("x.docx, comments", 2, True)]
        assert plan.layers[0].after.header.done == ""

    def test_over_several_turns_and_twice_the_same_words(self, root: Path) -> None:
        start, end = '<w:commentRangeStart w:id="0"/>', '<w:commentRangeEnd w:id="0"/>'
        data = docx(
            para(QUESTION),
            para("P07: ", FIRST, " ", LIST),
            para(start, BOSS),
            para(LAST),
            para("P07: ", words("Not really."), end, words(" Nobody asked us; we were told.")),
            parts=comments((0, "Ana", "power")),
        )
        plan = planned(root, read(root, "x.docx", data))
        ((_, quote, _),) = found(plan)
        assert (quote.startswith(BOSS), quote.endswith("Not really.")) == (True, True)

    def test_words_nobody_in_particular_wrote(self, root: Path) -> None:
        data = interview(commented(FIRST, 0), " ", LIST, parts=comments((0, "Microsoft Office User", "advice")))
        with pytest.raises(PostilError, match=r"comments by 'Microsoft Office User'; say whose"):
            read(root, "x.docx", data)
        assert found(planned(root, read(root, "x.docx", data, coder="ben"))) == {("ben", FIRST, "advice")}

    def test_importing_again_changes_nothing(self, root: Path) -> None:
        data = interview(
            commented(FIRST, 0), " ", commented(LIST, 1, 2),
            parts=comments((0, "Ana", "advice"), (1, "Ana", "price"), (2, "Ana", "power\nWho decides here?")),
        )  # fmt: skip
        tables = read(root, "x.docx", data)
        apply_codings(open_study(root), planned(root, tables))
        again = planned(root, tables)
        assert (again.added, [p for p in again.problems if p.lost], apply_codings(open_study(root), again)) == (
            0,
            [],
            [],
        )

    def test_the_command(self, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
        data = interview(commented(FIRST, 0), " ", LIST, parts=comments((0, "Ana", "advice")))
        (root.parent / "P07 interview.docx").write_bytes(data)
        assert run(["import-codings", str(root.parent / "P07 interview.docx"), "-C", str(root), "--done"]) == 0
        layer = open_study(root).layer("ana", "P07-interview")
        assert layer is not None and [s.quote for s in layer.segments] == [FIRST]
        assert open_study(root).problems() == []
        capsys.readouterr()


def test_an_import_offers_comments_that_look_like_codes(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = interview(
        commented(FIRST, 0), " ", commented("Then we looked at the list.", 1, 2),
        parts=comments((0, "Ana", "advice"), (1, "Ana", "price; hope"), (2, "Ben", "I would not say so at all, Ana.")),
    )  # fmt: skip
    (root.parent / "P09.docx").write_bytes(data)
    assert run(["import", str(root.parent / "P09.docx"), "--dry-run", "-C", str(root)]) == 0
    told = capsys.readouterr().out
    assert "2 of 3 comments look like codes (Ana 2)" in told and "postil import-codings 'P09.docx'" in told


def test_an_import_offers_a_column_of_codes(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = (
        ("Speaker", "Text", "Codes"),
        ("I", "And that was fine, was it?", ""),
        ("P", "It was not fine at all.", "x"),
    )
    (root.parent / "P09.docx").write_bytes(docx(table(*rows, *rows[1:])))
    assert run(["import", str(root.parent / "P09.docx"), "--dry-run", "-C", str(root)]) == 0
    assert "The column 'Codes' beside the words can come in as codings" in capsys.readouterr().out


class TestColumns:
    @pytest.mark.parametrize(
        "rows",
        [
            [("Speaker", "Transcript", "Codes"), ("Interviewer", "And was that fine?", ""), ("P07", FIRST, "advice")],
            [("Interviewer: And was that fine?", ""), (f"P07: {FIRST}", "advice"), (f"P07: {LIST}", ""), (BOSS, "")],
            [("Kategorie", "Aussage"), ("", "And was that fine?"), ("advice", FIRST)],
            [("And was that fine?", "", "1"), (FIRST, "advice", "2"), (LIST, "", "3"), (BOSS, "", "4")],
        ],
    )
    def test_beside_the_words(self, root: Path, rows: Sequence[Sequence[str]]) -> None:
        data = docx(table(*rows))
        assert found(planned(root, read(root, "x.docx", data, coder="ana"))) == {("ana", FIRST, "advice")}
        flat = found(planned(root, [read_codings(comma(*rows), "x.csv", coder="ana")]))
        assert flat == {("ana", FIRST, "advice")}

    @pytest.mark.parametrize("who", ["Ana|Ben|Ana|Ben", "Speaker|Ana|Ben|Carl", "Ana||Ben|", "I||P07|", "Ana||Ana|Ben"])
    def test_who_speaks_is_no_code(self, root: Path, who: str) -> None:
        said = (FIRST, LIST, BOSS, "And was that fine?")
        rows = list(zip(who.split("|"), said, strict=True))
        with pytest.raises(PostilError, match="no column of codes"):
            read(root, "x.docx", docx(table(*rows)), coder="ana")
        with pytest.raises(PostilError, match="the first row must name the columns"):
            read_codings(comma(*rows), "x.csv", coder="ana")


class TestHighlights:
    @pytest.mark.parametrize(
        "legend",
        [
            para("Legend:") + para(marked("advice", "yellow")) + para(marked("price", "green")),
            para(marked("yellow", "yellow"), " = advice") + para(marked("grün", "green"), " = price"),
            table((marked("yellow", "yellow") + words(" = advice"),), (marked("  ", "green") + words("= price"),)),
        ],
    )
    def test_a_legend(self, root: Path, legend: str) -> None:
        data = docx(
            legend,
            para(QUESTION),
            para(
                "P07: ",
                marked("We asked ", "yellow"),
                marked("a colleague first.", "yellow"),
                " ",
                marked(LIST, "green"),
            ),
            para(LAST),
            para("P07: Not really."),
        )
        made = read(root, "x.docx", data, coder="ana")
        assert found(planned(root, made)) == {("ana", FIRST, "advice"), ("ana", LIST, "price")}
        assert made[0].warnings == ("colours: yellow = advice, green = price",)

    def test_without_a_legend_it_is_asked(self, root: Path) -> None:
        data = interview(marked(FIRST, "yellow"), " ", marked(LIST, "cyan"))
        with pytest.raises(PostilError, match=r"2 highlighted passages \(yellow 1, cyan 1\).*--color 'yellow=CODE'"):
            read(root, "x.docx", data, coder="ana")
        made = read(root, "x.docx", data, coder="ana", colors={"Yellow": "advice"})
        assert found(planned(root, made)) == {("ana", FIRST, "advice")}
        assert made[0].warnings[-1] == "not read: 1 highlighted passages (cyan 1)"


class TestReports:
    NVIVO = (
        "Name: Codes\\\\Selection\\\\Price\n\n<Files\\\\P07 interview> - § 2 references coded  [ 8.20% Coverage]\n\n"
        f"Reference 1 - 5.10% Coverage\n\n{LIST}\n\nReference 2 - 3.10% Coverage\n\n{BOSS}\n"
    )

    def test_nvivo(self, root: Path) -> None:
        for name, data in (
            ("Price.txt", self.NVIVO.encode()),
            ("Price.docx", docx(*(para(line) for line in self.NVIVO.split("\n")))),
        ):
            plan = planned(root, read(root, name, data, coder="ana"))
            assert {(c, q) for c, q, _ in found(plan)} == {("ana", LIST), ("ana", BOSS)}
            assert {open_study(root).codebook.code_path(c) for _, _, c in found(plan)} == {
                "imported/selection/selection-price"
            }
        body = self.NVIVO.split("\n", 2)[2]
        plan = planned(root, read(root, "power.txt", body.encode(), coder="ana"))
        assert {code for _, _, code in found(plan)} == {"power"}
        assert "the file's name is taken: 'power'" in plan.warnings[-1]

    SUMMARY = (
        "Coding Summary By Code\nMy study\n02/03/2026 10:00\n"
        "Aggregate Classification Coverage Number Of Coding References Reference Number Coded By Initials Modified On\n"
        "Node\nNodes\\\\Selection\\\\Price\nDocument\nFiles\\\\P07 interview\nNo 0.0820 2\n"
        f"1 AB 02/03/2026 10:01\n{LIST}\n2 CD 02/03/2026 10:02\n{BOSS}\n"
        f"Node\nNodes\\\\power\nDocument\nFiles\\\\P07 interview\nNo 0.0300 1\n1 AB 02/03/2026 10:03\n{FIRST}\n"
    )

    def test_nvivos_summary(self, root: Path) -> None:
        rows = [line for line in self.SUMMARY.split("\n") if line]
        cells = [line.split(" ", 2) if line[:2] in ("1 ", "2 ") else [line] for line in rows]
        for name, data in (("s.txt", self.SUMMARY.encode()), ("s.docx", docx(table(*cells)))):
            plan = planned(root, read(root, name, data))
            path = open_study(root).codebook.code_path
            assert {(c, q, path(code).removeprefix("imported/")) for c, q, code in found(plan)} == {
                ("ab", LIST, "selection/selection-price"),
                ("cd", BOSS, "selection/selection-price"),
                ("ab", FIRST, "power"),
            }

    def test_taguettes_page(self, root: Path) -> None:
        page = (
            "<html><head><style>h1 {}</style></head><body><h1>Taguette highlights</h1>"
            f"<p>{FIRST}</p><p><strong>Document:</strong> P07 interview.txt <strong>Tags:</strong> advice, price</p>"
            f"<hr><p>{BOSS}</p><p><strong>Document:</strong> P07 interview.txt <strong>Tags:</strong> power</p>"
            "</body></html>"
        )
        plan = planned(root, read(root, "x.html", page.encode(), coder="ana"))
        assert found(plan) == {("ana", FIRST, "advice"), ("ana", FIRST, "price"), ("ana", BOSS, "power")}

    def test_qualcoder(self, root: Path) -> None:
        rows = (
            ("advice", "price"),
            (f"{FIRST}\nP07 interview.txt", f"{LIST}\nP07 interview.txt"),
            ("", f"{BOSS}\nP07"),
        )
        plan = planned(root, [read_codings(comma(*rows), "Report_codings.csv", coder="ana")])
        assert found(plan) == {("ana", FIRST, "advice"), ("ana", LIST, "price"), ("ana", BOSS, "price")}
