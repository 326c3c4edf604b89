"""Colours of codes and of the screen, for dark and for light paper; plain values, mixed here and nowhere else."""

from __future__ import annotations

import re
from collections.abc import Mapping
from colorsys import rgb_to_hls

import msgspec

from postil_codebook.values import Codebook

# name → (on dark, on light); each has a contrast of at least 4.5 on its paper, which a test holds.
HUES: dict[str, tuple[str, str]] = {
    "blue": ("#7fb0ef", "#2a5fb0"),
    "orange": ("#eb9f6c", "#a3480f"),
    "green": ("#8ccb86", "#2f7430"),
    "rose": ("#ef8fae", "#b02f5c"),
    "teal": ("#66c9c0", "#0b706a"),
    "violet": ("#bd9ff0", "#6a43b5"),
    "amber": ("#e6bb5c", "#835c00"),
    "sky": ("#7acbf0", "#0b6792"),
    "magenta": ("#dd8fdc", "#93349a"),
    "lime": ("#b7cb63", "#566a00"),
    "brown": ("#cfa884", "#7a5029"),
    "slate": ("#a4b4cc", "#4b5d78"),
}
_OTHER_NAMES = {"red": "rose", "yellow": "amber", "purple": "violet", "pink": "rose", "cyan": "teal", "grey": "slate"}
_OTHER_NAMES |= {
    "gray": "slate",
    "gold": "amber",
    "turquoise": "teal",
    "navy": "blue",
    "olive": "lime",
    "black": "slate",
}
_HEX = re.compile(r"#[0-9a-fA-F]{6}")


class ColorTheme(msgspec.Struct, frozen=True):
    """The colours of a screen."""

    name: str
    dark: bool
    paper: str
    panel: str
    raised: str
    ink: str
    quiet: str  # the interviewer's words
    faint: str  # turn numbers, hints
    line: str  # rules, inactive brackets
    accent: str
    good: str
    warn: str
    bad: str
    selection: str
    target: str


DARK = ColorTheme(
    name="postil-dark",
    dark=True,
    paper="#17191e",
    panel="#1e2127",
    raised="#272b33",
    ink="#dcd8cf",
    quiet="#99958d",
    faint="#6f7078",
    line="#3a3e47",
    accent="#e0b25a",
    good="#8ccb86",
    warn="#e6bb5c",
    bad="#ef8a80",
    selection="#3c4f70",
    target="#20242b",
)
LIGHT = ColorTheme(
    name="postil-light",
    dark=False,
    paper="#fbf8f1",
    panel="#f2ede2",
    raised="#e8e1d2",
    ink="#2a2824",
    quiet="#6f6a60",
    faint="#8d877b",
    line="#d2cab9",
    accent="#8a5a00",
    good="#2f7430",
    warn="#835c00",
    bad="#a8322a",
    selection="#c3d5f0",
    target="#f4efe4",
)


def blend(one: str, other: str, share: float) -> str:
    """``one`` with ``share`` of ``other`` mixed in.

    >>> blend("#000000", "#ffffff", 0.5)
    '#808080'
    """
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in zip(_rgb(one), _rgb(other), strict=True))


def mean(colours: list[str]) -> str:
    """The colour between several.

    >>> mean(["#000000", "#ffffff"])
    '#808080'
    """
    parts = [_rgb(colour) for colour in colours]
    return "#" + "".join(f"{round(sum(part[i] for part in parts) / len(parts)):02x}" for i in range(3))


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours (1 to 21), as web accessibility counts it.

    >>> round(contrast("#000000", "#ffffff"))
    21
    """
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _rgb(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _luminance(colour: str) -> float:
    def linear(value: int) -> float:
        part = value / 255
        return part / 12.92 if part <= 0.03928 else float(((part + 0.055) / 1.055) ** 2.4)

    red, green, blue = _rgb(colour)
    return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)


# What the sixteen colours of a terminal can show: by hue, those that are read well on dark and on light paper.
_SIXTEEN: dict[bool, list[tuple[float, str]]] = {
    True: [(0, "#ff5555"), (60, "#ffff55"), (120, "#55ff55"), (180, "#55ffff"), (300, "#ff55ff"), (360, "#ff5555")],
    False: [(0, "#aa0000"), (120, "#00aa00"), (180, "#00aaaa"), (240, "#0000aa"), (300, "#aa00aa"), (360, "#aa0000")],
}


def in_sixteen(colour: str, dark: bool) -> str:
    """The colour of sixteen that stands for a colour on dark or light paper, by its hue.

    >>> in_sixteen("#8ccb86", True), in_sixteen("#2a5fb0", False)
    ('#55ff55', '#0000aa')
    """
    hue, _, saturation = rgb_to_hls(*(part / 255 for part in _rgb(colour)))
    if saturation < 0.12:
        return "#aaaaaa" if dark else "#555555"
    return min(_SIXTEEN[dark], key=lambda entry: abs(entry[0] - hue * 360))[1]


def paper_in_sixteen(paper: ColorTheme) -> ColorTheme:
    """The paper for a terminal with sixteen colours."""
    dark = paper.dark
    marks = {name: in_sixteen(getattr(paper, name), dark) for name in ("good", "bad")}
    ink, ground = ("#ffffff", "#000000") if dark else ("#000000", "#ffffff")
    return msgspec.structs.replace(
        paper,
        **{**marks, **dict.fromkeys(("paper", "panel", "raised"), ground)},
        ink=ink,
        quiet="#aaaaaa" if dark else "#555555",
        faint="#555555",
        line="#555555" if dark else "#aaaaaa",
        accent="#ffff55" if dark else "#0000aa",
        warn="#ffff55" if dark else "#aa00aa",
    )


def code_colours(codebook: Codebook, paper: ColorTheme) -> Mapping[str, str]:
    """A colour for every code: its own where the codebook names one, else hues in turn, so neighbours differ."""
    names = list(HUES)
    column = 0 if paper.dark else 1
    colours: dict[str, str] = {}
    turn = 0
    for code in codebook.codes.values():
        named = _named(code.color, column)
        if named is None:
            named = HUES[names[turn % len(names)]][column]
            turn += 1
        colours[code.id] = _readable(named, paper)
    return colours


def _readable(colour: str, paper: ColorTheme) -> str:
    """The colour, mixed with ink until it can be read on the paper."""
    mixed = colour
    for share in (0.3, 0.5, 0.7, 1.0):
        if contrast(mixed, paper.paper) >= 3:
            break
        mixed = blend(colour, paper.ink, share)
    return mixed


def _named(colour: str, column: int) -> str | None:
    name = colour.strip().lower()
    name = _OTHER_NAMES.get(name, name)
    if name in HUES:
        return HUES[name][column]
    return name if _HEX.fullmatch(name) else None
