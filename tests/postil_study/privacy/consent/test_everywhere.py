"""Consent in every command and every format: a word is planted in what each participant says, and looked for."""

from __future__ import annotations

import html
import io
import json
import re
import shutil
import subprocess
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path

import click
import pytest

from postil_base.files.text import sha256_text
from postil_cli.main import cli
from postil_cli.running import run
from postil_study.study import open_study
from postil_study.text.turns import parse_turns
from tests.postil_study.files.test_outputs import commands
from tests.transcripts_support import write_files

AGREED, REFUSED, SILENT = "marigold", "obsidian", "thistledown"

TEXTS = {
    "I01": f"Interviewer:\nHow did you choose?\n\nE01:\nI took the {AGREED} model. Then I read the {AGREED} issues.\n",
    "I02": f"Interviewer:\nHow did you choose?\n\nE02:\nWe want the {REFUSED} model, always. "
    f"So we read the {REFUSED} issues there.\n",
    "I03": f"Interviewer:\nHow did you choose?\n\nE03:\nMe, the {SILENT} model. Later the {SILENT} issues.\n",
    "I04": f"Interviewer:\nTogether?\n\nE01:\nWith the {AGREED} one.\n\nE02:\nNo, with the {REFUSED} one of ours.\n",
}
STUDY = """\
postil: 1
id: walk
title: Walk
codebook: codebook/codebook.yaml
process: codebook/process.yaml
themes: codebook/themes.yaml
findings: codebook/findings.yaml
coders: {ana: {name: Ana}, ben: {name: Ben}}
participants:
  E01: {size: small, consent: {quote: true, share: true}}
  E02: {size: large, consent: {quote: false, share: true}}
  E03: {size: large}
guide:
  - {id: choice, ask: "How did you choose?"}
"""
COPIED = f"we read the {REFUSED} issues there"  # six of their words, copied to where they are nobody's quotation
CODEBOOK = """\
title: Book
version: 1.0.0
codes:
  model: {label: Model, definition: Which model., examples: ["COPIED"]}
  issues: {label: Issues, definition: "Issues. COPIED", changed: "2030-01-01", memo: "See: COPIED"}
"""
PROCESS = """\
id: p
stages: [{id: s, label: S}]
nodes:
  - {id: pick, label: Pick, kind: task, stage: s, codes: [model]}
  - {id: read, label: Read, kind: task, stage: s, codes: [issues]}
edges: [{source: pick, target: read, kind: flow}]
"""
OTHERS = {
    "codebook/codebook.yaml": CODEBOOK,
    "codebook/process.yaml": PROCESS,
    "codebook/themes.yaml": "themes: [{id: t, label: T, definition: COPIED, memo: COPIED, codes: [model, issues]}]\n",
    "codebook/findings.yaml": "findings:\n  - {id: f, statement: A COPIED, reading: COPIED, numerator: 1, "
    "denominator: 2, links: {code: model}}\n",
    "charts/E01.yaml": "t: {summary: As they say COPIED., segments: [anaiabxx]}\n",
    "memos/one.md": "---\nabout: code:model\nauthor: ana\n---\n# COPIED\n\nThey said: COPIED, indeed.\n",
    "charts/E02.yaml": "t: {summary: Wants one., segments: [anaiacxx, anaiaexx]}\n",
    "charts/E03.yaml": "t: {summary: As they say COPIED., segments: [anaiadxx]}\n",
}


def the_study(root: Path, settings: str = STUDY) -> Path:
    """Two coders who differ a little, all finished; a quote of two speakers; a cue in another person's words."""
    speakers = "    Interviewer: {role: interviewer}\n" + "".join(
        f"    E0{n}: {{role: participant, participant: E0{n}}}\n" for n in (1, 2, 3)
    )
    manifest = "".join(
        f"{id_}:\n  speakers:\n{speakers}  text_sha256: {sha256_text(text)}\n" for id_, text in TEXTS.items()
    )
    files = {"study.yaml": settings, "transcripts/transcripts.yaml": manifest, **OTHERS}
    files = {path: text.replace("COPIED", COPIED) for path, text in files.items()}
    files |= {f"transcripts/{id_}.txt": text for id_, text in TEXTS.items()}
    for coder in ("ana", "ben"):
        files |= {f"codings/{coder}/{id_}.jsonl": layer(coder, id_) for id_ in TEXTS}
    return write_files(root, files)


def layer(coder: str, transcript: str) -> str:
    text, wider = TEXTS[transcript], int(coder == "ben")
    said = [turn for turn in parse_turns(text, {"Interviewer", "E01", "E02", "E03"}) if turn.label != "Interviewer"]
    middle = text.index(". ", said[0].start) + 1 if len(said) == 1 else said[0].end
    first, second = (said[0].start, middle - wider), (middle + 1 if len(said) == 1 else said[-1].start, said[-1].end)
    if transcript == "I04":
        first = (said[0].start, said[-1].end)  # one quote of two speakers
    ids = f"{coder}{transcript}".lower().translate(str.maketrans("01234", "abcde"))
    records: list[dict[str, object]] = [
        {"postil": 1, "kind": "coder", "coder": coder, "transcript": transcript, "text_sha256": sha256_text(text),
         "done": "2026-01-01"},
        {"id": f"{ids}xx", "start": first[0], "end": first[1], "codes": ["model"], "quote": text[slice(*first)],
         "at": "2026-01-01T00:00:00Z"},
        {"id": f"{ids}yy", "start": second[0], "end": second[1], "codes": ["issues"], "quote": text[slice(*second)],
         "at": "2026-01-01T00:00:00Z", "memo": f"Like {COPIED}."},
    ]  # fmt: skip
    if coder == "ana" and transcript != "I03":
        records.append(
            {"id": f"{ids}zz", "from": f"{ids}xx", "from_code": "model", "to": f"{ids}yy", "to_code": "issues",
             "type": "leads-to", "cue": [second[0], second[1]], "memo": COPIED}
        )  # fmt: skip
    return "".join(json.dumps(record, separators=(",", ":")) + "\n" for record in records)


FORMATS = ("table", "csv", "json", "xlsx", "md", "html", "latex")
QUESTIONS = {
    "certainty": [], "criteria": ["read"], "difference": ["--by", "size=small"], "predict": [],
    "follows": [], "loops": [], "must": ["pick", "read"], "negative": [], "paths": ["pick", "read"], "stability": [],
    "subgroups": ["size", "small"], "support": ["pick", "read"], "sweep": [], "threads": [], "whatif": ["pick"],
}  # fmt: skip


def both(*command: str, formats: Sequence[str], option: str = "--format") -> Iterator[list[str]]:
    """A command in each format, to stdout and into a file."""
    for kind in formats:
        ending = {"latex": "tex", "mermaid": "mmd", "table": "txt"}.get(kind, kind)
        yield [*command, *([option, kind] if option else [])]
        yield [*command, *([option, kind] if option else []), "--out", f"OUT/{'-'.join(command[:2])}.{ending}"]


def reading() -> Iterator[list[str]]:
    """Command lines that read the study, in all formats and ways of telling words."""
    figures = ("svg", "pdf", "png", "tikz", "dot", "mermaid", "graphml", "gexf", "node-link", "json", "table")
    for quotes in ("none", "ids", "full"):
        kinds = figures if quotes == "full" else ("svg", "json")
        yield from both("model", "--quotes", quotes, "-t", "1", formats=kinds)
        yield ["report", "--quotes", quotes, "--out", f"OUT/report-{quotes}.html"]
    for more in ([], ["--json"], ["--out", "OUT/c.txt"], ["--format", "json", "--out", "OUT/c.json"], ["--top", "0"]):
        yield ["model", "--candidates", *more]
    for more in ([], ["--hints"], ["--json"], ["--out", "OUT/e.csv"], ["--out", "OUT/e.xlsx"], ["--quotes", "full"]):
        yield ["model", "--evidence-table", *more]
    for name in ("model", "pick->read", "E02"):
        yield from both("quotes", name, "--context", "200", formats=FORMATS)
    for name in ("pick", "E01", "E03"):
        yield ["quotes", name]
    for coders in ([], ["--coders", "ana,ben"]):
        yield from both("quotes", "model", *coders, formats=("table", "json"))
    yield from both("disagreements", formats=("csv", "json", "xlsx", "md", "html"))
    yield from both("agreement", formats=(*FORMATS, "svg", "png", "pdf"))
    yield from both("findings", formats=FORMATS)
    yield from both("joint", formats=FORMATS)
    for counts in ("compare", "saturation", "cooccurrence", "matrix"):
        yield from both(counts, formats=("table", "json", "xlsx"))
    yield from both("matrix", "--framework", formats=FORMATS)
    for question, words in QUESTIONS.items():
        yield from both("ask", question, *words, formats=FORMATS if question == "negative" else ("table", "json"))
    for query in ("model", "issues", f'"{REFUSED}"', f'"{AGREED}"', "model OR issues"):
        for kind in ("csv", "md", "json"):
            yield ["search", query, "--format", kind, "--context", "500"]
        yield ["search", query, "--json"]
    yield from exports()
    for person in ("E01", "E03"):
        yield from both("packet", person, formats=("md", "html"))
        yield ["packet", person, "--json"]
    yield ["verify", "OUT/paper.md"]
    yield ["verify", "OUT/paper.md", "--json"]
    for name in ("check", "log", "diff", "recode", "round list", "merge", "codebook show", "schema"):
        yield name.split()
        if name != "schema":
            yield [*name.split(), "--json"]
    yield ["log", "--days"]
    yield ["diff", "HEAD~1"]
    yield ["check", "--privacy"]
    yield ["reanchor", "--dry-run"]
    yield ["withdraw", "E01", "--dry-run"]
    yield ["withdraw", "E02", "--dry-run", "--json"]
    yield ["pseudonymise", "--list"]
    yield ["release", "OUT/release"]
    yield ["release", "OUT/release-notes", "--notes", "--json"]


def exports() -> Iterator[list[str]]:
    for kind in ("csv", "json", "md", "html", "xlsx", "refi", "qdc", "codebook"):
        ending = {"refi": "qdpx", "csv": "folder", "codebook": "docx"}.get(kind, kind)
        yield ["export", kind, "--out", f"OUT/export.{ending}"]
    for kind in ("json", "md", "html"):
        yield ["export", kind]
    for table in ("segments", "relations", "guide", "codebook", "transcripts", "participants", "charts", "memos"):
        yield ["export", "csv", "--table", table]
    yield ["export", "refi", "--no-study", "--json", "--out", "OUT/two.qdpx"]
    yield ["export", "refi", "--positions", "utf16", "--coder", "ana", "--out", "OUT/three.qdpx"]
    yield ["export", "refi"]  # its own name, in the working folder


# What a team works with: the words stand, each passage with the remark; docs/privacy.md names these.
SCREEN = (
    ["search", "model"],
    ["search", "model", "--format", "table"],
    ["disagreements"],
)
WRITING = {  # they read no words of a coded transcript, or write what is the study's own
    *("demo", "new", "import", "import-codings", "import-codebook", "code", "upgrade", "remove", "undo", "done"),
    *("assign", "git merge-layer", "git merge-yaml", "git setup", "round freeze", "round reveal", "round start"),
    *(f"codebook {verb}" for verb in ("add", "delete", "merge", "move", "rename", "set", "split")),
}


def test_every_command_is_walked() -> None:
    known = {name for name, command in commands(cli, click.Context(cli)) if not isinstance(command, click.Group)}
    walked = {" ".join(line[:2]) if line[0] in ("ask", "codebook", "round") else line[0] for line in reading()}
    assert known - WRITING == walked


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = the_study(tmp_path_factory.mktemp("consent") / "study")
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@b", "-C", str(root)]
    subprocess.run([*git, "init", "-q"], check=True)
    subprocess.run([*git, "add", "study.yaml", "codebook", "transcripts"], check=True)
    subprocess.run([*git, "commit", "-qm", "one"], check=True)
    subprocess.run([*git, "add", "."], check=True)
    subprocess.run([*git, "commit", "-qm", "two"], check=True)
    return root


def everything_in(path: Path) -> str:
    """All that can be read in a file, archives, PDF and compressed pictures opened."""
    return in_bytes(path.name, path.read_bytes())


def in_bytes(name: str, data: bytes) -> str:
    parts = [data.decode("utf-8", "replace"), data.decode("utf-16-le", "replace")]
    if zipfile.is_zipfile(io.BytesIO(data)):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts += [f"{part} {in_bytes(part, archive.read(part))}" for part in archive.namelist()]
    if name.endswith(".pdf") and data.startswith(b"%PDF"):
        from pypdf import PdfReader

        parts += [page.extract_text() for page in PdfReader(io.BytesIO(data)).pages]
    for match in re.finditer(rb"IDAT|stream\r?\n", data):
        try:
            parts.append(zlib.decompress(data[match.end() :]).decode("latin-1"))
        except zlib.error:
            continue
    text = "\n".join(parts)
    plain = re.sub(r"<[^<>]{0,500}>", "", html.unescape(text))
    return re.sub(r"\s+", " ", f"{text} {plain}").casefold()


@pytest.fixture
def out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "paper.md").write_text(
        'As E01 said, "I took the model". 2 of 3 participants chose a model.\n'
        'E02: "We want the black model, always. So we read the issues there."\n'
    )
    monkeypatch.chdir(tmp_path)
    return folder


def said_and_written(
    root: Path, line: list[str], out: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> dict[str, str]:
    before = {path: path.stat().st_mtime_ns for path in root.rglob("*") if path.is_file()}
    run([part.replace("OUT", str(out)) for part in line] + (["-C", str(root)] if line != ["schema"] else []))
    said = capsysbinary.readouterr()
    found = {"stdout": in_bytes("x.pdf" if "pdf" in line else "", said.out), "stderr": in_bytes("", said.err)}
    files = [*out.rglob("*"), *(path for path in out.parent.iterdir() if path.is_file())]
    files += [path for path in root.rglob("*") if path.is_file() and before.get(path) != path.stat().st_mtime_ns]
    found |= {str(path): everything_in(path) for path in files if path.is_file()}
    for path in files:
        if path.is_file() and path.name != "paper.md":
            path.unlink()
    for path in out.iterdir():
        if path.is_dir():
            shutil.rmtree(path)
    return found


@pytest.mark.parametrize("line", reading(), ids=" ".join)
def test_nothing_tells_words_of_who_refused(
    study: Path, line: list[str], out: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    found = said_and_written(study, line, out, capsysbinary)
    asked = " ".join(line)  # what the person typed is no telling
    told = [where for where, text in found.items() if REFUSED in text.replace(asked.casefold(), "")]
    assert told == []
    assert "traceback" not in found["stderr"]


def test_the_walk_finds_the_words_of_the_others(
    study: Path, out: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    """What is looked for can be found: otherwise the walk above would prove nothing."""
    finding = {AGREED: 0, SILENT: 0}
    for line in reading():
        text = " ".join(said_and_written(study, line, out, capsysbinary).values())
        for word in finding:
            finding[word] += word in text
    assert finding[AGREED] > 40 and finding[SILENT] > 20


@pytest.mark.parametrize("line", SCREEN, ids=" ".join)
def test_the_screen_of_the_team_marks_them(
    study: Path, line: list[str], out: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    found = said_and_written(study, line, out, capsysbinary)
    assert REFUSED in found["stdout"] and "no consent to be quoted" in found["stdout"]
    assert "words of e02 are shown to the team alone" in found["stderr"]


@pytest.mark.parametrize(
    "line",
    [["quotes", "model"], ["search", "model", "--json"], ["report", "--out", "OUT/r.html"], ["model", "--candidates"],
     ["export", "csv", "--table", "segments"], ["export", "refi", "--out", "OUT/x.qdpx"], ["joint"],
     ["matrix", "--framework", "--out", "OUT/m.html"], ["model", "--evidence-table"], ["disagreements", "--json"]],
    ids=" ".join,
)  # fmt: skip
def test_consent_that_nobody_wrote_down_is_told_with_a_warning(
    study: Path, line: list[str], out: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    found = said_and_written(study, line, out, capsysbinary)
    assert "not recorded" in found["stderr"] and "e03" in found["stderr"]
    if line not in (["joint"], ["disagreements", "--json"]):
        assert any(SILENT in text for text in found.values())


def test_a_release_needs_a_yes_to_each_question(tmp_path: Path) -> None:
    settings = STUDY.replace("E03: {size: large}", "E03: {size: large, consent: {share: true}}")
    root = the_study(tmp_path / "s", settings)
    assert run(["release", str(tmp_path / "out"), "-C", str(root)]) == 0
    text = " ".join(everything_in(path) for path in (tmp_path / "out").rglob("*") if path.is_file())
    assert AGREED in text and REFUSED not in text and SILENT not in text


def test_everything_is_for_the_team_alone_and_says_so(study: Path, out: Path) -> None:
    assert run(["export", "refi", "--everything", "--out", str(out / "x.qdpx"), "-C", str(study)]) == 0
    assert REFUSED in everything_in(out / "x.qdpx")
    with zipfile.ZipFile(out / "x.qdpx") as archive:
        assert any(name.startswith("postil/") for name in archive.namelist())


def test_positions_hold_in_a_project_with_masked_words(study: Path, out: Path, tmp_path: Path) -> None:
    assert run(["export", "refi", "--out", str(out / "x.qdpx"), "-C", str(study)]) == 0
    assert run(["import-codings", str(out / "x.qdpx"), "--new", str(tmp_path / "back"), "-y"]) == 0
    back = open_study(tmp_path / "back")
    ours = open_study(study)
    for id_, text in ours.transcripts.items():
        assert len(back.transcripts[id_].text) == len(text.text)
    places = {(s.start, s.end) for layer in ours.layers() for s in layer.segments}
    assert {(s.start, s.end) for layer in back.layers() for s in layer.segments} == places


# What is written and is no clear yes ----------------------------------------------------------------------------------

UNCLEAR = [
    "{quote: off}", "{quote: Off}", "{quote: 0}", "{quote: n}", "{quote: nein}", "{quote: never}", '{quote: "nope"}',
    "{quote: ja}", "{quote: 1}", "{quote: maybe}", "{quote: yes, quote: no}", "{quote: [no]}", "{quote: {a: b}}",
    "no", "yes", "off", "[quote]", "{quotes: false}", "{Quote: false}", "{quote: yes, quotes: no}", "{quote : ''}",
    "{share: true, cite: true}",
]  # fmt: skip
CLEAR = ["{quote: no}", "{quote: NO}", "{quote: false}", "{quote: False}", '{quote: "no"}', "{quote: 'False'}"]
WORDS_OUT = (
    ["quotes", "model"],
    ["search", "model", "--json"],
    ["model", "--candidates"],
    ["export", "json"],
    ["export", "refi", "--out", "OUT/x.qdpx"],
    ["report", "--out", "OUT/r.html"],
)


@pytest.mark.parametrize("written", [*UNCLEAR, *CLEAR])
def test_whatever_is_written_and_is_no_yes_is_a_no(
    tmp_path: Path, written: str, out: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    root = the_study(tmp_path / "s", STUDY.replace("{quote: false, share: true}", written))
    for line in WORDS_OUT:
        found = said_and_written(root, line, out, capsysbinary)
        assert not [where for where, text in found.items() if REFUSED in text], line
        said = found["stderr"] + found["stdout"]  # a list of quotes says it beside each
        assert "consent" in said and "e02" in said, line
    if written in UNCLEAR:
        for line in (["model", "--json"], ["matrix"], ["agreement"]):  # no words in them, and a warning all the same
            assert "e02" in said_and_written(root, line, out, capsysbinary)["stderr"], line
        assert run(["check", "-C", str(root)]) == 1
        assert "study.yaml:" in capsysbinary.readouterr().out.decode()


@pytest.mark.parametrize(
    "settings",
    [
        STUDY.replace("consent: {quote: false, share: true}", "quote: false"),
        STUDY.replace("consent: {quote: false, share: true}", "Consent: {quote: false}"),
        STUDY.replace("consent: {quote: false, share: true}", "consnet: {quote: false}"),
        STUDY.replace("consent: {quote: false, share: true}", "<<: {consent: {quote: false}}"),
        STUDY.replace("{size: large, consent: {quote: false, share: true}}", "no"),
        STUDY.replace("  E03: {size: large}\n", "  E03: {size: large}\n  E02: {consent: {quote: true}}\n"),
        STUDY.replace("  E02:", "  e02:"),
        STUDY.replace("participants:", "participants: {E02: {consent: {quote: true}}}\nparticipants:"),
        STUDY.replace("participants:", "particpants:"),
        STUDY.replace("title: Walk", "title: [Walk"),
        STUDY.replace("title: Walk", "<<<<<<< ours\ntitle: Walk\n=======\ntitle: Walks\n>>>>>>> theirs"),
    ],
)
def test_a_slip_beside_consent_does_not_open_it(
    tmp_path: Path, settings: str, out: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    root = the_study(tmp_path / "s", settings)
    for line in (*WORDS_OUT, ["search", f'"{REFUSED}"', "--json"], ["model", "--evidence-table"]):
        found = said_and_written(root, line, out, capsysbinary)
        told = [where for where, text in found.items() if REFUSED in text.replace(" ".join(line), "")]
        assert told == [], line


def test_who_speaks_is_unknown_where_the_list_of_transcripts_cannot_be_read(
    tmp_path: Path, out: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    root = the_study(tmp_path / "s")
    (root / "transcripts/transcripts.yaml").write_text("I01: [\n")
    for line in (["search", f'"{REFUSED}"', "--json"], ["export", "json"], ["export", "refi", "--out", "OUT/x.qdpx"]):
        found = said_and_written(root, line, out, capsysbinary)
        assert not [where for where, text in found.items() if REFUSED in text], line


def test_words_that_lost_their_place_are_told_only_where_everybody_agreed(
    tmp_path: Path, out: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    """An unanchored segment keeps the place it had, where by now somebody else may speak."""
    root = the_study(tmp_path / "s")
    path = root / "codings/ana/I04.jsonl"
    head, first, *rest = path.read_text().splitlines()
    record = json.loads(first) | {"start": 13, "end": 26, "unanchored": True}
    path.write_text("\n".join([head, json.dumps(record, separators=(",", ":")), *rest]) + "\n")
    for line in (["export", "csv", "--table", "segments"], ["recode", "--json"], ["export", "json"]):
        found = said_and_written(root, line, out, capsysbinary)
        assert not [where for where, text in found.items() if REFUSED in text], line


def test_messages_about_a_corrected_text_hold_no_words(
    tmp_path: Path, out: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    root = the_study(tmp_path / "s")
    text = (root / "transcripts/I02.txt").read_text()
    (root / "transcripts/I02.txt").write_text(text.replace("always. So we read", "often. Thus they read"))
    walked = (["reanchor", "--dry-run"], ["reanchor", "--dry-run", "--json"], ["check"], ["check", "--json"])
    for line in walked:
        found = said_and_written(root, line, out, capsysbinary)
        assert not [where for where, said in found.items() if REFUSED in said], line
    (root / "study.yaml").write_text(STUDY.replace("quote: false", "quote: true"))
    told = [REFUSED in said_and_written(root, line, out, capsysbinary)["stdout"] for line in walked]
    assert any(told)  # there would be words to tell


def test_decisions_of_a_merge_hold_no_words(
    tmp_path: Path, out: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    root = the_study(tmp_path / "s")
    path = root / "codings/ana/I02.jsonl"
    head, first, *rest = path.read_text().splitlines()
    other = first.replace('"codes":["model"]', '"codes":["issues"]')
    conflict = ["<<<<<<< ours", first, "=======", other, ">>>>>>> theirs"]
    path.write_text("\n".join([head, *conflict, *rest]) + "\n")
    for line in (["merge", "--dry-run"], ["merge", "--dry-run", "--json"], ["check"], ["merge"], ["merge", "--json"]):
        found = said_and_written(root, line, out, capsysbinary)
        assert not [where for where in ("stdout", "stderr") if REFUSED in found[where]], line
