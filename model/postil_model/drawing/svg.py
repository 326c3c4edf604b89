"""A picture as SVG: what a browser shows, and what PDF and PNG are made from."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from math import hypot
from typing import TYPE_CHECKING

from postil_base.quoting.html import html
from postil_model.drawing.picture import Group, Outline, Part, Picture, Shape, Stroke, Words
from postil_model.drawing.text import in_font, width

if TYPE_CHECKING:
    import regex

_FONT = "Liberation Sans,Arial,Helvetica,sans-serif"
# named, since a renderer that looks for a font by characters can miss those of joined ones
_EMOJI = "Noto Color Emoji,Apple Color Emoji,Segoe UI Emoji,Twemoji Mozilla,sans-serif"
_ANCHOR = {"left": "start", "centre": "middle", "right": "end"}
_STYLE = {"regular": "", "bold": ' font-weight="bold"', "italic": ' font-style="italic"'}
_DASHES = {
    "": "",
    "dashed": ' stroke-dasharray="5,3"',
    "dotted": ' stroke-dasharray="1,4"',
    "broken": ' stroke-dasharray="2,2.5"',
    "broken dashes": ' stroke-dasharray="8,2.5,2,2.5"',
}
_RADIUS, _HEAD, _RING = 7.0, 7.0, 2.6


def svg(picture: Picture) -> str:
    """The picture as a file."""
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{element(picture)}\n'


def element(picture: Picture, prefix: str = "") -> str:
    """The picture as an element of a page; ``prefix`` makes its ids unique there.

    A text says how wide it is in the shipped font: where another one stands in for it, it still fits its box.

    Each group has an id, classes, a title that browsers show as a tooltip, and a link if it has one.
    """
    wide, high, title = picture.width, picture.height, html(picture.title)
    size = f'width="{wide * picture.scale:.0f}pt" height="{high * picture.scale:.0f}pt"'
    about = f"<metadata>{html(chr(10).join(picture.about))}</metadata>\n" if picture.about else ""
    body = "\n".join(_shape(shape, prefix) for shape in picture.shapes)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{title}" {size} '
        f'viewBox="0 0 {wide:.2f} {high:.2f}" font-family="{_FONT}">\n'
        f'<title>{title}</title>\n{about}<rect class="paper" width="100%" height="100%" fill="#FFFFFF"/>\n'
        f"{body}\n</svg>"
    )


def _shape(shape: Shape, prefix: str) -> str:
    if not isinstance(shape, Group):
        return _part(shape)
    name = f' id="{prefix}{html(shape.id)}"' if shape.id else ""
    classes = f' class="{html(shape.classes)}"' if shape.classes else ""
    told = f"<title>{html(shape.tooltip)}</title>" if shape.tooltip else ""
    drawn = "".join(map(_part, shape.parts))
    if shape.url:
        drawn = f'<a href="{html(shape.url)}">{drawn}</a>'
    return f"<g{name}{classes}>{told}{drawn}</g>"


def _part(part: Part) -> str:
    match part:
        case Outline():
            return _outline(part)
        case Words():
            return _words(part)
        case Stroke():
            return _stroke(part)


def _outline(shape: Outline) -> str:
    left, top, right, bottom = shape.area
    line = f' stroke="{shape.line}" stroke-width="{shape.pen:g}"{_DASHES[shape.dash]}' if shape.line else ""
    look = f'fill="{shape.fill}"{line}'
    if shape.form in ("rectangle", "rounded"):
        radius = f' rx="{_RADIUS:g}"' if shape.form == "rounded" else ""
        size = f'width="{shape.width:.2f}" height="{shape.height:.2f}"'
        return f'<rect x="{left:.2f}" y="{top:.2f}" {size}{radius} {look}/>'
    if shape.form == "circle":
        return f'<circle cx="{shape.x:.2f}" cy="{shape.y:.2f}" r="{shape.width / 2:.2f}" {look}/>'
    corners = [(shape.x, top), (right, shape.y), (shape.x, bottom), (left, shape.y)]
    if shape.form == "note":
        corners = [(left, top), (right - 6, top), (right, top + 6), (right, bottom), (left, bottom)]
    return f'<polygon points="{_points(corners)}" {look}/>'


def _words(shape: Words) -> str:
    look = f'font-size="{shape.size:g}" fill="{shape.color}" text-anchor="{_ANCHOR[shape.align]}"{_STYLE[shape.style]}'
    words = html(shape.text)
    if not in_font(shape.text):
        words = _emoji().sub(rf'<tspan font-family="{_EMOJI}">\g<0></tspan>', words)
    elif len(shape.text) > 1:
        look += f' textLength="{width(shape.text, shape.size, shape.style):.1f}" lengthAdjust="spacingAndGlyphs"'
    return f'<text x="{shape.x:.2f}" y="{shape.y + 0.35 * shape.size:.2f}" {look}>{words}</text>'


@cache
def _emoji() -> regex.Pattern[str]:
    """Runs of emoji: each with its variant, tone or tag, joined ones together, and flags."""
    import regex

    tone = r"\uFE0F?\p{Emoji_Modifier}?[\U000E0020-\U000E007F]*"
    first = rf"(?:\p{{Emoji_Presentation}}|\p{{Extended_Pictographic}}(?=\uFE0F|\u200D|\p{{Emoji_Modifier}})){tone}"
    joined = rf"{first}(?:\u200D\p{{Extended_Pictographic}}{tone})*"
    return regex.compile(rf"(?:{joined}|\p{{RI}}{{2}}|[0-9#*]\uFE0F?\u20E3)+")


def _stroke(shape: Stroke) -> str:
    points = list(shape.points)
    head = ""
    if shape.head:
        points[-1], head = _headed(points[-2], points[-1], shape)
    look = f'fill="none" stroke="{shape.color}" stroke-width="{shape.pen:.2f}"{_DASHES[shape.dash]}'
    return f'<path d="{_path(points)}" {look}/>{head}'


def _headed(before: tuple[float, float], tip: tuple[float, float], shape: Stroke) -> tuple[tuple[float, float], str]:
    """Where the line ends now, and the head that goes on from there."""
    length = hypot(tip[0] - before[0], tip[1] - before[1]) or 1.0
    dx, dy = (tip[0] - before[0]) / length, (tip[1] - before[1]) / length
    if shape.head == "circle":
        x, y = tip[0] - dx * _RING, tip[1] - dy * _RING
        ring = f'<circle cx="{x:.2f}" cy="{y:.2f}" r="{_RING:g}" fill="#FFFFFF" stroke="{shape.color}"/>'
        return (tip[0] - 2 * dx * _RING, tip[1] - 2 * dy * _RING), ring
    back, half = (tip[0] - dx * _HEAD, tip[1] - dy * _HEAD), 2.5 + shape.pen / 2
    corners = [tip, (back[0] - dy * half, back[1] + dx * half), (back[0] + dy * half, back[1] - dx * half)]
    look = f'fill="white" stroke="{shape.color}"' if shape.head == "hollow" else f'fill="{shape.color}"'
    return back, f'<polygon points="{_points(corners)}" {look}/>'


def _path(points: Sequence[tuple[float, float]]) -> str:
    """Straight pieces with round corners."""
    parts = [f"M{points[0][0]:.2f},{points[0][1]:.2f}"]
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        enter, leave = _near(corner, before), _near(corner, after)
        parts.append(f"L{enter[0]:.2f},{enter[1]:.2f}Q{corner[0]:.2f},{corner[1]:.2f} {leave[0]:.2f},{leave[1]:.2f}")
    return "".join([*parts, f"L{points[-1][0]:.2f},{points[-1][1]:.2f}"])


def _near(corner: tuple[float, float], other: tuple[float, float]) -> tuple[float, float]:
    length = hypot(other[0] - corner[0], other[1] - corner[1]) or 1.0
    share = min(_RADIUS, length / 2) / length
    return corner[0] + (other[0] - corner[0]) * share, corner[1] + (other[1] - corner[1]) * share


def _points(points: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x:.2f},{y:.2f}" for x, y in points)
