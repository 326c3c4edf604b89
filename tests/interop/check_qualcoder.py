"""Proof with QualCoder's own import: what its database holds after it has read a project of ours.

Run by hand: ``python tests/interop/check_qualcoder.py DIR [STUDY]``. QualCoder is in no package registry, so DIR is its
source: the folder ``src`` of a checkout, with ``qualcoder/refi.py`` and ``qualcoder/__main__.py``. Only the window
toolkit is replaced (file dialogs, progress, messages); the tables are those its own ``__main__.py`` creates.
Texts, coders, codes, codings, memos, notes, cases and variables are compared for the sample (or STUDY) and for a hard
study, with names told apart. Without that option, two codes of one name lose codings there; how many is printed.
"""

from __future__ import annotations

import argparse
import ast
import builtins
import importlib
import locale
import sqlite3
import sys
import traceback
import types
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

Facts = dict[str, Counter[tuple[object, ...]]]


class _Anything:
    """Stands in for every class and function of the toolkit."""

    def __init__(self, *_: object, **__: object) -> None:
        pass

    def __getattr__(self, name: str) -> _Anything:
        return _Anything()

    def __call__(self, *_: object, **__: object) -> _Anything:
        return _Anything()


class _Lenient(type):
    def __getattr__(cls, name: str) -> _Anything:
        return _Anything()


class _Stub(types.ModuleType):
    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _Lenient(name, (_Anything,), {})


class App:
    """What QualCoder's import needs of its application."""

    def __init__(self, source: Path, folder: Path) -> None:
        for name in ("images", "audio", "video", "documents"):
            (folder / name).mkdir(parents=True)
        self.project_path = str(folder)
        self.settings = {"directory": str(folder), "codername": "default", "ai_enable": "False"}
        self.ai_models: list[object] = []
        self.conn = sqlite3.connect(":memory:")
        for statement in tables_of(source / "qualcoder" / "__main__.py"):
            self.conn.execute(statement)

    def write_config_ini(self, *_: object) -> None:
        """Nothing is kept."""


class Told:
    """The text field to which QualCoder appends what it did."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def append(self, line: str) -> None:
        """Take a line."""
        self.lines.append(line)


def tables_of(main: Path) -> list[str]:
    """The statements by which QualCoder creates its tables for a new project."""
    tree = ast.parse(main.read_text(encoding="utf-8"))
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    made = [
        [
            node.value
            for node in ast.walk(function)
            if isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and node.value.upper().startswith("CREATE TABLE")
        ]
        for function in functions
    ]
    return max(made, key=len)


def imported(source: Path, project: Path, folder: Path) -> tuple[App, list[str]]:
    """Let QualCoder read a project; its database, and what it said."""
    sys.modules["qualcoder"] = package = types.ModuleType("qualcoder")
    package.__path__ = [str(source / "qualcoder")]
    for name in ("PyQt6", "PyQt6.QtWidgets", "PyQt6.QtCore", "qualcoder.helpers", "qualcoder.color_selector", "vlc"):
        sys.modules[name] = _Stub(name)
    for name in ("qualcoder.GUI", "qualcoder.GUI.ui_dialog_refi_export_endings"):
        sys.modules[name] = _Stub(name)
    toolkit: Any = sys.modules["PyQt6"]
    toolkit.QtWidgets = widgets = sys.modules["PyQt6.QtWidgets"]
    toolkit.QtCore = sys.modules["PyQt6.QtCore"]
    widgets.QFileDialog = type(  # type: ignore[attr-defined]
        "QFileDialog", (), {"getOpenFileName": lambda *_, **__: (str(project), True), "Option": _Anything()}
    )
    colors: Any = sys.modules["qualcoder.color_selector"]
    colors.colors, colors.color_matcher = ["#777777"] * 120, lambda color: color
    builtins._ = lambda text: text  # type: ignore[attr-defined]
    sys.modules.pop("qualcoder.refi", None)
    refi: Any = importlib.import_module("qualcoder.refi")
    app, told = App(source, folder), Told()
    refi.RefiImport(app, told, "qdpx")
    return app, told.lines


def there(app: App) -> Facts:
    """What stands in QualCoder's database."""

    def rows(query: str) -> Counter[tuple[object, ...]]:
        return Counter(tuple("" if x is None else x for x in row) for row in app.conn.execute(query))

    of_code = "code_text left join code_name using (cid) join source on source.id = code_text.fid"
    of_file = "attribute join source on source.id = attribute.id where attr_type = 'file'"
    return {
        "texts": rows("select name, fulltext from source"),
        "codes": rows("select name from code_name") + rows("select name from code_cat"),
        "coders": Counter({(row[0],): 1 for row in rows(f"select code_text.owner from {of_code}")}),
        "codings": rows(f"select source.name, pos0, pos1, seltext, code_name.name, code_text.owner from {of_code}"),
        "memos of codings": Counter(
            dict.fromkeys(rows(f"select source.name, pos0, pos1, code_text.memo from {of_code}"), 1)
        ),
        "notes on words": rows(
            "select source.name, pos0, pos1, annotation.memo, annotation.owner "
            "from annotation join source on source.id = annotation.fid"
        ),
        "memos": rows("select name, jentry from journal"),
        "memos of texts": rows("select name, memo from source where memo <> ''"),
        "cases": rows("select name from cases"),
        "values of cases": rows(
            "select cases.name, attribute.name, value from attribute join cases on caseid = id where attr_type = 'case'"
        ),
        "values of texts": rows(f"select source.name, attribute.name, value from {of_file}"),
    }


def ours(data: bytes) -> Facts:
    """The same of a project of ours, by our own reader."""
    from postil_formats.projects.refi.read import read_refi

    project = read_refi(data, "x.qdpx")
    name_of = {code.guid: code.name for code in project.codes}
    variable = {v.guid: v.name for v in project.variables}
    on_words = [(s, p, c) for s, p, c in project.codings() if p is not None]
    bare = [(s, p) for s in project.sources for p in s.selections if not p.codings]
    on_texts = {ref for source in project.sources for ref in source.notes}
    memos = [note for note in project.notes if note.guid not in on_texts]

    def values(of: Iterable[Any]) -> Counter[tuple[object, ...]]:
        return Counter((x.name, variable[v.variable], _written(v.value)) for x in of for v in x.values)

    sets: Counter[tuple[object, ...]] = Counter(
        (source.name, group.name, group.name)
        for group in project.sets
        for source in project.sources
        if source.guid in group.sources
    )
    return {
        "texts": Counter((source.name, source.text) for source in project.sources),
        "codes": Counter((code.name,) for code in project.codes),
        "coders": Counter({(project.coder_name(c.user),): 1 for _, _, c in on_words}),
        "codings": Counter(
            (s.name, *p.span, (s.text or "")[slice(*p.span)], name_of[c.code], project.coder_name(c.user))
            for s, p, c in on_words
            if p.span
        ),
        "memos of codings": Counter(
            dict.fromkeys(((s.name, *(p.span or ()), p.description) for s, p, _ in on_words), 1)
        ),
        "notes on words": Counter(
            (s.name, *(p.span or ()), p.description, project.coder_name(p.user)) for s, p in bare
        ),
        "memos": Counter((note.name, note.text) for note in memos),
        "memos of texts": Counter((s.name, s.description) for s in project.sources if s.description),
        "cases": Counter((case.name,) for case in project.cases),
        "values of cases": values(project.cases),
        "values of texts": values(project.sources) + sets,
    }


def _written(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def compared(source: Path, data: bytes, name: str, work: Path) -> int:
    """Let QualCoder read a project and print what differs; how many kinds of things do."""
    file = work / f"{name}.qdpx"
    file.write_bytes(data)
    try:
        app, told = imported(source, file, work / f"{name}.qda")
    except Exception:
        print(f"{name}: QualCoder's import stopped\n{traceback.format_exc(limit=-2)}")
        return 1
    expected, found, wrong = ours(data), there(app), 0
    for kind, want in expected.items():
        missing, extra = want - found[kind], found[kind] - want
        wrong += bool(missing or extra)
        print(f"{name}: {kind}: {want.total()} there, {missing.total()} missing, {extra.total()} other")
        for title, some in (("missing", missing), ("other", extra)):
            for row in list(some)[:3]:
                print(f"    {title}: {str(row)[:160]}")
    for line in told:
        if "Duplicated" in line or "Error" in line or "Cannot" in line:
            print(f"    said: {line}")
    return wrong


def main(arguments: Sequence[str] | None = None) -> int:
    """Import both studies; 1 if anything is missing or differs."""
    from postil_formats.projects.outgoing.project import ExportWishes
    from postil_formats.projects.outgoing.refi import refi_project
    from postil_study.study import open_study
    from tests.interop.hard_study import hard_study

    parser = argparse.ArgumentParser()
    parser.add_argument("qualcoder", type=Path, help="folder that holds qualcoder/refi.py")
    parser.add_argument("study", nargs="?", type=Path, default=ROOT)
    wishes = parser.parse_args(arguments)
    print(f"encoding of text files here: {locale.getpreferredencoding(False)}")
    with TemporaryDirectory() as folder:
        work = Path(folder)
        studies = {"sample": wishes.study, "hard": hard_study(work / "hard")}
        wrong = 0
        for name, root in studies.items():
            study = open_study(root)
            apart = refi_project(study, ExportWishes(everything=True, tell_apart=True))
            wrong += compared(wishes.qualcoder, apart.data, name, work)
        plain = refi_project(open_study(studies["hard"]), ExportWishes(everything=True))
        print("\nwithout --tell-apart (two codes of one name), which the export says:")
        compared(wishes.qualcoder, plain.data, "hard, names as they are", work)
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
