"""A laid out figure as TikZ, for LaTeX documents: vectors in the document's own font, drawn without Graphviz."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from postil_base.quoting.latex import latex
from postil_model.drawing.paper import Drawing
from postil_model.drawing.picture import Outline, Part, Stroke, Words, parts
from postil_model.drawing.shapes import canvas, shapes
from postil_model.drawing.text import width

_HEAD = """% The decision model as TikZ: \\usepackage{tikz} \\usetikzlibrary{arrows.meta}, then \\input this file.
% Other alphabets than Latin need XeLaTeX or LuaLaTeX and a font that has them.
\\providecommand{\\postilfont}{\\sffamily}
\\ifdefined\\postilwidth\\else\\newlength{\\postilwidth}\\setlength{\\postilwidth}{\\linewidth}\\fi
% text that the document's font makes wider than its room is set narrower
\\ifdefined\\postilbox\\else\\newsavebox{\\postilbox}\\fi
\\providecommand{\\postilfit}[2]{\\sbox{\\postilbox}{#2}%
  \\ifdim\\wd\\postilbox>#1\\resizebox{#1}{\\height}{\\usebox{\\postilbox}}\\else\\usebox{\\postilbox}\\fi}
\\resizebox{\\postilwidth}{!}{%
"""
_ROUND = 7.0
_SIGNS = {"−": "$-$", "→": "$\\rightarrow$"}  # that fonts of LaTeX do not have as letters
_ANCHOR = {"left": "west", "centre": "center", "right": "east"}
_DASHES = {
    "broken": "dash pattern=on 2pt off 2.5pt",
    "broken dashes": "dash pattern=on 8pt off 2.5pt on 2pt off 2.5pt",
}
_STYLE = {"regular": "", "bold": "\\bfseries", "italic": "\\itshape"}


def tikz(drawing: Drawing) -> str:
    """The picture, as wide as the line it stands in."""
    wide, high = canvas(drawing)
    found = [*parts(shapes(drawing))]
    lines = [
        f"\\begin{{tikzpicture}}[x=1pt,y=-1pt,font=\\postilfont,inner sep=0pt]% {_comment(drawing)}",
        *(f"\\definecolor{{{_name(color)}}}{{HTML}}{{{color[1:].upper()}}}" for color in _colors(found)),
        f"\\useasboundingbox (0,0) rectangle ({wide:.2f},{high:.2f});",
        *(line for shape in found for line in _part(shape)),
        "\\end{tikzpicture}}",
    ]
    return _HEAD + "\n".join(lines) + "\n"


def _comment(drawing: Drawing) -> str:
    return " ".join(f"{key}: {value}" for key, value in drawing.figure.manifest.items() if key in ("postil", "model"))


def _colors(found: list[Part]) -> list[str]:
    used: dict[str, None] = {}
    for shape in found:
        for color in (shape.fill, shape.line) if isinstance(shape, Outline) else (shape.color,):
            if color:
                used.setdefault(color)
    return list(used)


def _name(color: str) -> str:
    """A colour's name in TeX."""
    return f"postil{color[1:].lower()}"


def _part(shape: Part) -> Iterator[str]:
    match shape:
        case Outline():
            yield _outline(shape)
        case Words():
            yield _words(shape)
        case Stroke():
            yield _stroke(shape)


def _outline(shape: Outline) -> str:
    look = [f"fill={_name(shape.fill)}"]
    if shape.line:
        look += [f"draw={_name(shape.line)}", f"line width={shape.pen:g}pt"]
    look += [shape.dash] if shape.dash else []
    left, top, right, bottom = shape.area
    match shape.form:
        case "diamond":
            corners = [(shape.x, top), (right, shape.y), (shape.x, bottom), (left, shape.y)]
        case "note":
            corners = [(left, top), (right - 6, top), (right, top + 6), (right, bottom), (left, bottom)]
        case "rounded":
            look.append(f"rounded corners={_ROUND:g}pt")
            corners = [(left, top), (right, top), (right, bottom), (left, bottom)]
        case _:
            corners = [(left, top), (right, top), (right, bottom), (left, bottom)]
    path = " -- ".join(f"({x:.2f},{y:.2f})" for x, y in corners)
    return f"\\path[{','.join(look)}] {path} -- cycle;"


def _words(shape: Words) -> str:
    """Text, no wider than its room: the document's font may be wider than the one that was measured."""
    size = f"\\fontsize{{{shape.size:g}}}{{{shape.size * 1.2:g}}}\\selectfont{_STYLE[shape.style]}"
    look = f"anchor={_ANCHOR[shape.align]},text={_name(shape.color)}"
    room = width(shape.text, shape.size, shape.style) * 1.03
    words = latex(shape.text)
    for sign, plain in _SIGNS.items():
        words = words.replace(sign, plain)
    text = f"\\postilfit{{{room:.2f}pt}}{{{size} \\vphantom{{Ag}}{words}}}"  # the same height for all
    return f"\\node[{look}] at ({shape.x:.2f},{shape.y:.2f}) {{{text}}};"


def _stroke(shape: Stroke) -> str:
    shortest = min(abs(a[0] - b[0]) + abs(a[1] - b[1]) for a, b in pairwise(shape.points))
    corners = f"rounded corners={min(_ROUND, shortest / 2):.2f}pt"
    look = [f"draw={_name(shape.color)}", f"line width={shape.pen:.2f}pt", corners]
    look += [_DASHES.get(shape.dash, shape.dash)] if shape.dash else []
    if shape.head:
        head = "{Circle[open,length=6pt,width=6pt,line width=0.9pt]}"
        hollow = "open,line width=0.9pt," if shape.head == "hollow" else ""
        arrow = f"{{Triangle[{hollow}length=7pt,width={5 + shape.pen:.2f}pt]}}"
        look.append(f"-{head if shape.head == 'circle' else arrow}")
    path = " -- ".join(f"({x:.2f},{y:.2f})" for x, y in shape.points)
    return f"\\path[{','.join(look)}] {path};"
