"""From plan to points: column widths and the places of tracks; `ports` and `heights` do the rest."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from postil_model.drawing.boxes import TITLE, Box
from postil_model.drawing.columns import Column, Place
from postil_model.drawing.heights import Heights
from postil_model.drawing.layout import Band, Layout, Spot
from postil_model.drawing.paths import clip_shared, path
from postil_model.drawing.ports import Ports
from postil_model.drawing.routes import Route, Track
from postil_model.drawing.text import block, wrap
from postil_model.drawing.widen import STEP_TRACK, middle_width, track_room

MARGIN = 16.0


class Geometry:
    """Lays out columns and routes."""

    def __init__(
        self,
        columns: Sequence[Column],
        places: Mapping[str, Place],
        boxes: Mapping[str, Box],
        diamonds: frozenset[str],
        routes: list[Route],
        titles: Mapping[str, str],
        gaps: Mapping[tuple[str, str], float],
    ) -> None:
        self.columns, self.places, self.boxes, self.routes = columns, places, boxes, routes
        self.titles, self.gaps = titles, gaps
        self.layout = Layout(routes=routes)
        self.layout.spots = {name: Spot(0, 0, boxes[name], name in diamonds) for name in places}
        self.tracks: dict[tuple[str, int], list[Track]] = defaultdict(list)
        for track in dict.fromkeys(end.track for route in routes for end in (route.source, route.target) if end.track):
            self.tracks[track.channel].append(track)
        self.room = track_room(routes)
        self.middles = [0.0] * len(columns)
        self.gutters: list[tuple[float, float]] = []

    def run(self) -> Layout:
        """All steps, in the order in which each needs the one before."""
        self._columns_x()
        self._stacks_x()
        self._tracks_x()
        Ports(self.layout.spots, self.places, self.routes).place()
        Heights(self.columns, self.layout).place()
        for route in self.routes:
            route.points = path(route, self.layout.spots)
        clip_shared(self.routes)
        return self.layout

    def _columns_x(self) -> None:
        x, previous = MARGIN, None
        bands = self._bands()
        for index, column in enumerate(self.columns):
            gutter = self._gutter_width(index)
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
                band.left = x if not index else (x + left) / 2
                if index:
                    bands[index - 1][0].right = band.left
            band.right = centre + high + MARGIN
            self.middles[index] = centre
            if column.main:
                self.layout.spots[column.main].x = centre
                previous = column.main
            self.gutters.append((x, left))
            x = centre + high
        end = self._gutter_width(len(self.columns))
        self.gutters.append((x, x + end))
        self.layout.bands = list({id(band): band for band, _, _ in bands}.values())
        if self.layout.bands:
            self.layout.bands[0].left = 0.0
            self.layout.bands[-1].right = x + end + MARGIN
        self.layout.right = x + end + MARGIN

    def _bands(self) -> list[tuple[Band, bool, bool]]:
        """The band of each column, and whether the column is its first or last."""
        found: list[Band] = []
        for index, column in enumerate(self.columns):
            if not index or column.stage != self.columns[index - 1].stage:
                found.append(Band(column.stage, wrap(self.titles.get(column.stage, column.stage), 240, TITLE, "bold")))
            else:
                found.append(found[-1])
        return [
            (band, not i or found[i - 1] is not band, i == len(found) - 1 or found[i + 1] is not band)
            for i, band in enumerate(found)
        ]

    def _band_width(self, band: Band, bands: Sequence[tuple[Band, bool, bool]]) -> float:
        inside = [index for index, (other, _, _) in enumerate(bands) if other is band]
        return sum(sum(self._extents(index)) for index in inside) + sum(self._gutter_width(index) for index in inside)

    def _gutter_width(self, index: int) -> float:
        tracks = self.tracks.get(("gutter", index), ())
        if index in (0, len(self.columns)) and not tracks:
            return 0.0
        return max(24.0, self._room(tracks) + STEP_TRACK + 6)

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
