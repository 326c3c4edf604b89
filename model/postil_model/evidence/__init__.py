"""The evidence table: every node and edge of the model, down to the words of the participant behind it."""

from postil_model.evidence.edges import EdgeBook
from postil_model.evidence.gather import CodingContext, gather
from postil_model.evidence.rows import KINDS, MODES, EdgeKey, Evidence, EvidenceRow, Interview, Kind, Unclear

__all__ = [
    "KINDS",
    "MODES",
    "CodingContext",
    "EdgeBook",
    "EdgeKey",
    "Evidence",
    "EvidenceRow",
    "Interview",
    "Kind",
    "Unclear",
    "gather",
]
