"""Walks the body of a Word file once: blocks, rows, cells, paragraphs, runs, through whatever wraps them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from postil_formats.texts.documents.docx_parts import Aside, Paragraph, Table, TextRun, W, WordFile
from postil_formats.texts.documents.docx_symbols import symbol, symbols
from postil_formats.texts.recognised import TakenOff

if TYPE_CHECKING:
    from lxml import etree

_AROUND = {"sdt", "sdtContent", "customXml", "ins", "moveTo", "smartTag"}
_INSIDE = _AROUND | {"hyperlink", "fldSimple", "bdo", "dir"}
_NOTHING = {"pPr", "bookmarkStart", "bookmarkEnd", "proofErr", "rPr"}
_GONE = {"del": "deleted text (tracked changes)", "moveFrom": "moved text (its old place)"}
_MARKS = {"commentRangeStart", "commentRangeEnd", "commentReference"}
_CHARACTERS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "\u2011"}
_PLAIN_SHADES = {"", "AUTO", "FFFFFF", "NONE", "CLEAR"}
_OFF = {"0", "false", "off", "none"}
_MOST_COLUMNS = 63  # that Word lets a table have
_VAL, _FILL, _ID, _PPR, _RPR, _PSTYLE, _NUMPR, _DEL, _MOVED, _TCPR, _TRPR, _R, _T = (
    f"{W}{name}"
    for name in ("val", "fill", "id", "pPr", "rPr", "pStyle", "numPr", "del", "moveFrom", "tcPr", "trPr", "r", "t")
)
# what is read of a run's format, of the many properties that programs write
_FORMATS = {"vanish", "webHidden", "position", "vertAlign", "shd", "highlight", "b", "color"}
Blocks = list["Paragraph | Table"]
Elements = Iterable["etree._Element"]


class BodyReader:
    """Reads blocks into lists; comments may begin and end between paragraphs, rows and cells."""

    def __init__(self, file: WordFile) -> None:
        self.file = file
        self._waiting: list[str] = []  # comments that begin with the next paragraph
        self._last: Paragraph | None = None

    def blocks(self, parent: Elements, into: Blocks) -> None:
        """Read the paragraphs and tables of an element."""
        for child in parent:
            name = _name(child)
            if name == "p":
                self._paragraph(child, into)
            elif name == "tbl":
                self._table(child, into)
            elif name in _AROUND:
                self.blocks(child, into)
            elif name == "AlternateContent":
                self.blocks(_chosen(child), into)
            elif name in ("r", "hyperlink", "fldSimple", "oMath", "oMathPara"):
                self._add(self._read([child]), into)
            else:
                self._between(child, name)

    def _between(self, child: etree._Element, name: str) -> None:
        """What stands between blocks: marks of comments, and what was deleted."""
        if name in _MARKS:
            self._mark(child, name)
        elif name in _GONE:
            self.file.counted[_GONE[name]] += 1

    def _mark(self, child: etree._Element, name: str) -> None:
        key, last = child.get(_ID, ""), self._last
        if name == "commentRangeStart":
            self._waiting.append(key)
        elif name == "commentRangeEnd" and last is not None and key not in self._waiting:
            last.comment_ends[key] = len(last.text)
        elif last is not None:
            last.asides.append(Aside(len(last.text), "comment", key))

    def _paragraph(self, element: etree._Element, into: Blocks) -> None:
        made = self._read(element)
        for mark in first_child(element, _PPR):
            tag = mark.tag
            if tag == _PSTYLE:
                style = (mark.get(_VAL) or "").lower().replace(" ", "")
                made.heading = style == "title" or style.startswith(("heading", "berschrift", "überschrift"))
            elif tag == _NUMPR:
                made.listed = True
            elif tag == _RPR:
                made.joins = any(ending.tag in (_DEL, _MOVED) for ending in mark)
        self._add(made, into)

    def _add(self, made: Paragraph, into: Blocks) -> None:
        """Add a paragraph, to the one before it when that one lost its end."""
        before = into[-1] if into else None
        if isinstance(before, Paragraph) and before.joins:
            before.join(made)
            self._last = before
        else:
            into.append(made)

    def _table(self, element: etree._Element, into: Blocks) -> None:
        """A table; one that only frames other tables is taken off them."""
        rows = [self._row(row) for row in self._parts(element, "tr") if not self._deleted(row, _TRPR, "del")]
        framed = any(isinstance(block, list) for row in rows for cell in row for block in cell)
        if framed and all(len(row) == 1 for row in rows):
            into += [block for row in rows for block in row[0]]
        else:
            into.append([[_flat(cell) for cell in row] for row in rows])

    def _row(self, row: etree._Element) -> list[Blocks]:
        """The cells of a row; one that spans several columns is followed by empty ones."""
        cells: list[Blocks] = [[] for _ in range(_number(row.find(f"{_TRPR}/{W}gridBefore"), 0))]
        for element in self._parts(row, "tc"):
            if not self._deleted(element, _TCPR, "cellDel"):
                cells.append([])
                self.blocks(element, cells[-1])
                cells += [[] for _ in range(1, _number(element.find(f"{_TCPR}/{W}gridSpan"), 1))]
        return cells

    def _parts(self, parent: etree._Element, wanted: str) -> Iterator[etree._Element]:
        """The rows of a table or the cells of a row, in content controls or not."""
        for child in parent:
            name = _name(child)
            if name == wanted:
                yield child
            elif name in _AROUND:
                yield from self._parts(child, wanted)
            else:
                self._between(child, name)

    def _deleted(self, element: etree._Element, properties: str, mark: str) -> bool:
        gone = element.find(f"{properties}/{W}{mark}") is not None
        self.file.counted[_GONE["del"]] += gone
        return gone

    def _read(self, elements: Elements) -> Paragraph:
        made = self._last = Paragraph()
        if self._waiting:
            made.comment_starts = dict.fromkeys(self._waiting, 0)
            self._waiting = []
        self._inside(elements, made, 0)
        return made

    def _inside(self, elements: Elements, made: Paragraph, length: int) -> int:
        for child in elements:
            if child.tag == _R or (name := _name(child)) == "r":
                length += self._run(child, made, length)
            elif name in _NOTHING:
                continue
            elif name in _INSIDE:
                length = self._inside(child, made, length)
            elif name in _MARKS:
                _mark_in(made, child, name, length)
            elif name in _GONE:
                self.file.counted[_GONE[name]] += 1
                for mark in child.iter(*(f"{W}{mark}" for mark in _MARKS)):
                    _mark_in(made, mark, _name(mark), length)
            elif name == "AlternateContent":
                length = self._inside(_chosen(child), made, length)
            elif name in ("oMath", "oMathPara"):
                made.runs.append(TextRun("".join(t.text or "" for t in child.iter() if _name(t) == "t")))
                length += len(made.runs[-1].text)
        return length

    def _run(self, element: etree._Element, made: Paragraph, length: int) -> int:
        run = _format(first_child(element, _RPR))
        text = self._texts(element, made, length)
        if (
            not text.isascii()
            and any("\uf020" <= c <= "\uf0ff" for c in text)
            and (fonts := element.find(f"{_RPR}/{W}rFonts")) is not None
        ):
            text = symbols(_attribute(fonts, "ascii") or _attribute(fonts, "hAnsi"), text)
        if run is None:
            self.file.counted["hidden text"] += bool(text.strip())
            return 0
        if text:
            made.runs.append(TextRun(text, *run))
        return len(text)

    def _texts(self, element: Elements, made: Paragraph, length: int) -> str:
        text = ""
        for child in element:
            tag = child.tag
            if tag == _T or (tag != _RPR and (name := _name(child)) == "t"):
                text += (child.text or "").replace("\xad", "")
            elif tag == _RPR:
                continue
            elif name in _CHARACTERS:
                text += _CHARACTERS[name]
            else:
                text += self._other(child, name, made, length + len(text))
        return text

    def _other(self, child: etree._Element, name: str, made: Paragraph, length: int) -> str:
        """What is rare in a run: symbols, ruby, marks of notes, boxes. The text it adds."""
        if name in ("sym", "symEx"):
            return symbol(_attribute(child, "font"), _attribute(child, "char"))
        if name == "ruby":
            return self._ruby(child, made, length)
        if name == "AlternateContent":
            return self._texts(_chosen(child), made, length)
        if name in ("footnoteReference", "endnoteReference"):
            made.asides.append(Aside(length, name.removesuffix("Reference"), child.get(_ID, "")))
        elif name == "commentReference":
            _mark_in(made, child, name, length)
        elif name in ("drawing", "pict", "object"):
            self._drawing(child, made, length)
        return ""

    def _ruby(self, element: etree._Element, made: Paragraph, length: int) -> str:
        """The words that a reading aid stands above; the aid is left out."""
        base = element.find(f"{W}rubyBase")
        aid = "".join(t.text or "" for t in element.iterfind(f"{W}rt//{W}t"))
        if aid:
            self.file.taken.append(TakenOff("reading aid (ruby)", aid))
        found = Paragraph()
        self._inside(base if base is not None else [], found, 0)
        made.asides += [aside._replace(offset=length + aside.offset) for aside in found.asides]
        return found.text

    def _drawing(self, element: etree._Element, made: Paragraph, length: int) -> None:
        """The words of the text boxes in a drawing; a drawing without words is counted."""
        boxes = list(element.iter(f"{W}txbxContent"))
        words = "\n".join(filter(None, (self._boxed(box) for box in boxes)))
        if words:
            made.asides.append(Aside(length, "text box", words))
        elif not boxes:
            self.file.counted["pictures"] += 1

    def _boxed(self, box: etree._Element) -> str:
        inner: Blocks = []
        BodyReader(self.file).blocks(box, inner)
        return "\n".join(line for paragraph in _flat(inner) if (line := paragraph.text.strip()))


def _mark_in(made: Paragraph, child: etree._Element, name: str, length: int) -> None:
    key = child.get(_ID, "")
    if name == "commentRangeStart":
        made.comment_starts[key] = length
    elif name == "commentRangeEnd":
        made.comment_ends[key] = length
    else:
        made.asides.append(Aside(length, "comment", key))


def _chosen(element: etree._Element) -> Elements:
    """Of what Word offers in two ways the one that can be read: text, a symbol or a box, in that order of parts."""
    for option in element:
        if _name(option) in ("Choice", "Fallback") and any(_name(e) in ("t", "sym", "symEx") for e in option.iter()):
            return option
    return next(iter(element), [])


def _flat(blocks: Blocks) -> list[Paragraph]:
    found: list[Paragraph] = []
    for block in blocks:
        found += [block] if isinstance(block, Paragraph) else [p for row in block for cell in row for p in cell]
    return found


def first_child(element: Elements, tag: str) -> Elements:
    """The first child of a name; no elements when there is none. Several times faster than ``find``."""
    for child in element:
        if child.tag == tag:
            return child
    return ()


def _name(element: etree._Element) -> str:
    return _local(element.tag) if isinstance(element.tag, str) else ""


@lru_cache(maxsize=512)
def _local(tag: str) -> str:
    """A name without its namespace; asked of every element, and there are few names."""
    return tag.rpartition("}")[2]


def _attribute(element: etree._Element, name: str) -> str:
    """An attribute whatever its namespace: symbols beyond the first plane have one of their own."""
    return next((str(value) for key, value in element.attrib.items() if _local(str(key)) == name), "")


def _value(element: etree._Element | None) -> str | None:
    return element.get(_VAL) if element is not None else None


def _number(element: etree._Element | None, otherwise: int) -> int:
    """A small number that says how many columns; nonsense counts as none said."""
    value = _value(element) or ""
    return min(int(value[:6]), _MOST_COLUMNS) if value.isascii() and value.isdigit() else otherwise


def _format(properties: Elements) -> tuple[bool, bool, bool, str] | None:
    """Raised, shaded, bold, colour; None for hidden text."""
    raised = shaded = bold = False
    color = ""
    for element in properties:
        name = _name(element)
        if name not in _FORMATS:
            continue
        value = element.get(_VAL) or ""
        if name in ("vanish", "webHidden") and value.lower() not in _OFF:
            return None
        if name == "position":
            raised = raised or (value.isdigit() and int(value[:6]) > 0)
        elif name == "vertAlign":
            raised = raised or value == "superscript"
        elif name == "shd":
            shaded = (element.get(_FILL) or "").lstrip("#").upper() not in _PLAIN_SHADES
        elif name == "highlight":
            shaded = shaded or value not in ("", "none")
        elif name == "b":
            bold = value.lower() not in _OFF
        elif name == "color":
            color = value.lstrip("#").upper()
    return raised, shaded, bold, "" if color in ("AUTO", "000000") else color
