"""Names found by a language model on this machine: an optional extra, beside what capitals and patterns show.

spaCy is asked for when it is wanted, the model must be there already (a package, or a folder): nothing is ever fetched.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from postil_base.problem import PostilError
from postil_study.privacy.pseudonyms.found import NameSeen

KINDS: Mapping[str, str] = {
    "PERSON": "name",
    "PER": "name",
    "ORG": "organisation",
    "GPE": "place",
    "LOC": "place",
    "FAC": "place",
    "NORP": "organisation",
}
_HOW = "Install it with: pip install 'postil[ner]'. Nothing is fetched by Postil itself."
PIECE = 90_000  # characters; spaCy refuses texts of over a million

Recogniser = Callable[[str], Iterable[tuple[str, str]]]  # words and label of each name in a text


def recogniser(model: str) -> Recogniser:
    """The names a spaCy model finds; ``model`` is an installed package (``en_core_web_sm``) or a folder."""
    try:
        import spacy
    except ImportError as error:
        raise PostilError(f"--ner needs spaCy, which is not installed. {_HOW}") from error
    try:
        pipeline: Any = spacy.load(model)
    except (OSError, ValueError) as error:
        raise PostilError(
            f"there is no spaCy model {model!r} on this machine. Install one for the language of the interviews "
            "(python -m spacy download en_core_web_sm, or a folder with one), then name it with --ner."
        ) from error
    return lambda text: [(entity.text, entity.label_) for entity in pipeline(text).ents]


def names_recognised(texts: Iterable[str], recognise: Recogniser) -> tuple[NameSeen, ...]:
    """Persons, organisations and places, most frequent first within their kind; a text of one kind is named once.

    >>> names_recognised(["we met at acme"], lambda text: [("acme", "ORG"), ("two", "CARDINAL")])
    (NameSeen(text='acme', kind='organisation', count=1, pseudonym='[organisation 1]'),)
    """
    counts: dict[str, Counter[str]] = {}
    for text in texts:
        for piece in _pieces(text):
            for words, label in recognise(piece):
                name = " ".join(words.split())
                if label in KINDS and len(name) > 1:
                    counts.setdefault(name, Counter())[KINDS[label]] += 1
    found = [(kinds.most_common(1)[0][0], name, kinds.total()) for name, kinds in counts.items()]
    made: list[NameSeen] = []
    for kind, name, count in sorted(found, key=lambda one: (one[0], -one[2], one[1])):
        number = sum(seen.kind == kind for seen in made) + 1
        made.append(NameSeen(name, kind, count, f"[{kind} {number}]"))
    return tuple(made)


def _pieces(text: str) -> Iterable[str]:
    """A text in pieces that end with a line."""
    start = 0
    while start < len(text):
        end = min(start + PIECE, len(text))
        if end < len(text):
            end = text.rfind("\n", start, end) + 1 or end
        yield text[start:end]
        start = end
