"""The texts of a study: a mapping that reads a transcript when it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from postil_base.files.text import decode, sha256_text, unix_lines
from postil_base.problem import PostilError
from postil_study.files.file_cache import FileCache, Listing
from postil_study.files.manifest import FOLDER, is_transcript_id
from postil_study.text.turns import parse_turns
from postil_study.text.values import Transcript, TranscriptInfo

Infos = Mapping[str, TranscriptInfo]
ENDING = ".txt"


def transcript_path(transcript: str) -> str:
    """Where the text of a transcript stands, relative to the study."""
    return f"{FOLDER}/{transcript}{ENDING}"


def make_transcript(text: str, info: TranscriptInfo, path: str = "") -> Transcript:
    """A transcript of a stored text."""
    return Transcript(info.id, text, parse_turns(text, info.speakers), info, sha256_text(text), path)


class TranscriptFolder(Mapping[str, Transcript]):
    """Transcripts that have a text, in the order of the manifest, then those without an entry by name."""

    def __init__(self, root: Path, infos: Callable[[], Infos]) -> None:
        self._infos = infos
        self._listing = Listing(root / FOLDER, FOLDER, ENDING, is_transcript_id)
        self._cache = FileCache(root, self._read)

    def __iter__(self) -> Iterator[str]:
        with_text, infos = self.with_text(), self._infos()
        yield from (id_ for id_ in infos if id_ in with_text)
        yield from (id_ for id_ in with_text if id_ not in infos)

    def __len__(self) -> int:
        return len(self.with_text())

    def __contains__(self, transcript: object) -> bool:
        return transcript in self.with_text()

    def __getitem__(self, transcript: str) -> Transcript:
        if transcript not in self:
            raise KeyError(transcript)
        path = transcript_path(transcript)
        try:
            return self._cache.get(path)
        except OSError as error:
            raise PostilError(f"{path} cannot be read: {error.strerror or error}.") from error

    def with_text(self) -> Mapping[str, None]:
        """Ids that have a text, by name."""
        return self._listing.ids()

    def refresh(self) -> Iterable[str]:
        """Forget what changed on disk and return the paths."""
        return [*self._cache.changed(), *([FOLDER] if self._listing.changed() else [])]

    def _read(self, path: str, data: bytes) -> Transcript:
        transcript = path.removeprefix(f"{FOLDER}/").removesuffix(ENDING)
        info = self._infos().get(transcript) or TranscriptInfo(transcript)
        return make_transcript(unix_lines(decode(data, path)), info, path)
