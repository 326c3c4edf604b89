"""``postil check``: everything that is wrong in the study, at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import click

from postil_base.problem import PostilError, Problem, by_place, has_errors
from postil_base.quoting.terminal import terminal
from postil_cli.common import DATA_SAYS_NO, json_option, out_json, say, study_option, study_root


@click.command("check")
@click.option("--privacy", is_flag=True, help="Look for mapped names, persons who can be told, consent not recorded.")
@click.option(
    "--map", "mapping", type=click.Path(path_type=Path), help="The mapping of names to pseudonyms, for --privacy."
)
@study_option
@json_option
def command(study_folder: Path | None, as_json: bool, privacy: bool, mapping: Path | None) -> int:
    """Report everything that is wrong in the study, as file:line:column: message.

    Exit code 1 if any of it is an error; warnings alone are 0. With --privacy: whether a name of the mapping is still
    anywhere (file names, texts, quotes, memos, undo, copies of rounds, exports); any that is left makes exit code 1.
    """
    from postil_study.check.study import check_study

    root = study_root(study_folder)
    if privacy:
        from postil_cli.output.privacy_view import privacy_problems

        problems = by_place(privacy_problems(root, mapping))
    else:
        problems = _told(root, by_place([*check_study(root), *_queries(root), *_tables(root)]))
    if as_json:
        out_json([as_plain(problem) for problem in problems])
    else:
        for problem in problems:
            click.echo(terminal(str(problem)))
    say(summary(problems))
    left = any(problem.rule == "name-left" for problem in problems)
    return DATA_SAYS_NO if has_errors(problems) or left else 0


def _told(root: Path, problems: list[Problem]) -> list[Problem]:
    """The problems without words of people who refused: messages of layers may quote what stands nearest."""
    if not any("“" in problem.message for problem in problems):
        return problems
    from postil_cli.output.told import ConsentFilter
    from postil_study.study import open_study

    told = ConsentFilter(open_study(root))
    return [replace(problem, message=told.of_path(problem.place.path, problem.message)) for problem in problems]


def _queries(root: Path) -> list[Problem]:
    """Named queries are written in the model's language, so the model reads them."""
    from postil_model.search.named import QUERIES_FILE

    if not (root / QUERIES_FILE).is_file():
        return []
    from postil_model.search.named import check_queries
    from postil_study.study import open_study

    return check_queries(open_study(root))


def _tables(root: Path) -> list[Problem]:
    """Findings that follow a table: the model counts them, and only where a study has such."""
    from postil_study.study import open_study

    try:
        study = open_study(root)
    except PostilError:
        return []  # said by the check of the study
    if not any(finding.extra.get("compute") for finding in study.findings):
        return []
    from postil_model.findings.computed import check_tables

    return check_tables(study)


def as_plain(problem: Problem) -> dict[str, object]:
    """The problem as a JSON object."""
    return {
        "path": problem.place.path,
        "line": problem.place.line,
        "column": problem.place.column,
        "severity": problem.severity,
        "rule": problem.rule,
        "message": problem.message,
    }


def summary(problems: Sequence[Problem]) -> str:
    """One sentence on what was found.

    >>> summary([])
    'The study is in order.'
    """
    errors = sum(problem.severity == "error" for problem in problems)
    warnings = len(problems) - errors
    if not problems:
        return "The study is in order."
    parts = [_count(errors, "error")] if errors else ["No errors"]
    if warnings:
        parts.append(_count(warnings, "warning"))
    return f"{', '.join(parts)}."


def _count(number: int, word: str) -> str:
    return f"{number:,} {word}{'' if number == 1 else 's'}"
