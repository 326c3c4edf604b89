"""Words of people who must not be quoted, where somebody copied them: into memos, summaries, definitions, examples.

A run of six of their words, in their order, is theirs; it becomes the remark that they are withheld. Shorter phrases
are anybody's.

>>> told = FreeWords(["I looked at the downloads, and nothing else, that day."])
>>> told.text("She says: looked at the downloads and nothing else. Interesting.")
'She says: [words withheld: no consent to be quoted]. Interesting.'
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence, Set
from pathlib import Path
from weakref import WeakKeyDictionary

import msgspec

from postil_base.plural import counted
from postil_base.problem import Remark
from postil_codebook.values import Codebook, Finding, Theme
from postil_study.privacy.consent.purposes import WITHHELD, not_quoted
from postil_study.study import Study

Cell = str | int | float | None
RUN = 6
_WORD = re.compile("[\u2e80-\u9fff\uac00-\ud7af]|[^\\W_\u2e80-\u9fff\uac00-\ud7af]+")
_FREE = ("memo", "summary", "text", "title", "definition", "include", "exclude", "examples", "description")
_KNOWN: WeakKeyDictionary[Study, tuple[tuple[str, ...], Set[str]]] = WeakKeyDictionary()  # the last asked for


class FreeWords:
    """All runs of the words of some passages, or ``runs`` that are known already."""

    def __init__(self, passages: Iterable[str] = (), runs: Set[str] | None = None) -> None:
        self._runs = runs_of(passages) if runs is None else runs
        self.found = 0  # how often something was withheld

    def __bool__(self) -> bool:
        """Whether there is anything to withhold."""
        return bool(self._runs)

    def text(self, text: str) -> str:
        """A text without the runs."""
        if not self._runs or not text:
            return text
        spans: list[tuple[int, int]] = []
        for run, (start, end) in _runs(text):
            if run in self._runs:
                if spans and start <= spans[-1][1]:
                    spans[-1] = (spans[-1][0], end)
                else:
                    spans.append((start, end))
        for start, end in reversed(spans):
            text = f"{text[:start]}{WITHHELD}{text[end:]}"
        self.found += len(spans)
        return text

    def remarks(self) -> Iterator[Remark]:
        """What to say of it."""
        if self.found:
            message = f"words of people who must not be quoted stood there; withheld in {counted(self.found, 'place')}"
            yield Remark("memos, summaries, descriptions", message)

    def rows(self, headers: Sequence[str], rows: Iterable[tuple[Cell, ...]]) -> Iterable[tuple[Cell, ...]]:
        """Rows of a table whose columns of free text hold none."""
        free = [number for number, header in enumerate(headers) if header in _FREE]
        return (self._row(row, free) for row in rows) if self._runs else rows

    def _row(self, row: Collection[Cell], free: Collection[int]) -> tuple[Cell, ...]:
        return tuple(self.text(cell) if n in free and isinstance(cell, str) else cell for n, cell in enumerate(row))

    def theme(self, theme: Theme) -> Theme:
        """A theme whose words hold none."""
        text = self.text
        return msgspec.structs.replace(
            theme, label=text(theme.label), definition=text(theme.definition), memo=text(theme.memo)
        )

    def finding(self, finding: Finding) -> Finding:
        """A finding whose words hold none."""
        text = self.text
        return msgspec.structs.replace(
            finding,
            statement=text(finding.statement),
            note=text(finding.note),
            conflict=text(finding.conflict),
            reading=text(finding.reading),
            source=text(finding.source),
        )

    def codebook(self, book: Codebook) -> Codebook:
        """A codebook whose definitions and examples hold none."""
        text, changed = self.text, msgspec.structs.replace
        codes = {
            id_: changed(
                code,
                definition=text(code.definition),
                include=text(code.include),
                exclude=text(code.exclude),
                examples=tuple(text(example) for example in code.examples),
                memo=text(code.memo),
            )
            for id_, code in book.codes.items()
        }
        return changed(book, codes=codes)


def free_words(study: Study, refused: Collection[str]) -> FreeWords:
    """The words of some participants of a study. Asked again for the same words, their runs are not made anew."""
    passages = passages_of(study, refused)
    known = _KNOWN.get(study)
    if known is None or known[0] != passages:
        known = _KNOWN[study] = (passages, runs_of(passages))
    return FreeWords(runs=known[1])


def runs_of(passages: Iterable[str]) -> Set[str]:
    """All runs of words of some passages, without capitals."""
    return {run for passage in passages for run, _ in _runs(passage)}


def told_findings(study: Study, findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Findings as they may be written out."""
    return tuple(map(free_words(study, not_quoted(study)).finding, findings))


def told_themes(study: Study) -> tuple[Theme, ...]:
    """The themes of a study as they may be written out."""
    return tuple(map(free_words(study, not_quoted(study)).theme, study.themes))


def passages_of(study: Study, people: Collection[str]) -> tuple[str, ...]:
    """Everything some participants said; where nobody knows who speaks in a transcript, all of it may be theirs."""
    anybody = bool(people) or bool(study.settings.people_unread)
    unknown = [text for text in study.transcripts.values() if anybody and not text.info.speakers]
    said = (
        transcript.text[turn.start : turn.end]
        for transcript in study.transcripts.values()
        if people and not set(people).isdisjoint(transcript.participants)
        for turn in transcript.turns
        if transcript.speaker(turn).participant in people
    )
    return (*(transcript.text for transcript in unknown), *said)


def _runs(text: str) -> Iterator[tuple[str, tuple[int, int]]]:
    """Every six words in a row, and where they stand."""
    words = [(match[0].casefold(), match.start(), match.end()) for match in _WORD.finditer(text)]
    for number in range(len(words) - RUN + 1):
        run = words[number : number + RUN]
        yield " ".join(word for word, _, _ in run), (run[0][1], run[-1][2])


def words_left(study: Study, participant: str, new: Mapping[str, bytes | None]) -> list[str]:
    """Where words of a participant would still stand in a study once some files are ``new`` (None: gone): path:line.

    Words that others said as well, the interviewer among them, tell nothing.
    """
    from postil_study.privacy.left import all_files

    theirs: set[str] = set()
    others: set[str] = set()
    for transcript in study.transcripts.values():
        for turn in transcript.turns:
            said = {run for run, _ in _runs(transcript.text[turn.start : turn.end])}
            (theirs if transcript.speaker(turn).participant == participant else others).update(said)
    theirs -= others
    return [place for path in all_files(study.root) for place in _places(study.root, path, new, theirs)]


def _places(root: Path, path: str, new: Mapping[str, bytes | None], theirs: Collection[str]) -> Iterator[str]:
    from postil_study.privacy.left import packed_texts

    data = (new[path] if path in new else (root / path).read_bytes()) or b""
    text = data.decode("utf-8", "replace")
    lines = dict.fromkeys(text.count("\n", 0, start) + 1 for run, (start, _) in _runs(text) if run in theirs)
    yield from (f"{path}:{line}" for line in lines)
    for part, words in packed_texts(path, data):
        if any(run in theirs for run, _ in _runs(words)):
            yield f"{path}:{part}"
