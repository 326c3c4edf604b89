"""The cases from the field: inputs that went wrong once. They lie beside the checkout; a stranger's clone has none."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from tests.golden.running import Run
from tests.shared_data import SHARED

CASES = SHARED / "cases"
OF_A_STUDY = (
    "check",
    "check --json",
    "model",
    "model --json",
    "model --format svg --out out/model.svg",
    "model --format pdf --out out/model.pdf",
    "compare --min-participants 1",
    "ask negative",
    "agreement --live",
    "agreement --live --format csv --by pair",
    "disagreements --limit 5",
    "findings",
    "joint",
    "matrix --framework",
    "report --out out/report.html",
)
RATINGS = {  # beside the plain call and --json
    "irrcac3_words.csv": "--scale ordinal --categories low,medium,high",
    "transposed.csv": "--transposed",
    "counts.csv": "--counts",
    "pd_float.csv": "--scale interval",
    "single_agree_na.csv": "--interval bootstrap",
    "cont.csv": "--scale interval",
    "case.csv": "--fold",
    "nbsp.csv": "--fold",
}


def case_runs() -> Iterator[Run]:
    """What each case is about; nothing where they are missing."""
    if CASES.is_dir():
        yield from _imports()
        yield from _codings()
        yield from _ratings()
        yield from _studies()
        yield from _manuscripts()
        yield from _projects()


def _fill(copies: dict[str, Path], world: Path) -> None:
    for name, source in copies.items():
        target = world / name
        if source.is_dir():
            shutil.copytree(source, target)
        else:
            target.parent.mkdir(exist_ok=True)
            shutil.copyfile(source, target)


def _run(name: str, steps: tuple[str, ...], **copies: Path) -> Run:
    return Run(
        f"cases/{name}", steps, partial(_fill, {key.replace("__", "/"): path for key, path in copies.items()}), {}
    )


def _entries(folder: str) -> list[Path]:
    return sorted(path for path in (CASES / folder).iterdir() if path.name != "expected.json")


def _imports() -> Iterator[Run]:
    for case in _entries("import"):
        steps = ("new study --coder ana", "import given --yes -C study")
        yield _run(f"import/{case.name}", steps, given=case)


def _codings() -> Iterator[Run]:
    text = next(path for path in _entries("codings") if path.suffix == ".txt")
    begun = ("new study --coder ana", "import given/talk.txt --id P07 --yes -C study")
    for file in _entries("codings"):
        given = f"given/{file.name}"
        steps: tuple[str, ...] = begun
        if file.name.startswith("codebook_"):
            steps = ("new study --coder ana", f"import-codebook {given} -C study", "codebook show -C study")
        elif file != text:
            steps = (*begun, f"import-codings {given} --coder ana --add-codes -C study")
        yield Run(
            f"cases/codings/{file.stem.replace(' ', '-')}",
            steps,
            partial(_fill, {given: file, "given/talk.txt": text}),
            {},
        )


def _ratings() -> Iterator[Run]:
    for file in _entries("ratings"):
        for form, options in (("plain", ""), ("json", "--json"), ("options", RATINGS.get(file.name, ""))):
            if options or form == "plain":
                line = f"agreement --ratings given/{file.name} {options}".strip()
                name = file.name.replace(".", "-")
                yield Run(f"cases/ratings/{name}/{form}", (line,), partial(_fill, {f"given/{file.name}": file}), {})


def _studies() -> Iterator[Run]:
    units = [path for path in _entries("studies") if path.is_file()]
    for study in (path for path in _entries("studies") if path.is_dir()):
        for line in OF_A_STUDY:
            slug = line.partition(" --out")[0].replace("--", "").replace(" ", "-")
            yield _run(f"studies/{study.name}/{slug}", (f"{line} -C study",), study=study)
    for file in units:
        line = f"agreement --live --unit given --units-file given/{file.name} -C study"
        copies = {"study": CASES / "studies" / "rand3", f"given/{file.name}": file}
        yield Run(f"cases/studies/rand3/{file.stem}", (line,), partial(_fill, copies), {})


def _manuscripts() -> Iterator[Run]:
    study = CASES / "verify" / "study"
    for file in _entries("verify"):
        if file.is_file():
            copies = {"study": study, f"given/{file.name}": file}
            line = f"verify given/{file.name} --all -C study"
            yield Run(f"cases/verify/{file.stem}", (line,), partial(_fill, copies), {})


def _projects() -> Iterator[Run]:
    for file in _entries("out"):
        if file.suffix == ".qdpx":
            given = f"given/{file.name}"
            steps = (
                f"import-codings {given} --new study --yes",
                "export refi --no-study --out out/again.qdpx -C study",
                "export csv --table segments --out out/segments.csv -C study",
            )
            yield Run(f"cases/out/{file.stem}", steps, partial(_fill, {given: file}), {})
