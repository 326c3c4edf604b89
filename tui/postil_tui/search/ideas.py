"""What to ask when nothing is asked yet: the study's named queries, and examples with the codebook's own codes."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from postil_codebook.values import Codebook
from postil_model.search.named import NamedQuery


class Idea(msgspec.Struct, frozen=True):
    """A query one could ask. ``name`` is empty for examples."""

    query: str
    note: str
    name: str = ""


def ideas(saved: Mapping[str, NamedQuery], codebook: Codebook, counts: Mapping[str, int], coder: str) -> list[Idea]:
    """Named queries first, then examples made of the codes that are used most."""
    found = [Idea(query.query, "saved", query.name) for query in saved.values()]
    return [*found, *_examples(codebook, counts, coder)]


def _examples(codebook: Codebook, counts: Mapping[str, int], coder: str) -> list[Idea]:
    codes = [code for code in codebook.codes.values() if code.codable]
    codes.sort(key=lambda code: -counts.get(code.id, 0))
    words = [
        Idea('"because"', "these words, wherever they stand"),
        Idea('"because" NOT interviewer', "not in questions"),
    ]
    words.append(Idea("/not? (good|bad)/", "a regular expression"))
    if len(codes) < 2:
        return words
    one, two = codes[0].id, codes[1].id
    parent = codes[0].parent
    below = [Idea(f"{parent}/*", "any code below another")] if parent else []
    return [
        Idea(f"{one} AND {two}", "words that carry both codes"),
        Idea(f"{one} NEAR/2turns {two}", "at most two turns apart"),
        *words[:2],
        *below,
        Idea(f"{one} mode:deny", "what was denied; also wish, reported, hypothetical"),
        Idea(f"coder:{coder or 'ana'} unsure:yes", "what this coder was not sure of"),
        Idea("memo:unclear", "words in memos on segments"),
        words[2],
    ]
