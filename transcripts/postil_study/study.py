"""A study as it is opened: small files read at once, texts and layers when they are asked for.

>>> from pathlib import Path
>>> find_study(Path("/nowhere")) is None
True
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Self, TypeVar

from postil_base.files.journal import recover
from postil_base.formats import why_read_only
from postil_base.problem import PostilError, Problem
from postil_codebook.values import Codebook, Finding, Process, Theme
from postil_study.files.codings import FOLDER as FOLDER_OF_CODINGS
from postil_study.files.codings import GUIDE_FOLDER, CodingsFolder
from postil_study.files.file_cache import Stamp, names_in, read_study_text, stamp_of
from postil_study.files.manifest import MANIFEST_FILE, load_manifest
from postil_study.files.settings import SETTINGS_FILE, Settings, load_settings
from postil_study.files.texts import TranscriptFolder
from postil_study.text.values import Layer, LayerKind, Transcript, TranscriptInfo

if TYPE_CHECKING:
    from postil_study.rounds.plan import Round

T = TypeVar("T")


def find_study(start: Path) -> Path | None:
    """The nearest folder at or above ``start`` that holds a ``study.yaml``; None if there is none."""
    start = start.absolute()
    return next((folder for folder in (start, *start.parents) if (folder / SETTINGS_FILE).is_file()), None)


def open_study(root: str | PathLike[str]) -> Study:
    """Open the study in a folder; the same as `Study.open`."""
    return Study.open(root)


class Study:
    """One study. Its values are those of the time they were read; `refresh` tells what changed on disk since."""

    def __init__(self, root: Path, recovered: tuple[str, ...] = ()) -> None:
        self.root = root
        self.recovered = recovered  # what was finished after a crash, for the person to read
        self._problems: dict[str, list[Problem]] = {}
        self._stamps: dict[str, Stamp] = {}
        self.settings = Settings()
        self.settings = self._load(SETTINGS_FILE, load_settings) or self.settings
        self._transcripts = TranscriptFolder(root, lambda: self.infos)
        self._codings = CodingsFolder(root, lambda: self.codebook)

    @classmethod
    def open(cls, root: str | PathLike[str]) -> Self:
        """Open the study in a folder. Interrupted changes of several files are finished first.

        What is wrong with the data is no reason not to open it; see `problems` and `check.study.check_study`.

        Raises:
            PostilError: the folder holds no ``study.yaml``.
        """
        folder = Path(root)
        if not (folder / SETTINGS_FILE).is_file():
            raise PostilError(f"{folder} is no study: it has no {SETTINGS_FILE}. Make one with: postil new {folder}")
        return cls(folder, tuple(recover(folder)))

    def __repr__(self) -> str:
        """The study in a line; no text is read for it."""
        return f"<{type(self).__name__} {self.settings.title or self.root.name!r} in {self.root}>"

    @cached_property
    def read_only(self) -> str:
        """Why nothing can be changed here (the format is newer than this program); "" if everything can."""
        return why_read_only(self.root)

    @cached_property
    def codebook(self) -> Codebook:
        """The codebook; an empty one if there is none that can be read."""
        from postil_codebook.load import load_codebook

        return self._load(self.settings.codebook, load_codebook, "codebook") or Codebook()

    @cached_property
    def process(self) -> Process | None:
        """The declared decision process, None if the study declares none."""
        from postil_codebook.decision_process.read import load_process

        return self._load(self.settings.process, load_process, "process")

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """Measured facts to set beside what people said."""
        from postil_codebook.findings import load_findings

        return self._load(self.settings.findings, load_findings, "findings") or ()

    @cached_property
    def themes(self) -> tuple[Theme, ...]:
        """What the analysis arrived at."""
        from postil_codebook.themes import load_themes

        return self._load(self.settings.themes, load_themes, "themes") or ()

    @cached_property
    def infos(self) -> Mapping[str, TranscriptInfo]:
        """What ``transcripts.yaml`` says, by transcript; an entry may lack its text, and a text its entry."""
        if not (self.root / MANIFEST_FILE).is_file():
            return {}
        return self._load(MANIFEST_FILE, load_manifest) or {}

    @property
    def transcripts(self) -> Mapping[str, Transcript]:
        """Transcripts by id, in the order of the manifest, then those without an entry; texts are read when used."""
        return self._transcripts

    @property
    def coders(self) -> tuple[str, ...]:
        """Whoever has a layer or stands in ``study.yaml``: folders of ``codings/`` but for reserved ones."""
        return tuple(dict.fromkeys([*self.settings.coders, *self._codings.coders()]))

    @cached_property
    def rounds(self) -> Mapping[str, Round]:
        """Coding rounds by id."""
        from postil_study.rounds.plan import load_rounds

        found, self._problems["rounds"] = load_rounds(self.root)
        return found

    def layer(self, coder: str, transcript: str) -> Layer | None:
        """A coder's layer of a transcript, with former ids and paths of codes resolved; None if there is none."""
        return self._codings.layer(coder, transcript)

    def layers(self, kind: LayerKind | None = None) -> Iterator[Layer]:
        """All layers (of a kind), by coder and transcript; the guide's own are asked for by kind ``guide``."""
        self._codings.read_all()
        yield from self._layers(kind, hold=True)

    def passing_layers(self, kind: LayerKind | None = None) -> Iterator[Layer]:
        """The same, each read when its turn comes and forgotten: for what needs no two of them at a time."""
        return self._layers(kind, hold=False)

    def _layers(self, kind: LayerKind | None, *, hold: bool) -> Iterator[Layer]:
        for coder in self._codings.folders():
            if (coder == GUIDE_FOLDER) == (kind == "guide"):
                for transcript in self._codings.transcripts_of(coder):
                    layer = self._codings.layer(coder, transcript, hold)
                    if layer is not None and kind in (None, layer.header.kind):
                        yield layer

    def coder_layers(self, transcript: str) -> tuple[Layer, ...]:
        """Layers of kind coder of one transcript, in the order of ``study.yaml``, then by name."""
        found = (self.layer(coder, transcript) for coder in self.coders)
        return tuple(layer for layer in found if layer is not None and layer.header.kind == "coder")

    def record_layer(self, transcript: str) -> Layer | None:
        """The coding of record: the first *done* layer in the order of ``analysis: record:``."""
        for coder in self.settings.analysis.record:
            layer = self.layer(coder, transcript)
            if layer is not None and layer.header.done and layer.header.kind in ("coder", "consensus"):
                return layer
        return None

    def guide_layer(self, transcript: str) -> Layer | None:
        """Which question of the guide each passage answers; its codes are ids of questions."""
        return self._codings.layer(GUIDE_FOLDER, transcript)

    def problems(self) -> list[Problem]:
        """What is wrong with the files as they are read, layers included; `check.check_study` finds more."""
        _ = (self.codebook, self.process, self.findings, self.themes, self.infos, self.rounds)
        found = [problem for problems in self._problems.values() for problem in problems]
        return [*found, *self._codings.problems()]

    def unread(self) -> list[Problem]:
        """Errors in the layers read so far: their lines are not among the records, and so count nowhere."""
        return [problem for problem in self._codings.problems_seen() if problem.severity == "error"]

    def refresh(self) -> frozenset[str]:
        """Forget texts and layers that changed on disk and return their paths; cheap enough for once a second.

        When a YAML file of the study is among them, open the study anew: everything else hangs on those.
        """
        yaml_files = (path for path, stamp in self._stamps.items() if stamp_of(self.root / path) != stamp)
        return frozenset((*yaml_files, *self._transcripts.refresh(), *self._codings.refresh()))

    def held_layers(self) -> Mapping[str, tuple[Stamp, Layer]]:
        """The layers in memory, by path, with the state of the file they were read from."""
        return self._codings.held()

    def small_files(self) -> list[str]:
        """The files of words beside texts and layers: the YAML files read, all charts and memos."""
        charts = [f"charts/{name}" for name in names_in(self.root / "charts") if name.endswith(".yaml")]
        memos = [f"memos/{name}" for name in names_in(self.root / "memos") if name.endswith(".md")]
        rounds = [f"rounds/{name}" for name in names_in(self.root / "rounds") if name.endswith(".yaml")]
        return [*self._stamps, *charts, *rounds, *memos]

    def watched(self) -> list[str]:
        """What to look at to know whether anything changed: the YAML files read, and the folders.

        Writing by renaming changes the folder, too, so that one look at it stands for all its files.
        """
        folders = [FOLDER_OF_CODINGS, *(f"{FOLDER_OF_CODINGS}/{name}" for name in self._codings.folders())]
        return [*self._stamps, *folders, "transcripts", "rounds"]

    def _load(self, path: str, load: Callable[[str, str], tuple[T, list[Problem]]], key: str = "") -> T | None:
        """Read one YAML file of the study; one that cannot be read is a problem where ``study.yaml`` names it."""
        if not path:
            return None
        self._stamps[path] = stamp_of(self.root / path)
        text, unreadable = read_study_text(self.root, path)
        if unreadable:
            self._problems[path] = [self._where_named(path, key, problem) for problem in unreadable]
            return None
        value, self._problems[path] = load(text, path)
        return value

    def _where_named(self, path: str, key: str, problem: Problem) -> Problem:
        """A file that is not there is a problem of the line of ``study.yaml`` that names it."""
        if problem.rule != "unreadable-file" or key not in self.settings.places:
            return problem
        return replace(problem, place=self.settings.places[key], message=f"{path}: {problem.message}")
