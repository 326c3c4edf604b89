"""A ``qc`` project: a folder with settings.yaml, a YAML codebook, a corpus of text files and codes on whole lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

from postil_base.files.text import read_bytes, unix_lines
from postil_base.problem import PostilError, Remark
from postil_base.yaml.places import YamlMap, YamlNode, YamlScalar, YamlSeq, load_yaml
from postil_formats.projects.peers.database import Database, made_guid, opened, text, whole
from postil_formats.projects.refi.values import Project, RefiCode, RefiCoding, RefiNote, RefiSelection, RefiSource, User

SETTINGS = "settings.yaml"
RULE = "whole lines, counted from 0"


def is_qc(folder: Path) -> bool:
    """Whether a folder is a qc project."""
    return (folder / SETTINGS).is_file() and "corpus_dir" in _settings(folder)


def read_qc(folder: Path) -> Project:
    """Read a project from its folder."""
    settings = _settings(folder)
    path = _inside(folder, settings.get("database") or "qualitative_coding.sqlite3")
    if not path.is_file():
        raise PostilError(
            f"{folder} has no {path.name}: projects of qc before 1.0 keep codes in files; run `qc upgrade` on it first."
        )
    with opened(read_bytes(path), path.name) as database:
        return _QcReader(folder, settings, database).read()


def _settings(folder: Path) -> Mapping[str, str]:
    root, _ = load_yaml(read_bytes(folder / SETTINGS).decode("utf-8", "replace"), SETTINGS)
    pairs = root if isinstance(root, YamlMap) else ()
    return {key.text: value.text for key, value in pairs if isinstance(value, YamlScalar)}


def _inside(folder: Path, name: str) -> Path:
    path = folder / name
    if not path.resolve().is_relative_to(folder.resolve()):
        raise PostilError(f"{folder / SETTINGS} names {name}, which lies outside the project and is not read.")
    return path


class _QcReader:
    def __init__(self, folder: Path, settings: Mapping[str, str], database: Database) -> None:
        self.folder, self.settings, self.database = folder, settings, database
        self.remarks: list[Remark] = []

    def read(self) -> Project:
        """All of it."""
        codes = tuple(self._codes())
        by_name = {code.name: code.guid for code in reversed(codes)}
        names = {text(row.get("name")) for row in self.database.rows("code")} - by_name.keys()
        loose = tuple(RefiCode(self._guid("code", name), name) for name in sorted(names))
        by_name |= {code.name: code.guid for code in loose}
        return Project(
            name=self.folder.resolve().name,
            origin=f"qc {self.settings.get('qc_version', '')}".strip(),
            users=tuple(
                User(self._guid("user", n), n) for row in self.database.rows("coder") if (n := text(row.get("name")))
            ),
            codes=(*codes, *loose),
            sources=tuple(self._sources(by_name)),
            notes=tuple(self._memos()),
            remarks=tuple(self.remarks),
        )

    def _guid(self, kind: str, name: str) -> str:
        return made_guid("qc", self.folder.resolve().name, kind, name)

    def _codes(self) -> Iterator[RefiCode]:
        """The codebook: names, and names with what is below them. A name may stand in several branches."""
        path = _inside(self.folder, self.settings.get("codebook") or "codebook.yaml")
        node, _ = load_yaml(read_bytes(path).decode("utf-8", "replace"), path.name) if path.is_file() else (None, [])
        twice: Counter[str] = Counter()
        waiting: list[tuple[YamlNode, str | None, str]] = [(node, None, "")] if node is not None else []
        while waiting:
            found, parent, above = waiting.pop()
            if isinstance(found, YamlSeq):
                waiting += [(item, parent, above) for item in reversed(found.items)]
            elif isinstance(found, YamlMap):
                for key, value in found:
                    code = self._code(key.text, parent, above, twice)
                    yield code
                    waiting.append((value, code.guid, f"{above}/{key.text}"))
            elif isinstance(found, YamlScalar) and not found.is_null:
                yield self._code(found.text, parent, above, twice)
        several = [name for name, count in twice.items() if count > 1]
        if several:
            message = f"stand in several branches ({', '.join(several[:5])} …); codings go to the first, as in qc"
            self.remarks.append(Remark(f"{len(several)} code names", message, lost=False))

    def _code(self, name: str, parent: str | None, above: str, twice: Counter[str]) -> RefiCode:
        twice[name] += 1
        return RefiCode(self._guid("code", f"{above}/{name}"), name, parent)

    def _sources(self, codes: Mapping[str, str]) -> Iterator[RefiSource]:
        corpus = _inside(self.folder, self.settings.get("corpus_dir") or "corpus")
        lines = self._coded_lines()
        for row in self.database.rows("document"):
            path = text(row.get("file_path"))
            file = _inside(self.folder, str(corpus.relative_to(self.folder) / path))
            if not file.is_file():
                self.remarks.append(
                    Remark(f"document {path}", "its text is not in the corpus; its codings stay behind")
                )
                continue
            words = unix_lines(read_bytes(file).decode("utf-8", "replace"))
            selections = tuple(self._selections(path, words, lines.get(path, []), codes))
            yield RefiSource(self._guid("document", path), path, text=words, selections=selections, rule=RULE)

    def _coded_lines(self) -> Mapping[str, list[tuple[int, str, str]]]:
        """Line, coder and code by document: a coded line has locations, which belong to an index of a document."""
        index = {row["id"]: text(row.get("document_id")) for row in self.database.rows("document_index")}
        location = {row["id"]: row.get("document_index_id") for row in self.database.rows("location")}
        documents: dict[int, str] = {}
        for pair in self.database.rows("coded_line_location_association"):
            at = index.get(location.get(pair["location_id"]))
            documents[pair["coded_line_id"]] = at or ""
        found: dict[str, list[tuple[int, str, str]]] = {}
        for row in self.database.rows("coded_line"):
            line = whole(row.get("line"))
            if line is not None:
                entry = (line, text(row.get("coder_id")), text(row.get("code_id")))
                found.setdefault(documents.get(row["id"], ""), []).append(entry)
        if found.get(""):
            self.remarks.append(Remark("coded lines", f"{len(found[''])} belong to no document"))
        return found

    def _selections(
        self, path: str, words: str, lines: list[tuple[int, str, str]], codes: Mapping[str, str]
    ) -> Iterator[RefiSelection]:
        starts = [0]
        for line in words.split("\n"):
            starts.append(starts[-1] + len(line) + 1)
        grouped: dict[tuple[int, str], list[str]] = {}
        for number, coder, code in sorted(lines):
            grouped.setdefault((number, coder), []).append(code)
        for (number, coder), names in grouped.items():
            if not 0 <= number < len(starts) - 1 or starts[number] >= len(words):
                self.remarks.append(Remark(f"line {number} of {path}", "it is not in the text; its codes stay behind"))
                continue
            user = self._guid("user", coder) if coder else ""
            start, end = starts[number], min(starts[number + 1] - 1, len(words))
            codings = tuple(
                RefiCoding(self._guid("coding", f"{path}/{number}/{coder}/{n}"), codes[n], user)
                for n in names
                if n in codes
            )
            guid = self._guid("line", f"{path}/{number}/{coder}")
            yield RefiSelection(guid, start, end, f"line:{number}", user=user, codings=codings, span=(start, end))

    def _memos(self) -> Iterator[RefiNote]:
        folder = _inside(self.folder, self.settings.get("memos_dir") or "memos")
        for file in sorted(folder.glob("*.md")) if folder.is_dir() else ():
            words = unix_lines(read_bytes(file).decode("utf-8", "replace"))
            yield RefiNote(self._guid("memo", file.name), file.stem, words)
