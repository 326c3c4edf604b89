"""Codebooks in documents: Markdown and Word, as Postil writes them or as people do, with headings, lists and tables."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from postil_base.problem import PostilError
from postil_formats.codebooks.entries import BookRead, CodebookEntry, codebook_of
from postil_formats.codebooks.tables import KEYS, read_book_rows
from postil_formats.codings.sources.headings import plain

_OWN_PLACE = re.compile(r"([a-z0-9][a-z0-9./-]*); (?:in \d+ segments?|(a heading, not applied itself))")
_OWN_COUNT = re.compile(r"(?:Version (\S+)\. )?\d+ codes? under \d+ headings?\.")
_EXCLUSIVE = " (not together on the same words)"
_ORIGINS = {
    "from theory": "prior",
    "from the pilot": "pilot",
    "found on the way": "emergent",
    "in the speakers' own words": "in-vivo",
}
_LEAD = re.compile(r"(?:\*\*|__)?([^:*_]{2,40}?)(?::(?:\*\*|__)|(?:\*\*|__):|:)\s+(\S.*)", re.DOTALL)
_ITEM = re.compile(r"(\s*)[-*+•]\s+(.*)")
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]<>#|+\-.()!])")
_EMPHASIS = re.compile(r"(\*\*|__|\*|_)(?=\S)(.+?)(?<=\S)\1")
_DASH = re.compile(r"(.{1,80}?)(?::\s+|\s+[-–—]\s+)(\S.*)", re.DOTALL)


@dataclass
class DocumentPiece:
    """A heading of some depth (0 is none), a paragraph, a quotation or an item of a list."""

    text: str
    depth: int = 0
    quoted: bool = False
    item: int | None = None  # how far an item is indented


@dataclass
class _CodeDraft:
    piece: DocumentPiece
    row: int
    id: str = ""
    codable: bool = True
    texts: dict[str, list[str]] = field(default_factory=dict)
    examples: list[str] = field(default_factory=list)


def read_markdown(text: str, file: str, columns: Mapping[str, str] | None = None) -> BookRead:
    """A codebook in Markdown: a table, headings with what they mean below, or a list."""
    lines = text.split("\n")
    rows = [_cells(line) for line in lines if line.strip().startswith("|")]
    if len(rows) > 1:
        body = [row for row in rows if not all(re.fullmatch(r":?-+:?", cell.strip() or "-") for cell in row)]
        return read_book_rows(body, file, columns)
    return read_pieces(list(_markdown(lines)), file)


def _cells(line: str) -> list[str]:
    cells = re.split(r"(?<!\\)\|", line.strip().strip("|"))
    return [_plain_text(re.sub(r"<br ?/?>", "\n", cell)).strip() for cell in cells]


def _plain_text(text: str) -> str:
    """Markdown without escapes."""
    return _ESCAPED.sub(r"\1", text)


def _markdown(lines: Sequence[str]) -> Iterator[DocumentPiece]:
    """Paragraphs, headings, quotations and items."""
    run: list[str] = []
    quoted = False

    def close() -> Iterator[DocumentPiece]:
        nonlocal run, quoted
        if run:
            yield DocumentPiece("\n".join(_plain_text(line.rstrip()) for line in run), quoted=quoted)
        run, quoted = [], False

    for line in lines:
        heading, item = re.fullmatch(r"(#{1,6})\s+(.*?)\s*#*", line), _ITEM.fullmatch(line)
        if heading or item or not line.strip():
            yield from close()
        if heading:
            yield DocumentPiece(_plain_text(heading[2]), len(heading[1]))
        elif item and not run:
            yield DocumentPiece(_plain_text(item[2]), item=len(item[1].expandtabs(4)))
        elif line.startswith(">"):
            if run and not quoted:
                yield from close()
            quoted = True
            run.append(line[1:].removeprefix(" "))
        elif line.strip():
            if quoted:
                yield from close()
            run.append(line)
    yield from close()


def read_word_book(data: bytes, file: str, columns: Mapping[str, str] | None = None) -> BookRead:
    """A codebook in a Word file: its tables, or its headings and lists."""
    from postil_formats.texts.documents.docx_parts import Paragraph, open_word

    rows = [
        ["\n".join(p.text for p in cell if p.text.strip()) for cell in row]
        for block in open_word(data, file).blocks
        if not isinstance(block, Paragraph)
        for row in block
    ]
    return read_book_rows(rows, file, columns) if len(rows) > 1 else read_pieces(list(_word(data, file)), file)


def _word(data: bytes, file: str) -> Iterator[DocumentPiece]:
    """The paragraphs of a Word file with the depth of their headings."""
    from postil_formats.texts.containers import Archive
    from postil_formats.texts.documents.docx_parts import W

    for paragraph in Archive(data, file).xml("word/document.xml").iter(f"{W}p"):
        style = paragraph.find(f"{W}pPr/{W}pStyle")
        name = (style.get(f"{W}val") or "").lower().replace(" ", "") if style is not None else ""
        level = paragraph.find(f"{W}pPr/{W}numPr/{W}ilvl")
        breaks = (f"{W}br", f"{W}cr")
        text = "".join("\n" if e.tag in breaks else e.text or "" for e in paragraph.iter(f"{W}t", *breaks))
        heading = re.fullmatch(r"(?:heading|berschrift|überschrift)(\d)", name)
        depth = int(heading[1]) if heading else 1 if name == "title" else 0
        if text.strip():
            listed = int(level.get(f"{W}val") or 0) if level is not None and not depth else None
            yield DocumentPiece(text, depth, name in ("quote", "zitat", "intensequote"), listed)


def read_pieces(pieces: Sequence[DocumentPiece], file: str) -> BookRead:
    """Codes from headings with what stands below them; without headings from the items of a list."""
    depths = [piece.depth for piece in pieces if piece.depth]
    if not depths:
        return _from_list(pieces, file)
    items = [piece for piece in pieces if piece.item is not None]
    if len(depths) == 1 and pieces[0].depth and len(items) > 1:  # a title above a list
        return _from_list(pieces[1:], file)
    top = min(depths)
    title = pieces[0].text if pieces[0].depth == top and depths.count(top) == 1 and len(depths) > 1 else ""
    version = ""
    drafts: list[_CodeDraft] = []
    groups: dict[str, tuple[Sequence[str], bool]] = {}
    in_groups = False
    for number, piece in enumerate(pieces[1:] if title else pieces, 1):
        if piece.depth:
            in_groups = piece.text == "Groups" and piece.depth == 2 and any(draft.id for draft in drafts)
            drafts += [] if in_groups else [_CodeDraft(piece, number)]
        elif in_groups:
            groups |= _group(piece.text)
        elif drafts:
            _take(drafts[-1], piece)
        elif (counted := _OWN_COUNT.fullmatch(piece.text.strip())) is not None:
            version = counted[1] or ""
    entries = [_entry(draft, top) for draft in drafts]
    return codebook_of(entries, file, title=title, version=version, groups=groups)


def _take(draft: _CodeDraft, piece: DocumentPiece) -> None:
    """What a paragraph below a code says of it."""
    text = piece.text.strip()
    place = _OWN_PLACE.fullmatch(text)
    if place is not None and not draft.id:
        draft.id, draft.codable = place[1], place[2] is None
        return
    lead = _LEAD.fullmatch(text)
    key = _key(lead[1]) if lead is not None else ""
    if piece.quoted:
        draft.examples.append(piece.text)
    elif lead is not None and key == "examples":
        draft.examples.append(lead[2])
    elif lead is not None and key:
        draft.texts.setdefault(key, []).append(_ORIGINS.get(lead[2].strip(), lead[2]) if key == "origin" else lead[2])
    else:
        draft.texts.setdefault("definition", []).append(text)


def _key(lead: str) -> str:
    """Which part of a code's description a word in front of a paragraph names."""
    word = plain(lead)
    wanted = ("definition", "include", "exclude", "examples", "memo", "origin")
    return next((key for key in wanted if word in KEYS[key]), "")


def _group(text: str) -> dict[str, tuple[Sequence[str], bool]]:
    lead = _LEAD.fullmatch(text.strip())
    if lead is None:
        return {}
    members = lead[2].removesuffix(_EXCLUSIVE)
    return {lead[1]: (members.split(", "), members != lead[2])}


def _entry(draft: _CodeDraft, top: int) -> CodebookEntry:
    texts = {key: "\n\n".join(parts) for key, parts in draft.texts.items()}
    place = draft.id.rsplit("/", 1)
    parent = place[0].rsplit("/", 1)[-1] if len(place) > 1 else ""
    depth = None if draft.id else draft.piece.depth - top
    return CodebookEntry(
        draft.row, draft.piece.text.strip(), place[-1], parent, depth, texts, tuple(draft.examples), draft.codable
    )


def _from_list(pieces: Sequence[DocumentPiece], file: str) -> BookRead:
    """Items with what they mean behind a colon or a dash, below each other by their indent."""
    items = [piece for piece in pieces if piece.item is not None]
    if len(items) < 2:
        raise PostilError(
            f"{file} holds no codes that can be told: no table, no headings, no list. Put the codes into a table with "
            "the columns label, definition, include, exclude, example, parent."
        )
    entries = []
    for number, piece in enumerate(items, 1):
        text = _EMPHASIS.sub(r"\2", piece.text.strip())
        match = _DASH.fullmatch(text)
        name, meaning = (match[1].strip(), match[2]) if match else (text, "")
        entries.append(CodebookEntry(number, name, depth=piece.item, texts={"definition": meaning}))
    return codebook_of(entries, file)
