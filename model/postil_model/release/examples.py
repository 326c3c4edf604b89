"""Examples in a codebook that are the words of somebody who did not agree to see them there."""

from __future__ import annotations

from collections.abc import Iterator

from postil_base.yaml.edit import delete_entry
from postil_base.yaml.places import YamlMap, YamlNode, YamlSeq, load_map
from postil_formats.codings.matrix.text import Folded, TurnTexts
from postil_model.release.terms import Terms
from postil_study.study import Study

SHORT = 3  # words; fewer say nothing of who said them
Where = tuple[str | int, ...]


def without_examples(text: str, path: str, study: Study, terms: Terms) -> tuple[str, list[str]]:
    """The codebook without examples that somebody said who must not be quoted; and what went."""
    hidden = [
        TurnTexts(transcript, person)
        for transcript in study.transcripts.values()
        for person in transcript.participants
        if not terms.quotes(person)
    ]
    gone = [where for where, example in _examples(load_map(text, path)[0], ()) if _is_theirs(example, hidden)]
    for where in reversed(gone):  # from the last to the first, so that places before them hold
        text = delete_entry(text, list(where), path=path)
    return text, [
        f"an example of {where[-3]} was left out: it is the words of somebody not to be quoted" for where in gone
    ]


def _is_theirs(example: str, hidden: list[TurnTexts]) -> bool:
    folded = Folded(example)
    return folded.size >= SHORT and any(texts.exact(folded) for texts in hidden)


def _examples(node: YamlNode | None, where: Where) -> Iterator[tuple[Where, str]]:
    """The items of every list of examples, with where they stand."""
    if isinstance(node, YamlMap):
        for key, value in node:
            if key.text == "examples" and isinstance(value, YamlSeq):
                for number, item in enumerate(value):
                    yield (*where, key.text, number), getattr(item, "text", "")
            else:
                yield from _examples(value, (*where, key.text))
