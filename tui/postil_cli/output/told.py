"""Sentences about codings as they may be told: without the words of transcripts in which somebody refused."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from postil_study.privacy.consent.copied_words import free_words
from postil_study.privacy.consent.purposes import WITHHELD, Consent

if TYPE_CHECKING:
    from postil_study.study import Study

_QUOTED = re.compile("“.*”", re.DOTALL)  # up to the last mark: the words may hold marks themselves


UNTOLD = "two versions of a record on words withheld (no consent to be quoted); look at both in the app (g k)"


class ConsentFilter:
    """What `postil log`, `diff` and the like may say of a transcript; they quote codings as they once were."""

    def __init__(self, study: Study) -> None:
        consent = Consent(study)
        known = study.transcripts
        self._any = consent.refused
        self._open = {id_ for id_, text in known.items() if self._any and consent.quotes(text, 0, len(text.text))}
        self._free = free_words(study, consent.not_quoted)

    def holds(self, transcript: str) -> bool:
        """Whether words of a transcript are withheld."""
        return self._any and bool(transcript) and transcript not in self._open

    def of_path(self, path: str, text: str) -> str:
        """A sentence about a file of the study."""
        return self.line(_transcript_of(path), text)

    def holds_path(self, path: str) -> bool:
        """Whether words of the transcript that a file is about are withheld."""
        return self.holds(_transcript_of(path))

    def line(self, transcript: str, text: str) -> str:
        """A sentence; quoted words of a transcript that has refusals, or is gone, are withheld."""
        if not self._any:
            return text
        if self.holds(transcript):
            return _QUOTED.sub(f"“{WITHHELD}”", text)
        return self._free.text(text)


def _transcript_of(path: str) -> str:
    """The transcript that a file of a study is about; "" for files that are about none."""
    about_one = path.startswith(("codings/", "transcripts/", "rounds/")) and path.endswith((".jsonl", ".txt"))
    return path.rpartition("/")[2].rpartition(".")[0] if about_one else ""
