"""Sources with their passages: texts, the texts of PDFs, transcripts of recordings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from postil_base.plural import counted
from postil_formats.projects.refi.markup import child, children, get, guid, local, refs, text_of, whole
from postil_formats.projects.refi.positions import (
    PositionEvidence,
    PositionRule,
    RefiPassage,
    Score,
    Verdict,
    decide,
    weigh,
)
from postil_formats.projects.refi.read_values import read_values
from postil_formats.projects.refi.reading import RefiReading, label, text_path
from postil_formats.projects.refi.values import RefiCoding, RefiSelection, RefiSource, SourceKind

if TYPE_CHECKING:
    from lxml import etree

_KINDS: Mapping[str, SourceKind] = {
    "TextSource": "text",
    "PDFSource": "pdf",
    "PictureSource": "picture",
    "AudioSource": "audio",
    "VideoSource": "video",
}
_AREAS = ("PDFSelection", "PictureSelection", "AudioSelection", "VideoSelection")
_WORDS = ("PlainTextSelection", "TranscriptSelection")


@dataclass
class _SourceDraft:
    """A source before it is known how its positions are counted."""

    source: RefiSource
    raw: str | None
    scores: Mapping[PositionRule, Score]
    inline: bool = False  # its line ends went through XML, where CRLF becomes LF


def read_sources(reading: RefiReading, parent: etree._Element | None) -> tuple[RefiSource, ...]:
    """All sources; how positions are counted is decided once all passages have been seen."""
    drafts = [draft for element in children(parent, *_KINDS) for draft in _drafts(reading, element)]
    evidence = PositionEvidence([draft.scores for draft in drafts])
    total = evidence.total()
    return tuple(_placed(reading, draft, total) for draft in drafts)


def _drafts(reading: RefiReading, element: etree._Element) -> Iterator[_SourceDraft]:
    """The texts of one source: itself, the text of a PDF, each transcript of a recording."""
    kind = _KINDS[local(element)]
    name = get(element, "name") or _file_name(element)
    what = f"{kind} source {label(name, 'without a name')}"
    if kind == "text":
        yield _draft(reading, element, element, name, kind, what)
        return
    texts = list(children(element, "Representation", "TextDescription", "Transcript"))
    drafts = [_draft(reading, element, text, get(text, "name") or name, kind, what) for text in texts]
    drafts = [draft for draft in drafts if not _twice(reading, draft, what)]
    if not drafts:
        reading.remark(what, f"a {kind} without a text of its own; Postil codes text")
        drafts = [_SourceDraft(_bare(reading, element, name, kind, what), None, weigh("", ()))]
    areas = _areas(reading, element, [s.guid for d in drafts for s in d.source.selections], what)
    drafts[0].source = replace(drafts[0].source, on_areas=areas)
    yield from drafts


def _file_name(element: etree._Element) -> str:
    """qc writes no names, but calls the files by them."""
    return get(element, "plainTextPath", "path", "currentPath", "richTextPath").replace("\\", "/").rsplit("/", 1)[-1]


def _twice(reading: RefiReading, draft: _SourceDraft, what: str) -> bool:
    """A transcript is often a text source of its own as well; without passages of its own it is no news."""
    path = draft.source.path.lower()
    if path and path in reading.used and not draft.source.selections:
        reading.remark(what, f"its transcript {draft.source.name} is a text source too and is read once", lost=False)
        return True
    return False


def _bare(reading: RefiReading, element: etree._Element, name: str, kind: SourceKind, what: str) -> RefiSource:
    return RefiSource(
        reading.own_guid(element, what),
        name,
        kind,
        path=get(element, "path"),
        description=text_of(element, "Description"),
        codings=tuple(_codings(reading, element, "", what)),
        notes=refs(element, "NoteRef"),
        values=read_values(element),
    )


def _draft(
    reading: RefiReading, outer: etree._Element, element: etree._Element, name: str, kind: SourceKind, what: str
) -> _SourceDraft:
    path = text_path(element)
    made = RefiSource(
        reading.own_guid(element, what),
        name,
        kind,
        None,
        path,
        text_of(element, "Description") or text_of(outer, "Description"),
        get_user(element) or get_user(outer),
        get(element, "creationDateTime") or get(outer, "creationDateTime"),
        tuple(_selections(reading, element, what)),
        _whole_codings(reading, outer, element, what),
        tuple(dict.fromkeys((*refs(element, "NoteRef"), *refs(outer, "NoteRef")))),
        tuple(dict.fromkeys((*read_values(element), *read_values(outer)))),
    )
    raw = (
        None
        if kind != "text" and path.lower() in reading.used and not made.selections
        else _raw(reading, element, what)
    )
    passages = [RefiPassage(s.start, s.end, s.name) for s in made.selections]
    inline = child(element, "PlainTextContent") is not None
    return _SourceDraft(made, raw, weigh(raw or "", passages if raw else ()), inline)


def _raw(reading: RefiReading, element: etree._Element, what: str) -> str | None:
    raw = reading.raw_text(element, what)
    reading.used.add(text_path(element).lower())
    if get(element, "richTextPath"):
        reading.used.add(get(element, "richTextPath"))
    return raw


def _whole_codings(
    reading: RefiReading, outer: etree._Element, element: etree._Element, what: str
) -> tuple[RefiCoding, ...]:
    own = tuple(_codings(reading, element, "", what))
    return own if outer is element else (*own, *_codings(reading, outer, "", what))


def get_user(element: etree._Element) -> str:
    """Who made something."""
    return guid(element, "creatingUser")


def _selections(reading: RefiReading, element: etree._Element, what: str) -> Iterator[RefiSelection]:
    points = {guid(point, "guid"): whole(get(point, "position")) for point in children(element, "SyncPoint")}
    for selection in children(element, *_WORDS):
        start, end = _ends(selection, points)
        name = f"passage {get(selection, 'startPosition') or '?'}-{get(selection, 'endPosition') or '?'} of {what}"
        if start is None or end is None:
            reading.remark(name, "it does not say where it stands; its codings are lost" + _codes_said(selection))
            continue
        user = get_user(selection)
        yield RefiSelection(
            reading.own_guid(selection, name),
            start,
            end,
            get(selection, "name"),
            text_of(selection, "Description"),
            user,
            get(selection, "creationDateTime"),
            get(selection, "modifiedDateTime"),
            tuple(_codings(reading, selection, user, name)),
            refs(selection, "NoteRef"),
        )


def _ends(selection: etree._Element, points: Mapping[str, int | None]) -> tuple[int | None, int | None]:
    if local(selection) == "TranscriptSelection" and not get(selection, "startPosition"):
        return points.get(guid(selection, "fromSyncPoint")), points.get(guid(selection, "toSyncPoint"))
    return whole(get(selection, "startPosition")), whole(get(selection, "endPosition"))


def _codes_said(selection: etree._Element) -> str:
    count = sum(1 for _ in children(selection, "Coding"))
    return f" ({count} codings)" if count else ""


def _codings(reading: RefiReading, element: etree._Element, user: str, what: str) -> Iterator[RefiCoding]:
    for coding in children(element, "Coding"):
        for number, target in enumerate(refs(coding, "CodeRef") or ("",)):
            code = target
            if code not in reading.codes:
                reading.remark(f"coding of {what}", f"its code {code or '(none)'} is not in the codebook")
                code = ""
            own = guid(coding, "guid")
            yield RefiCoding(
                own if number == 0 else f"{own}#{number + 1}",  # the standard knows one code a coding, some write more
                code,
                get_user(coding) or user,
                get(coding, "creationDateTime"),
                refs(coding, "NoteRef"),
            )


def _areas(reading: RefiReading, element: etree._Element, in_text: Iterable[str], what: str) -> tuple[RefiCoding, ...]:
    """Areas of a page or picture and stretches of time have no words; some stand in the source's text as well."""
    known = set(in_text)
    lost = [area for area in children(element, *_AREAS) if guid(area, "guid") not in known]
    codings = sum(1 for area in lost for _ in children(area, "Coding"))
    for area in lost:
        name = label(get(area, "name"), guid(area, "guid"))
        reading.remark(f"{local(area)} {name} of {what}", "an area or stretch of time without words in a text")
    if codings:
        reading.remark(what, f"{codings} codings of areas or stretches of time")
    holders = [(area, get_user(area)) for area in children(element, *_AREAS)]
    return tuple(coding for area, user in holders for coding in _codings(reading, area, user, what))


def _placed(reading: RefiReading, draft: _SourceDraft, total: Mapping[PositionRule, Score]) -> RefiSource:
    """The source with its text and every passage where it stands."""
    source = draft.source
    what = f"{source.kind} source {label(source.name, 'without a name')}"
    if draft.raw is None:
        _unplaced(reading, source, what)
        return source
    verdict = decide(draft.raw, draft.scores, total, reading.origin)
    if not verdict.ruler.text.strip():
        reading.remark(what, "its text is empty")
    rule = verdict.ruler.rule
    said = rule.said(verdict.ruler.text) if draft.inline and rule.crlf == 1 else verdict.said
    selections = tuple(_place(reading, selection, verdict, what) for selection in source.selections)
    return replace(source, text=verdict.ruler.text, selections=selections, rule=said, evidence=verdict.evidence)


def _unplaced(reading: RefiReading, source: RefiSource, what: str) -> None:
    codings = sum(len(selection.codings) for selection in source.selections)
    if source.selections:
        count = f"{counted(len(source.selections), 'passage')} with {codings} codings"
        reading.remark(what, f"{count} cannot be placed without its text")


def _place(reading: RefiReading, selection: RefiSelection, verdict: Verdict, what: str) -> RefiSelection:
    text, ruler = verdict.ruler.text, verdict.ruler
    start, end = ruler.at(selection.start), ruler.at(selection.end)
    name = f"passage {selection.start}-{selection.end} of {what}"
    if start > end:
        start, end = end, start
        reading.remark(name, "it ends before it starts; the two were taken the other way round", lost=False)
    if 0 <= start < len(text) < end:
        reading.remark(name, f"it ends {end - len(text)} characters past the text and was cut", lost=False)
        end = len(text)
    if 0 <= start <= end <= len(text):
        return replace(selection, span=(start, end))
    return _by_name(reading, selection, text, name)


def _by_name(reading: RefiReading, selection: RefiSelection, text: str, name: str) -> RefiSelection:
    """A passage outside the text is looked for by its words, if its name is those."""
    words = selection.name.strip().removesuffix("…")
    if len(words) >= 10 and text.count(words) == 1:
        start = text.index(words)
        reading.remark(name, "it lies outside the text and was found by its words", lost=False)
        return replace(selection, span=(start, start + len(words)))
    reading.remark(name, f"it lies outside the text, which has {counted(len(text), 'character')}{_lost(selection)}")
    return selection


def _lost(selection: RefiSelection) -> str:
    return f"; {len(selection.codings)} codings lost" if selection.codings else ""
