"""The layers of a study: who coded what, read when asked for, with former ids of codes resolved."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import chain
from pathlib import Path

import msgspec

from postil_base.ids import is_name
from postil_base.problem import Place, Problem
from postil_codebook.values import Codebook
from postil_study.files.file_cache import FileCache, Listing, Stamp
from postil_study.files.manifest import is_transcript_id
from postil_study.layers.file import read_layer
from postil_study.text.values import CodeUse, Layer, Relation, Segment

FOLDER = "codings"
GUIDE_FOLDER = "_guide"
ENDING = ".jsonl"


def layer_path(coder: str, transcript: str) -> str:
    """Where a layer stands, relative to the study."""
    return f"{FOLDER}/{coder}/{transcript}{ENDING}"


def is_layer_folder(name: str) -> bool:
    """Whether a folder in ``codings/`` holds layers: it is named for a coder, or is the guide's."""
    return name == GUIDE_FOLDER or is_name(name)


class CodingsFolder:
    """The folder ``codings/``: one folder a coder, one file a transcript."""

    def __init__(self, root: Path, codebook: Callable[[], Codebook]) -> None:
        self._root = root
        self._codebook = codebook
        self._top = Listing(root / FOLDER, FOLDER, "", is_layer_folder)
        self._listings: dict[str, Listing] = {}
        self._cache = FileCache(root, self._read)
        self._problems: dict[str, list[Problem]] = {}

    def folders(self) -> tuple[str, ...]:
        """Names of the folders that hold layers, that of the guide included."""
        return tuple(self._top.ids())

    def coders(self) -> tuple[str, ...]:
        """Whoever has a folder with at least one layer, but for reserved names."""
        return tuple(name for name in self.folders() if name != GUIDE_FOLDER and self.transcripts_of(name))

    def transcripts_of(self, coder: str) -> Mapping[str, None]:
        """Transcripts of which a coder has a layer, by name."""
        if coder not in self._top.ids():
            return {}
        return self._listing(coder).ids()

    def _listing(self, coder: str) -> Listing:
        if coder not in self._listings:
            path = f"{FOLDER}/{coder}"
            self._listings[coder] = Listing(self._root / path, path, ENDING, is_transcript_id)
        return self._listings[coder]

    def layer(self, coder: str, transcript: str, hold: bool = True) -> Layer | None:
        """A layer; None if there is none or it cannot be read (then a problem says so).

        What is not to be held is read again when it is asked for again.
        """
        if transcript not in self.transcripts_of(coder):
            return None
        path = layer_path(coder, transcript)
        try:
            return self._cache.get(path) if hold else self._cache.passing(path)
        except OSError as error:
            message = f"the layer cannot be read: {error.strerror or error}."
            self._problems[path] = [Problem(Place(path), message, "unreadable-file")]
            return None

    def read_all(self) -> None:
        """Read every layer."""
        for coder in self.folders():
            for transcript in self.transcripts_of(coder):
                self.layer(coder, transcript)

    def problems(self) -> list[Problem]:
        """What is wrong with the lines of all layers."""
        self.read_all()
        return [problem for problems in self._problems.values() for problem in problems]

    def problems_seen(self) -> list[Problem]:
        """The same of those read so far; reads nothing."""
        return [problem for problems in self._problems.values() for problem in problems]

    def held(self) -> Mapping[str, tuple[Stamp, Layer]]:
        """The layers in memory, by path, with the state of the file they were read from."""
        return self._cache.held()

    def refresh(self) -> Iterable[str]:
        """Forget what changed on disk and return the paths."""
        listings = [listing for listing in (self._top, *self._listings.values()) if listing.changed()]
        return [*self._cache.changed(), *(listing.path for listing in listings)]

    def _read(self, path: str, data: bytes) -> Layer:
        layer, self._problems[path] = read_layer(data, path)
        return layer if path.startswith(f"{FOLDER}/{GUIDE_FOLDER}/") else with_current_codes(layer, self._codebook())


def with_current_codes(layer: Layer, codebook: Codebook) -> Layer:
    """The layer with paths and former ids of codes replaced by today's ids; unknown codes stay as they are."""
    sets_of_codes = {segment.codes for segment in layer.segments}  # few, even where segments are many
    odd_uses = {use for use in set(chain.from_iterable(sets_of_codes)) if code_of(use) not in codebook.codes}
    odd = {codes for codes in sets_of_codes if not odd_uses.isdisjoint(codes)} if odd_uses else set()
    relations = tuple(_current_relation(relation, codebook) for relation in layer.relations)
    if not odd and relations == layer.relations:
        return layer
    segments = tuple(_current_segment(s, codebook) if s.codes in odd else s for s in layer.segments)
    return Layer(layer.header, segments, relations, layer.deleted, layer.path)


def code_of(use: str | CodeUse) -> str:
    """The code's id, without the mode."""
    return use if isinstance(use, str) else use.code


def _current_segment(segment: Segment, codebook: Codebook) -> Segment:
    """Two names of one code are that code once."""
    codes = dict.fromkeys(_current_use(use, codebook) for use in segment.codes)
    return msgspec.structs.replace(segment, codes=tuple(codes))


def _current_use(use: str | CodeUse, codebook: Codebook) -> str | CodeUse:
    if isinstance(use, str):
        return codebook.resolve(use) or use
    return CodeUse(codebook.resolve(use.code) or use.code, use.mode)


def _current_relation(relation: Relation, codebook: Codebook) -> Relation:
    codes = {"source_code": relation.source_code, "target_code": relation.target_code}
    current = {key: codebook.resolve(code) or code for key, code in codes.items() if code not in codebook.codes}
    return msgspec.structs.replace(relation, **current) if any(current.values()) else relation
