"""What two people want differently: listed with both versions, and settled as somebody decides."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import msgspec

from postil_base.clock import Clock, system_clock, utc_now
from postil_base.files.atomic import write_bytes
from postil_base.files.text import decode, read_bytes, sha256_bytes
from postil_base.problem import PostilError
from postil_base.yaml.edit import delete_entry, set_value
from postil_base.yaml.merge import keys_of
from postil_study.files.codings import layer_path
from postil_study.git.conflicts import OpenConflict, read_conflicts, write_conflicts
from postil_study.git.deleted_codes import Carried, carried_codes, settle_carried
from postil_study.git.lost import LostCodings, bring_back, give_up, lost_codings, words
from postil_study.git.relations import Hanging, hanging_relations, settle_relation
from postil_study.git.repo import Repo
from postil_study.git.sides import from_markers, has_markers
from postil_study.layers.record_merge import VERSION_OF, version_of
from postil_study.layers.store import LayerStore
from postil_study.layers.values import Deleted, Record, State, records, with_states
from postil_study.study import Study, open_study
from postil_study.text.values import Layer, Segment

Choice = Literal["mine", "theirs", "both"]


@dataclass(frozen=True)
class ConflictDecision:
    """One thing to decide; ``name`` is how a person names it."""

    name: str
    path: str
    said: str
    versions: tuple[Record, Record] | None = None  # of a record
    entry: OpenConflict | None = None  # of a YAML file
    carried: Carried | None = None  # a deleted code that codings carry
    lost: LostCodings | None = None  # what merges lost
    hanging: Hanging | None = None  # a relation without its code


def decisions(study: Study) -> Iterator[ConflictDecision]:
    """Everything that waits for a decision."""
    for layer in (*study.layers(), *study.layers("guide")):
        yield from _in_layer(layer)
    for entry in read_conflicts(study.root):
        yield ConflictDecision(f"{entry.path}:{'/'.join(entry.where)}", entry.path, entry.said, entry=entry)
    for carried in carried_codes(study):
        yield ConflictDecision(carried.code, study.codebook.path, carried.said, carried=carried)
    for hanging in hanging_relations(study):
        yield ConflictDecision(hanging.relation.id, hanging.path, hanging.said, hanging=hanging)
    for lost in lost_codings(study):
        said = f"{lost.said}; theirs brings back, mine gives up ({'; '.join(words(lost))})"
        yield ConflictDecision(lost.path, lost.path, said, lost=lost)
    for file in sorted((study.root / "transcripts").glob("*.txt")):
        if has_markers(file.read_bytes()):
            path = file.relative_to(study.root).as_posix()
            yield ConflictDecision(path, path, "both sides corrected the same words of the text")


def _in_layer(layer: Layer) -> Iterator[ConflictDecision]:
    """A record of two versions is named by its id; of three, each beside the first by an id of its own."""
    by_id = {record.id: record for record in records(layer)}
    seconds = [record for record in by_id.values() if version_of(record) in by_id]
    many = Counter(map(version_of, seconds))
    for second in seconds:
        first = by_id[version_of(second)]
        path = layer_path(layer.header.coder, layer.header.transcript)
        name = first.id if many[first.id] == 1 else second.id
        yield ConflictDecision(name, path, difference(first, second), versions=(first, second))


def difference(first: Record, second: Record) -> str:
    """In what two versions of a record differ, in words."""
    names = [name for name in first.__struct_fields__ if name not in ("id", "at", "checked", "extra")]
    if type(first) is not type(second):
        return f"{first.id} is a segment in one version and a relation in the other"
    pairs = [(name, getattr(first, name), getattr(second, name)) for name in names]
    said = [f"{name}: mine {_words(a)}, theirs {_words(b)}" for name, a, b in pairs if a != b]
    quote = f" on “{first.quote[:50]}”" if isinstance(first, Segment) and first.quote else ""
    return f"{first.id}{quote}: {'; '.join(said) or 'both versions say the same'}"


def _words(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(str(getattr(item, "code", item)) for item in value) or "nothing"
    return f"“{value}”" if isinstance(value, str) else str(value)


def settle(root: Path, names: Sequence[str], choice: Choice, clock: Clock = system_clock) -> list[str]:
    """Decide: mine, theirs or (for records) both; no names means everything that is open. Says what was done."""
    study = open_study(root)
    found = list(decisions(study))
    wanted = [decision for decision in found if not names or decision.name in names]
    for name in names:
        if name not in {decision.name for decision in found}:
            raise PostilError(f"there is nothing to decide named {name!r}; `postil merge` lists what there is.")
    for decision in wanted:
        if decision.versions is not None:
            _settle_record(study, decision, choice, clock)
        elif decision.entry is not None:
            _settle_entry(root, decision.entry, choice)
        elif decision.carried is not None:
            settle_carried(study, decision.carried, _stays(decision, choice), clock)
        elif decision.hanging is not None:
            settle_relation(study, decision.hanging, _stays(decision, choice), clock)
        elif decision.lost is not None:
            give_up(root, decision.lost, clock) if choice == "mine" else bring_back(root, decision.lost)
        else:
            _settle_text(root, decision.path, choice)
    return [f"{decision.name}: {choice}" for decision in wanted]


def _settle_record(study: Study, decision: ConflictDecision, choice: Choice, clock: Clock) -> None:
    assert decision.versions is not None
    first, second = decision.versions
    coder, transcript = decision.path.split("/")[1], Path(decision.path).stem
    store = LayerStore(study.root, study.codebook, clock)
    layer = store.read(coder, transcript)
    if layer is None:
        raise PostilError(f"{decision.path} is not there any more.")
    now = utc_now(clock)
    plain = {key: value for key, value in second.extra.items() if key != VERSION_OF}
    changes: dict[str, State | None] = {second.id: Deleted(second.id, now)}
    if choice == "theirs":
        changes[first.id] = msgspec.structs.replace(second, id=first.id, extra=plain, at=now)
    elif choice == "both":
        changes[second.id] = msgspec.structs.replace(second, extra=plain, at=now)
    store.save(layer, with_states(layer, changes))


def _stays(decision: ConflictDecision, choice: Choice) -> bool:
    if choice == "both":
        raise PostilError(f"{decision.name}: take mine or theirs; both cannot be had here.")
    return choice == "theirs"


def _settle_entry(root: Path, entry: OpenConflict, choice: Choice) -> None:
    if choice == "both":
        raise PostilError(f"{entry.path}:{'/'.join(entry.where)}: take mine or theirs; an entry has one value.")
    if choice == "theirs":
        _take_theirs(root, entry)
    write_conflicts(root, [other for other in read_conflicts(root) if other != entry])


def _take_theirs(root: Path, entry: OpenConflict) -> None:
    if isinstance(entry.theirs, str) and len(entry.where) == 2 and entry.where[0] == "codes":
        raise PostilError(
            f"{entry.where[1]}: theirs was to {entry.theirs}. Do that with postil codebook, which carries it through "
            "all layers, then settle this with --take mine."
        )
    data = read_bytes(root / entry.path)
    text = decode(data, entry.path)
    keys = keys_of(text, entry.path, entry.where)
    new = (
        delete_entry(text, keys, path=entry.path)
        if entry.theirs is None
        else set_value(text, keys, entry.theirs, path=entry.path)
    )
    write_bytes(root / entry.path, new.encode("utf-8"), expect=sha256_bytes(data), root=root)


def _settle_text(root: Path, path: str, choice: Choice) -> None:
    data = read_bytes(root / path)
    if choice == "both":
        raise PostilError(f"{path}: take mine or theirs, or correct the text in an editor.")
    sides = from_markers(data)
    new = sides.mine if choice == "mine" else sides.theirs
    write_bytes(root / path, new, expect=sha256_bytes(data), root=root)


def mark_settled(root: Path) -> list[str]:
    """Tell git of the files in conflict that are settled now; returns their paths."""
    repo = Repo(root)
    if not repo.is_there:
        return []
    open_paths = {decision.path for decision in decisions(open_study(root))}
    settled = [path for path in repo.unmerged() if path not in open_paths and not _has_markers(root / path)]
    if settled:
        repo.run("add", "--", *settled)
    return settled


def _has_markers(file: Path) -> bool:
    return file.is_file() and has_markers(file.read_bytes())
