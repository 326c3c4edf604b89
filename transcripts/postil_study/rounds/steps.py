"""The steps of a coding round: planned and started, frozen into a copy that counts, revealed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from postil_base.clock import Clock, system_clock, utc_now
from postil_base.files.atomic import ABSENT, write_text
from postil_base.files.journal import Progress, write_many
from postil_base.files.lock import study_lock
from postil_base.files.text import sha256_bytes, sha256_text
from postil_base.ids import is_name
from postil_base.problem import PostilError
from postil_base.yaml.edit import set_value
from postil_base.yaml.fields import nearest
from postil_base.yaml.write import Value, render_entry
from postil_study.files.file_cache import read_study_text
from postil_study.rounds.agreement_plan import plan_entries
from postil_study.rounds.frozen import copy_folder, files_to_freeze, format_sums, read_sums
from postil_study.rounds.plan import PURPOSES, SUMS_FILE, Round, load_round, round_path
from postil_study.study import Study, open_study

Assignments = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class FreezePlan:
    """What freezing a round would do. Nothing is written before `apply`."""

    root: Path
    round: Round
    files: Mapping[str, bytes] = field(repr=False)  # of the copy, by path within it
    missing: tuple[tuple[str, str], ...] = ()  # coder and transcript without a finished layer: missing, not empty
    changes: Mapping[str, str | bytes] = field(repr=False, default_factory=dict)
    expect: Mapping[str, str] = field(repr=False, default_factory=dict)

    def apply(self, progress: Progress | None = None) -> None:
        """Write copy, checksums and the round's new state, all of it or nothing."""
        write_many(self.root, self.changes, self.expect, progress)


def start_round(
    root: Path,
    round_id: str,
    purpose: str,
    assignments: Assignments,
    *,
    sampling: str = "",
    seed: int | None = None,
    blind: bool = False,
    clock: Clock = system_clock,
) -> Round:
    """Write the plan of a new round and start it."""
    study = open_study(root)
    if not is_name(round_id.lower()):
        raise PostilError(f"{round_id!r} cannot name a round; use letters, digits, `.` and `-`, such as R1.")
    if purpose not in PURPOSES:
        raise PostilError(f"a round's purpose is one of {', '.join(PURPOSES)}, not {purpose!r}.")
    _check_assignments(study, assignments)
    guide = {study.infos[t].guide_version for ids in assignments.values() for t in ids if t in study.infos}
    entries: dict[str, Value] = {
        "purpose": purpose,
        "codebook": study.codebook.version,
        "guide": ", ".join(sorted(filter(None, guide))),
        "sampling": sampling if seed is None else {"rule": sampling, "seed": seed},
        "blind": blind,
        "state": "started",
        "started": utc_now(clock),
        "declared": plan_entries(declared) if (declared := study.settings.agreement) else "",
        "assignments": {coder: list(ids) for coder, ids in assignments.items()},
    }
    text = "".join(
        f"{render_entry(key, value, 0).rstrip()}\n" for key, value in entries.items() if value not in ("", False)
    )
    path = round_path(round_id)
    write_text(root / path, text, expect=ABSENT, root=root)
    return load_round(text, path)[0]


def assign(root: Path, round_id: str, coder: str, transcripts: Sequence[str]) -> Round:
    """Give a coder transcripts in a round that is not frozen yet, beside those the coder has."""
    study = open_study(root)
    plan = _round(study, round_id)
    if plan.is_frozen:
        raise PostilError(f"round {round_id} is {plan.state}; start another round for more transcripts.")
    _check_assignments(study, {coder: transcripts})
    wanted = {name: list(ids) for name, ids in plan.assignments.items()}
    wanted[coder] = list(dict.fromkeys([*wanted.get(coder, ()), *transcripts]))
    return _edit(
        root, round_id, {f"assignments/{coder}": wanted[coder]} if plan.assignments else {"assignments": wanted}
    )


def take_off(root: Path, round_id: str, coder: str, transcript: str) -> Round:
    """Take a transcript from a coder in a round that is not frozen yet; what was coded in it stays."""
    plan = _round(open_study(root), round_id)
    if plan.is_frozen:
        raise PostilError(f"round {round_id} is {plan.state}; who coded what in it does not change any more.")
    left = [name for name in plan.assignments.get(coder, ()) if name != transcript]
    return _edit(root, round_id, {f"assignments/{coder}": left})


def plan_freeze(root: Path, round_id: str, clock: Clock = system_clock) -> FreezePlan:
    """Plan the copy of codebook, texts and layers under ``rounds/<round>/``."""
    study = open_study(root)
    plan = _round(study, round_id)
    if plan.is_frozen or (root / copy_folder(round_id)).exists():
        raise PostilError(f"round {round_id} is frozen already; its copy in {copy_folder(round_id)}/ is not touched.")
    if not plan.transcripts:
        raise PostilError(f"round {round_id} has no assignments, so there is nothing to freeze; see postil assign.")
    files = files_to_freeze(study, plan)
    sums = format_sums(files)
    path = round_path(round_id)
    text, _ = read_study_text(root, path)
    new = text
    for key, value in {"state": "frozen", "frozen": utc_now(clock), "sums_sha256": sha256_text(sums)}.items():
        new = set_value(new, [key], value, path=path)
    copies = {f"{copy_folder(round_id)}/{name}": data for name, data in {**files, SUMS_FILE: sums.encode()}.items()}
    expect = {path: sha256_text(text), **dict.fromkeys(copies, ABSENT)}
    expect |= {name: sha256_bytes(data) for name, data in files.items()}
    return FreezePlan(root, plan, files, _missing(study, plan), {**copies, path: new}, expect)


def reveal_round(root: Path, round_id: str, clock: Clock = system_clock) -> Round:
    """End the blindness of a frozen round: coders may see each other's work and talk about it."""
    plan = _round(open_study(root), round_id)
    if plan.state == "revealed":
        raise PostilError(f"round {round_id} was revealed on {plan.revealed or 'an unknown day'} already.")
    if plan.state != "frozen":
        raise PostilError(f"round {round_id} is {plan.state}; freeze it first, else its agreement cannot be reported.")
    return _edit(root, round_id, {"state": "revealed", "revealed": utc_now(clock)})


def with_new_sums(root: Path, round_id: str, changes: Mapping[str, bytes | None]) -> dict[str, str | bytes | None]:
    """Changes of a frozen copy (by path within it, None deletes) with its checksums brought up to date.

    Only pseudonyms and a withdrawal may change a copy; what comes back is by path of the study, for `write_many`.
    """
    folder = copy_folder(round_id)
    sums = read_sums(read_study_text(root, f"{folder}/{SUMS_FILE}")[0])
    sums.update((path, sha256_bytes(data)) for path, data in changes.items() if data is not None)
    kept = {path: sha for path, sha in sums.items() if changes.get(path, b"") is not None}
    text = "".join(f"{sha}  {path}\n" for path, sha in sorted(kept.items()))
    plan = round_path(round_id)
    new = set_value(read_study_text(root, plan)[0], ["sums_sha256"], sha256_text(text), path=plan)
    return {**{f"{folder}/{path}": data for path, data in changes.items()}, f"{folder}/{SUMS_FILE}": text, plan: new}


def is_blind(study: Study, transcript: str) -> bool:
    """Whether a blind round that is not revealed yet holds the transcript: others' codings are then not shown.

    That is courtesy among people who share a folder, not protection.
    """
    open_rounds = (plan for plan in study.rounds.values() if plan.blind and plan.state in ("started", "frozen"))
    return any(transcript in plan.transcripts for plan in open_rounds)


def _missing(study: Study, plan: Round) -> tuple[tuple[str, str], ...]:
    def is_done(coder: str, transcript: str) -> bool:
        layer = study.layer(coder, transcript)
        return layer is not None and bool(layer.header.done)

    wanted = [(coder, transcript) for coder, ids in plan.assignments.items() for transcript in ids]
    return tuple(pair for pair in wanted if not is_done(*pair))


def _round(study: Study, round_id: str) -> Round:
    plan = study.rounds.get(round_id)
    if plan is None:
        hint = nearest(round_id, list(study.rounds)) or f"; known are: {', '.join(study.rounds) or 'none'}."
        raise PostilError(f"there is no round {round_id!r} in this study{hint}")
    return plan


def _check_assignments(study: Study, assignments: Assignments) -> None:
    for coder, transcripts in assignments.items():
        if coder not in study.coders:
            hint = nearest(coder, list(study.coders)) or "; add the coder to `coders:` of study.yaml."
            raise PostilError(f"there is no coder {coder!r} in this study{hint}")
        for transcript in transcripts:
            if transcript not in study.transcripts:
                hint = nearest(transcript, list(study.transcripts)) or "; import it first."
                raise PostilError(f"there is no transcript {transcript!r} in this study{hint}")


def _edit(root: Path, round_id: str, values: Mapping[str, Value]) -> Round:
    """Set entries of a round's plan; everything else in the file stays as it is."""
    path = round_path(round_id)
    with study_lock(root):
        text, unreadable = read_study_text(root, path)
        if unreadable:
            raise PostilError(f"{unreadable[0]}")
        new = text
        for key, value in values.items():
            new = set_value(new, key.split("/"), value, path=path)
        write_text(root / path, new, expect=sha256_text(text), root=root)
    return load_round(new, path)[0]
