"""Real data that lies beside the checkout; a stranger's clone has none, and the tests that need it skip."""

from __future__ import annotations

from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"
needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="the real data beside the checkout is not here")
