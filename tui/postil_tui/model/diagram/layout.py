"""From a figure to places: boxes in stacks with channels between them, arrows in the channels, lanes around."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from postil_model.drawing.figure import Figure
from postil_tui.model.diagram.boxes import box_of
from postil_tui.model.diagram.lanes import Lane, Wall, share_out
from postil_tui.model.diagram.stacks import StageStack, stages_of
from postil_tui.model.diagram.wires import Plan, Wire, WireEnd, place_columns, place_rows, plan
from postil_tui.text.cells import cells, fitted, shown

FAR = 100_000  # a row below everything
WIDEST, WIDE, NARROWEST = 34, 22, 14  # room for the text in a box
LABEL_ROOM = 4  # what a label needs around it: a line before and behind, and blanks
HEAD_ROOM = 2  # an arrow's head with a bit of its line

Stubs = tuple[tuple[int, Wall], ...]


@dataclass
class Channel:
    """Left of a stack or right of the last: room for labels at each wall, tracks in the middle."""

    left: int = 0  # the first column
    labels_left: int = 0
    labels_right: int = 0
    tracks: int = 0
    lanes: list[tuple[Wire, WireEnd, Lane]] = field(default_factory=list)

    @property
    def width(self) -> int:
        """Columns."""
        return self.labels_left + self.labels_right + max(2 * self.tracks - 1, 0)

    def x_of(self, lane: Lane) -> int:
        """The column of a lane."""
        return self.left + self.labels_left + 2 * lane.track


@dataclass(frozen=True)
class StageName:
    """The name of a stage and where it stands."""

    text: str
    x: int
    y: int
    room: int


@dataclass
class DiagramLayout:
    """Everything in its place; `drawing.draw` turns it into characters."""

    plan: Plan
    channels: list[Channel]
    columns: bool
    width: int = 0
    height: int = 0
    names: list[StageName] = field(default_factory=list)

    def column_of(self, wire: Wire, end: WireEnd) -> int:
        """The column in which a wire runs up or down beside one of its ends."""
        channel = self.channels[self.plan.channel_of(end)]
        lanes = [lane for other, of, lane in channel.lanes if other is wire and (of is end or not wire.goes_around)]
        return channel.x_of(lanes[0])


def lay_out(figure: Figure, width: int, columns: bool | None = None) -> DiagramLayout:
    """Stages side by side if ``width`` allows (or if asked for), else below each other."""
    stages = stages_of(figure)
    if columns is not False and len(stages) > 1:
        made = _fitting(figure, stages, width, True)
        if made.width <= width or columns:
            return made
    return _fitting(figure, stages, width, False)


def _fitting(figure: Figure, stages: Sequence[StageStack], width: int, columns: bool) -> DiagramLayout:
    """Boxes as wide as there is room for; the narrowest ones if there is none."""
    made = _attempt(figure, stages, NARROWEST, columns)
    more = (width - made.width) // (len(stages) if columns else 1)
    for inner in range(min(NARROWEST + more, WIDE if columns else WIDEST), NARROWEST, -1):
        wider = _attempt(figure, stages, inner, columns)
        if wider.width <= width:
            return wider
    return made


def _attempt(figure: Figure, stages: Sequence[StageStack], inner: int, columns: bool) -> DiagramLayout:
    facts = {note.node: len(note.texts) for note in figure.notes}
    boxes = {node.id: box_of(node, inner, facts.get(node.id, 0)) for node in figure.nodes}
    stacks = [stage.nodes for stage in stages] if columns else [[name for stage in stages for name in stage.nodes]]
    made = plan(stacks, boxes, figure.edges)
    named = len(stages) > 1
    heads = frozenset() if columns or not named else frozenset(stage.nodes[0] for stage in stages)
    _stand_below(made, stacks, heads)
    place_rows(made)
    layout = DiagramLayout(made, _channels(made, len(stacks)), columns)
    _stand_beside(layout, inner + 4)
    place_columns(made)
    _lead_around(layout, 2 if columns and named else 0)
    if named:
        layout.names = [_name(layout, stage, inner + 4) for stage in stages]
    return layout


def _name(layout: DiagramLayout, stage: StageStack, room: int) -> StageName:
    """Above its column; below each other at the right end, where no arrow comes down."""
    first = layout.plan.standing[stage.nodes[0]]
    if layout.columns:
        return StageName(stage.label, first.x, 0, room + layout.channels[first.stack + 1].width - 2)
    text = fitted(shown(stage.label), min(cells(stage.label), room - 12))
    return StageName(text, first.x + room - cells(text), first.y - 1, room)


def _stand_below(made: Plan, stacks: Sequence[Sequence[str]], heads: frozenset[str]) -> None:
    """Rows of the boxes: a gap of two where arrows go through, a row for the name of a stage that begins."""
    through = made.gaps()
    for number, names in enumerate(stacks):
        row = 0
        for place, name in enumerate(names):
            if name in heads and (number, place - 1) not in through:
                row += 1  # in a gap with arrows there is room for the name of the stage
            made.standing[name].y = row
            row += made.standing[name].box.height + (2 if (number, place) in through else 1)


# --- columns ---------------------------------------------------------------------------------------------------------


def _channels(made: Plan, stacks: int) -> list[Channel]:
    channels = [Channel() for _ in range(stacks + 1)]
    for wire in made.wires:
        for end, stubs, low, high in _parts(wire):
            channel = channels[made.channel_of(end)]
            _reserve(channel, wire, [wall for _, wall in stubs])
            if low < high:
                channel.lanes.append((wire, end, Lane(low, high, stubs)))
    for channel in channels:
        channel.tracks = share_out([lane for _, _, lane in channel.lanes])
    return channels


def _reserve(channel: Channel, wire: Wire, walls: Sequence[Wall]) -> None:
    """Room for the label at one wall, for a bit of line at the other; around, the lane carries the label."""
    room = HEAD_ROOM if wire.goes_around else cells(wire.label) + LABEL_ROOM
    if "left" in walls:
        channel.labels_left = max(channel.labels_left, room)
        room = HEAD_ROOM
    if "right" in walls:
        channel.labels_right = max(channel.labels_right, room)


def _parts(wire: Wire) -> list[tuple[WireEnd, Stubs, int, int]]:
    """The pieces of a wire that run in channels: an end in the channel, stubs, and the rows from low to high."""
    if wire.form == "gap":
        return []
    if not wire.goes_around:
        rows = sorted((wire.source.row, wire.target.row))
        return [(wire.source, tuple((end.row, _wall(end)) for end in wire.ends), rows[0], rows[1])]
    reach = {end.row: (-1, end.row) if wire.form == "above" else (end.row, FAR) for end in wire.ends}
    return [(end, ((end.row, _wall(end)),), *reach[end.row]) for end in wire.ends]


def _wall(end: WireEnd) -> Wall:
    """A box's right side is the left wall of the channel beside it."""
    return "left" if end.side == "right" else "right"


def _stand_beside(layout: DiagramLayout, box: int) -> None:
    """Columns of channels and boxes."""
    x = 0
    for number, channel in enumerate(layout.channels):
        channel.left = x
        between = 0 < number < len(layout.channels) - 1
        x += max(channel.width, 3) if between else channel.width
        for stands in layout.plan.standing.values():
            if stands.stack == number:
                stands.x = x
        x += box if number < len(layout.channels) - 1 else 0
    layout.width = x


# --- around ----------------------------------------------------------------------------------------------------------


def _lead_around(layout: DiagramLayout, head: int) -> None:
    """Lanes above for what goes back, below for the rest; everything moves down to make room."""
    made = layout.plan
    above, below = _lanes(layout, "above", "right"), _lanes(layout, "below", "left")
    rows_above, rows_below = (share_out([lane for _, lane in lanes]) for lanes in (above, below))
    top = head + rows_above
    for stands in made.standing.values():
        stands.y += top
    for wire in made.wires:
        for end in wire.ends:
            end.row += top
    bottom = max((stands.y + stands.box.height for stands in made.standing.values()), default=top)
    for first, lanes in ((head, above), (bottom, below)):
        for wire, lane in lanes:
            wire.around = first + lane.track
    layout.height = bottom + rows_below


def _lanes(layout: DiagramLayout, form: str, wall: Wall) -> list[tuple[Wire, Lane]]:
    found = []
    for wire in layout.plan.wires:
        if wire.form == form:
            low, high = sorted(layout.column_of(wire, end) for end in wire.ends)
            found.append((wire, Lane(low, high, ((low, wall), (high, wall)))))
    return found
