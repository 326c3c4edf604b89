"""Rebuild what a published interview study shows from its public artifact (doi 10.5281/zenodo.7555469).

    python examples/reproduce_study.py ARTIFACT OUT

ARTIFACT is the artifact's folder, or its part ``interview_study``, or any folder with its transcripts and memos. OUT is
a new folder: OUT/study becomes a Postil study, OUT/results holds tables and figures. docs/reproduce.md tells what each
step means. Nothing is downloaded, and nothing of what participants said leaves OUT.
"""

from __future__ import annotations

import argparse
import csv
import json
import shutil
import subprocess
import sys
import textwrap
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from code_sets import CodeSets, read_code_sets, table_three
from telling import challenge_row, columns, comparison_text, joint_text, matrix_summary, saturation_text, shown

from postil_model import open_study
from postil_model.counts.saturation import saturation
from postil_model.counts.saturation_files import curve_table, plot

FACTS = Path(__file__).parent / "ptm_reuse"
WIDTH = 118


@dataclass(frozen=True)
class Artifact:
    """What was found in the artifact's folder."""

    transcripts: list[Path]
    matrix: Path | None
    code_sets: Path
    codings: list[Path]


@dataclass(frozen=True)
class Out:
    """Where things go."""

    study: Path
    results: Path


def main() -> None:
    """Run all steps, or stop with a message."""
    arguments = _arguments()
    artifact = find(arguments.artifact, arguments.codings, arguments.code_sets)
    out = Out(arguments.out / "study", arguments.out / "results")
    if out.study.exists():
        sys.exit(f"{out.study} is there already; name another folder or remove it.")
    out.results.mkdir(parents=True, exist_ok=True)
    published = yaml.safe_load((FACTS / "published.yaml").read_text(encoding="utf-8"))
    sets = read_code_sets(artifact.code_sets)
    transcripts(artifact, out)
    memos(artifact, out)
    codings(artifact, out)
    check(out)
    saturation_step(sets, artifact.code_sets, published, out)
    challenges_step(sets, published, out)
    figure_four(artifact, out)
    joint_step(out)
    inconsistencies()
    report(out)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Rebuild the published study from its artifact.")
    parser.add_argument("artifact", type=Path, help="the artifact's folder")
    parser.add_argument("out", type=Path, help="a new folder for the study and the results")
    parser.add_argument("--codings", type=Path, help="folder with segments.csv and relations.csv, if not in ARTIFACT")
    parser.add_argument("--code-sets", type=Path, help="code sets, if not the notebook in ARTIFACT")
    return parser.parse_args()


def find(folder: Path, codings_folder: Path | None = None, code_sets: Path | None = None) -> Artifact:
    """Look for transcripts, memo matrix, notebook and codings in the artifact's folder."""
    if not folder.is_dir():
        sys.exit(f"{folder} is no folder; give the unpacked artifact of doi 10.5281/zenodo.7555469.")
    root = folder / "interview_study" if (folder / "interview_study").is_dir() else folder
    files = sorted(root.rglob("Interview-[0-9]*.docx"))
    if not files:
        sys.exit(f"{root} holds no transcripts (Interview-….docx).")
    notebook = next(iter(sorted(root.rglob("InterviewSaturation.ipynb"))), FACTS / "code_sets.yaml")
    segments = sorted((codings_folder or root).rglob("segments.csv"))[:1]
    relations = [path for one in segments if (path := one.with_name("relations.csv")).is_file()]
    matrix = next(iter(sorted(root.rglob("Memos*.xlsx"))), None)
    return Artifact(files, matrix, code_sets or notebook, segments + relations)


def transcripts(artifact: Artifact, out: Out) -> None:
    """Step 1: a study with the transcripts; the notes of the researchers come along as a layer of their own."""
    step(1, "Transcripts, with the researchers' annotations as notes")
    coders = ["--coder", "reader-a", "--coder", "reader-b"]
    postil("new", out.study, "--title", "PTM reuse", *coders)
    shutil.copy(FACTS / "study.yaml", out.study / "study.yaml")
    for name in ("codebook.yaml", "findings.yaml"):
        shutil.copy(FACTS / name, out.study / "codebook" / name)
    (out.study / "codebook" / "process.yaml").write_text(process(artifact), encoding="utf-8")
    postil("import", "-C", out.study, "--id-from", r"Interview-(\d+)", "P{}", "-y", *artifact.transcripts)
    study = open_study(out.study)
    for name, transcript in study.transcripts.items():
        layers = [layer for layer in study.layers("source") if layer.header.transcript == name]
        noted = ", ".join(f"{len(layer.segments)} notes ({layer.header.coder})" for layer in layers)
        print(f"  {name}  {len(transcript.turns):>4} turns  {len(transcript.text.split()):>6,} words  {noted}")


def process(artifact: Artifact) -> str:
    """The published figure; where passages are coded, with the two nodes that only the interviews bring up."""
    figure = (FACTS / "figure_4.yaml").read_text(encoding="utf-8")
    own = (FACTS / "own_nodes.yaml").read_text(encoding="utf-8") if artifact.codings else ""
    return figure.replace("\nedges:\n", f"\n{own}edges:\n")


def memos(artifact: Artifact, out: Out) -> None:
    """Step 2: the framework matrix; its bullets are put on the words they summarise, its cells go into charts/."""
    step(2, "Memo matrix, into charts")
    if artifact.matrix is None:
        print("  no Memos….xlsx in this folder: step left out")
        return
    said = postil("import-codings", "-C", out.study, "--matrix", "--json", artifact.matrix)
    print(matrix_summary(json.loads(said)))


def codings(artifact: Artifact, out: Out) -> None:
    """Step 3: codings with their relations, if there are any. The artifact publishes code sets, no coded passages."""
    step(3, "Codings")
    if not artifact.codings:
        print("  no segments.csv here: the artifact has code sets, no coded passages. Step 6 draws Figure 4 only.")
        return
    postil("import-codings", "-C", out.study, "--done", "2022-09-30", *artifact.codings)
    layers = list(open_study(out.study).layers("coder"))
    people = sorted({layer.header.coder for layer in layers})
    segments, relations = (sum(len(layer.segments) for layer in layers), sum(len(layer.relations) for layer in layers))
    print(f"  {segments} coded passages and {relations} relations of {', '.join(people)}")
    print("  If these are the ones that come with the part for P01-P08: two automated readers, no human coding.")


def check(out: Out) -> None:
    """Hold the study to its own rules; an error stops the script, warnings are counted."""
    warnings = postil("check", "-C", out.study).splitlines()
    themes = sum("theme '" in warning for warning in warnings)
    remark = f", {themes} of them because themes of the matrix stand on no codes yet" if themes else ""
    print(f"  no errors, {len(warnings)} warnings{remark}")


def saturation_step(sets: CodeSets, source: Path, published: dict[str, Any], out: Out) -> None:
    """Step 4: the curve of the paper from the code sets, and the expectation over all orders."""
    step(4, f"Saturation, from the code sets of {len(sets)} participants ({source.name})")
    found = saturation(sets)
    print(saturation_text(found, published["saturation"]["cumulative_codes"]))
    (out.results / "saturation.svg").write_bytes(plot(found, "svg"))
    write_csv(out.results / "saturation.csv", curve_table(found).headers, curve_table(found).rows)


def challenges_step(sets: CodeSets, published: dict[str, Any], out: Out) -> None:
    """Step 5: Table III against the code sets and against the codings."""
    step(5, "Table III against the code sets")
    coded = coded_participants(out)
    rows = [challenge_row(challenge, coded) for challenge in table_three(sets, published)]
    header = ("challenge", "printed", "code sets", "codings", "verdict")
    print(columns([header, *rows]))
    write_csv(out.results / "table_3.csv", header, rows)


def coded_participants(out: Out) -> dict[str, set[str]]:
    """Who has a code in the coding of record."""
    study, found = open_study(out.study), dict[str, set[str]]()
    for name, transcript in study.transcripts.items():
        layer = study.record_layer(name)
        for segment in layer.segments if layer else ():
            for code in segment.code_ids:
                found.setdefault(code, set()).update(transcript.participants)
    return found


def figure_four(artifact: Artifact, out: Out) -> None:
    """Step 6: the published figure against what participants state in words."""
    step(6, "Figure 4 against what participants state")
    if not artifact.codings:
        print("  nothing is coded, so nothing can be compared: the figure as published")
        draw(("model", "-C", out.study, "--no-findings"), out.results / "figure_4")
        return
    for threshold in (1, 2):
        call = ("compare", FACTS / "figure_4.yaml", "-C", out.study, "-t", str(threshold))
        found = json.loads(postil(*call, "--json"))
        print(comparison_text(found))
        place = out.results / f"figure_4_t{threshold}"
        place.with_suffix(".json").write_text(json.dumps(found, indent=1), encoding="utf-8")
        draw(call, place)


def draw(call: tuple[str | Path, ...], place: Path) -> None:
    """What a command draws, as SVG and as PNG."""
    for ending in (".svg", ".png"):
        postil(*call, "--out", place.with_suffix(ending))


def joint_step(out: Out) -> None:
    """Step 7: Table IV and Figure 7 beside what participants say."""
    step(7, "Table IV and Figure 7, joined with what participants say")
    table = out.results / "joint.csv"
    postil("joint", "-C", out.study, "--interval", "--out", table)
    postil("joint", "-C", out.study, "--interval", "--out", table.with_suffix(".html"))
    with table.open(encoding="utf-8-sig", newline="") as file:
        print(joint_text(csv.DictReader(file)))


def inconsistencies() -> None:
    """Step 8: what does not add up in print."""
    known = yaml.safe_load((FACTS / "inconsistencies.yaml").read_text(encoding="utf-8"))
    step(8, f"{len(known)} inconsistencies a careful reader should know")
    for one in known:
        print(textwrap.fill(f"{one['id']} ({one['kind']}) {one['what']}", WIDTH, subsequent_indent=" " * 6))


def report(out: Out) -> None:
    """Step 9: everything in one HTML file; quotes stay out of it, segment ids go in."""
    step(9, "Report")
    postil("report", "-C", out.study, "--quotes", "ids", "--out", out.results / "report.html")
    print("\n".join(f"  {path.name}" for path in sorted(out.results.iterdir())))


def step(number: int, title: str) -> None:
    """A heading."""
    print(f"\n{number}. {title}\n{'-' * (len(title) + 3)}", flush=True)


def postil(*arguments: str | Path) -> str:
    """Run a command of Postil, show it, and give back what it prints; stop where it fails."""
    words = [str(argument) for argument in arguments]
    print(f"$ postil {shown(words)}", flush=True)
    done = subprocess.run([sys.executable, "-m", "postil_cli.entry", *words], capture_output=True, text=True)
    if done.returncode:
        sys.exit(done.stderr or done.stdout)
    return done.stdout


def write_csv(path: Path, header: tuple[str, ...], rows: Any) -> None:
    """A table as a file."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])


if __name__ == "__main__":
    main()
