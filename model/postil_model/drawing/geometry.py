"""From plan to points: column widths and the places of tracks; `ports` and `heights` do the rest."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from postil_model.drawing.boxes import TITLE, Box
from postil_model.drawing.columns import Column, ColumnPlace
from postil_model.drawing.heights import Heights
from postil_model.drawing.layout import Band, Layout, Spot
from postil_model.drawing.paths import clip_shared, path
from postil_model.drawing.ports import Ports
from postil_model.drawing.routes import Channel, Route, Track
from postil_model.drawing.text import block, wrap
from postil_model.drawing.titles import place_titles
from postil_model.drawing.widen import STEP_TRACK, middle_width, track_room

MARGIN = 16.0


class Geometry:
    """Lays out columns and routes."""

    def __init__(
        self,
        columns: Sequence[Column],
        places: Mapping[str, ColumnPlace],
        boxes: Mapping[str, Box],
        diamonds: frozenset[str],
        routes: list[Route],
        titles: Mapping[str, str],
        gaps: Mapping[tuple[str, str], float],
        air: float = 0.0,
    ) -> None:
        self.air = air
        self.columns, self.places, self.boxes, self.routes = columns, places, boxes, routes
        self.titles, self.gaps = titles, gaps
        self.layout = Layout(routes=routes)
        self.layout.spots = {name: Spot(0, 0, boxes[name], name in diamonds) for name in places}
        self.tracks: dict[Channel, list[Track]] = defaultdict(list)
        for track in dict.fromkeys(track for route in routes for track in route.tracks):
            self.tracks[track.channel].append(track)
        self.room = track_room(routes)
        self.middles = [0.0] * len(columns)
        self.gutters: dict[int, tuple[float, float]] = {}
        self.rows = max((column.row for column in columns), default=0) + 1
        self.inner = {i + 1 + a.row for i, (a, b) in enumerate(pairwise(columns)) if a.row == b.row}

    def run(self) -> Layout:
        """All steps, in the order in which each needs the one before."""
        self._columns_x()
        self._stacks_x()
        self._tracks_x()
        Ports(self.layout.spots, self.places, self.routes).place()
        self.finish()
        return self.layout

    def finish(self) -> None:
        """Heights and corners, from the x of all ports and tracks; again if titles were broken into more lines."""
        for _ in range(3):
            Heights(self.columns, self.layout, self.air).place()
            for route in self.routes:
                route.points = path(route, self.layout.spots)
            clip_shared(self.routes)
            if not place_titles(self.layout):
                break

    def _columns_x(self) -> None:
        left = self._room(self.tracks.get(("margin", 0), ()))
        left += STEP_TRACK if left else 0.0
        bands = self._bands()
        for row in range(self.rows):
            self._row_x(row, left, bands)
        self.layout.bands = list({id(band): band for band, _, _ in bands}.values())
        widest = max((band.right for band in self.layout.bands), default=0.0)
        for row in range(self.rows):
            inside = [band for band in self.layout.bands if band.row == row]
            if inside:
                inside[0].left, inside[-1].right = left, widest
        right = self._room(self.tracks.get(("margin", 1), ()))
        self.layout.right = widest + (right + STEP_TRACK if right else 0.0)
        for side in (0, 1):
            at = left if not side else widest
            for track in sorted(self.tracks.get(("margin", side), ()), key=lambda track: track.rank):
                room = self.room.get(id(track), STEP_TRACK)
                at += room if side else -room
                track.x = at if not side or room == STEP_TRACK else at - room + STEP_TRACK

    def _row_x(self, row: int, left_side: float, bands: Sequence[tuple[Band, bool, bool]]) -> None:
        x, previous = left_side + MARGIN, None
        indexes = [index for index, column in enumerate(self.columns) if column.row == row]
        for index in indexes:
            column = self.columns[index]
            gutter = self._gutter_width(index + row)
            low, high = self._extents(index)
            band, first, last = bands[index]
            missing = max(0.0, _title_width(band) - self._band_width(band, bands)) / 2
            low += missing if first else 0.0
            high += missing if last else 0.0
            centre = x + gutter + low
            if column.main and previous:
                spot = self.layout.spots[previous]
                needed = self.gaps.get((previous, column.main), 26.0)
                centre = max(centre, spot.right + needed + self.boxes[column.main].width / 2)
            left = centre - low
            if first:
                band.left = x if index == indexes[0] else (x + left) / 2
                if index != indexes[0]:
                    bands[index - 1][0].right = band.left
            band.right = centre + high + MARGIN
            self.middles[index] = centre
            if column.main:
                self.layout.spots[column.main].x = centre
                previous = column.main
            self.gutters[index + row] = (x, left)
            x = centre + high
        last_gutter = indexes[-1] + row + 1
        end = self._gutter_width(last_gutter)
        self.gutters[last_gutter] = (x, x + end)
        bands[indexes[-1]][0].right = x + end + MARGIN

    def _bands(self) -> list[tuple[Band, bool, bool]]:
        """The band of each column, and whether the column is its first or last."""
        found: list[Band] = []
        for index, column in enumerate(self.columns):
            before = self.columns[index - 1] if index else None
            if before is None or (column.stage, column.row) != (before.stage, before.row):
                lines = wrap(self.titles.get(column.stage, column.stage), 240, TITLE, "bold")
                found.append(Band(column.stage, lines, row=column.row))
            else:
                found.append(found[-1])
        return [
            (band, not i or found[i - 1] is not band, i == len(found) - 1 or found[i + 1] is not band)
            for i, band in enumerate(found)
        ]

    def _band_width(self, band: Band, bands: Sequence[tuple[Band, bool, bool]]) -> float:
        inside = [index for index, (other, _, _) in enumerate(bands) if other is band]
        return sum(sum(self._extents(index)) for index in inside) + sum(
            self._gutter_width(index + band.row) for index in inside
        )

    def _gutter_width(self, number: int) -> float:
        tracks = self.tracks.get(("gutter", number), ())
        if number not in self.inner and not tracks:
            return 0.0
        return self.air + max(24.0, self._room(tracks) + STEP_TRACK + 6)

    def _middle_width(self, index: int) -> float:
        return middle_width(index, self.routes)

    def _room(self, tracks: Iterable[Track]) -> float:
        """Width that tracks need; those with a text beside them need more."""
        return sum(self.room.get(id(track), STEP_TRACK) for track in tracks)

    def _extents(self, index: int) -> tuple[float, float]:
        """How far a column reaches left and right of its middle."""
        column, middle = self.columns[index], self._middle_width(index) / 2
        main = self.boxes[column.main].width / 2 if column.main else 0.0
        centre = max((self.boxes[name].width / 2 for name in column.centre), default=0.0)
        left = max((middle + self.boxes[name].width for name in column.left), default=0.0)
        right = max((middle + self.boxes[name].width for name in column.right), default=0.0)
        return max(main, centre, left, 20.0), max(main, centre, right, 20.0)

    def _stacks_x(self) -> None:
        for index, column in enumerate(self.columns):
            middle, half = self.middles[index], self._middle_width(index) / 2
            for part, stack in column.stacks:
                widest = max((self.boxes[name].width for name in stack), default=0.0) / 2
                offset = {"left": -half - widest, "right": half + widest}.get(part, 0.0)
                for name in stack:
                    self.layout.spots[name].x = middle + offset

    def _tracks_x(self) -> None:
        for (kind, index), tracks in self.tracks.items():
            if kind == "margin":
                continue
            if kind == "gutter":
                low, high = self.gutters[index]
            else:
                half = self._middle_width(index) / 2
                low, high = self.middles[index] - half, self.middles[index] + half
            stretch = (high - low) / (self._room(tracks) + STEP_TRACK)
            for track in sorted(tracks, key=lambda track: track.rank):
                room = self.room.get(id(track), STEP_TRACK) * stretch
                track.x = low + (room / 2 if room > STEP_TRACK * stretch else room)
                low += room


def _title_width(band: Band) -> float:
    return block(band.lines, TITLE, "bold")[0] + 24 if band.stage else 0.0
