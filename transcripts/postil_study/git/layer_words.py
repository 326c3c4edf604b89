"""What one coder did in one transcript between two versions of a layer, in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import msgspec

from postil_study.layers.values import Deleted, State, changes_between
from postil_study.text.values import CodeUse, Layer, Relation, Segment


@dataclass(frozen=True, slots=True)
class WordedChange:
    """One difference. ``who`` and ``transcript`` are filled for codings."""

    path: str
    kind: str  # coded, recoded, removed, related, done, text, code, settings, file
    said: str
    who: str = ""
    transcript: str = ""

    def __str__(self) -> str:
        """Say it in one line."""
        return f"{self.who} in {self.transcript}: {self.said}" if self.who else self.said


def layer_changes(before: Layer, after: Layer, path: str) -> Iterator[WordedChange]:
    """Record by record; those that only moved along with their text are counted together."""
    who, transcript = after.header.coder, after.header.transcript
    moved = 0
    for id_, (old, new) in changes_between(before, after).items():
        kind, said = _record(old, new, before, after)
        moved += kind == "moved"
        if said:
            yield WordedChange(path, kind, f"{said} ({id_})", who, transcript)
    if moved:
        yield WordedChange(path, "text", f"{moved} codings follow the corrected text", who, transcript)
    if before.header.done != after.header.done:
        said = f"finished on {after.header.done}" if after.header.done else "opened again"
        yield WordedChange(path, "done", said, who, transcript)


def _record(old: State | None, new: State | None, before: Layer, after: Layer) -> tuple[str, str]:
    """Kind and words of what happened to one record; no words for what is no news."""
    was = None if isinstance(old, Deleted) else old
    now = None if isinstance(new, Deleted) else new
    if was is None and now is None:
        return "removed", ""
    if isinstance(was or now, Relation):
        if isinstance(was, Relation) and isinstance(now, Relation) and _only_moved(was, now):
            return "moved", ""
        return "related", _relation(was, now, after if now else before)
    if not isinstance(now, Segment):
        assert isinstance(was, Segment)
        return "removed", f"removed {_codes(was)} from {_quote(was)}"
    if not isinstance(was, Segment):
        return "coded", f"{_codes(now)} on {_quote(now)}{_memo(now)}"
    said = _recoded(was, now)
    return ("recoded", f"{_quote(was)}: {'; '.join(said)}") if said else ("moved", "")


def _recoded(was: Segment, now: Segment) -> list[str]:
    gone = [_use(use) for use in was.uses if use not in now.uses]
    came = [_use(use) for use in now.uses if use not in was.uses]
    said = [f"{', '.join(gone)} became {', '.join(came)}"] if gone and came else []
    said += [f"removed {', '.join(gone)}"] if gone and not came else []
    said += [f"added {', '.join(came)}"] if came and not gone else []
    if was.memo != now.memo:
        said.append(f"memo “{now.memo}”" if now.memo else "memo removed")
    if was.unsure != now.unsure:
        said.append("marked unsure" if now.unsure else "no longer unsure")
    if now.unanchored and not was.unanchored:
        said.append("its words are gone from the text")
    elif was.quote != now.quote:
        said.append(f"now on {_quote(now)}")
    if was.checked != now.checked:
        said.append("looked at again")
    return said


def _relation(was: State | None, now: State | None, layer: Layer) -> str:
    found = now or was
    assert isinstance(found, Relation)
    source, target = (
        code or ", ".join(layer.by_id[id_].code_ids if id_ in layer.by_id else ["?"])
        for id_, code in ((found.source, found.source_code), (found.target, found.target_code))
    )
    guard = f" if “{found.guard}”" if found.guard else ""
    said = f"{source} {found.type} {target}{guard}"
    return said if was is None else f"removed {said}" if now is None else f"changed {said}"


def _only_moved(was: Relation, now: Relation) -> bool:
    """Whether only its cue words stand elsewhere, on a corrected text."""
    return bool(was.cue) == bool(now.cue) and msgspec.structs.replace(was, cue=now.cue, at=now.at) == now


def _use(use: CodeUse) -> str:
    return use.code if use.mode == "affirm" else f"{use.code} ({use.mode})"


def _codes(segment: Segment) -> str:
    return ", ".join(map(_use, segment.uses)) or "no code"


def _quote(segment: Segment, most: int = 60) -> str:
    words = " ".join(segment.quote.split())
    if not words:
        return "the whole transcript" if segment.start is None else f"{segment.start}-{segment.end}"
    return f"“{words if len(words) <= most else words[: most - 1] + '…'}”"


def _memo(segment: Segment) -> str:
    return f", memo “{segment.memo}”" if segment.memo else ""
