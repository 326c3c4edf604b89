"""What the key that writes puts into exports/: the view as text, its numbers as CSV, its picture where there is one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from postil_formats.tables.files import Cell, Table, csv_file
from postil_model.counts.plots import curves_picture, heat_picture
from postil_study.files.outputs import EXPORTS, write_output
from postil_tui.overview.curves import curve_table, summary
from postil_tui.overview.together import MODES, WORDS
from postil_tui.overview.values import Overview, new_codes

if TYPE_CHECKING:
    from postil_codebook.values import Finding
    from postil_model.agreement.result import StudyAgreement
    from postil_model.counts.cooccurrence import Cooccurrence
    from postil_model.counts.saturation import Saturation
    from postil_model.decision.model import Model
    from postil_model.drawing.picture import Picture
    from postil_tui.model.diagram.source import DiagramSource


def write_files(root: Path, files: Mapping[str, bytes]) -> list[str]:
    """Write files into ``exports/`` and return their paths in the study."""
    for name, content in files.items():
        write_output(root / EXPORTS / name, content, root)
    return [f"{EXPORTS}/{name}" for name in files]


def files_of(view: str, found: Mapping[str, Any], codes: Sequence[str], meeting: int) -> dict[str, bytes]:
    """The numbers and pictures of a view, from what was worked out for it; nothing while that goes on."""
    if view == "agreement":
        result = found.get("agreement")
        return {} if result is None or isinstance(result, str) else agreement_files(result)
    if view == "saturation":
        return _saturation_files(found.get("curves"))
    if view == "together":
        return _together_files(found.get(f"together {MODES[meeting]}"))
    if view == "model":
        source: DiagramSource | None = found.get("source")
        return _model_files(found.get("model"), source.findings if source else ())
    data: Overview | None = found.get("data")
    return {} if data is None else _count_files(view, data, codes)


def _together_files(found: Cooccurrence | None) -> dict[str, bytes]:
    from postil_model.counts.cooccurrence import matrix_table, pair_table

    if found is None:
        return {}
    name = f"cooccurrence-{found.mode}"
    tables = {f"{name}.csv": csv_bytes(pair_table(found)), f"{name}-matrix.csv": csv_bytes(matrix_table(found))}
    used = [n for n in range(len(found.codes)) if any(found.counts[n, m] for m in range(len(found.codes)) if m != n)]
    rows = [(f"{at + 1}  {found.codes[n]}", [int(found.counts[n, m]) if m != n else 0 for m in used])
            for at, n in enumerate(used)]  # fmt: skip
    picture = heat_picture(WORDS[found.mode].capitalize(), [str(at + 1) for at in range(len(used))], rows)
    return tables | _pictures(name, picture)


def _saturation_files(curves: Sequence[tuple[str, Saturation]] | None) -> dict[str, bytes]:
    if not curves:
        return {}
    picture = curves_picture("Saturation", curves, [summary(curve) for _, curve in curves])
    return {"saturation.csv": csv_bytes(curve_table(curves)), **_pictures("saturation", picture)}


def _model_files(model: Model | None, findings: Sequence[Finding]) -> dict[str, bytes]:
    """The figure, and the evidence behind it."""
    from postil_model.decision.undeclared import drawn_figure
    from postil_model.drawing.pictures import draw
    from postil_model.evidence.table import evidence_table

    if model is None:
        return {}
    drawn = draw(drawn_figure(model, findings, "ids"), ["svg", "png"])
    return {"evidence.csv": csv_bytes(evidence_table(model)), **{f"decision-model.{k}": v for k, v in drawn.items()}}


def _pictures(name: str, picture: Picture) -> dict[str, bytes]:
    from postil_model.drawing.pictures import files

    return {f"{name}.{kind}": data for kind, data in files(picture, ["svg", "png"]).items()}


def _count_files(view: str, data: Overview, codes: Sequence[str]) -> dict[str, bytes]:
    if view == "codes":
        table = codes_table(data, codes)
        rows = [(str(row[0]), [int(str(count)) for count in row[1:]]) for row in table.rows]
        note = "segments of the coding of record, else of whoever asks"
        picture = heat_picture(table.title, data.transcripts, rows, note)
        return {"codes-by-transcript.csv": csv_bytes(table), **_pictures("codes-by-transcript", picture)}
    if view == "progress":
        return {"progress.csv": csv_bytes(progress_table(data))}
    return {"new-codes.csv": csv_bytes(new_codes_table(data))}


def csv_bytes(table: Table) -> bytes:
    """A table as a CSV file."""
    return csv_file(table)


def progress_table(data: Overview) -> Table:
    """Transcripts and coders, with the share coded and the day it was finished."""
    rows: list[tuple[Cell, ...]] = [
        (transcript, coder, at.segments, round(at.share, 4), at.done)
        for (coder, transcript), at in sorted(data.progress.items(), key=lambda pair: (pair[0][1], pair[0][0]))
    ]
    return Table(("transcript", "coder", "segments", "coded share", "finished"), tuple(rows), "Progress")


def codes_table(data: Overview, codes: Iterable[str]) -> Table:
    """Codes by transcripts."""
    used = [code for code in codes if any(data.counts[name][code] for name in data.transcripts)]
    rows: list[tuple[Cell, ...]] = [(code, *(data.counts[name][code] for name in data.transcripts)) for code in used]
    return Table(("code", *data.transcripts), tuple(rows), "Segments by code and transcript")


def new_codes_table(data: Overview) -> Table:
    """New codes with every transcript."""
    return Table(("transcript", "new", "so far"), tuple(new_codes(data)), "New codes")


def agreement_files(result: StudyAgreement) -> dict[str, bytes]:
    """Agreement per code as table and as picture."""
    from postil_model.agreement.files import view
    from postil_model.agreement.plot import plot_picture

    return {"agreement.csv": csv_file(view(result, "code"), exact=True), **_pictures("agreement", plot_picture(result))}
