"""Where a reference comes from: a process file, another study, another coder, an older version, what is declared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from postil_base.problem import PostilError, has_errors
from postil_codebook.values import Process
from postil_model.decision.comparison.compare import Comparison, as_process, compare, merged, prior_part
from postil_model.decision.comparison.library import library, published
from postil_model.decision.model import Params
from postil_model.decision.of_study import build_model, study_process

if TYPE_CHECKING:
    from postil_study.study import Study


def compare_study(
    study: Study,
    reference: Process,
    params: Params,
    names: Mapping[str, str] | None = None,
    coders: Sequence[str] = (),
    ignored: Sequence[str] = (),
) -> Comparison:
    """Read the study's evidence against the reference and compare; ``ignored`` parts of an edge tell none apart."""
    from postil_model.validation.sensitivity import ignoring

    model = build_model(study, params, coders, process=merged(study_process(study), reference, names))
    return compare(ignoring(model, ignored), reference)


def load_reference(study: Study, place: Path | None, params: Params, coder: str = "") -> Process:
    """The reference meant: a YAML file, a folder with a study, a commit, a coder, or else what the study declares."""
    if coder:
        return as_process(build_model(study, params, (coder,)))
    if place is None:
        return _declared(study)
    if place.is_dir():
        from postil_study.study import open_study

        return as_process(build_model(open_study(place)))
    return _from_file(place) if place.is_file() else _named(study, str(place))


def _named(study: Study, name: str) -> Process:
    """A published process that comes with Postil, or this study at a commit."""
    process = published(name)
    if process is None:
        return _as_it_was(study, name)
    if _is_commit(study, name):
        raise PostilError(
            f"{name} is a commit or tag of this study and a published model that comes with Postil. Name the tag "
            f"refs/tags/{name}, or the model by its file: {library()[name]}"
        )
    return process


def _is_commit(study: Study, name: str) -> bool:
    from postil_study.git.repo import Repo

    repo = Repo(study.root)
    try:
        return repo.is_there and bool(repo.resolve(name))
    except PostilError:
        return False


def _as_it_was(study: Study, revision: str) -> Process:
    """The model of the study at a commit."""
    with study_at(study, revision) as earlier:
        process = as_process(build_model(earlier))
    return msgspec.structs.replace(process, title=f"this study at {revision}")


@contextmanager
def study_at(study: Study, revision: str) -> Iterator[Study]:
    """The study at a commit, laid down for as long as it is looked at."""
    from tempfile import TemporaryDirectory

    from postil_study.git.repo import Repo
    from postil_study.git.versions import lay_down
    from postil_study.study import open_study

    nothing = (
        f"there is no reference {revision}; name a process file, the folder of a study, a commit of this one, or a "
        f"published model: {', '.join(library()) or 'none came with this installation'}"
    )
    repo = Repo(study.root)
    if not repo.is_there:
        raise PostilError(nothing)
    try:
        commit = repo.resolve(revision)
    except PostilError as error:
        raise PostilError(nothing) from error
    with TemporaryDirectory(prefix="postil-version-") as folder:
        lay_down(study.root, commit, Path(folder))
        yield open_study(Path(folder))


def _declared(study: Study) -> Process:
    if study.process is None or not study.process.nodes:
        raise PostilError(
            "this study declares no process to compare with. Name a reference (postil compare REFERENCE.yaml) or "
            "declare one (process: in study.yaml)"
        )
    return prior_part(study.process)


def _from_file(place: Path) -> Process:
    from postil_base.files.text import read_text
    from postil_codebook.decision_process.read import load_process

    process, problems = load_process(read_text(place), place.name)
    if has_errors(problems) or not process.nodes:
        reason = "; ".join(str(problem) for problem in problems[:3]) or "it declares no nodes"
        raise PostilError(f"{place} cannot serve as a reference: {reason}")
    return process
