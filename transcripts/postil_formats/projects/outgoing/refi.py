"""A study as the bytes of a .qdpx or a .qdc, with what did not go along."""

from __future__ import annotations

from dataclasses import dataclass, replace

from postil_base.plural import subject
from postil_base.problem import PostilError, Remark
from postil_formats.projects.outgoing.own_files import own_files
from postil_formats.projects.outgoing.project import EQUAL_NAMES, ORIGIN, ExportWishes, outgoing
from postil_formats.projects.refi.positions import UTF16_MARK
from postil_formats.projects.refi.write import codebook_xml, project_xml, project_zip
from postil_study.study import Study


@dataclass(frozen=True)
class Exported:
    """What goes into a file, and what there is to say about it."""

    data: bytes
    counts: dict[str, int]
    remarks: tuple[Remark, ...]


def refi_project(study: Study, wishes: ExportWishes, *, utf16: bool = False, with_study: bool = True) -> Exported:
    """The study as a project. ``utf16`` counts as NVivo does; ``with_study`` puts the study's files beside it."""
    out = outgoing(study, wishes)
    if utf16:
        out = replace(out, project=replace(out.project, origin=f"{ORIGIN} {UTF16_MARK}"))
    files = own_files(study, project_xml(out.project, utf16=utf16)) if with_study and out.whole else {}
    project, remarks = out.project, list(out.remarks)
    if with_study and not out.whole:
        message = "the study's own files stay behind, since something was held back; only they give back everything"
        remarks.append(Remark("folder postil/", message))
    remarks += _wide(project.sources, utf16)
    counts = {
        "users": len(project.users),
        "codes": len(project.codes),
        "sources": len(project.sources),
        "selections": sum(len(source.selections) for source in project.sources),
        "codings": sum(1 for _ in project.codings()),
        "notes": len(project.notes),
        "cases": len(project.cases),
        "variables": len(project.variables),
        "links": len(project.links),
        "sets": len(project.sets),
        "graphs": len(project.graphs),
        "files of the study": len(files),
    }
    return Exported(project_zip(project, utf16=utf16, own_files=files), counts, tuple(remarks))


def _wide(sources: object, utf16: bool) -> list[Remark]:
    """Characters that programs count differently."""
    assert isinstance(sources, tuple)
    wide = [source.name for source in sources if any(character > "\uffff" for character in source.text or "")]
    if not wide:
        return []
    named = ", ".join(wide[:5]) + (f" and {len(wide) - 5} more" if len(wide) > 5 else "")
    told = (
        "NVivo counts them as two, as this file does; other programs count one and will be off"
        if utf16
        else ("this file counts them as one, as the standard says; NVivo counts two: for NVivo say --positions utf16")
    )
    return [Remark(f"characters above U+FFFF in {named}", told, lost=False)]


def refi_codebook(study: Study, wishes: ExportWishes) -> Exported:
    """The codebook alone."""
    out = outgoing(study, wishes)
    project = out.project
    if not project.codes:
        raise PostilError(
            "the codebook has no codes yet, and a .qdc without codes is not allowed. Nothing was written."
        )
    sets = [found for found in project.sets if found.codes]
    data = codebook_xml(project.codes, sets, ORIGIN)
    memos = sum(bool(code.notes) for code in project.codes)
    remarks = (
        [Remark("memos on codes", f"{subject(memos, 'code', 'has')} memos; a .qdc has no place for them")]
        if memos
        else []
    )
    remarks += [remark for remark in out.remarks if remark.item.startswith(EQUAL_NAMES)]
    return Exported(data, {"codes": len(project.codes), "sets": len(sets)}, tuple(remarks))
