"""Finding out how a text marks its speakers. Never the first ``word:`` counts, but what recurs.

Every layout is tried on every line; a label counts when it comes back, or when it stands in the body in the same
place as those that come back and looks like a name. The layout that labels most lines wins.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from postil_formats.texts.labels.colons import with_inner_colons
from postil_formats.texts.labels.corners import closing_brackets
from postil_formats.texts.labels.lines import SourceLine
from postil_formats.texts.labels.looks import (
    is_date,
    is_device,
    like_name,
    like_role,
    names_somebody,
    no_label,
    only_a_name,
)
from postil_formats.texts.labels.places import placed
from postil_formats.texts.labels.shapes import BARE, FALLBACKS, REACH, SHAPES, LabelHit, hits_of, plain_label
from postil_formats.texts.labels.stacks import clock_line, names_below_times, names_beside_clocks
from postil_formats.texts.labels.times import mostly_rising, run_on, to_ms
from postil_formats.texts.labels.told import with_slips, with_told
from postil_formats.texts.labels.wordings import without_wording
from postil_study.text.vocabulary import HEADER_KEYS, NO_LABELS, ROLES, SOUNDS

# Above this line programs for meetings put a summary, whose items have colons, too.
_TITLE = re.compile(
    r"\W*(?:full |verbatim )?(?:transcript|transcription|transkript|transkription|transcripción|transcrição|"
    r"trascrizione|文字起こし)\W*",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Labelling:
    """How the lines are labelled; no hits when no layout was recognised."""

    shape: str
    hits: tuple[LabelHit, ...] = ()
    own_line: bool = False
    doubtful: tuple[str, ...] = ()  # labels that occur once
    words: tuple[str, ...] = ()  # words with a colon that could have been labels, and were left where they stand
    closing: Mapping[int, int] = field(default_factory=dict)  # by line, where a bracket closes that a label opened


def find_labels(lines: Sequence[SourceLine], told: Sequence[str] = ()) -> Labelling:
    """The layout that labels most lines; ``told`` are labels that the person says the text has."""
    found = _found(lines)
    if found.shape == "colon":
        found = replace(found, hits=tuple(with_slips(lines, found.hits)))
    hits = with_told(lines, found.hits, told)
    if len(hits) == len(found.hits):
        return found
    return replace(found, shape=found.shape if found.hits else "told", hits=tuple(hits))


def _found(lines: Sequence[SourceLine]) -> Labelling:
    timed = names_below_times(lines)
    if timed:
        return Labelling("time above name", tuple(timed), True)
    header = _header_block(lines)
    found = [_labelling(shape, lines, header) for shape in SHAPES]
    found += [Labelling(shape, tuple(hits), True) for shape, hits in names_beside_clocks(lines)]
    best = max(found, key=lambda labelling: len(labelling.hits))
    return best if best.hits else _fallback(lines)


def _fallback(lines: Sequence[SourceLine]) -> Labelling:
    """A layout without colons or times: several labels that come back, and most of the text below them."""
    filled = sum(1 for line in lines if line.text.strip())
    bold = [LabelHit(n, plain_label(line.text[: line.strong]), line.strong) for n, line in enumerate(lines)]
    labelling = _recurring("bold", lines, [hit for hit in bold if hit.text_start and hit.label], 0.25 * filled)
    for shape, pattern in FALLBACKS.items() if not labelling.hits else ():
        matches = [(n, match) for n, line in enumerate(lines) if (match := pattern.match(line.text[:REACH]))]
        hits = _unnumbered([_fallback_hit(n, match) for n, match in matches])
        alone = shape == "name" or (shape == "round" and _own_lines(lines, hits))
        labelling = _recurring(shape, lines, hits, (0.25 if alone else 0.5) * filled, alone=alone)
        if shape == "corner" and labelling.hits:
            labelling = replace(labelling, closing=closing_brackets(lines, labelling.hits))
            labelling = labelling if labelling.closing else Labelling("none")
        if labelling.hits:
            break
    return labelling


def _fallback_hit(number: int, match: re.Match[str]) -> LabelHit:
    clock = to_ms(match.groupdict().get("clock"))
    return LabelHit(number, plain_label(match["label"]), match.end(), clock)


def _own_lines(lines: Sequence[SourceLine], hits: Sequence[LabelHit]) -> bool:
    return bool(hits) and all(not lines[hit.line].text[hit.text_start :].strip() for hit in hits)


def _recurring(
    shape: str, lines: Sequence[SourceLine], hits: Sequence[LabelHit], least: float, *, alone: bool = False
) -> Labelling:
    counts = Counter(hit.label for hit in hits if like_name(hit.label) and not no_label(hit.label))
    if shape == "round":
        counts = Counter({label: n for label, n in counts.items() if not SOUNDS.intersection(label.lower().split())})
        named = {label: n for label, n in counts.items() if not label.islower() or like_role(label)}
        counts = Counter(named) if len(named) > 1 else counts  # beside names, "(really)" is a remark
    known = {label for label, count in counts.items() if count > 1 or like_role(label) or shape == "bold"}
    if shape == "round" and alone:  # a full name alone in brackets is no remark
        known |= {label for label in counts if " " in label and label[0].isupper()}
    once = {label for label in counts if label not in known and _single(label, None, strong=False)}
    if len(once) <= len(known) and (shape in _CERTAIN or _throughout(shape, lines, hits, known)):
        known |= once
    kept = tuple(hit for hit in hits if hit.label in known)
    if shape == "clock" and not run_on([hit.start_ms for hit in kept]):
        return Labelling("none")
    if len(kept) < least or not _speakers(known, counts, kept, alone=alone):
        return Labelling("none")
    own_line = alone or (shape == "bold" and _own_lines(lines, kept))
    doubtful = tuple(hit.label for hit in kept if counts[hit.label] == 1)
    if alone:  # a short line in the middle of a turn is no name
        once &= {hit.label for hit in hits if _heads_words(lines, hit.line)}
    return Labelling(shape, kept, own_line, doubtful, tuple(once - known))


def _throughout(shape: str, lines: Sequence[SourceLine], hits: Sequence[LabelHit], known: set[str]) -> bool:
    """Whether nearly every line has the shape, or the names are headings and nothing else is one."""
    if shape == "name":
        return all(lines[hit.line].heading for hit in hits if hit.label in known)
    return len(hits) >= _NEARLY_ALL * sum(1 for line in lines if line.text.strip())


def _heads_words(lines: Sequence[SourceLine], number: int) -> bool:
    """Whether a line begins a paragraph that goes on below it, as one does that holds a name alone."""
    text, below = lines[number].text.strip(), lines[number + 1 : number + 2]
    return (
        not lines[number].glued
        and text[-1:].isalnum()
        and bool(below)
        and below[0].glued
        and bool(below[0].text.strip())
    )


def _speakers(known: set[str], counts: Counter[str], hits: Sequence[LabelHit], *, alone: bool) -> bool:
    """Two speakers or more who take turns; names on lines of their own never follow each other directly."""
    recurring = [label for label in known if counts[label] > 1]
    if len(known) < 2 or not recurring or len(hits) < 3 or len(known) > 8:
        return False
    apart = all(b.line - a.line > 1 for a, b in pairwise(hits))
    capitals = all(like_role(label) or not label[0].islower() or is_device(label) or "@" in label for label in known)
    capital = all(label.isupper() and len(label) > 2 for label in known)
    names = capital or any(like_role(label) or " " in label for label in known)  # else short answers would pass
    return not alone or (apart and capitals and names)


def _unnumbered(hits: list[LabelHit]) -> list[LabelHit]:
    """Questions and answers that are counted (``Q1.``, ``A1.``, ``Q2.``) have one label each, without the number."""
    counted = [(hit, stem) for hit in hits if (stem := hit.label.rstrip("0123456789 ")) != hit.label]
    pairs = [(hit, stem, int(hit.label[len(stem) :])) for hit, stem in counted if stem.lower() in _COUNTED]
    rises = all(a <= b for (*_, a), (*_, b) in pairwise(pairs))
    once = max(Counter(hit.label for hit, *_ in pairs).values(), default=0) == 1
    if len(pairs) < 3 or not rises or not once:
        return hits
    stems = {hit.line: stem for hit, stem, _ in pairs}
    return [hit._replace(label=stems.get(hit.line, hit.label)) for hit in hits]


# Signs that stand nowhere in running text: who has one once is somebody.
_CERTAIN = frozenset({"clock, name", "name, clock", "tab", "angle", "arrow", "corner", "pipe"})
_NEARLY_ALL = 0.8
_PAIRED = frozenset({"question", "answer", "frage", "antwort"})  # alone among other labels they are words
_COUNTED = frozenset({"q", "a", "f", "r", "question", "answer", "frage", "antwort", "pregunta", "respuesta"})


def _labelling(shape: str, lines: Sequence[SourceLine], header: int) -> Labelling:
    """How a shape labels the lines from the end of the header block on."""
    hits = [hit for hit in hits_of(shape, lines) if hit.line >= header]
    if shape == "colon":
        hits = without_wording(lines, with_inner_colons(lines, hits))
        hits, words = placed(lines, _with_bare_clocks(lines, _unnumbered(hits)))
        own = _flush(lines, [hit for hit in hits if not lines[hit.line].text[hit.text_start :].strip()])
        labelling = _accepted(shape, lines, own, own_line=True)
        inline = _accepted(shape, lines, hits, own_line=False)
        best = labelling if len(labelling.hits) >= 0.8 * len(inline.hits) and labelling.hits else inline
        return replace(best, words=(*words, *best.words))
    hits = [hit for hit in hits if not hit.label.endswith((".", "?", "!", "…", ",")) or like_role(hit.label)]
    hits = [hit for hit in hits if clock_line(lines[hit.line].text) is None]  # "1 Stunde 0 Minuten 5 Sekunden"
    return _running(_accepted(shape, lines, hits, own_line=shape in ("time after name", "time before name")))


def _running(labelling: Labelling) -> Labelling:
    """Labels whose clocks do not run on are words about a time of the day."""
    times = [hit.start_ms for hit in labelling.hits if hit.start_ms is not None]
    stands_still = len(times) > 2 and len(set(times)) == 1
    return labelling if mostly_rising(times) and not stands_still else Labelling(labelling.shape)


def _with_bare_clocks(lines: Sequence[SourceLine], hits: list[LabelHit]) -> list[LabelHit]:
    """A clock without brackets behind nearly every label belongs to it, not to the words."""
    found = {hit.line: match for hit in hits if (match := BARE.match(lines[hit.line].text, hit.text_start))}
    times = [to_ms(match["start"]) for match in found.values()]
    if len(found) < 3 or len(found) < 0.8 * len(hits) or not run_on(times):
        return hits
    return [
        hit._replace(text_start=found[hit.line].end(), start_ms=to_ms(found[hit.line]["start"]))
        if hit.line in found and hit.start_ms is None
        else hit
        for hit in hits
    ]


def _flush(lines: Sequence[SourceLine], hits: list[LabelHit]) -> list[LabelHit]:
    """Labels that are flush left, if any is: an indented line is a paragraph of the turn, whatever it says."""
    flush = [hit for hit in hits if not lines[hit.line].text[0].isspace() or lines[hit.line].clock[0] is not None]
    return flush or hits


def _header_block(lines: Sequence[SourceLine]) -> int:
    """The line after an opening block of ``Date: …`` lines, which would pass for labels."""
    end = 0
    while end < len(lines) and lines[end].text.strip():
        end += 1
    texts = [line.text.strip()[:REACH] for line in lines[:end]]
    found = [(match["label"].strip().lower(), text) for text in texts if (match := SHAPES["colon"].match(text))]
    keys = [key for key, _ in found]
    if end == len(lines) or not keys or len(keys) < end - 1 or len(set(keys)) != len(keys):
        return 0
    about = any(key.split()[0] in HEADER_KEYS - ROLES for key in keys)
    values = [_value(text) for _, text in found]
    people = len(keys) > 1 and all(key in ROLES for key in keys) and all(map(only_a_name, values))
    people = people and any(map(names_somebody, values))
    return end if about or people else 0


def _value(text: str) -> str:
    return text.partition(":")[2].strip()


def _accepted(shape: str, lines: Sequence[SourceLine], hits: list[LabelHit], *, own_line: bool) -> Labelling:
    counts = Counter(hit.label for hit in hits)
    everywhere = _everywhere(lines, hits, counts)
    body = [hit for hit in hits if _recurs(hit.label, counts, len(hits), everywhere=everywhere)]
    if not body:
        body = _few_turns(lines, hits, counts)
    if not body:
        return Labelling(shape)
    known = {hit.label for hit in body}
    first = body[0].line
    begun = max((n for n in range(first) if _TITLE.fullmatch(lines[n].text)), default=0)
    timed = all(hit.start_ms is not None for hit in body)
    small = all(label.islower() for label in known)  # then a small letter tells nothing
    early = [hit for hit in hits if hit.line < first]
    aside = 2 * sum(lines[hit.line].wrapped or lines[hit.line].quoted for hit in body) > len(body)

    def accepted(hit: LabelHit) -> bool:
        if hit.line < begun:
            return False
        if hit.label in known:
            return True
        alone = all(other is hit for other in early)
        placed = hit.line > first or hit.start_ms is not None or _opens(lines, hit, own_line=own_line, alone=alone)
        sure = own_line or small or (timed and hit.start_ms is not None)
        single = hit.label.lower() in _PAIRED and not any(label.lower() in _PAIRED for label in known)
        line = None if aside else lines[hit.line]
        return placed and not single and _single(hit.label, line, strong=sure)

    kept = tuple(_without_heading_name(lines, [hit for hit in hits if accepted(hit)]))
    doubtful = tuple(hit.label for hit in kept if counts[hit.label] == 1)
    taken = set(kept)
    left = (hit.label for hit in hits if small and hit not in taken and hit.line > first)
    words = tuple(label for label in left if like_name(label.title()) and not no_label(label))
    return Labelling(shape, kept, own_line, doubtful, words)


def _without_heading_name(lines: Sequence[SourceLine], hits: Sequence[LabelHit]) -> Sequence[LabelHit]:
    """Hits without a first one that says who somebody is (``Interviewer: Dana Smith``), above that one's first turn."""
    head = len(hits) > 2 and hits[0].label == hits[1].label and hits[0].start_ms is None
    return hits[1:] if head and only_a_name(lines[hits[0].line].text[hits[0].text_start :]) else hits


def _everywhere(lines: Sequence[SourceLine], hits: Sequence[LabelHit], counts: Counter[str]) -> bool:
    """Whether nearly every paragraph starts with one of a few labels: then a label may look like anything."""
    again = [hit for hit in hits if counts[hit.label] > 1 and not no_label(hit.label)]
    if len(again) < 4 or len({hit.label for hit in again}) > len(again) / 2:
        return False
    filled = [line for line in lines if line.text.strip() and not line.heading]
    starts = [line for line in filled if not (line.glued or line.wrapped)]
    return len(again) >= 0.75 * len(filled) or len(again) >= 0.75 * max(len(starts), len(filled) / 4)


def _recurs(label: str, counts: Counter[str], total: int, *, everywhere: bool) -> bool:
    if counts[label] < 2 or no_label(label):
        return False
    often = counts[label] >= 3 and counts[label] >= 0.2 * total and len(label.split()) <= 3
    return everywhere or like_name(label) or often


def _opens(lines: Sequence[SourceLine], hit: LabelHit, *, own_line: bool, alone: bool) -> bool:
    """Whether a label above the first that recurs opens the talk: a question to tell a story is asked once.

    A line of a header says who somebody is (``Interviewer: Dana Smith``), or what the text is about; what opens the
    talk is a role that says something, or a name that says a sentence (if it is ``alone``, a few words).
    """
    said = lines[hit.line].text[hit.text_start :].strip()
    if hit.label.split()[0].lower() in HEADER_KEYS - ROLES or lines[hit.line].heading:
        return False
    if own_line and not said:
        return True
    if like_role(hit.label):
        return bool(said) and not names_somebody(said)
    words = len(said.split())
    return said.endswith((".", "?", "!", "…", "。", "？", "！")) or words >= 6 or (alone and words > 1 and _talks(said))


def _talks(said: str) -> bool:
    """Whether a few words are no name or title, whose words are all capitalised, and no figure."""
    return not names_somebody(said) and said[0].isalpha() and any(word[0].islower() for word in said.split()[1:])


def _few_turns(lines: Sequence[SourceLine], hits: list[LabelHit], counts: Counter[str]) -> list[LabelHit]:
    """A text of one or two turns, where nothing recurs: its first line has to start with a label."""
    names = [hit for hit in hits if like_name(hit.label) and hit.label.lower() not in (HEADER_KEYS - ROLES) | NO_LABELS]
    top = next((number for number, line in enumerate(lines) if line.text.strip() and not line.heading), -1)
    if not names or names[0].line != top:
        return []
    return names if len(counts) > 1 or like_role(names[0].label) else []


def _single(label: str, line: SourceLine | None, *, strong: bool) -> bool:
    """Whether a label that occurs once in the body is one; ``line`` is its line, if that may tell."""
    if no_label(label) or is_date(label) or not like_name(label):
        return False
    if len(label.split()) > (4 if strong else 3) and not any(sign in label for sign in "|(/@,"):
        return False
    lower = label.islower() and not any(character.isdigit() for character in label)
    inside = line is not None and (line.wrapped or line.quoted)
    return strong or like_role(label) or not (lower or inside)


__all__ = ["LabelHit", "Labelling", "find_labels", "like_name", "like_role"]
