"""Real data that lies beside the checkout; a stranger's clone has none, and the tests that need it skip."""

from __future__ import annotations

from pathlib import Path

import pytest

NO_SHARED = "the real data beside the checkout is not here"


def find_shared(start: Path) -> Path:
    """The data folder that is found going up from a file, wherever in the checkout the file lies.

    Without one: a folder that does not exist, so that what asks for it finds nothing.
    """
    for folder in start.resolve().parents:
        found = folder / "shared" / "data"
        if (found / "ptm-study").is_dir():
            return found
    return start.resolve().parent / "no shared data"


SHARED = find_shared(Path(__file__))
needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason=NO_SHARED)
