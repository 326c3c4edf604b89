"""A new study out of a project: our own comes back byte for byte, another program's is laid out as one of ours."""

from __future__ import annotations

from pathlib import Path

from postil_base.clock import Clock, system_clock
from postil_base.files.atomic import write_text
from postil_base.problem import PostilError
from postil_base.yaml.write import render_flow
from postil_formats.projects.incoming.plan import ProjectPlan, plan_project
from postil_formats.projects.incoming.writing import apply_project
from postil_formats.projects.outgoing.own_files import is_ours, restore
from postil_formats.projects.refi.values import Project
from postil_study.new import CODEBOOK_FILE, create_study
from postil_study.study import open_study


def study_from(
    project: Project, folder: Path, coder: str = "", done: str = "", clock: Clock = system_clock
) -> tuple[list[str], ProjectPlan | None]:
    """Make a study in ``folder``; returns the paths, and what was planned (None for a study of ours)."""
    if is_ours(project):
        return restore(project.own_files, folder), None
    if folder.exists() and any(folder.iterdir()):
        raise PostilError(f"{folder} is there already and not empty; name a new folder.")
    written = create_study(folder, project.name)
    empty = f"title: {render_flow(project.name or 'Untitled')}\nversion: 1.0.0\ncodes: {{}}\n"
    write_text(folder / CODEBOOK_FILE, empty)
    study = open_study(folder)
    plan = plan_project(study, project, coder, done, clock)
    return list(dict.fromkeys([*written, *apply_project(study, plan)])), plan
