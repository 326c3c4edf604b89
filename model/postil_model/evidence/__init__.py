"""The evidence table: every node and edge of the model, down to the words of the participant behind it."""

from postil_model.evidence.edges import EdgeBook
from postil_model.evidence.gather import Frame, gather
from postil_model.evidence.rows import KINDS, MODES, EdgeKey, Evidence, Interview, Kind, Row, Unclear

__all__ = [
    "KINDS",
    "MODES",
    "EdgeBook",
    "EdgeKey",
    "Evidence",
    "Frame",
    "Interview",
    "Kind",
    "Row",
    "Unclear",
    "gather",
]
