"""Build hook: what goes into the wheel beside the packages, the illustrative study and the published models."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

STUDY = (
    "study.yaml",
    "codebook/*.yaml",
    "data/*",
    "transcripts/*.yaml",
    "transcripts/*.txt",
    "codings/*/*.jsonl",
    "memos/*.md",
    "charts/*.yaml",
    "rounds/**/*",
)
MODELS = "examples/models/*.yaml"  # for ``postil compare NAME``


class DemoStudy(BuildHookInterface[Any]):
    """Adds the study's files below ``postil_study/demo_study``, and the models below ``postil_model/models``.

    Editable installs find them in the checkout; a copy there would grow stale.
    """

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Name each file of the study for inclusion."""
        if version == "editable":
            return
        root = Path(self.root)
        for file in sorted(f for pattern in STUDY for f in root.glob(pattern) if f.is_file()):
            build_data["force_include"][str(file)] = f"postil_study/demo_study/{file.relative_to(root).as_posix()}"
        for file in sorted(root.glob(MODELS)):
            build_data["force_include"][str(file)] = f"postil_model/models/{file.name}"
