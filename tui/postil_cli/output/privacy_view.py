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
    from postil_formats.texts.decided import Decided, Replacement
    from postil_study.privacy.pseudonyms.found import NameSeen
    from postil_study.privacy.pseudonyms.matching import Names, PseudonymRule
    from postil_study.study import Study


SHOWN = 30


def on_terminal() -> bool:
    """Whether somebody is there to ask."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def mapping_place(study: Study, given: Path | None) -> Path:
    """The mapping named by the person, or the one in the user's data folder; never inside the study or a checkout."""
    from postil_study.privacy.pseudonyms.mapping import check_place, default_map

    return check_place(given or default_map(study.settings.id or study.root.resolve().name), study.root)


def seen_lines(seen: Sequence[NameSeen]) -> str:
    """The names seen, as many as fit on a screen, and what can be done about them."""
    offered = [one for one in seen if one.offered]
    listed = "\n".join(f"  {terminal(f'{one.text} ({one.count}) → {one.pseudonym}')}" for one in offered[:SHOWN])
    more = f"\n  and {len(offered) - SHOWN} more" if len(offered) > SHOWN else ""
    head = "names seen; pseudonyms on offer (--pseudonyms MAP replaces them before anything is stored):"
    return f"\n{head}\n{listed}{more}{apart_line(seen)}"


def apart_line(seen: Sequence[NameSeen]) -> str:
    """What is not offered, in one line."""
    apart = [one.text for one in seen if not one.offered]
    more = f" and {len(apart) - 8} more" if len(apart) > 8 else ""
    listed = terminal(", ".join(apart[:8]))
    return f"\n  {len(apart)} products and technical words, not offered: {listed}{more}" if apart else ""


def offer(place: Path, seen_of: Callable[[Names | None], Sequence[NameSeen]]) -> Decided | None:
    """The person decides on the names seen, before the first byte is written. Nothing is saved here."""
    from postil_formats.texts.decided import Decided
    from postil_study.privacy.pseudonyms.mapping import load_names

    known = load_names(place) if place.exists() else None
    seen = seen_of(known)
    offered = [one for one in seen if one.offered]
    if not offered or not click.confirm(_question(offered, known), False, err=True):
        return None
    decided = list(ask(seen, known))
    dropped = frozenset(rule.name for rule in decided if not rule.pseudonym)
    return Decided(place, tuple(rule for rule in decided if rule.pseudonym), dropped)


def _question(offered: Sequence[NameSeen], known: Names | None) -> str:
    kept = {rule.name for rule in known.rules} if known else set()
    decided = sum(one.text in kept for one in offered)
    before = f" ({decided} of them are in your mapping)" if decided else ""
    return f"{len(offered)} name{' was' if len(offered) == 1 else 's were'} seen{before}. Give them pseudonyms first?"


def shown_replacements(found: Iterable[Replacement], each: int = 5) -> str:
    """Every name with what will stand for it in its sentences, the first few of each."""
    by_name: dict[tuple[str, str], list[Replacement]] = {}
    for one in found:
        by_name.setdefault((one.name, one.pseudonym), []).append(one)
    lines: list[str] = []
    for (name, pseudonym), places in by_name.items():
        lines.append(f"{name} → {pseudonym}: {len(places)} time{'' if len(places) == 1 else 's'}")
        lines += [f"    {one.before}[{name} → {pseudonym}]{one.after}" for one in places[:each]]
        lines += [f"    … and {len(places) - each} more"] if len(places) > each else []
    return "\n".join(terminal(line) for line in lines)


def privacy_problems(root: Path, given: Path | None) -> list[Problem]:
    """Names that are left, persons who can be told by their attributes, consent that is not recorded."""
    from postil_base.problem import Place
    from postil_study.files.settings import SETTINGS_FILE
    from postil_study.privacy.left import names_left
    from postil_study.privacy.pseudonyms.mapping import load_names
    from postil_study.privacy.unique import pointing_problems
    from postil_study.study import open_study

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


def ask(seen: Iterable[NameSeen], known: Names | None = None) -> Iterator[PseudonymRule]:
    """Let the person decide, one by one; a rule without a pseudonym is an entry to take out of the mapping.

    What the mapping has an entry for is asked about as it stands there. Products and technical words are not asked
    about; they can be named at the end.
    """
    from postil_study.privacy.pseudonyms.matching import PseudonymRule

    kept = {rule.name: rule for rule in known.rules} if known else {}
    listed = list(seen)
    say("Enter takes what is on offer, - leaves the name as it is (and takes it out of the mapping),")
    say(". leaves all the rest as they are; anything else is the pseudonym.")
    for one in (one for one in listed if one.offered or one.text in kept):
        name = " ".join(one.text.split())
        there = kept.get(name)
        question = f"{one.kind}: {one.text} ({one.count}{', in your mapping' if there else ''})"
        answer = click.prompt(terminal(question), default=(there or one).pseudonym, err=True).strip()
        if answer == ".":
            return
        if answer == "-" and there is not None:
            yield PseudonymRule(name, "")
        elif answer != "-" and (there is None or answer != there.pseudonym):
            yield PseudonymRule(name, answer, one.kind, there.any_case if there else False)
    yield from _asked_apart([one for one in listed if not one.offered and one.text not in kept])


def _asked_apart(apart: Sequence[NameSeen]) -> Iterator[PseudonymRule]:
    """Products and technical words, of which a person can name those to replace, too."""
    from postil_study.privacy.pseudonyms.matching import PseudonymRule

    if not apart:
        return
    by_name = {one.text.casefold(): one for one in apart}
    say(apart_line(apart).lstrip("\n"))
    while True:
        answer = click.prompt("One of these, too? Type it, or press Enter", default="", show_default=False, err=True)
        if not answer.strip():
            return
        one = by_name.get(answer.strip().casefold())
        if one is None:
            say(f"{terminal(answer.strip())} is none of these.")
            continue
        pseudonym = click.prompt(terminal(f"{one.text} ({one.count}) becomes"), default=one.pseudonym, err=True)
        yield PseudonymRule(one.text, pseudonym.strip(), one.kind)
