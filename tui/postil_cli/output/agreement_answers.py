"""What ``postil agreement`` writes: in each format, the study, the history of its rounds, or a table of ratings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from postil_base.problem import PostilError
from postil_base.quoting.terminal import json_safe
from postil_cli.common import json_text, out_json, say
from postil_cli.output.writing import as_csv, deliver, need_file

if TYPE_CHECKING:
    from postil_formats.tables.files import Table
    from postil_model.agreement.result import StudyAgreement
    from postil_model.agreement.rounds import RoundAgreement

PICTURES = ("svg", "png", "pdf")


def answer(result: StudyAgreement, format_: str, asked: dict[str, Any], history: Sequence[RoundAgreement] = ()) -> None:
    """Write the agreement of a study in the format asked for."""
    from postil_model.agreement import files as output
    from postil_model.agreement.tables import confusion_table, run_lines

    out, by = asked["out"], asked["by"]
    if result.headline.none:
        _only_headline(result, format_, out, asked["label"])
    elif asked["methods"]:
        from postil_model.agreement.methods_paragraph import methods_paragraph

        deliver(methods_paragraph(result), out)
    elif format_ == "json":
        write_json(_full_json(result, asked, history), out)
    elif format_ == "csv":
        views = [confusion_table(result)] if asked["confusion"] else [output.view(result, by)]
        deliver(as_csv(views[0], exact=True), out)
        for line in [*run_lines(result), output.headline_sentence(result)]:
            say(line)
    elif format_ == "xlsx":
        need_file("a workbook", out)
        deliver(output.workbook(result, _more(result, asked, history)), out)
    elif format_ in PICTURES:
        from postil_model.agreement.plot import plot

        if format_ != "svg":
            need_file("a picture", out)
        deliver(plot(result, format_), out)
    else:
        deliver(_text(result, format_, asked, history), out)


def _text(result: StudyAgreement, format_: str, asked: dict[str, Any], history: Sequence[RoundAgreement]) -> str:
    from postil_model.agreement import files as output

    more = _more(result, asked, history)
    if format_ == "md":
        return output.markdown(result, asked["by"], more)
    if format_ == "latex":
        return output.latex_tables(result, asked["by"], more, asked["label"])
    if format_ == "html":
        return output.web_page(result, more)
    from postil_cli.output.agreement_screen import screen

    return screen(result, asked["by"], asked["confusion"], more)


def _more(result: StudyAgreement, asked: dict[str, Any], history: Sequence[RoundAgreement]) -> list[Table]:
    """The history of rounds, where there is one, and what is made only when it is asked for."""
    from postil_model.agreement.rounds import rounds_table

    more = [rounds_table(history)] if history else []
    if asked["gamma"]:
        from postil_model.agreement.gamma_of_study import gamma_table, study_gamma

        more.append(gamma_table(study_gamma(result.sample, asked["sampler"], asked["samples"], asked["seed"])))
    return more


def _full_json(result: StudyAgreement, asked: dict[str, Any], history: Sequence[RoundAgreement]) -> dict[str, Any]:
    from postil_model.agreement.document import agreement_json
    from postil_model.agreement.rounds import rounds_json

    found = agreement_json(result) | {"rounds": rounds_json(history)}
    if asked["gamma"]:
        from postil_model.agreement.gamma_of_study import gamma_json, study_gamma

        found["gamma"] = gamma_json(study_gamma(result.sample, asked["sampler"], asked["samples"], asked["seed"]))
    return found


def write_json(value: Any, out: Path | None) -> None:
    """Write JSON to a file, or to the terminal."""
    if out is None:
        out_json(value)
    else:
        deliver(json_safe(json_text(value, allow_nan=False)) + "\n", out)


def _only_headline(result: StudyAgreement, format_: str, out: Path | None, label: str) -> None:
    """Of a study that reports no coefficient: the measure that was asked for by name, and nothing else."""
    from postil_formats.tables.files import to_html, to_markdown, to_xlsx
    from postil_formats.tables.latex import Style, latex_tables
    from postil_model.agreement import files as output
    from postil_model.agreement.document import headline_json
    from postil_model.agreement.tables import headline_table, run_lines

    table = headline_table(result)
    told = [*run_lines(result), output.headline_sentence(result)]
    if format_ == "json":
        write_json({"headline": headline_json(result)}, out)
        return
    if format_ == "table":
        from postil_cli.output.agreement_screen import headline_screen

        deliver(headline_screen(result), out)
        return
    writers: dict[str, Callable[[], str | bytes]] = {
        "csv": lambda: as_csv(table, exact=True),
        "md": lambda: "\n".join([*(f"- {line}" for line in told), "", to_markdown(output.printed(table))]),
        "latex": lambda: latex_tables([table], [Style(table.title, label or "agreement", tuple(told), 2)]),
        "html": lambda: to_html([output.printed(table)], "Agreement"),
        "xlsx": lambda: to_xlsx([table]),
    }
    if format_ not in writers:
        raise PostilError(f"the study reports no agreement, so there is no picture of it as {format_}.")
    deliver(writers[format_](), out)


def answer_none(reason: str, format_: str, out: Path | None) -> int:
    """Write that the study reports no agreement, and why; a measure is computed only if it is asked for by name."""
    from postil_model.agreement.methods_paragraph import no_agreement_paragraph

    if format_ == "json":
        write_json({"none": reason, "headline": None}, out)
    elif format_ in (*PICTURES, "xlsx"):
        raise PostilError(
            f"the study reports no agreement ({reason}), so there is nothing for {format_}. "
            "To compute a measure all the same, name it with --measure."
        )
    else:
        deliver(no_agreement_paragraph(reason), out)
        say("To compute a measure all the same, name it: postil agreement --measure krippendorff_alpha")
    return 0


def answer_history(history: Sequence[RoundAgreement], format_: str, out: Path | None, label: str = "") -> int:
    """Write the history of rounds."""
    from postil_formats.tables.files import to_html, to_markdown, to_xlsx
    from postil_formats.tables.latex import Style, latex_tables
    from postil_model.agreement import files as output
    from postil_model.agreement.rounds import rounds_json, rounds_plot, rounds_table

    rows = rounds_table(history)
    if format_ == "json":
        write_json(rounds_json(history), out)
    elif format_ in PICTURES:
        deliver(rounds_plot(history, format_), out)
    elif format_ == "table":
        from postil_cli.output.agreement_screen import history_screen

        deliver(history_screen(history), out)
    else:
        writers: dict[str, Callable[[], str | bytes]] = {
            "csv": lambda: as_csv(rows, exact=True),
            "md": lambda: to_markdown(output.printed(rows)),
            "latex": lambda: latex_tables([rows], [Style("Agreement over rounds", label or "rounds", (), 2)]),
            "html": lambda: to_html([output.printed(rows)], "Agreement over rounds"),
            "xlsx": lambda: to_xlsx([rows]),
        }
        deliver(writers[format_](), out)
    return 0
