"""Everything that is wrong in a study, at once: each part of it looked at by a function of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from postil_base.ids import is_name
from postil_base.problem import Place, PostilError, Problem, Severity
from postil_base.yaml.fields import nearest
from postil_codebook.decision_process.read import check_process
from postil_codebook.findings import check_findings
from postil_codebook.references import unknown_code
from postil_codebook.themes import check_themes
from postil_study.check.layers import check_layers
from postil_study.check.names import check_gone, check_names
from postil_study.check.others import check_charts, check_memos, check_rounds
from postil_study.check.texts import check_texts
from postil_study.files.settings import CONSENSUS, SETTINGS_FILE
from postil_study.study import Study, open_study


def check_study(root: Path) -> list[Problem]:
    """Report every problem of the study in ``root``. Nothing is changed, and nothing stops the check half-way."""
    if not (root / SETTINGS_FILE).is_file():
        message = f"{root} is no study: this file is missing. Make a study with: postil new DIR."
        return [Problem(Place(SETTINGS_FILE), message, "no-study")]
    try:
        study = open_study(root)
    except PostilError as error:
        return [Problem(Place(SETTINGS_FILE), f"{error}", "cannot-open")]
    return [
        *study.problems(),
        *_codebook_files(study),
        *_settings(study),
        *check_texts(study),
        *check_layers(study),
        *check_names(study),
        *_lost(study),
        *check_rounds(study),
        *check_charts(study),
        *check_memos(study),
    ]


def _lost(study: Study) -> Iterator[Problem]:
    """Layers that are gone and codings that merges lost, which only git still has."""
    from postil_study.git.lost import lost_codings

    with suppress(PostilError):  # without git there is nothing to look into
        yield from check_gone(study)
        for lost in lost_codings(study):
            said = f"{lost.said}. Bring back or give up: postil merge"
            # commits left behind are in one clone alone, and may have been meant
            grave: Severity = "warning" if lost.left_behind else "error"
            yield Problem(Place(lost.path), said, "left-behind" if lost.left_behind else "lost-in-merge", grave)


def _codebook_files(study: Study) -> Iterator[Problem]:
    if study.process is not None:
        yield from check_process(study.process, study.codebook)
    yield from check_findings(study.findings, study.process, study.codebook)
    yield from check_themes(study.themes, study.codebook)


def _settings(study: Study) -> Iterator[Problem]:
    settings, codebook = study.settings, study.codebook
    known = {*study.coders, CONSENSUS}
    for key, place in settings.places.items():
        name = key.removeprefix("record:")
        if key.startswith("record:") and name not in known:
            hint = nearest(name, sorted(known)) if is_name(name) else ""
            yield Problem(place, _sentence(f"analysis: there is no coder {name!r}{hint}"), "unknown-coder")
    for question in settings.guide:
        for code in question.names:
            if codebook.resolve(code) is None:
                yield unknown_code(codebook, code, question.place, f"guide {question.id}")
    plan = settings.agreement
    for code in plan.codes if plan else ():
        if plan and codebook.resolve(code) is None:
            yield unknown_code(codebook, code, plan.place, "agreement")


def _sentence(text: str) -> str:
    return text if text.endswith(("?", ".")) else f"{text}."
