"""What the views show, as values: progress, codes by transcript, new codes with every transcript."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import msgspec

from postil_study.study import Study
from postil_study.text.values import Layer
from postil_tui.shell.transcript_figures import coded_share


class Progress(msgspec.Struct, frozen=True):
    """How far one coder is with one transcript."""

    share: float
    segments: int
    done: str


class Overview(msgspec.Struct, frozen=True):
    """Everything the plain views need. ``counted`` names, per transcript, whose coding is counted ("" for none)."""

    transcripts: tuple[str, ...]
    coders: tuple[str, ...]
    progress: Mapping[tuple[str, str], Progress]
    counted: Mapping[str, str]
    counts: Mapping[str, Counter[str]]  # per transcript
    rounds: tuple[str, ...] = ()  # blind rounds on account of which something is hidden


def overview(study: Study, coder: str, hidden: Mapping[tuple[str, str], str]) -> Overview:
    """Read what the views show. The coding of record is counted, else this coder's own."""
    progress: dict[tuple[str, str], Progress] = {}
    counted: dict[str, str] = {}
    counts: dict[str, Counter[str]] = {}
    for transcript_id, transcript in study.transcripts.items():
        for layer in study.coder_layers(transcript_id):
            who = layer.header.coder
            if (who, transcript_id) not in hidden:
                share = coded_share(transcript, layer.segments)
                progress[who, transcript_id] = Progress(share, len(layer.segments), layer.header.done)
        layer_of_record = _counted(study, transcript_id, coder, hidden)
        counted[transcript_id] = layer_of_record.header.coder if layer_of_record else ""
        counts[transcript_id] = Counter(
            code for segment in (layer_of_record.segments if layer_of_record else ()) for code in segment.code_ids
        )
    coders = tuple(dict.fromkeys([*study.settings.coders, *(who for who, _ in progress)]))
    return Overview(tuple(study.transcripts), coders, progress, counted, counts, tuple(sorted(set(hidden.values()))))


def _counted(study: Study, transcript_id: str, coder: str, hidden: Mapping[tuple[str, str], str]) -> Layer | None:
    record = study.record_layer(transcript_id)
    if record is not None and (record.header.coder, transcript_id) not in hidden:
        return record
    return study.layer(coder, transcript_id)


def new_codes(data: Overview) -> list[tuple[str, int, int]]:
    """Transcript by transcript in their order: how many codes were new in it, and how many there are by then."""
    seen: set[str] = set()
    found = []
    for transcript_id in data.transcripts:
        codes = {code for code, count in data.counts[transcript_id].items() if count}
        found.append((transcript_id, len(codes - seen), len(codes | seen)))
        seen |= codes
    return found
