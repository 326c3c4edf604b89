"""A study as one coder may see it: in a blind round the layers of the others are not there at all."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from postil_study.rounds.blind import hidden_layers
from postil_study.study import Study
from postil_study.text.values import Layer


class SeenStudy(Study):
    """The study without the layers that a blind round hides; whatever is computed from it tells nothing of them."""

    def __init__(self, root: Path, coder: str) -> None:
        super().__init__(root)
        self.hidden: Mapping[tuple[str, str], str] = hidden_layers(self.rounds.values(), coder)

    def layer(self, coder: str, transcript: str) -> Layer | None:
        """A coder's layer, None where there is none to be seen."""
        return None if (coder, transcript) in self.hidden else super().layer(coder, transcript)

    @property
    def blind_rounds(self) -> tuple[str, ...]:
        """The rounds on whose account something is hidden."""
        return tuple(sorted(set(self.hidden.values())))
