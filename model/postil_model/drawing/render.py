"""Drawing DOT in a child process, with a time limit and the shipped font; other ways if Graphviz is not there."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from postil_base.problem import PostilError
from postil_base.quoting.html import html
from postil_model.drawing.picture_pdf import picture_pdf
from postil_model.drawing.text import FONTS, in_font

SECONDS = 20.0
PDF_DPI, PNG_DPI = 300, 170
FONT = "Liberation Sans"
FORMATS = ("svg", "pdf", "png")
_CONF = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
{folders}
<cachedir>{cache}</cachedir>
<match target="pattern">
<edit name="family" mode="prepend_first" binding="strong"><string>Liberation Sans</string></edit>
</match>
</fontconfig>
"""
_SYSTEM_FONTS = (
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "/Library/Fonts",
    "/System/Library/Fonts",
    "~/.fonts",
    "~/Library/Fonts",
)


class NoEngineError(PostilError):
    """Nothing that can draw is installed; the figure still exists as DOT, Mermaid and JSON."""


def render(
    dot: str, formats: Sequence[str], prog: str = "nop2", seconds: float = SECONDS, title: str = "", dpi: int = PNG_DPI
) -> dict[str, bytes]:
    """Draw DOT text in each of the formats; ``dpi`` is that of PNG."""
    with tempfile.TemporaryDirectory(prefix="postil-draw-") as folder:
        environment = os.environ | {"FONTCONFIG_FILE": str(_font_conf(Path(folder), dot))}
        answers = _draw(dot, formats, prog, seconds, environment, dpi)
    return {name: _finished(name, answers[name], title) for name in formats}


def _font_conf(folder: Path, dot: str) -> Path:
    """A fontconfig file that knows the shipped font; the machine's only if the text needs other characters."""
    system = [] if in_font(_shown(dot)) else [Path(name).expanduser() for name in _SYSTEM_FONTS]
    folders = "\n".join(f"<dir>{html(str(name))}</dir>" for name in [FONTS, *(f for f in system if f.is_dir())])
    # the system's fonts take seconds to read without a cache that outlives this drawing
    cache = folder / "cache" if not system else _cache_folder()
    conf = folder / "fonts.conf"
    conf.write_text(_CONF.format(folders=folders, cache=html(str(cache))), encoding="utf-8")
    return conf


def _shown(dot: str) -> str:
    return re.sub(r"[\x00-\x1f]", "", dot)


def _cache_folder() -> Path:
    from platformdirs import user_cache_path

    return user_cache_path("postil") / "fontconfig"


def _draw(
    dot: str, formats: Sequence[str], prog: str, seconds: float, environment: dict[str, str], dpi: int
) -> dict[str, bytes]:
    command = [sys.executable, "-m", "postil_model.drawing.child", prog, str(dpi), *formats]
    try:
        done = subprocess.run(
            command, input=dot.encode(), capture_output=True, timeout=seconds, env=environment, check=False
        )
    except subprocess.TimeoutExpired:
        message = (
            f"drawing took more than {seconds:g} seconds and was stopped; draw fewer nodes (--stages, "
            "--min-participants) or ask for --format dot"
        )
        if prog != "nop2":  # its own layout is what takes so long: another build would take as long
            raise PostilError(message) from None
    else:
        if done.returncode == 0:
            return _split(done.stdout, formats)
        talk = done.stderr.decode("utf-8", "replace").strip()
        if "No module named 'pygraphviz'" in talk or "ImportError" in talk:
            return _with_program(dot, formats, prog, seconds, environment, dpi)
        reason = talk.splitlines()[-1] if talk else f"it ended with {done.returncode}"
        message = f"Graphviz could not draw the figure: {reason}. Ask for --format dot or mermaid"
    try:  # another build of Graphviz may do what this one cannot
        return _with_program(dot, formats, prog, seconds, environment, dpi)
    except PostilError as error:
        raise PostilError(message) from error


def _split(answer: bytes, formats: Sequence[str]) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for name in formats:
        head, _, answer = answer.partition(b"\n")
        found[name], answer = answer[: int(head)], answer[int(head) :]
        if not found[name]:
            raise PostilError(f"Graphviz gave an empty {name} file; ask for --format dot and draw it elsewhere")
    return found


def _with_program(
    dot: str,
    formats: Sequence[str],
    prog: str,
    seconds: float,
    environment: dict[str, str],
    dpi: int = PNG_DPI,
) -> dict[str, bytes]:
    """Other ways to draw: the Graphviz programs of the machine, else the port of Graphviz that needs no library."""
    engine = "neato" if prog == "nop2" else prog
    program, pure = shutil.which(engine), _pure_program()
    if program is None and pure is None:
        raise NoEngineError(
            "there is no Graphviz here to draw with. Install it with `pip install pygraphviz` or `graphviz-pure`, or "
            "your system's package `graphviz`; --format dot, mermaid and json need neither"
        )
    given = ["-n2"] if prog == "nop2" else []
    command = [program, *given] if program else [str(pure), f"-K{engine}", *given]
    dot = dot if program else dot.replace(FONT, "Arial")  # the port brings a font of the same widths under this name
    found: dict[str, bytes] = {}
    for name in formats:
        if program is None and name == "pdf":  # the port writes none
            png = _run([*command, "-Tpng", f"-Gdpi={PDF_DPI}"], dot, seconds, environment)
            found[name] = picture_pdf(png, PDF_DPI)
        else:
            options = [f"-T{name}", *([f"-Gdpi={dpi}"] if name == "png" else [])]
            data = _run([*command, *options], dot, seconds, environment)
            found[name] = data.replace(b'font-family="Arial"', b'font-family="Liberation Sans"')
    return found


def _pure_program() -> Path | None:
    """The program of the package graphviz-pure: beside this Python, or on the path."""
    beside = Path(sys.executable).with_name("graphviz-pure")
    if beside.is_file():
        return beside
    found = shutil.which("graphviz-pure")
    return Path(found) if found else None


def _run(command: Sequence[str], dot: str, seconds: float, environment: dict[str, str]) -> bytes:
    try:
        done = subprocess.run(
            command, input=dot.encode(), capture_output=True, timeout=seconds, env=environment, check=False
        )
    except subprocess.TimeoutExpired as late:
        raise PostilError(f"{command[0]} took more than {seconds:g} seconds and was stopped") from late
    if not done.stdout:
        talk = done.stderr.decode("utf-8", "replace").strip()
        raise PostilError(f"{command[0]} could not draw the figure: {talk}")
    return done.stdout


def _finished(name: str, data: bytes, title: str) -> bytes:
    return finish_svg(data.decode("utf-8"), title).encode() if name == "svg" else data


def finish_svg(svg: str, title: str) -> str:
    """SVG without the version of Graphviz, with fonts of the same widths to fall back on and a title to be read out."""
    svg = re.sub(r"<!-- Generated by graphviz.*?-->\n?", "", svg, flags=re.DOTALL)
    svg = re.sub(r"<!-- (?:Title|Pages)[^>]*-->\n?", "", svg)
    svg = svg.replace('font-family="Liberation Sans"', 'font-family="Liberation Sans,Arial,Helvetica,sans-serif"')
    if title:
        shown = html(title)
        svg = re.sub(r"<svg ", f'<svg role="img" aria-label="{shown}" '.replace("\\", r"\\"), svg, count=1)
        svg = re.sub(r"<title>postil</title>", f"<title>{shown}</title>".replace("\\", r"\\"), svg, count=1)
    return svg
