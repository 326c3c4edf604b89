"""Everything that is computed from a study: evidence, agreement, decision model, drawing, reports.

>>> from postil_model import open_study
"""

from __future__ import annotations

from postil_model.analysis import AnalysedStudy, open_study

__all__ = ["AnalysedStudy", "open_study"]
