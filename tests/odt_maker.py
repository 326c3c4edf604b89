"""Small OpenDocument files made for the tests."""

from __future__ import annotations

import io
import zipfile

_NAMESPACES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in {
        "office": "office",
        "text": "text",
        "table": "table",
        "style": "style",
        "draw": "drawing",
    }.items()
)
NAMESPACES = f'{_NAMESPACES} xmlns:dc="http://purl.org/dc/elements/1.1/"'


def p(text: str, style: str = "") -> str:
    """A paragraph; ``text`` is mark-up."""
    return f'<text:p text:style-name="{style}">{text}</text:p>'


def comment(text: str, author: str = "Ana", name: str = "") -> str:
    named = f' office:name="{name}"' if name else ""
    who = f"<dc:creator>{author}</dc:creator><dc:date>2026-11-30T10:00:00</dc:date>"
    return f"<office:annotation{named}>{who}{p(text)}</office:annotation>"


def row(*cells: str) -> str:
    made = (cell if cell.startswith("<table:") else f"<table:table-cell>{p(cell)}</table:table-cell>" for cell in cells)
    return f"<table:table-row>{''.join(made)}</table:table-row>"


def table(*rows: str) -> str:
    return f'<table:table table:name="T">{"".join(rows)}</table:table>'


def odt(*blocks: str, styles: str = "", hidden: str = "") -> bytes:
    """A text of these blocks; ``hidden`` names a style that hides."""
    style = f'<style:style style:name="{hidden}"><style:text-properties text:display="none"/></style:style>'
    automatic = f"<office:automatic-styles>{style if hidden else ''}</office:automatic-styles>"
    return _packed(f"{automatic}<office:body><office:text>{''.join(blocks)}</office:text></office:body>", styles)


def ods(*tables: str) -> bytes:
    """A spreadsheet of these tables."""
    return _packed(f"<office:body><office:spreadsheet>{''.join(tables)}</office:spreadsheet></office:body>", "")


def _packed(content: str, styles: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("content.xml", f"<office:document-content {NAMESPACES}>{content}</office:document-content>")
        if styles:
            archive.writestr("styles.xml", f"<office:document-styles {NAMESPACES}>{styles}</office:document-styles>")
    return buffer.getvalue()
