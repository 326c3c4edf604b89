"""Small Word files made for the tests: runs with the formats NVivo and Word write."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

NS = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
SHADE = '<w:shd w:val="clear" w:fill="#ADD8E6"/>'
RAISED = '<w:position w:val="10"/><w:sz w:val="16"/><w:shd w:val="clear" w:fill="#D3D3D3"/>'
BOLD = '<w:b w:val="on"/>'


def run(text: str, properties: str = "") -> str:
    """A run; line feeds become breaks, tabs stay in the text as NVivo leaves them."""
    parts = '</w:t><w:br/><w:t xml:space="preserve">'.join(escape(part) for part in text.split("\n"))
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{parts}</w:t></w:r>'


def shaded(text: str) -> str:
    return run(text, SHADE)


def anchor(digits: str) -> str:
    return run(digits, RAISED)


def para(*runs: str, style: str = "", listed: bool = False) -> str:
    """A paragraph; plain strings become plain runs."""
    properties = f'<w:pStyle w:val="{style}"/>' if style else ""
    properties += '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="2"/></w:numPr>' if listed else ""
    body = "".join(r if r.startswith("<w:") else run(r) for r in runs)
    return f"<w:p><w:pPr>{properties}</w:pPr>{body}</w:p>"


def note_list(notes: Mapping[int, Sequence[str]]) -> str:
    """The list at the end of an NVivo export."""
    made = [para(run("Annotations", BOLD))]
    for number, (first, *rest) in notes.items():
        made.append(para(anchor(str(number)), f" {first}"))
        made += [para(line) for line in rest]
    return "".join(made)


def docx(*paragraphs: str, parts: Mapping[str, str | bytes] | None = None, prolog: str = "") -> bytes:
    """A Word file of these paragraphs (or of any body elements)."""
    body = f'{prolog}<w:document xmlns:w="{NS}"><w:body>{"".join(paragraphs)}</w:body></w:document>'
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", body)
        for name, content in (parts or {}).items():
            archive.writestr(name, content)
    return buffer.getvalue()
