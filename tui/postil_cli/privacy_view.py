"""What the commands about privacy share: the mapping's place, problems of privacy, decisions asked for."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from postil_base.problem import PostilError, Problem
from postil_base.quoting.terminal import terminal
from postil_cli.common import say, table

if TYPE_CHECKING:
    from postil_transcripts.import_names import NameSeen
    from postil_transcripts.privacy.names import Names, Rule
    from postil_transcripts.study import Study


SHOWN = 30


def on_terminal() -> bool:
    """Whether somebody is there to ask."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def mapping_place(study: Study, given: Path | None) -> Path:
    """The mapping named by the person, or the one in the user's data folder; never inside the study or a checkout."""
    from postil_transcripts.privacy.mapping import check_place, default_map

    return check_place(given or default_map(study.settings.id or study.root.resolve().name), study.root)


def seen_lines(seen: Sequence[NameSeen]) -> str:
    """The names seen, as many as fit on a screen, and what can be done about them."""
    listed = "\n".join(f"  {terminal(f'{one.text} ({one.count}) → {one.pseudonym}')}" for one in seen[:SHOWN])
    more = f"\n  and {len(seen) - SHOWN} more" if len(seen) > SHOWN else ""
    head = "names seen; pseudonyms on offer (--pseudonyms MAP replaces them before anything is stored):"
    return f"\n{head}\n{listed}{more}"


def offer(place: Path, seen_of: Callable[[Names | None], Sequence[NameSeen]]) -> Names | None:
    """The person decides on the names seen, before the first byte is written; the mapping is kept outside the study."""
    from postil_transcripts.privacy.mapping import load_names, save_names

    seen = seen_of(load_names(place) if place.exists() else None)
    if not seen or not click.confirm(f"{len(seen)} names were seen. Give them pseudonyms first?", False, err=True):
        return None
    save_names(place, ask(seen))
    say(f"The mapping is in {place}. Keep it to yourself.")
    return load_names(place)


def privacy_problems(root: Path, given: Path | None) -> list[Problem]:
    """Names that are left, persons who can be told by their attributes, consent that is not recorded."""
    from postil_base.problem import Place
    from postil_transcripts.privacy.left import names_left
    from postil_transcripts.privacy.mapping import load_names
    from postil_transcripts.privacy.unique import pointing_problems
    from postil_transcripts.settings import SETTINGS_FILE
    from postil_transcripts.study import open_study

    study = open_study(root)
    mapping = mapping_place(study, given)
    people = study.settings.participants
    found = pointing_problems(people)
    silent = [name for name, person in people.items() if person.consent_quote is None or person.consent_share is None]
    if silent:
        message = f"consent: {{quote, share}} is not recorded for {', '.join(silent)}; ask, then write it down."
        found.append(Problem(people[silent[0]].place, message, "no-consent-recorded", "warning"))
    if mapping.exists():
        return [*found, *names_left(root, load_names(mapping))]
    if given is not None:
        raise PostilError(f"{given} is not there; make it with: postil pseudonymise --map {given}")
    message = "there is no mapping of names to pseudonyms, so no names were looked for; see postil pseudonymise."
    return [*found, Problem(Place(SETTINGS_FILE), message, "no-mapping", "warning")]


def seen_table(seen: Iterable[NameSeen]) -> str:
    """What was seen, as a table."""
    rows = [[one.kind, str(one.count), one.text, one.pseudonym] for one in seen]
    return table(["kind", "times", "seen", "pseudonym on offer"], rows, right=[1])


def ask(seen: Iterable[NameSeen]) -> Iterator[Rule]:
    """Let the person decide, one by one: take the pseudonym, write another one, leave it, or stop."""
    from postil_transcripts.privacy.names import Rule

    say("Enter takes what is on offer, - leaves it as it is, . leaves all the rest; anything else is the pseudonym.")
    for one in seen:
        question = terminal(f"{one.kind}: {one.text} ({one.count})")
        answer = click.prompt(question, default=one.pseudonym, err=True).strip()
        if answer == ".":
            return
        if answer != "-":
            yield Rule(" ".join(one.text.split()), answer, one.kind)
