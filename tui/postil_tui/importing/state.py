"""The files being looked at before they are taken in: what was recognised in each, and what the person says of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from postil_base.problem import PostilError
from postil_formats.texts.plan import Failure, FilePlan, ImportOptions, ImportPlan, Progress, plan_import
from postil_formats.texts.readers import ReadOptions, Recognised, read_source
from postil_formats.texts.roles import WHO_IS_WHO, SpeakerRule
from postil_formats.texts.sensitive_terms import together
from postil_formats.texts.sources import read_file
from postil_formats.texts.writing import apply_import
from postil_study.privacy.pseudonyms.found import NameSeen
from postil_study.privacy.pseudonyms.mapping import check_place, default_map, load_names
from postil_study.privacy.pseudonyms.matching import Names, PseudonymRule
from postil_study.study import Study
from postil_study.text.turns import clean_label
from postil_study.text.values import Role

ROLES: tuple[Role, ...] = ("participant", "interviewer", "other")
LOOK = "who is who could not be told: look at the speakers"


@dataclass
class FileEntry:
    """A file: how it will be stored, or why it cannot be."""

    source: Path
    plan: FilePlan | None = None
    reason: str = ""
    options: ImportOptions = field(default_factory=ImportOptions)
    taken: bool = True
    names: tuple[NameSeen, ...] = ()  # seen when the file was first read, whatever was decided on since
    unsure: str = ""  # what the person has to look at before this file is right

    @property
    def goes_in(self) -> bool:
        """Whether it will be taken in."""
        return self.taken and self.plan is not None

    def rules(self) -> dict[str, SpeakerRule]:
        """What holds for each label now, whether it was guessed or said."""
        assert self.plan is not None
        made = {}
        for label, name in self.plan.cast.names.items():
            speaker = self.plan.info.speakers[name]
            renamed = name if name != label or label in self.options.speakers else ""
            made[label] = SpeakerRule(renamed, speaker.role, speaker.participant or "")
        return made


class ImportState:
    """Files of one import. Nothing is written before `take_in`."""

    def __init__(self, study: Study) -> None:
        self.study = study
        self.entries: list[FileEntry] = []
        self.skipped: tuple[Path, ...] = ()
        self.chosen: dict[
            str, PseudonymRule
        ] = {}  # names the person gave pseudonyms here; kept outside the study when taken in
        self._kept: tuple[PseudonymRule, ...] | None = None  # those decided on earlier
        self.dropped: set[str] = set()  # of these the ones that are to stay as they are, after all
        self.names: Names | None = None
        self.offering: list[FilePlan] = []  # taken in, with comments that look like codes

    def read(self, paths: Sequence[Path], progress: Progress | None = None) -> None:
        """Read files and folders; what is on the bench already stays as the person left it."""
        if self._kept is None:
            place = self._mapping
            self._kept = load_names(place).rules if place.exists() else ()
            self._use_names()
        there = {entry.source for entry in self.entries}
        options = ImportOptions(names=self.names)
        plan = plan_import(self.study, paths, options, progress=progress)
        found = {
            file.source: FileEntry(file.source, file, options=options, names=(*file.replaced, *file.names))
            for file in plan.files
        }
        found |= {failure.source: self._failed(failure) for failure in plan.failures}
        self.entries += [entry for source, entry in found.items() if source not in there]
        self.entries.sort(key=lambda entry: (entry.plan is None, str(entry.source)))
        self.skipped = plan.skipped

    def _failed(self, failure: Failure) -> FileEntry:
        """A file that failed only because nobody said who is who gets roles to start from."""
        entry = FileEntry(failure.source, reason=_without_name(failure))
        if not entry.reason.startswith(WHO_IS_WHO):
            return entry
        said = _first_roles(read_source(read_file(failure.source), failure.source.name, ReadOptions()))
        made = self._planned(failure.source, ImportOptions(speakers=said, names=self.names))
        return replace(made, unsure=LOOK, names=_seen(made.plan)) if made.plan is not None else entry

    def _planned(self, source: Path, options: ImportOptions) -> FileEntry:
        plan = plan_import(self.study, [source], options)
        if plan.files:
            return FileEntry(source, plan.files[0], options=options)
        return FileEntry(source, reason=_without_name(plan.failures[0]), options=options)

    # --- what the person says ------------------------------------------------------------------------------------

    def change(self, number: int, **wishes: object) -> None:
        """Plan a file anew with other wishes; what is wrong with them leaves it as it was."""
        entry = self.entries[number]
        made = self._planned(entry.source, replace(entry.options, names=self.names, **wishes))  # type: ignore[arg-type]
        if made.plan is None:
            if entry.plan is None:  # what was said stays: a table may need to be told two columns
                self.entries[number] = replace(made, taken=entry.taken)
            raise PostilError(made.reason)
        other = next((e for e in self.entries if e is not entry and e.plan and e.plan.id == made.plan.id), None)
        if other is not None:
            raise PostilError(f"{other.source.name} will be called {made.plan.id} already; choose another id")
        self.entries[number] = replace(made, taken=entry.taken, names=entry.names or _seen(made.plan))

    def refresh(self, number: int) -> None:
        """Plan a file anew whose names got pseudonyms meanwhile."""
        entry = self.entries[number]
        if entry.plan is not None and entry.options.names is not self.names:
            made = self._planned(entry.source, replace(entry.options, names=self.names))
            self.entries[number] = replace(
                made, taken=entry.taken, names=entry.names, unsure=entry.unsure if made.plan else ""
            )

    def set_role(self, number: int, label: str, role: Role) -> None:
        """Say what a speaker is."""
        rule = self._rule(number, label)
        self._with_rule(
            number, label, replace(rule, role=role, participant=rule.participant if role == ROLES[0] else "")
        )

    def next_role(self, number: int, label: str) -> Role:
        """Give a speaker the next role, and say which."""
        now = self._rule(number, label).role
        role = ROLES[(ROLES.index(now) + 1) % len(ROLES)] if now in ROLES else ROLES[0]
        self.set_role(number, label, role)
        return role

    def rename(self, number: int, label: str, name: str) -> None:
        """Give a speaker another name in the text; two of one name are one speaker."""
        clean = clean_label(name)
        if not clean:
            raise PostilError("a speaker needs a name")
        self._with_rule(number, label, replace(self._rule(number, label), label=clean))

    def set_participant(self, number: int, label: str, participant: str) -> None:
        """Say which participant speaks."""
        if not participant.strip() or participant.strip().startswith("_"):
            raise PostilError("a participant's id is a word such as P07")
        rule = replace(self._rule(number, label), role="participant", participant=participant.strip())
        self._with_rule(number, label, rule)

    def same_for_all(self, number: int) -> int:
        """Say the same of all other files with these very labels; roles and names, not participants. How many?"""
        rules = self.entries[number].rules()
        changed = 0
        for other, entry in enumerate(self.entries):
            if other != number and entry.plan is not None and set(entry.plan.cast.names) == set(rules):
                self.change(other, speakers={label: replace(rule, participant="") for label, rule in rules.items()})
                changed += 1
        return changed

    def _rule(self, number: int, label: str) -> SpeakerRule:
        return self.entries[number].rules()[label]

    def _with_rule(self, number: int, label: str, rule: SpeakerRule) -> None:
        self.change(number, speakers={**self.entries[number].rules(), label: rule})

    # --- names ---------------------------------------------------------------------------------------------------

    @property
    def _mapping(self) -> Path:
        """Where names and pseudonyms are kept: in the person's own folder, never in the study."""
        return check_place(default_map(self.study.settings.id or self.study.root.resolve().name), self.study.root)

    def _use_names(self) -> None:
        rules = self.rules()
        self.names = Names(rules.values()) if rules else None

    def rules(self) -> dict[str, PseudonymRule]:
        """What is replaced: by decisions made here, else by those of the mapping that were not taken out."""
        kept = {rule.name: rule for rule in self._kept or () if rule.name not in self.dropped}
        return {**kept, **{rule.name: rule for rule in self.chosen.values()}}

    def offers(self) -> dict[str, NameSeen]:
        """The names seen in all files, with a pseudonym on offer for each that nothing else has."""
        return {seen.text: seen for seen in together((entry.names for entry in self.entries), self.names)}

    def give_pseudonym(self, name: str, pseudonym: str = "") -> str:
        """Replace a name, by what is on offer or by what the person says; says by what."""
        offer = self.offers().get(name)
        kind = offer.kind if offer else ""
        rule = PseudonymRule(
            " ".join(name.split()), pseudonym.strip() or (offer.pseudonym if offer else "[name]"), kind
        )
        Names([rule])  # refuses what cannot stand for a name
        self.chosen[name] = rule
        self.dropped.discard(name)
        self._use_names()
        return rule.pseudonym

    def keep_name(self, name: str) -> None:
        """Leave a name as it is, after all."""
        self.chosen.pop(name, None)
        if any(rule.name == name for rule in self._kept or ()):
            self.dropped.add(name)
        self._use_names()

    # --- leaving aside ---------------------------------------------------------------------------------------------

    def take_all(self) -> bool:
        """Take in all files that can be read, or none if all were: says which."""
        readable = [entry for entry in self.entries if entry.plan is not None]
        taken = not all(entry.taken for entry in readable)
        for entry in readable:
            entry.taken = taken
        return taken

    def dismiss(self, entries: Sequence[FileEntry]) -> int:
        """Take files that cannot be read off the list; how many?"""
        gone = [entry for entry in entries if entry.plan is None]
        self.entries = [entry for entry in self.entries if not any(entry is one for one in gone)]
        return len(gone)

    # --- taking in -----------------------------------------------------------------------------------------------

    @property
    def going_in(self) -> list[FilePlan]:
        """The files to take in."""
        return [entry.plan for entry in self.entries if entry.goes_in and entry.plan is not None]

    def take_in(self, progress: Progress | None = None) -> int:
        """Write the files; those that fail stay on the bench with their reason. How many went in?"""
        for number, entry in enumerate(self.entries):
            if entry.goes_in:
                self.refresh(number)
        written, failures = self._written(progress)
        reasons = {failure.source: _without_name(failure) for failure in failures}
        done = {file.source for file in written}
        self.offering = [file for file in written if "comments" in file.offer]
        kept = [entry for entry in self.entries if entry.source not in done]
        self.entries = [FileEntry(e.source, reason=reasons[e.source]) if e.source in reasons else e for e in kept]
        return len(written)

    def take_comments(self) -> str:
        """Take the comments of the files that went in last as codings; says what became of them."""
        from postil_formats.codings.offer import take_comments

        files, self.offering = self.offering, []
        return take_comments(self.study, files, self.names).told()

    def _written(self, progress: Progress | None) -> tuple[list[FilePlan], list[Failure]]:
        """Write the files that go in; names that were chosen are kept with them, or not at all."""
        plan = ImportPlan(tuple(self.going_in))
        if not (self.chosen or self.dropped) or not plan.files:
            return apply_import(self.study.root, plan, progress)
        from postil_formats.texts.decided import Decided, import_with_names

        sources = {file.source for file in plan.files}
        options = {e.source: replace(e.options, names=None) for e in self.entries if e.source in sources}
        made = [self._planned(source, options[source]).plan for source in options]
        plain = ImportPlan(tuple(file for file in made if file is not None))
        decided = Decided(self._mapping, tuple(self.chosen.values()), frozenset(self.dropped))
        return import_with_names(self.study.root, plan, plain, decided, progress)


def _seen(file: FilePlan) -> tuple[NameSeen, ...]:
    """The names to decide on: those the mapping replaces, and the others that were seen."""
    return (*file.replaced, *file.names)


def _first_roles(recognised: Recognised) -> Mapping[str, SpeakerRule]:
    """Who says most is taken for the participant, who asks most for the interviewer, until the person says."""
    labels = recognised.labels
    most = max(labels, key=lambda label: labels[label].words)
    rest = [label for label in labels if label != most]
    asking = max(rest, key=lambda label: labels[label].questions, default="")
    asks = bool(rest) and labels[asking].questions > 0

    def role(label: str) -> Role:
        return "participant" if label == most else "interviewer" if asks and label == asking else "other"

    return {label: SpeakerRule(role=role(label)) for label in labels}


def _without_name(failure: Failure) -> str:
    """The reason as it is said where the file's name stands beside it, with keys for options."""
    reason = failure.reason.removeprefix(failure.source.name).lstrip(": ")
    for option, key in (
        ("say --id to give it another id", "t gives it another id"),
        ("say its encoding with --encoding", "e says its encoding"),
        ("Say its encoding with --encoding", "e says its encoding"),
        ("--speaker-key", "key s:"),
        ("--text", "key c:"),
    ):
        reason = reason.replace(option, key)
    return reason
