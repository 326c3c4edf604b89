"""The GUIDs under which a study's things travel: those they came with, else always the same ones."""

from __future__ import annotations

from postil_codebook.values import Code
from postil_formats.projects.refi.guids import GUID_KEY, kept_or_stable, stable_guid
from postil_study.study import Study


class Identity:
    """The GUIDs of one study."""

    def __init__(self, study: Study) -> None:
        self._study = study
        self._key = study.settings.id or study.settings.title or "study"

    def of(self, kind: str, *parts: str) -> str:
        """The GUID of anything, by its kind and its ids."""
        return stable_guid(self._key, kind, *parts)

    def code(self, code: Code) -> str:
        """The GUID of a code."""
        return kept_or_stable(code.extra.get(GUID_KEY), self._key, "code", code.id)

    def coder(self, coder: str) -> str:
        """The GUID of a coder."""
        return self.of("coder", coder)

    def transcript(self, transcript: str) -> str:
        """The GUID of a transcript."""
        info = self._study.infos.get(transcript)
        kept = info.extra.get(GUID_KEY) if info is not None else None
        return kept_or_stable(kept, self._key, "transcript", transcript)

    def segment(self, segment: str) -> str:
        """The GUID of a segment; ids that came from such a file are GUIDs."""
        return kept_or_stable(segment, self._key, "segment", segment)
