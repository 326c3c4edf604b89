"""The way into the app past click: it means what click means, and leaves to click what it does not understand."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from click import UsageError

from postil_cli import opening
from postil_cli.commands import code
from postil_cli.main import cli
from postil_cli.shortcut import app_call

PLAIN = [
    [],
    ["code"],
    ["code", "I01"],
    ["code", "I01", "--coder", "ana"],
    ["code", "--coder=ana", "I01"],
    ["code", "-C", "a folder", "I01"],
    ["code", "--study=here", "--coder", "ben"],
]
OTHER = [["check"], ["code", "--help"], ["code", "-Chere"], ["code", "--cod", "ana"], ["code", "--", "I01"]]
WRONG = [["code", "I01", "I02"], ["code", "--coder"], ["code", "--nobody"]]


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Path | None, str | None, str | None]]:
    calls: list[tuple[Path | None, str | None, str | None]] = []

    def open_app(folder: Path | None = None, transcript: str | None = None, coder: str | None = None) -> int:
        calls.append((folder, transcript, coder))
        return 0

    monkeypatch.setattr(opening, "open_app", open_app)
    monkeypatch.setattr(code, "open_app", open_app)
    return calls


@pytest.mark.parametrize("arguments", PLAIN, ids=" ".join)
def test_plain_forms_mean_what_click_means(
    arguments: list[str], opened: list[tuple[Path | None, str | None, str | None]]
) -> None:
    call = app_call(arguments)
    assert call is not None
    try:
        cli.main(arguments, standalone_mode=False)
    except SystemExit as ended:
        assert ended.code == 0
    assert opened == [(Path(call.study) if call.study else None, call.transcript, call.coder)]


@pytest.mark.parametrize("arguments", OTHER, ids=" ".join)
def test_other_forms_are_left_to_click(arguments: list[str]) -> None:
    assert app_call(arguments) is None


@pytest.mark.parametrize("arguments", WRONG, ids=" ".join)
def test_mistakes_are_explained_by_click(
    arguments: list[str], opened: list[tuple[Path | None, str | None, str | None]]
) -> None:
    assert app_call(arguments) is None
    with pytest.raises(UsageError):
        cli.main(arguments, standalone_mode=False)
    assert not opened


def test_the_app_starts_without_click_and_what_is_not_needed_for_the_first_words() -> None:
    program = (
        "import sys\nsys.argv = ['postil', 'code', 'I01', '-C', '/nowhere']\n"
        "from postil_cli.entry import main\nmain()\nimport postil_tui.shell.app, postil_tui.code.screen\n"
        "print(*sorted({name.partition('.')[0] for name in sys.modules}))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    heavy = {"click", "pandas", "numpy", "networkx", "scipy", "lxml", "openpyxl", "rapidfuzz"}
    heavy |= {"typst", "jinja2", "graphviz"}
    assert not heavy & set(done.stdout.split())
    assert done.stderr.startswith("postil: ")  # no terminal here: said in a sentence
