"""Names that have a colon in them, as those of firms and accounts do: ``Otis A:B Corp: We asked a colleague.``"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from postil_base.late import LatePattern
from postil_formats.texts.labels.lines import SourceLine
from postil_formats.texts.labels.looks import like_name
from postil_formats.texts.labels.shapes import LabelHit
from postil_formats.texts.labels.times import DIGITS, to_ms

_CLOCKS = [rf"(?:\s*[\[(]\s?(?P<{name}>{DIGITS})\s?[\])])?" for name in ("before", "behind")]
_REST = LatePattern(rf"(?P<label>[^\s:：\[\]<>\d][^:：\[\]<>\t\n]{{0,59}}?){_CLOCKS[0]}\s*:{_CLOCKS[1]}(?=\s|$)")


def with_inner_colons(lines: Sequence[SourceLine], hits: Sequence[LabelHit]) -> list[LabelHit]:
    """Hits whose label goes on behind a colon without a space, up to the next one; it comes back, or has a clock."""
    found: dict[int, LabelHit] = {}
    for hit in hits:
        text = lines[hit.line].text
        match = _REST.match(text, hit.text_start) if text[hit.text_start - 1 : hit.text_start] == ":" else None
        if match is not None and like_name(match["label"]) and like_name(hit.label):
            start = hit.start_ms if hit.start_ms is not None else to_ms(match["before"] or match["behind"])
            found[hit.line] = LabelHit(hit.line, f"{hit.label}:{match['label']}", match.end(), start, hit.end_ms)
    counts = Counter(hit.label for hit in found.values())
    sure = {line: hit for line, hit in found.items() if counts[hit.label] > 1 or hit.start_ms is not None}
    return [sure.get(hit.line, hit) for hit in hits]
