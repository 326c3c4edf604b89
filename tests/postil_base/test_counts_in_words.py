"""A number stands with its noun in the right form: 1 code, 2 codes; numbers are written without exponents."""

from __future__ import annotations

import ast
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from postil_base.numbers import significant
from postil_cli.main import cli
from tests.model_study import Talk, write_study

ROOT = Path(__file__).resolve().parents[2]
NOUNS = (
    "participant|code|transcript|segment|passage|coder|relation|node|edge|theme|turn|file|question|record|theme|"
    "disagreement|arrow|case|category|word|finding|quote|memo|line|interview|row|cell|character|heading|layer|label"
)
PLURALS = "|".join(noun[:-1] + "ies" if noun.endswith("y") else noun + "s" for noun in NOUNS.split("|"))
COUNTED = re.compile(rf" (?:[a-z]+ )?(?:{PLURALS})\b")


def bare_counts(tree: ast.AST) -> Iterator[int]:
    """Lines in which a length stands before a plural that is written out."""
    for node in ast.walk(tree):
        for first, second in zip(getattr(node, "values", ()), getattr(node, "values", ())[1:], strict=False):
            if isinstance(node, ast.JoinedStr) and isinstance(first, ast.FormattedValue):
                text = second.value if isinstance(second, ast.Constant) else ""
                is_length = isinstance(first.value, ast.Call) and getattr(first.value.func, "id", "") == "len"
                if is_length and COUNTED.match(str(text)):
                    yield first.lineno


def more_than_one(lines: list[str], number: int) -> bool:
    """Whether the code around says that there are several."""
    return bool(re.search(r"> 1\b|> \d|== 1\b|!= 1\b", " ".join(lines[max(0, number - 3) : number + 2])))


def test_lengths_are_counted_with_their_nouns() -> None:
    found = []
    for room in ("codebook", "transcripts", "model", "tui"):
        for file in sorted((ROOT / room).rglob("*.py")):
            text = file.read_text(encoding="utf-8")
            lines = text.split("\n")
            found += [
                f"{file.relative_to(ROOT)}:{number}: {lines[number - 1].strip()}"
                for number in bare_counts(ast.parse(text))
                if not more_than_one(lines, number)
            ]
    assert not found, "\n".join(found)


# any word that looks like a plural, and the nouns we count behind another word
ONE_OF_EACH = re.compile(rf"(?<![\d.,/:-])1 (?:(?!is\b|was\b|has\b|does\b|\w*ss\b)[a-z]+s\b|[a-z]+ (?:{PLURALS})\b)")
EXPONENT = re.compile(r"\d(?:\.\d+)?e[+-]\d\d\b|(?<![\d.])-0\.0+(?!\d)")
COMMANDS = (
    "check",
    "agreement",
    "agreement --unit sentence --by pair",
    "disagreements",
    "model",
    "model --format mermaid",
    "compare",
    "ask certainty",
    "ask criteria choose",
    "ask difference --between ana,ben",
    "ask follows",
    "ask loops",
    "ask must task search",
    "ask negative",
    "ask paths task search",
    "ask predict",
    "ask stability",
    "ask support task search",
    "ask sweep",
    "ask threads",
    "ask whatif E1",
    "saturation",
    "saturation --of edges",
    "cooccurrence",
    "matrix",
    "search task",
    "search '\"we\"' --format md",
    "quotes task",
    "quotes search",
    "codebook show",
    "log",
    "recode",
    "report",
    "export codebook",
    "export md",
    "export refi",
    "merge",
)


def test_one_of_each_is_told_in_the_singular(tmp_path: Path) -> None:
    talks = []
    for coder in ("ana", "ben"):
        one = Talk("T1", [("Q", "And?"), ("P", "We had a task so we searched.")], {"Q": "", "P": "P1"}, coder=coder)
        one.code(f"{coder}1", "had a task", "task").code(f"{coder}2", "we searched", "search")
        talks.append(one.relate(f"{coder}3", f"{coder}1", f"{coder}2", "leads-to", "so"))
    write_study(tmp_path, talks)
    wrong = []
    for line in COMMANDS:
        out = ["--out", str(tmp_path / "exports" / "out.html")] if line in ("report", "export refi") else []
        done = CliRunner().invoke(cli, [*shlex.split(line), *out, "-C", str(tmp_path)], standalone_mode=False)
        assert done.exception is None, (line, done.exception)
        said = re.sub(
            r"<[^>]*>", " ", done.output + ((tmp_path / "exports/out.html").read_text() if line == "report" else "")
        )
        wrong += [f"{line}: …{said[max(0, m.start() - 40) : m.end() + 40]!r}" for m in ONE_OF_EACH.finditer(said)]
        wrong += [f"{line}: {m.group()}" for m in EXPONENT.finditer(said)]
    assert not wrong, "\n".join(wrong)


@given(st.floats(-1e12, 1e12), st.integers(1, 12))
def test_a_number_is_written_without_exponent_and_is_the_same_number(value: float, digits: int) -> None:
    said = significant(value, digits)
    assert re.fullmatch(r"-?\d+(\.\d*[1-9])?", said) and said != "-0"
    assert abs(float(said) - value) <= 0.5 * 10.0 ** -(digits - 1) * max(abs(value), 1e-300) * 1.01 + 1e-300
    assert float(significant(value, digits, thousands=True).replace(",", "")) == float(said)


def test_no_message_or_cell_may_get_an_exponent() -> None:
    """``:g`` is for sizes in drawings and what is small; what people counted or measured goes through one module."""
    drawn = ("drawing/", "agreement/plot.py")
    small = ("gamma_of_study.py", "refi/positions.py", "release/files.py", "matrix_view.py")
    found = [
        f"{file.relative_to(ROOT)}:{number}"
        for room in ("codebook", "transcripts", "model", "tui")
        for file in sorted((ROOT / room).rglob("*.py"))
        if not any(name in file.as_posix() for name in (*drawn, *small))
        for number, line in enumerate(file.read_text(encoding="utf-8").split("\n"), 1)
        if re.search(r":[,.0-9]*[ge]\}", line)
    ]
    assert not found, "\n".join(found)
