"""Which words a bullet of a framework matrix stands for, and how sure that is. Precision goes before recall.

The ways, from firm to weak: the very words; words most like it within one turn; the line of an annotation that came
with the transcript, which stands for the annotated words; at last a whole annotation that says the same in other
order. Where several places fit, the annotation with that line decides, then the theme's name, then the cell's other
bullets; where nothing decides, all places are shown and none is taken.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

from postil_formats.codings.matrix.table import MatrixCell, bullets
from postil_formats.codings.matrix.text import Folded, TurnTexts, Window, cover
from postil_study.text.values import Layer, Segment, Transcript

Method = Literal["exact", "fuzzy", "annotation", "fuzzy-weak", "annotation-words", "none"]
Status = Literal["placed", "look", "ambiguous", "none"]

METHODS: dict[Method, str] = {
    "exact": "the very words (3 or more)",
    "fuzzy": "words at least 85 % alike in one turn (4 or more, 70 % of them found)",
    "annotation": "a line of an annotation (85 % alike): the annotated words",
    "fuzzy-weak": "words 75 to 85 % alike in one turn: marked as unsure",
    "annotation-words": "the words of a whole annotation in other order (85 % alike): the annotated words",
    "none": "paraphrase or too short: stays in the chart's cell",
}
FIRM, WEAK = 85.0, 75.0  # how alike, of 100
MOST_WORDS, MANY_WORDS = 0.7, 0.6  # share of the bullet's words that must be found in the turn
HALF = 0.5  # … and in the passage itself
NEAR = 1.0  # scores so close to the best are as good


@dataclass(frozen=True, slots=True, order=True)
class MatrixPlace:
    """A passage of a transcript."""

    transcript: str
    start: int
    end: int

    def holds(self, other: MatrixPlace) -> bool:
        """Whether the other passage lies inside this one."""
        return self.transcript == other.transcript and self.start <= other.start and other.end <= self.end


@dataclass(frozen=True, slots=True)
class Bullet:
    """A bullet and what was found for it. ``places`` are all that fit; a bullet that is placed stands at the first."""

    participant: str
    column: str
    text: str
    method: Method = "none"
    status: Status = "none"
    score: float = 0.0  # 0 to 100; of a bullet without a place the best there was
    places: tuple[MatrixPlace, ...] = ()

    @property
    def place(self) -> MatrixPlace | None:
        """Where the bullet is put; None if nowhere."""
        return self.places[0] if self.status in ("placed", "look") else None


class Annotation:
    """A note that came with a transcript, line by line."""

    def __init__(self, segment: Segment, transcript: str) -> None:
        assert segment.start is not None and segment.end is not None
        self.place = MatrixPlace(transcript, segment.start, segment.end)
        lines = bullets(segment.memo)
        self.lines = [line for line in (Folded(line).text.strip() for line in lines) if line]
        self.whole = Folded(segment.memo)

    def line_like(self, wanted: str) -> float:
        """How like its likest line is."""
        from rapidfuzz import fuzz

        return max((fuzz.ratio(wanted, line) for line in self.lines), default=0.0)

    def words_like(self, bullet: Folded) -> float:
        """How like the whole is when the order of words does not count; 0 when too few of the words are there."""
        from rapidfuzz import fuzz

        score = fuzz.token_set_ratio(bullet.text, self.whole.text)
        return score if score >= FIRM and cover(bullet.words, self.whole.words) >= HALF else 0.0

    def is_headed(self, column: str) -> bool:
        """Whether its first line names the theme."""
        from rapidfuzz import fuzz

        return bool(self.lines) and fuzz.token_set_ratio(self.lines[0], Folded(column).text.strip()) >= FIRM


class Finder:
    """Finds the places of one participant's bullets, in all transcripts in which the participant speaks."""

    def __init__(self, participant: str, transcripts: Iterable[Transcript], sources: Iterable[Layer]) -> None:
        self.participant = participant
        self.texts = [TurnTexts(transcript, participant) for transcript in transcripts]
        self.annotations = list(_annotations(sources))

    def cell(self, cell: MatrixCell) -> list[Bullet]:
        """The bullets of a cell; what is placed decides where those belong that fit in several places."""
        found = [_BulletSearch(self, cell.column, text).found() for text in cell.bullets]
        chosen = Counter(bullet.place for bullet in found)
        return [_with_neighbours(bullet, chosen) for bullet in found]


class _BulletSearch:
    """The search for one bullet."""

    def __init__(self, finder: Finder, column: str, text: str) -> None:
        self.finder, self.column, self.text = finder, column, text
        self.bullet = Folded(text)
        self.best = 0.0  # of what is no match

    def found(self) -> Bullet:
        """The first way that finds a place."""
        ways = (self._exact, self._fuzzy, self._by_line, self._weak, self._by_words)
        made = next((bullet for bullet in (way() for way in ways) if bullet is not None), None)
        return made or Bullet(self.finder.participant, self.column, self.text, score=round(self.best, 1))

    @cached_property
    def _line_scores(self) -> list[tuple[float, Annotation]]:
        wanted = self.bullet.text.strip()
        return [(annotation.line_like(wanted), annotation) for annotation in self.finder.annotations]

    def _exact(self) -> Bullet | None:
        if self.bullet.size < 3:
            return None
        spans = [_place(texts, span) for texts in self.finder.texts for span in texts.exact(self.bullet)]
        return self._made("exact", 100.0, spans) if spans else None

    @cached_property
    def _windows(self) -> list[tuple[MatrixPlace, Window]]:
        if self.bullet.size < 4:
            return []
        found = [(_place(texts, w.span), w) for texts in self.finder.texts for w in texts.windows(self.bullet, WEAK)]
        return sorted(found, key=lambda pair: (-pair[1].score, pair[0]))

    def _fuzzy(self) -> Bullet | None:
        return self._by_windows("fuzzy", FIRM, MOST_WORDS)

    def _weak(self) -> Bullet | None:
        """Something like it, but for words that tell little: at least three of some length must be there."""
        return self._by_windows("fuzzy-weak", WEAK, MANY_WORDS)

    def _by_windows(self, method: Method, least: float, share: float) -> Bullet | None:
        fitting = [
            (place, w) for place, w in self._windows if w.score >= least and w.turn_cover >= share and w.cover >= HALF
        ]
        self.best = max([self.best, *(w.score for _, w in self._windows)])
        if method == "fuzzy-weak":
            fitting = [(place, w) for place, w in fitting if w.cover * len(self.bullet.words) >= 3]
        if not fitting:
            return None
        score = fitting[0][1].score
        return self._made(method, score, [place for place, w in fitting if w.score > score - NEAR])

    def _by_line(self) -> Bullet | None:
        score = max((score for score, _ in self._line_scores), default=0.0)
        self.best = max(self.best, score if self.bullet.size > 1 else 0)
        if score < FIRM or self.bullet.size < 2:
            return None
        fitting = [annotation for s, annotation in self._line_scores if s > score - NEAR]
        return self._made("annotation", score, self._headed(fitting))

    def _by_words(self) -> Bullet | None:
        if self.bullet.size < 3:
            return None
        scores = [(annotation.words_like(self.bullet), annotation) for annotation in self.finder.annotations]
        score = max((score for score, _ in scores), default=0.0)
        fitting = [annotation for s, annotation in scores if s > score - NEAR]
        return self._made("annotation-words", score, self._headed(fitting)) if score else None

    def _headed(self, fitting: Sequence[Annotation]) -> list[MatrixPlace]:
        """The places of annotations; of several that of the one that is headed by the theme's name."""
        headed = [annotation for annotation in fitting if annotation.is_headed(self.column)]
        return [annotation.place for annotation in (headed if len(headed) == 1 else fitting)]

    def _made(self, method: Method, score: float, places: Sequence[MatrixPlace]) -> Bullet:
        unique = tuple(dict.fromkeys(places))
        settled = self._annotated(unique) if len(unique) > 1 and not method.startswith("annotation") else None
        if settled is not None:
            unique = (settled, *(place for place in unique if place != settled))
        doubt: Status = "look" if method == "fuzzy-weak" else "placed"
        status: Status = doubt if len(unique) == 1 or settled is not None else "ambiguous"
        return Bullet(self.finder.participant, self.column, self.text, method, status, round(score, 1), unique)

    def _annotated(self, places: tuple[MatrixPlace, ...]) -> MatrixPlace | None:
        """Of several places the one inside the words of an annotation with that very line."""
        equal = [annotation for score, annotation in self._line_scores if score >= FIRM]
        spans = self._headed(equal)
        inside = [place for place in places if any(span.holds(place) for span in spans)]
        return inside[0] if len(inside) == 1 else None


def _annotations(sources: Iterable[Layer]) -> Iterator[Annotation]:
    for layer in sources:
        for segment in layer.segments:
            if segment.start is not None and segment.memo and not segment.unanchored:
                yield Annotation(segment, layer.header.transcript)


def _place(texts: TurnTexts, span: tuple[int, int]) -> MatrixPlace:
    return MatrixPlace(texts.transcript.id, *span)


def _with_neighbours(bullet: Bullet, chosen: Counter[MatrixPlace | None]) -> Bullet:
    """An annotation that other bullets of the cell name, too, is the one; passages of a turn are not chosen so."""
    if bullet.status != "ambiguous" or not bullet.method.startswith("annotation"):
        return bullet
    counts = sorted(((chosen[place], place) for place in bullet.places), reverse=True)
    if counts[0][0] <= counts[1][0]:
        return bullet
    return replace(bullet, status="placed", places=tuple(place for _, place in counts))
