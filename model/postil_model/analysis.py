"""A study with what is computed from it, for scripts and notebooks: tables as pandas DataFrames, the model as a graph.

What a command would withhold is withheld here: words of participants who refused, layers that a blind round hides.
"""

from __future__ import annotations

from collections.abc import Sequence
from os import PathLike
from typing import TYPE_CHECKING, Literal, cast

from postil_base.problem import PostilError
from postil_study.study import Study

if TYPE_CHECKING:
    import pandas

    from postil_formats.tables.files import Table
    from postil_model.agreement.sample import Unit
    from postil_model.decision.model import Model
    from postil_study.text.values import Mode

UNITS = ("char", "word", "sentence", "turn")
MODES = ("affirm", "deny", "hypothetical", "wish", "reported")
_POSITIONS = ("start", "end")


class AnalysedStudy(Study):
    """A study that also answers with DataFrames; positions are integers in code points, the end exclusive."""

    def segments(self) -> pandas.DataFrame:
        """A row for each code on each segment of each layer; a segment without a code has one row."""
        return _frame(self._tables("segments"))

    def relations(self) -> pandas.DataFrame:
        """A row for each relation of each layer: what it joins, its type, condition and cue."""
        return _frame(self._tables("relations"))

    def matrix(self, attribute: str = "", *, subtrees: bool = False, modes: Sequence[str] = ()) -> pandas.DataFrame:
        """Codes by participants, or by the values of an attribute: numbers of segments, from the coding of record.

        Raises:
            PostilError: a mode that there is not, or an attribute that no participant has.
        """
        from postil_model.counts.matrix import attribute_table, code_matrix, participant_table
        from postil_model.decision.comparison.subgroups import values_of
        from postil_model.decision.of_study import study_interviews

        if isinstance(modes, str) or not set(modes) <= set(MODES):
            raise PostilError(f"modes is a sequence of {', '.join(MODES)}; not {modes!r}.")
        interviews, _ = study_interviews(self)
        people = self.settings.participants
        rows: Literal["subtrees", "codes"] = "subtrees" if subtrees else "codes"
        counted = code_matrix(interviews, self.codebook, people, rows, cast("Sequence[Mode]", modes))
        if not attribute:
            return _frame(participant_table(counted, self.codebook))
        values = values_of(people, counted.participants, attribute)
        if not values:
            known = sorted({name for person in people.values() for name in person.attributes})
            raise PostilError(
                f"no participant has an attribute {attribute!r}; there are: {', '.join(known) or 'none'}."
            )
        return _frame(attribute_table(counted, self.codebook, values, attribute))

    def agreement(self, unit: str = "char") -> pandas.DataFrame:
        """Agreement of the coders per code and pooled, every measure a column; undefined values are missing.

        The layers are those that `postil agreement` compares: finished ones, from the last frozen reliability round.

        Args:
            unit: on what codes are compared: char (characters), word, sentence or turn.

        Raises:
            PostilError: a unit that there is not, or fewer than two coders finished a transcript.
        """
        from postil_model.agreement.result import study_agreement
        from postil_model.agreement.tables import codes_table

        if unit not in UNITS:
            raise PostilError(f"unit is one of {', '.join(UNITS)}; not {unit!r}.")
        chosen = cast("Unit", unit)
        return _frame(codes_table(study_agreement(self, units=(chosen,)), chosen))

    def model(self) -> Model:
        """The decision model, declared and stated edges with their support; its ``graph`` is a networkx graph."""
        from postil_model.decision.of_study import build_model

        return build_model(self)

    def _tables(self, name: str) -> Table:
        from postil_formats.projects.outgoing.tables import StudyTables

        return StudyTables(self).all()[name]


def open_study(root: str | PathLike[str]) -> AnalysedStudy:
    """Open the study in a folder, for reading and computing.

    Raises:
        PostilError: the folder holds no ``study.yaml``.
    """
    return AnalysedStudy.open(root)


def _frame(table: Table) -> pandas.DataFrame:
    """The table with integer positions: pandas would make floats of a column with a missing one."""
    frame = table.frame()
    whole = [name for name in frame.columns if str(name).rpartition("_")[2] in _POSITIONS]
    return frame.astype(dict.fromkeys(whole, "Int64"))
