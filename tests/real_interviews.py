"""The eight real interviews with their codings as a study, and their statements read a second time, from the rows."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

import yaml
from click.testing import CliRunner

from postil_cli.main import cli
from postil_study.study import Study, open_study
from tests.shared_data import SHARED

HERE = SHARED / "ptm-study"
TYPES = {"flow": "leads-to", "branch": "leads-to", "back": "goes-back-to", "influence": "influences"}
Key = tuple[str, str, str]  # source, target, type


def real_study(root: Path) -> Study:
    """Import texts and codings the way a user does."""
    codings = HERE / "codings"
    typed("new", str(root))
    for name in ("codebook.yaml", "process.yaml"):
        (root / "codebook" / name).write_bytes((codings / name).read_bytes())
    settings = (root / "study.yaml").read_text(encoding="utf-8")
    settings = settings.replace("# process:", "process:").replace("min_participants: 2", "min_participants: 1")
    (root / "study.yaml").write_text(settings, encoding="utf-8")
    texts = sorted(map(str, (HERE / "transcripts").glob("*.docx")))
    typed("import", *texts, "--id-from", r"Interview-(\d+)", "P{}", "--yes", "-C", str(root))
    rows = [str(codings / name) for name in ("segments.csv", "relations.csv")]
    typed("import-codings", *rows, "--done", "-C", str(root))
    return open_study(root)


def typed(*words: str) -> None:
    result = CliRunner().invoke(cli, list(words), standalone_mode=False)
    assert result.exception is None and not result.return_value, result.output


def stated_rows(coder_of: Mapping[str, tuple[str, ...]]) -> dict[str, dict[str, set[Key]]]:
    """Coder → participant → what is stated between nodes, from the rows of the files alone."""
    process = yaml.safe_load((HERE / "codings" / "process.yaml").read_text(encoding="utf-8"))
    node_of: dict[str, str] = {}
    for node in process["nodes"]:
        for code in (*node.get("codes", ()), *(code for item in node.get("items", {}).values() for code in item)):
            node_of[code] = node["id"]
    found: dict[str, dict[str, set[Key]]] = defaultdict(lambda: defaultdict(set))
    with (HERE / "codings" / "relations.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            ends = node_of.get(row["from_code"], ""), node_of.get(row["to_code"], "")
            if row["cue"] and all(ends) and ends[0] != ends[1] and row["coder"] in coder_of[row["participant"]]:
                found[row["coder"]][row["participant"]].add((*ends, row["type"]))
    return found


PEOPLE = tuple(f"P{number:02}" for number in range(1, 9))
BOTH = {person: ("reader-a", "reader-b") if person <= "P04" else ("reader-b",) for person in PEOPLE}
RECORD = {person: ("reader-a",) if person <= "P04" else ("reader-b",) for person in PEOPLE}
