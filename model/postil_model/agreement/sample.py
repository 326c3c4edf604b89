"""From a study to the spans that agreement is computed on: which layers are rated, which text counts, in which units.

Only *done* layers of kind coder are rated; what is left uncoded in them is "not applied". Anything else is missing.
N is the code points of participants' words; labels, blank lines between turns and other speakers are out, unless all
speakers are asked for. Reliability comes from the frozen copy of a round where there is one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np

from postil_base.plural import subject
from postil_base.problem import PostilError
from postil_codebook.values import Codebook
from postil_model.agreement.measures.ratings import Ints
from postil_model.agreement.measures.resample import Method
from postil_model.agreement.measures.spans import MOST_CODERS, Document, Piece, SpanTable, from_documents
from postil_model.agreement.units import GivenUnit, fitting_units, on_counted
from postil_study.text import units
from postil_study.text.values import AgreementPlan, Layer, Transcript

if TYPE_CHECKING:
    from postil_study.rounds.plan import Round
    from postil_study.study import Study

Unit = Literal["char", "word", "sentence", "turn", "given"]
UNITS: tuple[Unit, ...] = ("char", "word", "sentence", "turn", "given")
RollUp = Literal["codes", "groups", "themes", "categories"]
LIVE = "live, not for reporting"


@dataclass(frozen=True)
class SampleOptions:
    """What is asked for; the defaults are what ``study.yaml`` declares."""

    coders: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    transcripts: tuple[str, ...] = ()
    round: str = ""
    live: bool = False
    speakers: str = ""
    roll_up: RollUp = "codes"
    level: int | None = None
    modes: bool = False
    interval: Method = "jackknife"
    given: Sequence[GivenUnit] = ()


@dataclass(frozen=True)
class Sample:
    """What agreement is computed on, with all that must be said of it."""

    study: Study  # of the frozen copy, where there is one
    plan: AgreementPlan | None
    round: Round | None
    speakers: str
    labels: Mapping[str, str]  # code → label
    transcripts: tuple[Transcript, ...]
    whole: SpanTable  # on the whole texts
    whole_transcript: Ints  # [transcript, code, coder] codings of whole transcripts
    given: Mapping[str, Sequence[Piece]]
    notes: tuple[str, ...]
    interval: Method = "jackknife"
    root: Path = Path()  # of the study itself, where ``study`` is a frozen copy in it

    @property
    def source(self) -> str:
        """Where the layers come from, for every output."""
        if self.round is None:
            return LIVE
        purpose = f"{self.round.purpose} " if self.round.purpose else ""
        return f"{purpose}round {self.round.id}, frozen {self.round.frozen[:10] or 'copy'}"

    @cached_property
    def counted(self) -> list[list[Piece]]:
        """The text that counts, per transcript: the words of each turn."""
        return [turn_pieces(transcript, self.speakers) for transcript in self.transcripts]

    @cached_property
    def characters(self) -> SpanTable:
        """The spans on the text that counts."""
        return self.whole.on_text(self.counted)

    def on(self, unit: Unit) -> SpanTable:
        """The spans on units: positions count characters, words, sentences, turns or the units given."""
        if unit == "given":  # a unit that crosses into other speakers' words is coded on those that count
            return self.characters.on_units(on_counted(self.units(unit), self.counted))
        return self.characters if unit == "char" else self.whole.on_units(self.units(unit))

    def units(self, unit: Unit) -> list[list[Piece]]:
        """The units of each transcript, all inside the text that counts (but for those given)."""
        if unit == "turn" or unit == "char":
            return self.counted
        if unit == "given":
            return [list(self.given.get(transcript.id, ())) for transcript in self.transcripts]
        cut = units.words if unit == "word" else units.sentences
        return [
            [piece for start, end in pieces for piece in cut(transcript.text, start, end)]
            for transcript, pieces in zip(self.transcripts, self.counted, strict=True)
        ]


def turn_pieces(transcript: Transcript, speakers: str) -> list[Piece]:
    """The words of the turns that count; all of a text that has no turns."""
    if not transcript.turns:
        return [(0, len(transcript.text))] if transcript.text else []
    turns = [turn for turn in transcript.turns if turn.start < turn.end]
    if speakers != "all":
        turns = [turn for turn in turns if transcript.speaker(turn).role == "participant"]
    return [(turn.start, turn.end) for turn in turns]


def study_sample(study: Study, options: SampleOptions | None = None) -> Sample:
    """Gather what agreement is computed on. Raises PostilError with what is missing if there is nothing to compare."""
    options = options or SampleOptions()
    rated, chosen = rated_study(study, options)
    plan = chosen.declared if chosen and chosen.declared else rated.settings.agreement
    layers = _layers(rated, options, chosen)
    rating = {layer.header.coder for layer in layers}
    coders = tuple(coder for coder in rated.coders if coder in rating)
    if len(coders) < 2:
        raise PostilError(_too_few(rated, coders))
    if len(coders) > MOST_CODERS:
        raise PostilError(
            f"{subject(len(coders), 'coder', 'has')} finished layers; up to {MOST_CODERS} are compared at once. "
            "Choose some of them with --coders A,B,C."
        )
    notes: list[str] = []
    transcripts = _transcripts(rated, layers, coders, notes)
    if not transcripts:
        raise PostilError(
            f"no transcript is finished by two coders: {coders[0]} and {coders[1]} finished others each. "
            "A coder marks a transcript as finished with: postil done TRANSCRIPT --coder NAME"
        )
    gathered = _Gathered(transcripts, coders, layers, options.modes, notes)
    codes = _codes(rated.codebook, gathered.used, options)
    whole = from_documents(gathered.documents, coders, codes)
    whole_transcript = gathered.whole_transcript(codes)
    groups = _groups(rated, codes, options)
    if groups is not None:
        whole_transcript = np.stack(
            [whole_transcript[:, np.isin(codes, tuple(members))].sum(axis=1) for members in groups.values()], axis=1
        )
        whole = whole.regrouped(groups)
    speakers = options.speakers or (plan.speakers if plan else "participant")
    labels = {code: _label(rated, code) for code in whole.codes}
    notes += [*_notes(rated, transcripts, speakers, options), *_notes_on_copy(study, rated, chosen)]
    counted = {transcript.id: turn_pieces(transcript, speakers) for transcript in transcripts}
    given = fitting_units(options.given, rated.transcripts, counted, notes)
    shape = (transcripts, whole, whole_transcript, given)
    return Sample(rated, plan, chosen, speakers, labels, *shape, tuple(notes), options.interval, study.root)


def rated_study(study: Study, options: SampleOptions) -> tuple[Study, Round | None]:
    """The frozen copy of the round meant (or of the last frozen one) and its plan; the live study without one."""
    if options.live:
        return study, None
    chosen = _round(study, options.round)
    if chosen is None:
        return study, None
    from postil_study.rounds.frozen import open_copy

    return open_copy(study.root, chosen.id), chosen


def _round(study: Study, name: str) -> Round | None:
    """The round asked for, or the last reliability round that is frozen."""
    if name:
        if name not in study.rounds:
            known = ", ".join(study.rounds) or "none yet"
            raise PostilError(f"there is no round {name!r}; there are: {known}.")
        if not study.rounds[name].is_frozen:
            raise PostilError(f"round {name} is not frozen yet: postil round freeze {name}, or look at it with --live.")
        return study.rounds[name]
    frozen = [plan for plan in study.rounds.values() if plan.is_frozen and plan.purpose == "reliability"]
    return max(frozen, key=lambda plan: (plan.frozen, plan.id), default=None)


def _layers(study: Study, options: SampleOptions, chosen: Round | None) -> list[Layer]:
    """The done coder layers that are asked for."""
    for name in options.transcripts:
        if name not in study.transcripts:
            raise PostilError(f"there is no transcript {name!r}; there are: {', '.join(study.transcripts)}.")
    for name in options.coders:
        if name not in study.coders:
            raise PostilError(f"there is no coder {name!r}; there are: {', '.join(study.coders) or 'none yet'}.")
    wanted = frozenset(options.transcripts or (chosen.transcripts if chosen else ()) or study.transcripts)
    return [
        layer
        for layer in study.layers("coder")
        if layer.header.done
        and layer.header.transcript in wanted
        and layer.header.transcript in study.transcripts
        and (not options.coders or layer.header.coder in options.coders)
    ]


def _transcripts(
    study: Study, layers: Sequence[Layer], coders: Sequence[str], notes: list[str]
) -> tuple[Transcript, ...]:
    """Transcripts with a finished layer. Of two coders only those that both finished: the others are no reliability
    data. Of more coders all: Gwet's forms for missing ratings take the expected agreement from all of them."""
    times = Counter(layer.header.transcript for layer in layers)
    alone = [name for name in study.transcripts if times[name] == 1]
    if len(coders) == 2 and alone:
        notes.append(f"finished by one coder alone, so not compared: {', '.join(alone)}")
        times.subtract(alone)
    elif alone:
        notes.append(
            f"finished by one coder alone, so only in the expected part of Fleiss, Conger, AC1: {', '.join(alone)}"
        )
    chosen = [name for name in study.transcripts if times[name]]
    finished = {(layer.header.coder, layer.header.transcript) for layer in layers}
    lacking = {coder: [n for n in chosen if times[n] > 1 and (coder, n) not in finished] for coder in coders}
    said = [f"{coder} has not finished {', '.join(names)}" for coder, names in lacking.items() if names]
    if said:
        notes.append(f"{'; '.join(said)}: there the others are compared")
    return tuple(study.transcripts[name] for name in chosen)


def _too_few(study: Study, coders: Sequence[str]) -> str:
    opened = [layer for layer in study.layers("coder") if not layer.header.done]
    have = f"only {coders[0]} has finished layers" if coders else "nobody has a finished layer"
    waiting = ", ".join(sorted({f"{layer.header.coder}/{layer.header.transcript}" for layer in opened})[:5])
    hint = f" Opened but not done: {waiting}." if waiting else ""
    return (
        f"agreement needs finished layers of two coders, and {have}.{hint} "
        "A coder marks a transcript as finished with: postil done TRANSCRIPT --coder NAME"
    )


class _Gathered:
    """Spans of the layers by transcript and coder, and what cannot be used."""

    def __init__(
        self,
        transcripts: Sequence[Transcript],
        coders: Sequence[str],
        layers: Iterable[Layer],
        modes: bool,
        notes: list[str],
    ) -> None:
        self.transcripts, self.coders, self.modes = transcripts, coders, modes
        self.by_place = {(layer.header.transcript, layer.header.coder): layer for layer in layers}
        self.used: dict[str, None] = {}
        self.unanchored = 0
        self.whole: list[tuple[int, str, int]] = []
        self.documents = [self._document(number, transcript) for number, transcript in enumerate(transcripts)]
        if self.unanchored:
            notes.append(f"{subject(self.unanchored, 'segment', 'is')} unanchored (their words are gone) and left out")

    def _document(self, number: int, transcript: Transcript) -> Document:
        spans: dict[str, list[tuple[int, int, str]] | None] = {}
        for place, coder in enumerate(self.coders):
            layer = self.by_place.get((transcript.id, coder))
            spans[coder] = None if layer is None else self._spans(layer, len(transcript.text), number, place)
        return Document(transcript.id, len(transcript.text), spans)

    def _spans(self, layer: Layer, length: int, number: int, place: int) -> list[tuple[int, int, str]]:
        found: list[tuple[int, int, str]] = []
        for segment in layer.segments:
            uses = [f"{use.code}:{use.mode}" if self.modes else use.code for use in segment.uses]
            self.used.update(dict.fromkeys(uses))
            if segment.start is None or segment.end is None:
                self.whole.extend((number, code, place) for code in uses)
            elif segment.unanchored or not 0 <= segment.start < segment.end <= length:
                self.unanchored += 1
            else:
                found.extend((segment.start, segment.end, code) for code in uses)
        return found

    def whole_transcript(self, codes: Sequence[str]) -> Ints:
        """[transcript, code, coder] codings of whole transcripts."""
        counts = np.zeros((len(self.transcripts), len(codes), len(self.coders)), dtype=np.int64)
        index = {code: i for i, code in enumerate(codes)}
        for number, code, place in self.whole:
            if code in index:
                counts[number, index[code], place] += 1
        return counts


def _codes(book: Codebook, used: Iterable[str], options: SampleOptions) -> tuple[str, ...]:
    """The codes to report: those a coder can apply, and whatever else occurs; in the order of the codebook."""
    used = list(used)
    if options.modes:
        order = {code: i for i, code in enumerate(book.codes)}
        known = sorted(used, key=lambda code: (order.get(code.split(":")[0], len(order)), code))
    else:
        known = [code.id for code in book.codes.values() if code.codable or code.id in used]
        known += sorted(code for code in used if code not in book.codes)
    wanted = [_resolved(book, name, known) for name in options.codes]
    if not wanted:
        return tuple(known)
    below = {code for name in wanted for code in (book.subtree(name) if name in book.codes else [name])}
    return tuple(code for code in known if code.split(":")[0] in below)


def _resolved(book: Codebook, name: str, known: Sequence[str]) -> str:
    code = book.resolve(name)
    if code is None and name not in known:
        from difflib import get_close_matches

        near = get_close_matches(name, [*book.codes, *known], n=1)
        raise PostilError(f"there is no code {name!r}{f'; did you mean {near[0]}?' if near else '.'}")
    return code or name


def _groups(study: Study, codes: Sequence[str], options: SampleOptions) -> dict[str, list[str]] | None:
    """Which codes count as one; None where each counts for itself."""
    book = study.codebook
    if options.roll_up == "groups":
        groups = {group.id: [code for code in codes if code in group.codes] for group in book.groups.values()}
        return _not_empty(groups, "the codebook has no groups of these codes")
    if options.roll_up == "themes":
        below = {theme.id: {c for name in theme.codes for c in _below(book, name)} for theme in study.themes}
        themes = {theme: [code for code in codes if code in members] for theme, members in below.items()}
        return _not_empty(themes, "the study has no themes of these codes")
    level = 1 if options.roll_up == "categories" else options.level
    if level is None:
        return None
    if level < 1:
        raise PostilError("--level counts from 1, the top of the codebook.")
    rolled: dict[str, list[str]] = {}
    for code in codes:
        plain, _, mode = code.partition(":")
        path = [*reversed(book.ancestors(plain)), plain] if plain in book.codes else [plain]
        top = path[min(level, len(path)) - 1]
        rolled.setdefault(f"{top}:{mode}" if mode else top, []).append(code)
    return rolled


def _below(book: Codebook, name: str) -> Iterable[str]:
    code = book.resolve(name)
    return book.subtree(code) if code is not None else (name,)


def _not_empty(groups: dict[str, list[str]], message: str) -> dict[str, list[str]]:
    filled = {name: members for name, members in groups.items() if members}
    if not filled:
        raise PostilError(f"nothing to roll up: {message}.")
    return filled


def _label(study: Study, code: str) -> str:
    plain, _, mode = code.partition(":")
    book = study.codebook
    named = book.codes.get(plain) or book.groups.get(plain) or next((t for t in study.themes if t.id == plain), None)
    label = named.label if named is not None and named.label else plain
    return f"{label} ({mode})" if mode else label


def _notes(study: Study, transcripts: Sequence[Transcript], speakers: str, options: SampleOptions) -> list[str]:
    notes = []
    bare = [transcript.id for transcript in transcripts if not transcript.turns]
    if bare:
        notes.append(f"all text counts where no turn is known: {', '.join(bare)}")
    silent = [t.id for t in transcripts if t.turns and not turn_pieces(t, speakers)]
    if silent:
        notes.append(f"no participant speaks in {', '.join(silent)}: name the speakers' roles in transcripts.yaml")
    wanted = options.transcripts or tuple(study.transcripts)
    missing = [
        f"{layer.header.coder}/{layer.header.transcript}"
        for layer in study.layers("coder")
        if not layer.header.done and layer.header.transcript in wanted
    ]
    if missing:
        notes.append(f"not done, so missing and not rated: {', '.join(missing)}")
    return notes


def _notes_on_copy(study: Study, rated: Study, chosen: Round | None) -> list[str]:
    """What must be known of the frozen copy: changed since, or declared differently now."""
    if chosen is None:
        return []
    from postil_study.rounds.frozen import check_copy

    notes = [f"the frozen copy is not what was frozen: {problem}" for problem in check_copy(study.root, chosen)]
    now, then = study.settings.agreement, chosen.declared or rated.settings.agreement
    frozen = rated.settings.agreement
    if chosen.declared and (frozen is None or replace(frozen, place=chosen.declared.place) != chosen.declared):
        notes.append(
            "study.yaml declared the agreement differently when the round was frozen; "
            "what the plan of the round declared at its start counts"
        )
    if now is not None and (then is None or replace(now, place=then.place) != then):
        notes.append("study.yaml declares the agreement differently now; what was declared for the round counts")
    return notes
