"""``postil model``: the decision-process graph as table, picture or data."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from postil_base.problem import PostilError
from postil_base.quoting.terminal import json_safe
from postil_cli.common import out_json, say, say_consent, study_option, table
from postil_cli.model_options import caption_option, model_of, model_options
from postil_cli.output.writing import as_csv, check_early, delimiter_option, deliver, need_file

if TYPE_CHECKING:
    from postil_model.decision.candidates import Candidate
    from postil_model.decision.model import Edge, Model, Node
    from postil_model.decision.support import Support
    from postil_model.drawing.figure import Figure
    from postil_study.study import Study

PICTURES = ("svg", "pdf", "png")
FORMATS = (*PICTURES, "tikz", "dot", "mermaid", "graphml", "gexf", "node-link", "json", "table")
LAID_OUT = (*PICTURES, "tikz", "dot")
MOST_NAMED = 30  # participants beside an edge; --json names all
SUFFIXES = {".mmd": "mermaid", ".mermaid": "mermaid", ".gv": "dot", ".tex": "tikz", ".tikz": "tikz", ".txt": "table"}


@click.command("model")
@study_option
@click.option("--format", "format_", type=click.Choice(FORMATS), default=None, help="Default: the ending of --out.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    default=None,
    metavar="FILE",
    callback=check_early,
    help="Write into FILE instead of stdout.",
)
@model_options
@click.option(
    "--quotes",
    type=click.Choice(["none", "ids", "full"]),
    default="ids",
    help="What of the evidence goes into a figure.",
)
@click.option("--link", default="", metavar="PAGE", help="Boxes and arrows lead to their words in this report.")
@click.option("--engine", type=click.Choice(["auto", "paper", "dot"]), default="auto", help="Who lays the figure out.")
@click.option(
    "--page",
    type=click.Choice(["a4", "letter", "slide", "column"]),
    default=None,
    help="Lay the figure out for a page: long processes go on in the next row.",
)
@click.option(
    "--level",
    type=click.Choice(["auto", "nodes", "stages"]),
    default="auto",
    help="Draw every node, or a box a stage; auto: by stage above 100 nodes or 300 arrows.",
)
@click.option("--certainty", is_flag=True, help="Mark arrows that rest on one coder, one person or on being asked.")
@click.option("--findings/--no-findings", default=True, help="Measured facts as notes on their nodes.")
@caption_option
@click.option("--candidates", is_flag=True, help="The coders' work list: pairs nobody has related yet.")
@click.option(
    "--top",
    type=click.IntRange(min=0),
    default=1000,
    show_default=True,
    metavar="N",
    help="So many items of the work list, most people first; 0: all.",
)
@click.option("--evidence-table", is_flag=True, help="Every piece of evidence, as CSV or XLSX.")
@delimiter_option
@click.option("--hints", is_flag=True, help="With --evidence-table: order and co-occurrence too.")
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
def command(study_folder: Path | None, **options: Any) -> int:
    """The decision-process graph: nodes and edges with how many participants are behind them.

    Without a format a table is printed. Only relations stated in a participant's words count; --evidence shows the
    other kinds, never added up. A threshold hides edges and never makes new ones.
    """
    from postil_cli.common import open_study_here

    study = open_study_here(study_folder)
    model = model_of(study, options)
    if options["candidates"] or (options["quotes"] == "full" and not options["evidence_table"]):
        say_consent(study, model.participants)
    if options["evidence_table"] and options["quotes"] != "none":
        say_consent(study, model.participants)
    if options["candidates"]:
        return _candidates(model, options)
    if options["evidence_table"]:
        return _evidence(model, options)
    _answer(study, model, options)
    return 0


def _format(options: dict[str, Any]) -> str:
    if options["as_json"]:
        return "json"
    if options["format_"]:
        return str(options["format_"])
    out: Path | None = options["out"]
    if out is None:
        return "table"
    ending = SUFFIXES.get(out.suffix.lower(), out.suffix.lower().lstrip("."))
    if ending not in FORMATS:
        raise PostilError(f"what is to be written into {out}? Add --format; there are: {', '.join(FORMATS)}")
    return ending


def _answer(study: Study, model: Model, options: dict[str, Any]) -> None:
    format_, out = _format(options), options["out"]
    if options["page"] and (format_ not in LAID_OUT or options["engine"] == "dot"):
        raise PostilError(
            f"--page lays out a figure: it goes with --format {', '.join(LAID_OUT)}, without --engine dot"
        )
    if options["certainty"] and format_ not in (*PICTURES, "tikz", "dot"):
        raise PostilError(f"--certainty is drawn, and {format_} is no drawing. postil ask certainty lists it.")
    if format_ == "json":
        from postil_model.decision.document import model_json

        _json(model_json(model, most=options["top"]), out)
    elif format_ == "table":
        deliver(_table(model), out)
    elif format_ in ("graphml", "gexf", "node-link"):
        from postil_model.decision import exports

        writers: dict[str, Callable[[Model], str | bytes]] = {
            "graphml": exports.graphml,
            "gexf": exports.gexf,
            "node-link": exports.node_link,
        }
        content: str | bytes = writers[format_](model)
        deliver(content, out)
    else:
        _figure(study, model, format_, options)


def _json(value: Any, out: Path | None) -> None:
    if out is None:
        out_json(value)
        return
    import json

    deliver(json_safe(json.dumps(value, ensure_ascii=False, indent=2)) + "\n", out)


def _figure(study: Study, model: Model, format_: str, options: dict[str, Any]) -> None:
    from postil_model.decision.undeclared import drawn_figure, nothing_stated
    from postil_model.drawing.pages import PAGES
    from postil_model.drawing.pictures import boxes_for, dot_text, draw, small_letters, tikz_text
    from postil_model.findings.computed import computed

    figure = _by_level(model, options["level"])
    if figure is None:
        from postil_study.privacy.consent.copied_words import told_findings

        counted = computed(study.findings, study.root) if options["findings"] else ()
        findings = told_findings(study, counted)
        figure = drawn_figure(model, findings, options["quotes"], options["link"])
        if options["certainty"]:
            figure = _certain(study, model, figure)
    elif options["certainty"]:
        raise PostilError("--certainty marks single arrows, and this figure is drawn by stage. Add --level nodes.")
    if told := nothing_stated(model):
        say(told)
    if not options["caption"]:
        figure = replace(figure, caption=())
    page = PAGES[options["page"]] if options["page"] else None
    if page is not None and (told := small_letters(figure, page)):
        say(told)
    if format_ == "mermaid":
        from postil_model.decision.exports import mermaid

        deliver(mermaid(figure), options["out"])
    elif format_ == "tikz":
        deliver(tikz_text(figure, page), options["out"])
    elif format_ == "dot":
        deliver(dot_text(figure, options["engine"], page), options["out"])
    else:
        need_file(f"a {format_} picture", options["out"]) if format_ != "svg" else None
        if format_ != "svg" and (told := boxes_for(figure)):
            say(told)
        deliver(draw(figure, [format_], options["engine"], page)[format_], options["out"])


def _certain(study: Study, model: Model, figure: Figure) -> Figure:
    from postil_model.validation.certainty_files import certain_figure, model_certainties

    return certain_figure(figure, model_certainties(study, model), model)


def _by_level(model: Model, level: str) -> Figure | None:
    """The figure by stage, where it was asked for or is the only one that can be read."""
    from postil_model.decision.stage_figure import stage_figure, too_many

    many = too_many(model)
    if level == "nodes" or (level == "auto" and not many):
        return None
    figure = stage_figure(model)
    if level == "auto" and len(figure.nodes) < 2:
        return None
    if level == "auto":
        say(f"{many} can't be read in one picture: drawn by stage (--level nodes draws them all)")
    return figure


def _table(model: Model) -> str:
    from postil_model.decision.figure import caption
    from postil_model.decision.legend import words_of
    from postil_model.decision.undeclared import hint_lines, nothing_stated

    nodes = table(["node", "", "k/n", "segments", "also"], [_node_row(node) for node in _by_stage(model)])
    edges = [_edge_row(model, edge) for edge in model.shown_edges.values()]
    heads = ["edge", "guard", "type", "k/n", "status", "participants", "also"]
    if not any(row[-1] for row in edges):
        heads, edges = heads[:-1], [row[:-1] for row in edges]
    said = words_of(model)
    denied = any(edge.support["stated"].deny_it for edge in model.shown_edges.values())
    legend = [" ".join((said["squares"], said["counts"], *([said["denied"]] if denied else [])))] if model.n else []
    lines = [_with_stages(model, nodes), "", nothing_stated(model) or table(heads, edges)]
    if not edges and (suggested := [list(row) for row in hint_lines(model)]):
        lines += ["", "Hints, no relations: what order of talk and closeness suggest", ""]
        lines.append(table(["pair", "spoken of", "people"], suggested))
    if model.evidence.unclaimed:
        lines += ["", f"Codes no node claims: {', '.join(model.evidence.unclaimed)}"]
    return "\n".join([*lines, "", *legend, *caption(model)]) + "\n"


def _by_stage(model: Model) -> list[Node]:
    order = {stage.id: place for place, stage in enumerate(model.process.stages)}
    return sorted(model.shown_nodes.values(), key=lambda node: order.get(node.node.stage, len(order)))


def _node_row(node: Node) -> list[str]:
    support = node.support
    bar = "█" * support.k + "░" * (support.n - support.k) if support.n <= 40 else ""
    return [node.node.label or node.node.id, bar, str(support), str(support.segments), _also(support)]


def _also(support: Support) -> str:
    """Who says something else about it, in numbers."""
    words = {"deny_it": "deny", "deny_of_end": "join a denied passage", "not_asked": "not asked"}
    names = ("deny_it", "deny_of_end", "hypothetical", "wish", "reported", "not_asked")
    counts = {name: len(getattr(support, name)) for name in names}
    return ", ".join(f"{words.get(name, name)} {count}" for name, count in counts.items() if count)


def _with_stages(model: Model, text: str) -> str:
    """Stage names between the rows of the node table."""
    labels = {stage.id: stage.label for stage in model.process.stages}
    head, *rows = text.split("\n")
    lines, stage = [head], None
    for row, node in zip(rows, _by_stage(model), strict=True):
        if node.node.stage != stage:
            stage = node.node.stage
            lines.append(f"— {labels.get(stage, stage) or 'no stage'}")
        lines.append(f"  {row}")
    return "\n".join(["  " + lines[0], *lines[1:]])


def _edge_row(model: Model, edge: Edge) -> list[str]:
    support = model.support(edge)
    denied = f" (−{len(edge.support['stated'].deny_it)})" if edge.support["stated"].deny_it else ""
    people = ", ".join(support.affirm[:MOST_NAMED])
    if len(support.affirm) > MOST_NAMED:
        people += f" and {len(support.affirm) - MOST_NAMED} more"
    route = f"{edge.key.source} → {edge.key.target}"
    status = model.status(edge) if model.process.edges else "stated"  # where nothing is declared, all is
    also = _also(replace(support, deny=support.deny_of_end))
    return [route, edge.key.guard, edge.key.type, f"{support}{denied}", status, people, also]


def _candidates(model: Model, options: dict[str, Any]) -> int:
    from postil_model.decision.candidates import work_list

    work = work_list(model, most=options["top"])
    if options["as_json"] or options["format_"] == "json":
        _json([candidate.as_json() for candidate in work.first], options["out"])
        return 0
    rows = [
        [
            f"{c.source} → {c.target}" if c.hint == "order" else f"{c.source} – {c.target}" if c.source else "?",
            c.hint,
            str(c.participants),
            c.participant,
            f"{c.transcript}:{c.turn + 1}",
            c.why or _passage(model, c),
        ]
        for c in work.first
    ]
    deliver(table(["pair", "hint", "people", "who", "turn", "passage"], rows, right=[2]) + "\n", options["out"])
    shown = f"; the first {len(work.first)} are shown (--top 0: all)" if len(work.first) < work.total else ""
    say(f"{work.total} to look at{shown}. Open one at its turn: postil code TRANSCRIPT:TURN")
    return 0


def _passage(model: Model, candidate: Candidate) -> str:
    from postil_model.drawing.text import shorten
    from postil_study.privacy.consent.purposes import WITHHELD

    place = (candidate.transcript, candidate.start, candidate.end)
    if candidate.start is None:
        return ""
    if not model.evidence.may_tell(candidate.participant, *place):
        return WITHHELD
    return shorten(model.evidence.transcripts[candidate.transcript].text[candidate.start : candidate.end], 70)


def _evidence(model: Model, options: dict[str, Any]) -> int:
    from postil_formats.tables.files import to_xlsx
    from postil_model.evidence.table import evidence_table

    found = evidence_table(model, options["hints"], quotes=options["quotes"] != "none")
    out: Path | None = options["out"]
    if options["as_json"]:
        _json([dict(zip(found.headers, row, strict=True)) for row in found.rows], out)
    elif out is not None and out.suffix.lower() == ".xlsx":
        deliver(to_xlsx([found]), out)
    else:
        deliver(as_csv(found), out)
    return 0
