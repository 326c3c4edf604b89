"""The screens one can go to, by name; a module is imported when its screen is first asked for."""

from __future__ import annotations

from importlib import import_module

from postil_tui.shell.screens.base import PostilScreen
from postil_tui.shell.workspace import Workspace

_PLACES = {
    "search": ("search.screen", "SearchScreen"),
    "themes": ("themes.screen", "ThemesScreen"),
    "matrix": ("themes.matrix_screen", "MatrixScreen"),
    "guide": ("guide.screen", "GuideScreen"),
    "team": ("team.screen", "TeamScreen"),
    "recode": ("team.recode_screen", "RecodeScreen"),
    "conflicts": ("conflicts.screen", "ConflictsScreen"),
    "home": ("home.screen", "HomeScreen"),
    "import": ("importing.screen", "ImportScreen"),
    "code": ("code.screen", "CodeScreen"),
    "memos": ("memos.screen", "MemosScreen"),
    "codebook": ("codebook.screen", "CodebookScreen"),
    "compare": ("compare.screen", "CompareScreen"),
    "overview": ("overview.screen", "OverviewScreen"),
    "model": ("model.screen", "ModelScreen"),
    "evidence": ("model.evidence_screen", "EvidenceScreen"),
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
    screen = getattr(import_module(f"postil_tui.{module}"), kind)(workspace)
    assert isinstance(screen, PostilScreen)
    return screen
