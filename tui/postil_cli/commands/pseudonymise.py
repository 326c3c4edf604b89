"""``postil pseudonymise``: names become pseudonyms in the whole study."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from postil_base.plural import counted, subject
from postil_base.problem import PostilError
from postil_base.quoting.terminal import terminal
from postil_cli.common import DATA_SAYS_NO, json_option, open_study_here, out_json, say, study_option

if TYPE_CHECKING:
    from postil_study.privacy.pseudonyms.found import NameSeen
    from postil_study.privacy.pseudonyms.matching import Names
    from postil_study.privacy.pseudonyms.pseudonymise import PseudonymPlan
    from postil_study.study import Study


@click.command("pseudonymise")
@click.option(
    "--map",
    "mapping",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The mapping of names to pseudonyms; outside the study and outside git (default: in your data folder).",
)
@click.option("--list", "only_list", is_flag=True, help="List what is seen that may tell who is meant, and stop.")
@click.option("--propose", is_flag=True, help="Write a mapping to edit: every proposal is a comment until you decide.")
@click.option(
    "--ner",
    "model",
    default="",
    metavar="MODEL",
    help="Look for names with this spaCy model, too: a package or a folder that is on this machine.",
)
@click.option("--dry-run", is_flag=True, help="Show what would change and write nothing.")
@click.option("--undo", is_flag=True, help="Take the last pseudonymisation back, with what is kept beside the mapping.")
@click.option("--yes", "-y", is_flag=True, help="Do not ask before writing.")
@json_option
@study_option
def command(
    study_folder: Path | None,
    mapping: Path | None,
    only_list: bool,
    propose: bool,
    model: str,
    dry_run: bool,
    undo: bool,
    yes: bool,
    as_json: bool,
) -> int:
    """Replace names, organisations, places, addresses and numbers by pseudonyms, everywhere in the study.

    On a terminal you decide on each; otherwise a mapping says it: `names: {Jane Doe: E01, Acme: "[organisation 1]"}`.
    Texts, labels, codings, notes, charts, memos and frozen copies change together or not at all; every coding stays on
    its words. What was is kept beside the mapping alone: whoever has that file can take it back, and knows who is who.
    """
    from postil_cli.output.privacy_view import mapping_place, seen_table
    from postil_formats.texts.sensitive_terms import seen_in
    from postil_study.privacy.pseudonyms.mapping import load_names

    study = open_study_here(study_folder)
    place = mapping_place(study, mapping)
    if undo:
        return _undo(study, place, dry_run)
    names = load_names(place) if place.exists() else None
    seen = seen_in(study, names)
    if model:
        from postil_formats.texts.sensitive_terms import with_recognised
        from postil_study.privacy.pseudonyms.recogniser import recogniser

        seen = with_recognised(seen, (text.text for text in study.transcripts.values()), recogniser(model), names)
    if only_list:
        out_json([_seen(one) for one in seen]) if as_json else click.echo(seen_table(seen))
        return 0
    if propose:
        return _propose(place, seen)
    if names is None or (_on_terminal() and not (yes or dry_run or as_json)):
        _decide(place, seen, names)
    return _replace(study, place, dry_run=dry_run, yes=yes or as_json, as_json=as_json)


def _on_terminal() -> bool:
    return sys.stdin.isatty() and sys.stderr.isatty()


def _seen(one: NameSeen) -> dict[str, Any]:
    return {"text": one.text, "kind": one.kind, "count": one.count, "pseudonym": one.pseudonym}


def _propose(place: Path, seen: tuple[NameSeen, ...]) -> int:
    from postil_base.files.atomic import ABSENT, write_text
    from postil_study.privacy.pseudonyms.mapping import proposals

    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    write_text(place, proposals(seen), expect=ABSENT)
    place.chmod(0o600)
    say(f"{len(seen)} proposals written to {place}. Decide there, then run postil pseudonymise again.")
    return 0


def _decide(place: Path, seen: tuple[NameSeen, ...], names: Names | None) -> None:
    from postil_cli.output.privacy_view import ask
    from postil_study.privacy.pseudonyms.mapping import save_names

    if not _on_terminal():
        raise PostilError(
            f"there is no mapping at {place}, and nobody to ask. See what there is with --list, write a mapping to "
            "edit with --propose, or name one with --map FILE."
        )
    decided = list(ask(seen, names))
    if decided:
        dropped = [rule.name for rule in decided if not rule.pseudonym]
        save_names(place, [rule for rule in decided if rule.pseudonym], dropped)
        say(f"The mapping is in {place}. Keep it to yourself.")


def _replace(study: Study, place: Path, *, dry_run: bool, yes: bool, as_json: bool) -> int:
    from postil_study.privacy.left import LIKE, names_left
    from postil_study.privacy.pseudonyms.mapping import load_names
    from postil_study.privacy.pseudonyms.pseudonymise import plan_pseudonyms

    names = load_names(place)
    plan = plan_pseudonyms(study.root, names)
    probable = [str(problem) for problem in names_left(study.root, names) if problem.rule == LIKE]
    _say_probable(probable)
    if not as_json:
        click.echo(_shown(plan))
    write = bool(plan.files) and not dry_run
    if write and not yes and _on_terminal() and not click.confirm("Replace them now?", True, err=True):
        write = False
    dropped = plan.apply(place) if write else 0
    left = names_left(study.root, names) if not dry_run and (write or not plan.files) else []
    if as_json:
        out_json(_as_json(plan, written=write, left=[str(problem) for problem in left], probable=probable))
    _tell(plan, write, dropped, [str(problem) for problem in left])
    return DATA_SAYS_NO if left else 0


def _say_probable(probable: list[str]) -> None:
    """What may be a mapped name and is not written as one is left alone: a person must look."""
    if probable:
        say(f"May be mapped names; they are not replaced ({len(probable)}):")
    for line in probable:
        say(terminal(f"  {line}"))
    if probable:
        say("Where one is meant, add it to the mapping as it is written, or say any_case: true.")


def _shown(plan: PseudonymPlan) -> str:
    lines = [
        f"{terminal(name)}: {counted(count, 'time')} in the transcripts" for name, count in sorted(plan.found.items())
    ]
    lines += [f"{terminal(old)} → {terminal(new)}" for old, new in sorted(plan.renamed.items())]
    copies = len({path.split("/")[1] for path in plan.files if path.startswith("rounds/") and path.count("/") > 1})
    lines.append(
        f"{subject(len(plan.moved), 'file', 'changes')}"
        + (f", in {counted(copies, 'frozen copy')}, too" if copies else "")
        + "."
    )
    return "\n".join(lines)


def _as_json(plan: PseudonymPlan, *, written: bool, left: list[str], probable: list[str]) -> dict[str, Any]:
    return {
        "written": written,
        "found": dict(plan.found),
        "files": sorted(plan.moved),
        "renamed": dict(plan.renamed),
        "left": left,
        "probable": probable,
    }


def _tell(plan: PseudonymPlan, written: bool, dropped: int, left: list[str]) -> None:
    if not plan.files:
        say("No name of the mapping stands in the study's own files.")
    elif not written:
        say("Nothing was written.")
    else:
        say("Done. Git history still holds the names of what was committed before: see docs/privacy.md.")
    if dropped:
        say(f"Forgotten, as they held the old words: {counted(dropped, 'step')} of undo.")
    for line in left:
        say(terminal(f"  {line}"))


def _undo(study: Study, place: Path, dry_run: bool) -> int:
    from postil_study.privacy.pseudonyms.restore import plan_restore

    plan = plan_restore(study.root, place)
    click.echo(
        f"{subject(len([data for data in plan.files.values() if data is not None]), 'file', 'gets')} their names back."
    )
    if plan.layers:
        say(f"Coded on since; positions counted back, notes keep the pseudonyms: {', '.join(plan.layers)}")
    if plan.kept:
        say(f"Written since, left as they are: {', '.join(plan.kept)}")
    if dry_run:
        say("Nothing was written.")
        return 0
    plan.apply()
    return 0
