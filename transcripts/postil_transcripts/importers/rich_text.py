"""Rich Text Format, by way of striprtf."""

from __future__ import annotations

import re
from dataclasses import replace

from postil_base.problem import PostilError
from postil_transcripts.importers.decoding import check_size
from postil_transcripts.importers.lines import Line
from postil_transcripts.importers.recognised import Options, Recognised
from postil_transcripts.importers.speech import read_lines

MAX_DEPTH = 400
_COMMENTS = "comments in the RTF file were not read; save it as .docx to keep them"


def read(data: bytes, name: str, options: Options) -> Recognised:
    """Read an .rtf file; its own code page holds unless ``options`` name another."""
    check_size(data, name)
    if not data.lstrip().startswith(b"{\\rtf"):
        raise PostilError(f"{name} is not Rich Text (it does not start with {{\\rtf). Save it as .rtf or .docx again.")
    code_page = options.encoding or _code_page(data)
    text = data.decode("latin-1")
    _check_depth(text, name)
    plain = _strip(text, name, code_page)
    lines = [Line(re.sub(r"[ \t]+", " ", line).rstrip()) for line in re.split(r"[\n\x0b\u2028]", plain)]
    warning = (_COMMENTS,) if "\\annotation" in text else ()
    recognised = read_lines(lines, "Rich Text").recognised
    return replace(recognised, warnings=(*recognised.warnings, *warning))


def _strip(text: str, name: str, encoding: str) -> str:
    from striprtf.striprtf import rtf_to_text

    try:
        plain = str(rtf_to_text(text, encoding=encoding, errors="replace"))  # type: ignore[no-untyped-call]
    except (ValueError, LookupError, IndexError, TypeError, AttributeError, RecursionError, OverflowError) as error:
        raise PostilError(f"{name} is damaged Rich Text ({error}). Save it again, or as .docx.") from error
    return plain.replace("\r\n", "\n").replace("\r", "\n")


def _code_page(data: bytes) -> str:
    match = re.search(rb"\\ansicpg(\d{3,5})", data[:2000])
    return f"cp{match[1].decode()}" if match and match[1] != b"10000" else "mac-roman" if match else "cp1252"


def _check_depth(text: str, name: str) -> None:
    depth = deepest = 0
    for brace in re.findall(r"(?<!\\)[{}]", text):
        depth += 1 if brace == "{" else -1
        deepest = max(deepest, depth)
    if deepest > MAX_DEPTH:
        raise PostilError(f"{name} nests its groups {deepest} deep; no word processor writes that. Nothing was read.")
