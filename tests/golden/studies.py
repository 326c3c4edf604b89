"""The studies that the table is typed on, and what else lies in the world: a person's files, acts between commands."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from postil_study.illustrative import lay_down

FORMATS = Path(__file__).resolve().parents[1] / "formats"


@dataclass(frozen=True)
class Names:
    """What the lines of the table name in this study; a study without a process names nodes all the same."""

    code: str
    other: str
    heading: str
    transcript: str
    shared: str
    participant: str
    word: str
    quote: str
    layer: str
    book: str
    a: str = "look"
    b: str = "measure"
    edge: str = "'look->measure'"
    stage: str = "judge"
    attribute: str = "org_size"
    value: str = "small"

    def fill(self, line: str) -> str:
        """A line of the table with these names."""
        return line.format(**asdict(self))


STUDIES = {
    "sample": Names(
        code="popularity",
        other="quality",
        heading="assessment",
        transcript="I05",
        shared="I02",
        participant="E05",
        word="downloads",
        quote="We wanted to find every",
        layer="codings/ana/I05.jsonl",
        book="codebook/ptm_reuse.yaml",
        a="ml_task",
        b="deployment",
        edge="E09",
        stage="model_selection",
    ),
    "format-0": Names(
        code="trust",
        other="doubt",
        heading="nothing",
        transcript="I01",
        shared="I01",
        participant="E01",
        word="know",
        quote="I know her.",
        layer="codings/ana/I01.jsonl",
        book="codebook/codes.yaml",
    ),
    "format-1": Names(
        code="popularity",
        other="documentation",
        heading="selection",
        transcript="I02",
        shared="I01",
        participant="E01",
        word="downloads",
        quote="I looked at the downloads first.",
        layer="codings/ana/I01.jsonl",
        book="codebook/choice.yaml",
    ),
}


def fill(study: str, world: Path) -> None:
    """Lay down a copy of a study, and beside it what a person brings."""
    if study == "sample":
        lay_down(world / "study")
    else:
        shutil.copytree(FORMATS / study.removeprefix("format-"), world / "study")
    names, given = STUDIES[study], world / "given"
    given.mkdir()
    for name, text in inputs(names).items():
        (given / name).write_text(text, encoding="utf-8", newline="")


def inputs(names: Names) -> dict[str, str]:
    """Files of a person, by name."""
    told = f"{names.transcript},{names.quote}" if names.transcript in names.layer else f"{names.shared},{names.quote}"
    return {
        "talk.txt": "Ana: How did you choose it?\nOtis: We asked Priya at Acme, otis@example.org.\nAna: And then?\n"
        "Otis: Then we took it.\n",
        "talk.vtt": "WEBVTT\n\n00:00:01.000 --> 00:00:02.500\n<v Ana>And the price?\n\n"
        "00:00:03.000 --> 00:00:06.000\n<v Otis>Nobody asked.\n",
        "broken.docx": "no archive at all\n",
        "table.csv": "who,answer\nAna,How?\nOtis,By chance.\n",
        "rows.csv": f"transcript,quote,codes,memo\n{told},{names.code},seen twice\n{told},unheard-of,\n"
        f"{names.transcript},words that nobody said,{names.code},\n",
        "codes.yaml": "codes:\n  - {id: one, stage: s, def: The first.}\n  - {id: two, stage: s, def: The second.}\n",
        "codes.csv": "code,parent,definition\nprice,,What it costs.\ndiscount,price,Less than that.\n",
        "names.yaml": f'names: {{{names.word}: "[word 1]", Otis: Person A}}\n',
        "ratings.csv": "unit,ana,ben,cyd\n1,low,low,low\n2,low,middle,low\n3,high,high,\n4,middle,high,middle\n"
        "5,high,high,high\n6,low,low,middle\n",
        "paper.md": f"# Results\n\nOne said “{names.quote}” ({names.participant}). Another: “{names.quote[:-4]} "
        f"nothing of the kind”. {names.code.capitalize()} was named by 1 of 12, and by 14 of 12.\n\n> words "
        "that nobody said anywhere in these interviews\n",
        "paper.tex": f"\\section{{Results}}\nOne said ``{names.quote}'' ({names.participant}).\n",
    }


def acts(study: str) -> dict[str, Callable[[Path], None]]:
    """What happens to a study between commands, by the name it has in the table."""
    names = STUDIES[study]
    return {
        "commit": commit,
        "code": lambda world: _code(world / "study" / names.layer, "one more thought"),
        "correct": lambda world: _correct(world / "study" / "transcripts" / f"{Path(names.layer).stem}.txt", names),
        "spoil": lambda world: _spoil(world / "study", names),
        "fork": lambda world: _fork(world, names),
        "sides": lambda world: _sides(world, names),
        "answer": _answer,
    }


def commit(world: Path) -> None:
    """Commit all that is in the study."""
    if not (world / "study" / ".git").exists():
        _git(world, "init", "-q", "-b", "main")
    _git(world, "add", "-A")
    _git(world, "commit", "-q", "--allow-empty", "-m", "A state")


def _git(world: Path, *arguments: str) -> None:
    subprocess.run(["git", *arguments], cwd=world / "study", check=True, capture_output=True)


def _code(layer: Path, memo: str) -> None:
    """A memo on the first segment of a layer."""
    header, first, *rest = layer.read_text(encoding="utf-8").splitlines()
    record = {**json.loads(first), "memo": memo, "at": "2030-01-02T03:04:05Z"}
    changed = json.dumps(record, ensure_ascii=False, separators=(",", ":"))
    layer.write_text("\n".join([header, changed, *rest, ""]), encoding="utf-8")


def _correct(text: Path, names: Names) -> None:
    """A word of a quote is corrected, and a sentence comes before everything."""
    words = text.read_text(encoding="utf-8")
    assert names.quote in words
    head, _, tail = names.quote.partition(" ")
    text.write_text("Note:\nRead again.\n\n" + words.replace(names.quote, f"{head} really {tail}"), encoding="utf-8")


def _spoil(study: Path, names: Names) -> None:
    """A quote that is not what stands there, an unknown code, and a file that is no YAML."""
    layer = study / names.layer
    words = layer.read_text(encoding="utf-8")
    layer.write_text(words.replace(names.quote, "Something else", 1).replace(names.code, "no-code", 1), "utf-8")
    (study / "charts").mkdir(exist_ok=True)
    (study / "charts" / "bad.yaml").write_text("a: [1\n", "utf-8")


def _fork(world: Path, names: Names) -> None:
    """Two branches say something else of the same segment, and git is asked to merge them."""
    layer = world / "study" / names.layer
    commit(world)
    _git(world, "switch", "-q", "-c", "theirs")
    _code(layer, "what they thought")
    commit(world)
    _git(world, "switch", "-q", "main")
    _code(layer, "what I thought")
    commit(world)
    subprocess.run(["git", "merge", "-q", "theirs"], cwd=world / "study", check=False, capture_output=True)


def _sides(world: Path, names: Names) -> None:
    """Three versions of a layer and of the codebook, beside each other as git lays them down."""
    study = world / "study"
    for version in ("base", "mine", "theirs"):
        shutil.copyfile(study / names.layer, study / version)
        book = (study / names.book).read_text(encoding="utf-8")
        if version != "base":
            _code(study / version, f"{version}, of this segment")
            book = book.replace("title: ", f"title: {version}, ", 1).replace(
                "definition: ", f"definition: {version} ", 1
            )
        (study / f"{version}.yaml").write_text(book, encoding="utf-8")


def _answer(world: Path) -> None:
    """The participant ticks nothing and writes a line."""
    sheet = world / "out" / "sheet.md"
    if sheet.exists():
        sheet.write_text(sheet.read_text(encoding="utf-8") + "\nI would put the first one otherwise.\n", "utf-8")
