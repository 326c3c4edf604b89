"""The codebook as a document to read and to hand on: Markdown, an HTML page, a Word file."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

from postil_base.plural import counted
from postil_base.quoting.pages import page
from postil_codebook.values import Code, Codebook

_ORIGINS = {
    "prior": "from theory",
    "pilot": "from the pilot",
    "emergent": "found on the way",
    "in-vivo": "in the speakers' own words",
}
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_MARKS = re.compile(r"([\\`*_{}\[\]<>#|])")


@dataclass(frozen=True, slots=True)
class DocumentBlock:
    """A piece of the document: a heading of some depth, or a paragraph with the word it begins with."""

    text: str
    depth: int = 0  # of a heading; 0 is a paragraph
    lead: str = ""
    quoted: bool = False


def outline(book: Codebook, used: Mapping[str, int]) -> Iterator[DocumentBlock]:
    """The codebook as blocks, in its own order. ``used``: how many segments carry a code."""
    yield DocumentBlock(book.title or "Codebook", 1)
    codable = sum(code.codable for code in book.codes.values())
    version = f"Version {book.version}. " if book.version else ""
    yield DocumentBlock(f"{version}{counted(codable, 'code')} under {counted(len(book.codes) - codable, 'heading')}.")
    for code in book.codes.values():
        yield from _code(code, book, used.get(code.id, 0))
    groups = [group for group in book.groups.values() if group.codes]
    if groups:
        yield DocumentBlock("Groups", 2)
    for group in groups:
        rule = " (not together on the same words)" if group.exclusive else ""
        yield DocumentBlock(f"{', '.join(book.codes[code].label for code in group.codes)}{rule}", lead=group.label)


def _code(code: Code, book: Codebook, used: int) -> Iterator[DocumentBlock]:
    path = book.code_path(code.id)
    yield DocumentBlock(code.label, min(path.count("/") + 2, 6))
    times = f"; in {used} segment{'' if used == 1 else 's'}" if code.codable else "; a heading, not applied itself"
    yield DocumentBlock(f"{path}{times}")
    for lead, text in (("", code.definition), ("Use it when", code.include), ("Not when", code.exclude)):
        if text.strip():
            yield DocumentBlock(text.strip(), lead=lead)
    yield from (DocumentBlock(example, quoted=True) for example in code.examples)
    if code.origin in _ORIGINS:
        yield DocumentBlock(_ORIGINS[code.origin], lead="Origin")
    if code.memo.strip():
        yield DocumentBlock(code.memo.strip(), lead="Memo")


def codebook_markdown(book: Codebook, used: Mapping[str, int]) -> str:
    """The codebook in Markdown."""
    return "\n\n".join(_markdown(block) for block in outline(book, used)) + "\n"


def _markdown(block: DocumentBlock) -> str:
    text = "  \n".join(_marked(line) for line in block.text.split("\n"))
    if block.depth:
        return f"{'#' * block.depth} {text}"
    if block.quoted:
        return "\n".join(f"> {line}" for line in text.split("\n"))
    return f"**{_marked(block.lead)}:** {text}" if block.lead else text


def _marked(text: str) -> str:
    """Text of a person, with what Markdown would take for mark-up escaped."""
    return re.sub(r"^(\s*\d*)([-+>.)])(?=\s)", r"\1\\\2", _MARKS.sub(r"\\\1", text))


def codebook_html(book: Codebook, used: Mapping[str, int]) -> str:
    """The codebook as a page of its own, without anything from the network."""
    folder = Path(__file__).resolve().parent
    return page("codebook.html", folder, title=book.title or "Codebook", blocks=list(outline(book, used)))


_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_KIND = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_PARTS = {
    "[Content_Types].xml": (
        f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{_KIND}.document.main+xml"/>'
        f'<Override PartName="/word/styles.xml" ContentType="{_KIND}.styles+xml"/></Types>'
    ),
    "_rels/.rels": (
        f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" Type="{_OFFICE}/officeDocument" '
        'Target="word/document.xml"/></Relationships>'
    ),
    "word/_rels/document.xml.rels": (
        f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" Type="{_OFFICE}/styles" '
        'Target="styles.xml"/></Relationships>'
    ),
}


def codebook_docx(book: Codebook, used: Mapping[str, int]) -> bytes:
    """The codebook as a Word file; the same codebook gives the same bytes."""
    body = "".join(_word(block) for block in outline(book, used))
    margins = " ".join(f'w:{side}="1418"' for side in ("top", "right", "bottom", "left"))
    page = f'<w:sectPr><w:pgSz w:w="11906" w:h="16838"/><w:pgMar {margins}/></w:sectPr>'
    parts = {
        **_PARTS,
        "word/document.xml": f"<w:document {_W}><w:body>{body}{page}</w:body></w:document>",
        "word/styles.xml": _styles(),
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
            archive.writestr(zipfile.ZipInfo(name, (2000, 1, 1, 0, 0, 0)), head + text, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _word(block: DocumentBlock) -> str:
    style = f"Heading{block.depth}" if block.depth else "Quote" if block.quoted else "Normal"
    lead = _run(f"{block.lead}: ", "<w:b/>") if block.lead else ""
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>{lead}{_run(block.text)}</w:p>'


def _run(text: str, properties: str = "") -> str:
    lines = [f'<w:t xml:space="preserve">{escape(_CONTROL.sub(chr(0xFFFD), line))}</w:t>' for line in text.split("\n")]
    return f"<w:r><w:rPr>{properties}</w:rPr>{'<w:br/>'.join(lines)}</w:r>"


def _styles() -> str:
    headings = "".join(
        f'<w:style w:type="paragraph" w:styleId="Heading{n}"><w:name w:val="heading {n}"/><w:basedOn w:val="Normal"/>'
        f'<w:next w:val="Normal"/><w:pPr><w:keepNext/><w:spacing w:before="{320 - 30 * n}" w:after="60"/>'
        f'<w:outlineLvl w:val="{n - 1}"/></w:pPr><w:rPr><w:b/><w:sz w:val="{38 - 4 * n}"/></w:rPr></w:style>'
        for n in range(1, 7)
    )
    return (
        f'<w:styles {_W}><w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:pPr>'
        '<w:spacing w:after="80"/></w:pPr><w:rPr><w:sz w:val="22"/></w:rPr></w:style>'
        f'{headings}<w:style w:type="paragraph" w:styleId="Quote"><w:name w:val="Quote"/><w:basedOn w:val="Normal"/>'
        '<w:pPr><w:ind w:left="400"/></w:pPr><w:rPr><w:i/></w:rPr></w:style></w:styles>'
    )
