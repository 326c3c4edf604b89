"""Writing the artifact: put together beside its place, its numbers computed from it, looked at, then moved there."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from postil_base.clock import Clock, system_clock, utc_today
from postil_base.files.atomic import write_bytes
from postil_base.files.text import sha256_bytes
from postil_base.problem import PostilError
from postil_model.release.earlier import check_replaceable
from postil_model.release.files import released_files
from postil_model.release.numbers import Numbers, numbers_of
from postil_model.release.readme import CHECKSUMS, readme
from postil_model.release.terms import Terms, terms_of
from postil_study.check.study import check_study
from postil_study.files.outputs import check_folder
from postil_study.privacy.left import LIKE, RULE, names_left
from postil_study.privacy.pseudonyms.matching import Names
from postil_study.privacy.unique import pointing_problems
from postil_study.study import Study, open_study


@dataclass(frozen=True)
class Release:
    """What was written, what was left out, and what a person should look at before it is given away."""

    folder: Path
    terms: Terms
    numbers: Numbers
    whole: Numbers
    files: tuple[str, ...]
    remarks: tuple[str, ...]
    warnings: tuple[str, ...]


def release(
    study: Study,
    folder: Path,
    names: Names | None = None,
    notes: bool = False,
    clock: Clock = system_clock,
    agreed: Callable[[Sequence[str]], bool] = lambda probable: True,
) -> Release:
    """Write the artifact into a new folder, or in the place of an earlier release that nobody changed.

    Refused while a round is blind, or a mapped name is left in it. ``agreed`` is asked before anything is written
    about what may be a mapped name (in other capitals, run on).
    """
    folder = folder.resolve()
    _check(study, folder)
    terms = terms_of(study)
    if all(not terms.goes(id_) for id_ in study.transcripts):
        raise PostilError(
            "nobody agreed to share (consent: {share: true} in study.yaml), so there is nothing to release."
        )
    made = released_files(study, terms, notes)
    folder.parent.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(prefix=".postil-release-", dir=folder.parent))
    try:
        _write(beside, made.files)
        here, whole = numbers_of(open_study(beside)), numbers_of(study, files=False)
        text = readme(open_study(beside), terms, here, whole, made.remarks, utc_today(clock), notes)
        files = {**made.files, **here.files, "README.md": text.encode("utf-8")}
        sums = "".join(f"{sha256_bytes(data)}  {path}\n" for path, data in sorted(files.items()))
        files[CHECKSUMS] = sums.encode("utf-8")
        _write(beside, files)
        warnings, probable = _looked_at(beside, names)
        if probable and not agreed(probable):
            raise PostilError("what may be mapped names is left in it; nothing was written.")
        shutil.rmtree(beside / ".postil", ignore_errors=True)
        _put_in_place(beside, folder, study.settings.id)
    except BaseException:
        shutil.rmtree(beside, ignore_errors=True)
        raise
    return Release(folder, terms, here, whole, tuple(sorted(files)), (*made.remarks, *here.remarks), tuple(warnings))


def _check(study: Study, folder: Path) -> None:
    blind = [plan.id for plan in study.rounds.values() if plan.blind and plan.state in ("started", "frozen")]
    if blind:
        raise PostilError(f"round {blind[0]} is still blind; reveal it first: postil round reveal {blind[0]}")
    real, root = folder.resolve(), study.root.resolve()
    if real == root or root.is_relative_to(real):
        raise PostilError(f"{folder} is the study itself; name a folder of its own.")
    if real.is_relative_to(root) and real.relative_to(root).parts[0] not in ("exports", "build", "release"):
        raise PostilError(f"{folder} lies among the study's files; name one outside, or in exports/.")
    check_folder(folder, root)
    if folder.exists():
        check_replaceable(folder, study.settings.id)


def _put_in_place(beside: Path, folder: Path, study_id: str) -> None:
    """Move the artifact to its place; an earlier one goes once the new one is there."""
    old = None
    if folder.exists():
        check_replaceable(folder, study_id)  # once more: the numbers took their time
        old = Path(tempfile.mkdtemp(prefix=".postil-release-", dir=folder.parent)) / folder.name
        folder.rename(old)
    try:
        beside.rename(folder)
    except OSError:
        if old is not None:
            old.rename(folder)
        raise
    folder.chmod(0o755)
    if old is not None:
        shutil.rmtree(old.parent, ignore_errors=True)


def _write(folder: Path, files: Mapping[str, bytes]) -> None:
    for path, data in files.items():
        write_bytes(folder / path, data, root=folder)


def _looked_at(folder: Path, names: Names | None) -> tuple[list[str], list[str]]:
    """The check of the artifact, and of persons who can be told by their attributes; and what may be a mapped name."""
    errors = [problem for problem in check_study(folder) if problem.severity == "error"]
    if errors:
        raise PostilError(f"the artifact would not be in order: {errors[0]} Repair the study first (postil check).")
    found = names_left(folder, names) if names else []
    left = [problem for problem in found if problem.rule == RULE]
    if left:
        listed = "\n".join(f"  {problem}" for problem in left[:10])
        raise PostilError(
            f"{len(left)} mapped names are left in it; run postil pseudonymise first. Nothing was written.\n{listed}"
        )
    probable = [str(problem) for problem in found if problem.rule == LIKE]
    return [str(problem) for problem in pointing_problems(open_study(folder).settings.participants)], probable
