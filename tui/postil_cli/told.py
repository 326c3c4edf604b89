"""Sentences about codings as they may be told: without the words of transcripts in which somebody refused."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from postil_model.consent import WITHHELD, Consent
from postil_model.free_words import free_words

if TYPE_CHECKING:
    from postil_transcripts.study import Study

_QUOTED = re.compile("“.*”", re.DOTALL)  # up to the last mark: the words may hold marks themselves


class Told:
    """What `postil log`, `diff` and the like may say of a transcript; they quote codings as they once were."""

    def __init__(self, study: Study) -> None:
        consent = Consent(study)
        known = study.transcripts
        self._any = consent.refused
        self._open = {id_ for id_, text in known.items() if self._any and consent.quotes(text, 0, len(text.text))}
        self._free = free_words(study, consent.not_quoted)

    def line(self, transcript: str, text: str) -> str:
        """A sentence; quoted words of a transcript that has refusals, or is gone, are withheld."""
        if not self._any:
            return text
        if transcript and transcript not in self._open:
            return _QUOTED.sub(f"“{WITHHELD}”", text)
        return self._free.text(text)
