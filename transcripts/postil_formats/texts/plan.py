"""Planning an import: what will be written, worked out and shown before the first byte is.

`plan_import` reads files and writes nothing; `import_writing.apply` writes a plan, one transaction a file.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from postil_base.clock import Clock, system_clock, utc_now
from postil_base.files.text import sha256_bytes, sha256_text
from postil_base.patterns import compile_pattern
from postil_base.problem import PostilError
from postil_formats.texts.containers import parsed_once
from postil_formats.texts.dates import dates_offered
from postil_formats.texts.labels.finding import like_role
from postil_formats.texts.mapping import FileWishes, check_all_there, wishes_for
from postil_formats.texts.notes import note_layers
from postil_formats.texts.readers import FORMATS, ReadOptions, Recognised, read_source
from postil_formats.texts.roles import NOBODY, Cast, SpeakerRule, cast
from postil_formats.texts.second_reading import Differences, compare
from postil_formats.texts.sources import find_sources, read_file
from postil_study.files.manifest import is_transcript_id, suggest_transcript_id
from postil_study.files.texts import make_transcript
from postil_study.privacy.pseudonyms.found import NameSeen, names_seen
from postil_study.study import Study
from postil_study.text.turns import format_transcript
from postil_study.text.values import Layer, Transcript, TranscriptInfo

if TYPE_CHECKING:
    from postil_study.privacy.pseudonyms.matching import Names

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """What the person said beforehand."""

    id: str = ""
    id_from: tuple[str, str] | None = None  # regular expression on the file's name, template
    participant: str = ""
    speakers: Mapping[str, SpeakerRule] = field(default_factory=dict)
    date: str = ""
    encoding: str = ""
    names: Names | None = None  # with their pseudonyms, replaced before anything is stored
    files: Mapping[str, FileWishes] = field(default_factory=dict)  # what holds for one file alone
    text: str = ""  # the column or key of the words
    speaker_key: str = ""  # the column or key of the speaker
    strict: bool = False  # what the second reading finds is an error
    labels: tuple[str, ...] = ()  # labels to look for: those of ``speakers``, as the files have them

    def of(self, source: Path) -> ImportOptions:
        """What holds for a file."""
        said = wishes_for(self.files, source)
        if said is None:
            return self
        speakers = {self.names.text(label) if self.names else label: rule for label, rule in said.speakers.items()}
        return replace(
            self,
            id=said.id or self.id,
            participant=said.participant or self.participant,
            date=said.date or self.date,
            speakers={**self.speakers, **speakers},
            labels=(*self.labels, *said.speakers),
        )


@dataclass(frozen=True)
class FilePlan:
    """One file as it will be stored."""

    source: Path
    recognised: Recognised
    cast: Cast
    transcript: Transcript
    layers: tuple[Layer, ...]
    new_participants: tuple[str, ...]
    names: tuple[NameSeen, ...]
    differences: Differences = field(default_factory=Differences)
    replaced: tuple[NameSeen, ...] = ()  # names that pseudonyms stand for in this plan

    @property
    def id(self) -> str:
        """The transcript's id."""
        return self.transcript.id

    @property
    def info(self) -> TranscriptInfo:
        """The entry in the manifest."""
        return self.transcript.info

    @property
    def offer(self) -> str:
        """What else the file holds that can be taken in: comments that look like codes."""
        from postil_formats.codings.sources.comments import offer

        return offer(self.recognised, self.source.name)

    @property
    def dates(self) -> tuple[str, ...]:
        """Dates that the file's name and the lines around the talk hold, the likeliest first; none once one is said."""
        read = self.recognised
        sections = (section.title for section in read.sections)
        lines = (*read.header, *sections, *read.footer, *(item.text for item in read.taken if "page" in item.kind))
        return () if self.info.date else dates_offered(self.source.name, lines)

    @property
    def warnings(self) -> tuple[str, ...]:
        """What the person should look at."""
        return (*self.differences.all, *self.recognised.warnings, *self.cast.warnings)


@dataclass(frozen=True, slots=True)
class Failure:
    """A file that cannot be imported, and why."""

    source: Path
    reason: str


@dataclass(frozen=True)
class ImportPlan:
    """All files of one import."""

    files: tuple[FilePlan, ...]
    failures: tuple[Failure, ...] = ()
    skipped: tuple[Path, ...] = ()  # found in a folder, but no transcripts


def plan_import(
    study: Study,
    paths: Iterable[Path],
    options: ImportOptions | None = None,
    clock: Clock = system_clock,
    progress: Progress | None = None,
) -> ImportPlan:
    """Read files and work out what will be written. What is wrong with one file does not stop the others."""
    options = _with_labels_renamed(options or ImportOptions())
    sources, skipped = find_sources(paths, study.root)
    _check_options(options, sources)
    check_all_there(options.files, sources)
    planner = _ImportPlanner(study, options, clock)
    plans: list[FilePlan] = []
    failures: list[Failure] = []
    for number, source in enumerate(sources, 1):
        try:
            plans.append(planner.plan(source))
        except PostilError as error:
            failures.append(Failure(source, str(error)))
        if progress is not None:
            progress(number, len(sources), source.name)
    _check_labels_known(options, plans, failures)
    return ImportPlan(tuple(plans), tuple(failures), tuple(skipped))


def _with_labels_renamed(options: ImportOptions) -> ImportOptions:
    """What was said about labels holds for them under their pseudonyms."""
    options = replace(options, labels=(*options.labels, *options.speakers))
    if options.names is None:
        return options
    return replace(options, speakers={options.names.text(label): rule for label, rule in options.speakers.items()})


def _check_options(options: ImportOptions, sources: Sequence[Path]) -> None:
    if not sources:
        raise PostilError(f"there is nothing to import; known formats are {', '.join(FORMATS)}.")
    if options.id and len(sources) > 1:
        raise PostilError("--id names one transcript, but several files were given. Use --id-from for several.")
    dates = [options.date, *(said.date for said in options.files.values())]
    wrong = next((date for date in dates if date and not re.fullmatch(r"\d{4}(-\d\d(-\d\d)?)?", date)), "")
    if wrong:
        raise PostilError(f"{wrong!r} is no date; write it as 2026-11-02.")
    if options.id_from is not None:
        try:
            compile_pattern(options.id_from[0], flags=0)
        except PostilError as error:
            raise PostilError(f"--id-from: {error}") from None


def _check_labels_known(options: ImportOptions, plans: Sequence[FilePlan], failures: Sequence[Failure]) -> None:
    """A label that no file has is a slip of the pen, and silence about it would leave a wrong role."""
    seen = {label for plan in plans for label in plan.recognised.labels}
    missing = [label for label in options.speakers if label not in seen]
    if missing and plans and not failures:
        known = ", ".join(repr(label) for label in sorted(seen))
        raise PostilError(f"--speaker: no file has the label {missing[0]!r}. Labels are {known}.")


class _ImportPlanner:
    """Plans files one after the other, so that two files of one run cannot take the same id."""

    def __init__(self, study: Study, options: ImportOptions, clock: Clock) -> None:
        self.study, self.all, self.options, self.clock = study, options, options, clock
        infos = study.infos.values()
        self.by_source = {info.source_sha256: info.id for info in infos if info.source_sha256}
        self.by_text = {info.text_sha256: info.id for info in infos if info.text_sha256}
        self.ids = {id_.casefold(): id_ for id_ in (*study.infos, *study.transcripts)}
        self.participants = set(study.settings.participants)
        self.record_ids: set[str] = set()

    def plan(self, source: Path) -> FilePlan:
        """Plan one file."""
        self.options = self.all.of(source)
        data = read_file(source)
        digest = sha256_bytes(data)
        if digest in self.by_source:
            raise PostilError(f"{source.name} was imported before, as {self.by_source[digest]}. Nothing was changed.")
        id_ = self._id(source)
        said = ReadOptions(self.options.encoding, self.options.text, self.options.speaker_key, self.options.labels)
        replaced: tuple[NameSeen, ...] = ()
        with parsed_once():
            recognised = read_source(data, source.name, said)
            differences = compare(data, source.name, recognised, said)
        if self.options.strict and differences.all:
            raise PostilError(f"{source.name}: {'; '.join(differences.all)}. Nothing was changed (--strict).")
        if self.options.names is not None:
            from postil_formats.texts.pseudonyms import names_replaced, with_pseudonyms

            replaced = names_replaced(recognised, self.options.names)
            recognised = with_pseudonyms(recognised, self.options.names)
            rename = self.options.names.text
            differences = Differences(*(tuple(map(rename, sentences)) for sentences in differences))
        self._check_labels(recognised)
        made = self._transcript(source, digest, id_, recognised)
        self._refuse_twice(source, made[1])
        return replace(self._accept(source, digest, recognised, *made), differences=differences, replaced=replaced)

    def _check_labels(self, recognised: Recognised) -> None:
        """What is said of one file has to be about its own labels."""
        own = [label for label in self.options.speakers if label not in self.all.speakers]
        strange = next((label for label in own if label not in recognised.labels), None)
        if strange is not None:
            known = ", ".join(repr(label) for label in recognised.labels)
            raise PostilError(f"the mapping names the speaker {strange!r}; labels of the file are {known}.")

    def _id(self, source: Path) -> str:
        wanted = self.options.id or self._without_names(self._from_name(source))
        if not is_transcript_id(wanted):
            hint = suggest_transcript_id(wanted)
            raise PostilError(f"{wanted!r} cannot name a transcript; say --id{f' {hint}' if hint else ''}.")
        taken = self.ids.get(wanted.casefold())
        if taken is not None:
            raise PostilError(
                f"there is a transcript {taken} already, and {source.name} is another file. "
                "Nothing was changed; say --id to give it another id."
            )
        return wanted

    def _without_names(self, name: str) -> str:
        return self.options.names.slug(name) if self.options.names is not None else name

    def _from_name(self, source: Path) -> str:
        if self.options.id_from is None:
            return suggest_transcript_id(source.stem).rstrip("-._")
        pattern, template = self.options.id_from
        match = compile_pattern(pattern, seconds=2.0, flags=0).search(source.name)
        if match is None:
            raise PostilError(f"--id-from: {pattern!r} is not found in {source.name!r}.")
        return fill(template, match.groups(default="") or (match[0],))

    def _transcript(self, source: Path, digest: str, id_: str, recognised: Recognised) -> tuple[Cast, Transcript]:
        participant = self.options.participant or id_
        sure = bool(self.options.participant)
        roles = cast(recognised, self.options.speakers, participant, self.participants, sure)
        turns = [turn._replace(label=roles.names[turn.label]) for turn in recognised.turns]
        text = format_transcript(turns)
        language = recognised.details.get("language")
        info = TranscriptInfo(
            id_,
            roles.speakers,
            date=self.options.date,
            lang=language if isinstance(language, str) else "",
            source=self._without_names(source.name),
            source_sha256=digest,
            text_sha256=sha256_text(text),
            imported=utc_now(self.clock),
        )
        return roles, make_transcript(text, info)

    def _refuse_twice(self, source: Path, transcript: Transcript) -> None:
        other = self.by_text.get(transcript.text_sha256)
        if other is not None:
            raise PostilError(f"{source.name} holds the very words of {other}, word for word. Nothing was changed.")

    def _accept(
        self, source: Path, digest: str, recognised: Recognised, roles: Cast, transcript: Transcript
    ) -> FilePlan:
        self.by_source[digest] = self.by_text[transcript.text_sha256] = transcript.id
        self.ids[transcript.id.casefold()] = transcript.id
        new = [name for name in transcript.participants if name not in self.participants]
        self.participants.update(new)
        layers = note_layers(recognised, transcript, self.record_ids)
        named = [label for label in recognised.labels if label and not like_role(label) and label.lower() not in NOBODY]
        stand_in = {rule.pseudonym for rule in self.options.names.rules} if self.options.names else set()
        names = tuple(seen for seen in names_seen(recognised.turns, named) if seen.text not in stand_in)
        return FilePlan(source, recognised, roles, transcript, layers, tuple(new), names)


def fill(template: str, groups: Sequence[str]) -> str:
    """Put groups into ``{}`` one after the other, or into ``{1}`` by number.

    >>> fill("P{}", ["07"]), fill("{2}-{1}", ["a", "b"])
    ('P07', 'b-a')
    """
    left = iter(groups)

    def part(match: re.Match[str]) -> str:
        if not match[1]:
            return next(left, "")
        number = int(match[1])
        return groups[number - 1] if 1 <= number <= len(groups) else ""

    return re.sub(r"\{(\d{0,3})\}", part, template)
