"""The screens one can go to, by name; a module is imported when its screen is first asked for."""

from __future__ import annotations

from importlib import import_module

from postil_tui.screens.base import PostilScreen
from postil_tui.workspace import Workspace

_PLACES = {
    "search": ("search", "SearchScreen"),
    "themes": ("themes", "ThemesScreen"),
    "matrix": ("matrix", "MatrixScreen"),
    "guide": ("guide", "GuideScreen"),
    "team": ("team", "TeamScreen"),
    "recode": ("recode", "RecodeScreen"),
    "conflicts": ("conflicts", "ConflictsScreen"),
    "home": ("home", "HomeScreen"),
    "import": ("importing", "ImportScreen"),
    "code": ("code", "CodeScreen"),
    "memos": ("memos", "MemosScreen"),
    "codebook": ("codebook", "CodebookScreen"),
    "compare": ("compare", "CompareScreen"),
    "overview": ("overview", "OverviewScreen"),
    "model": ("model", "ModelScreen"),
    "evidence": ("evidence", "EvidenceScreen"),
}

# actions that lead to a screen
WAYS = {
    "transcripts": "home",
    "import_transcripts": "import",
    "codebook": "codebook",
    "compare": "compare",
    "overview": "overview",
    "search_study": "search",
    "themes": "themes",
    "matrix": "matrix",
    "guide": "guide",
    "model": "model",
    "memos": "memos",
    "team": "team",
    "recode": "recode",
    "conflicts": "conflicts",
}


def make_place(name: str, workspace: Workspace) -> PostilScreen:
    """The screen of that name."""
    module, kind = _PLACES[name]
    screen = getattr(import_module(f"postil_tui.screens.{module}"), kind)(workspace)
    assert isinstance(screen, PostilScreen)
    return screen
