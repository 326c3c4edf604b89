"""All runs: the table typed on each study, each first line once for each format, and the cases from the field."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import click

from postil_cli.main import cli
from tests.golden import cases
from tests.golden.running import Run
from tests.golden.studies import STUDIES, acts, fill
from tests.golden.table import DOOR, TABLE, Line

# What cannot be shown on a terminal goes into a file with this ending.
INTO_FILES = {"xlsx": "xlsx", "pdf": "pdf", "png": "png"}
EXPORTED = {
    "refi": "study.qdpx",
    "qdc": "codebook.qdc",
    "csv": "tables",
    "xlsx": "tables.xlsx",
    "json": "study.json",
    "md": "tables.md",
    "html": "tables.html",
    "parquet": "parquet",
    "codebook": "book.md",
}


def commands(group: click.Command = cli, above: str = "") -> Iterator[tuple[str, click.Command]]:
    """Every command of the program that is no group, by the words that are typed for it."""
    if not isinstance(group, click.Group):
        yield above, group
        return
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        yield from commands(command, f"{above} {name}".strip())


def choices(command: click.Command, name: str) -> tuple[str, ...]:
    """What an option or argument of a command may be."""
    param = next((param for param in command.params if param.name == name), None)
    return tuple(param.type.choices) if param is not None and isinstance(param.type, click.Choice) else ()


def knows(command: click.Command, option: str) -> bool:
    """Whether a command has an option."""
    return any(option in param.opts for param in command.params)


COMMANDS = dict(commands())


def command_of(step: str) -> click.Command | None:
    """The command that a line calls."""
    words = shlex.split(step)
    return next((COMMANDS[name] for name in (" ".join(words[:2]), " ".join(words[:1])) if name in COMMANDS), None)


def every_format(line: Line, command: click.Command) -> Iterator[tuple[str, Line]]:
    """A command's first line as it is, and in each of its forms, with the name of the form."""
    if not isinstance(line, str):
        yield "default", line
        return
    stem = line.split()[0]
    if stem == "export":
        for kind in choices(command, "kind"):
            yield kind, f"{line} {kind} --out out/{EXPORTED[kind]}"
        return
    yield "default", line
    for form in choices(command, "format"):
        yield form, f"{line} --format {form}" + (f" --out out/{stem}.{INTO_FILES[form]}" if form in INTO_FILES else "")
    if not choices(command, "format") and knows(command, "--json"):
        yield "json", f"{line} --json"


def table_runs(study: str) -> Iterator[Run]:
    """The table on one study; what begins without a study is typed on the first alone."""
    for words, (first, *more) in TABLE.items():
        if words in ("demo", "new") and study != "sample":
            continue
        folder, taken = words.replace(" ", "-"), set[str]()
        for form, line in every_format(first, COMMANDS[words]):
            yield _run(study, f"{study}/{folder}/{form}", line)
            taken.add(form)
        for line in more:
            name = _slug(line, words)
            assert name not in taken, f"two lines of the table are called {name}"
            taken.add(name)
            yield _run(study, f"{study}/{folder}/{name}", line)


def _run(study: str, name: str, line: Line) -> Run:
    steps = (line,) if isinstance(line, str) else line
    filled = tuple(_in_study(STUDIES[study].fill(step)) for step in steps)
    return Run(name, filled, partial(fill, study), acts(study))


def _in_study(step: str) -> str:
    command = None if step.startswith("!") else command_of(step)
    if "--ratings" in step:  # a table instead of a study
        return step
    return f"{step} -C study" if command is not None and knows(command, "--study") else step


def _slug(line: Line, words: str) -> str:
    """A name of a line: what is typed beyond the command, in letters and digits."""
    text = line.removeprefix(words) if isinstance(line, str) else " then ".join(line)
    return re.sub(r"[^a-z0-9]+", "-", text.replace("out/", "").lower()).strip("-")[:50].strip("-") or "plain"


def door_runs() -> Iterator[Run]:
    """The program without a command, with a wrong one, with a help that is asked for."""
    helps = {f"help-{name.replace(' ', '-')}": f"{name} --help" for name in COMMANDS}
    for name, line in (DOOR | helps).items():
        yield Run(f"program/{name}", (line,), lambda world: None, {})


def all_runs() -> dict[str, Run]:
    """Every run by its name."""
    found = [*door_runs(), *(run for study in STUDIES for run in table_runs(study)), *cases.case_runs()]
    assert len({run.name.lower() for run in found}) == len(found), "two runs have one name"
    return {run.name: run for run in found}


def is_case(run: Run | str) -> bool:
    """Whether a run reads the cases from the field, which lie beside the checkout."""
    name = run if isinstance(run, str) else run.name
    return Path(name).parts[0] == "cases"
