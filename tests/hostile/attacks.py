"""Hostile and broken files for every importer, each made when it is asked for.

An `Attack` is a file and the command that would read it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.docx_maker import docx, para
from tests.hostile import archives
from tests.refi_maker import CODE, project_xml, qdpx, selection

MB = 1 << 20
FILE = "{file}"
IMPORT = ("import", FILE)
ROWS = ("import-codings", FILE, "--coder", "ana")
MATRIX = ("import-codings", FILE, "--matrix")
BOOK = ("import-codebook", FILE, "--to", "codebook/other.yaml")
VERIFY = ("verify", FILE)
RATINGS = ("agreement", "--ratings", FILE)
COMPARE = ("compare", FILE)
MAPPING = ("pseudonymise", "--map", FILE)
ANSWER = ("packet", "E01", "--answer", FILE)
CODEBOOK_OF = ("import-codings", FILE, "--coder", "ana", "--codebook", FILE)

Make = Callable[[], bytes]


@dataclass(frozen=True)
class Attack:
    """A file made to harm."""

    id: str
    name: str  # of the file, whose ending chooses the reader
    command: Sequence[str]
    make: Make
    said: str = ""  # must be in what is said
    refused: bool = True  # else it is usable, and what is odd in it is told


def _archive(name: str, command: Sequence[str], main: str, parts: dict[str, bytes]) -> Iterator[Attack]:
    for how, make in archives.REFUSED.items():
        yield Attack(f"{command[0]} {name} {how}", name, command, lambda make=make: make(parts, main))  # type: ignore[misc]
    for how, xml in archives.broken_xml(parts[main]).items():
        data = archives.zipped({**parts, main: xml})
        usable = (command, how) == (VERIFY, "attributes")  # sound, and holds no words
        yield Attack(f"{command[0]} {name} xml {how}", name, command, lambda data=data: data, "", not usable)  # type: ignore[misc]


def _xml(name: str, command: Sequence[str], xml: bytes) -> Iterator[Attack]:
    for how, broken in archives.broken_xml(xml).items():
        yield Attack(f"{command[0]} {name} {how}", name, command, lambda broken=broken: broken)  # type: ignore[misc]


def parts_of(data: bytes) -> dict[str, bytes]:
    """The parts of an archive."""
    import io
    import zipfile

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def sheet(rows: Sequence[Sequence[object]]) -> bytes:
    """A workbook."""
    import io

    from openpyxl import Workbook

    book, out = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(list(row))  # type: ignore[union-attr]
    book.save(out)
    return out.getvalue()


ODT = "urn:oasis:names:tc:opendocument:xmlns"
CONTENT = (
    f'<office:document-content xmlns:office="{ODT}:office:1.0" xmlns:text="{ODT}:text:1.0"><office:body><office:text>'
    "<text:p>A: x</text:p><text:p>B: z</text:p></office:text></office:body></office:document-content>"
)
EAF = (
    '<ANNOTATION_DOCUMENT><TIME_ORDER><TIME_SLOT TIME_SLOT_ID="t1" TIME_VALUE="5"/></TIME_ORDER><TIER TIER_ID="A">'
    '<ANNOTATION><ALIGNABLE_ANNOTATION TIME_SLOT_REF1="t1" TIME_SLOT_REF2="t2"><ANNOTATION_VALUE>x</ANNOTATION_VALUE>'
    "</ALIGNABLE_ANNOTATION></ANNOTATION></TIER></ANNOTATION_DOCUMENT>"
)
QDC = (
    '<CodeBook xmlns="urn:QDA-XML:codebook:1.0"><Codes>'
    f'<Code guid="{CODE}" name="Popularity" isCodable="true"/></Codes></CodeBook>'
)
ROW = "transcript,coder,segment,quote,codes\n"
SHEET = "xl/worksheets/sheet1.xml"


def zips() -> Iterator[Attack]:
    """Formats that are archives, through each command that reads them."""
    word = parts_of(docx(para("A: x"), para("B: y"), para("A: z")))
    words = parts_of(sheet([["speaker", "text"], ["A", "x"], ["B", "y"]]))
    codings = parts_of(sheet([["transcript", "coder", "quote", "codes"], ["I01", "ana", "the downloads", "trust"]]))
    cells = parts_of(sheet([["participant", "Trust"], ["E01", "- downloads"]]))
    yield from _archive("a.docx", IMPORT, "word/document.xml", word)
    yield from _archive("a.odt", IMPORT, "content.xml", {"content.xml": CONTENT.encode()})
    yield from _archive("a.xlsx", IMPORT, SHEET, words)
    yield from _archive("a.xlsx", ROWS, SHEET, codings)
    yield from _archive("m.xlsx", MATRIX, SHEET, cells)
    yield from _archive("p.docx", VERIFY, "word/document.xml", word)
    project = parts_of(qdpx(project_xml(selection(0, 5))))
    yield from _archive("a.qdpx", ROWS, "project.qde", project)
    strange = archives.strange_members(project, "project.qde")
    yield Attack("import-codings a.qdpx strange", "a.qdpx", ROWS, lambda: strange, "not used: ../../evil.txt", False)


def xmls() -> Iterator[Attack]:
    """Formats that are XML."""
    yield from _xml("a.eaf", IMPORT, EAF.encode())
    yield from _xml("a.qdc", ROWS, QDC.encode())
    yield from _xml("a.qdc", ("import-codebook", FILE), QDC.encode())
    yield from _xml("a.qde", ROWS, project_xml().encode())


def _long_line() -> bytes:
    return b"x" * (200 * MB)


def _zero() -> bytes:
    return b"A: one\0two\nB: three\nA: four\n"


TEXTS = (("a.txt", IMPORT), ("a.md", IMPORT), ("a.vtt", IMPORT), ("a.srt", IMPORT), ("a.rtf", IMPORT))
OTHERS = (
    ("a.json", IMPORT),
    ("a.csv", IMPORT),
    ("a.pdf", IMPORT),
    ("a.csv", ROWS),
    ("a.csv", MATRIX),
    ("a.jsonld", ROWS),
    ("a.ann", ROWS),
    ("a.yaml", BOOK),
    ("a.tex", VERIFY),
    ("a.md", VERIFY),
    ("a.csv", RATINGS),
    ("a.yaml", COMPARE),
    ("a.yaml", MAPPING),
    ("a.md", ANSWER),
    ("a.qdc", ROWS),
    ("a.sqlite3", ROWS),
)


def texts() -> Iterator[Attack]:
    """A line of 200 MB, zero bytes, nothing, and bytes that are no text, through everything."""
    for name, command in (*TEXTS, *OTHERS):
        kind = "matrix " if command is MATRIX else ""
        yield Attack(f"{command[0]} {kind}{name} 200 MB", name, command, _long_line)
        yield Attack(f"{command[0]} {kind}{name} zero", name, command, _zero)
        yield Attack(f"{command[0]} {kind}{name} noise", name, command, lambda: bytes(range(256)) * 40)
        nothing = command is VERIFY or name == "a.ann"  # no annotations, no quotations: sound
        yield Attack(f"{command[0]} {kind}{name} empty", name, command, lambda: b"", "", not nothing)


def _deep(opening: str, closing: str, count: int = 200_000) -> Make:
    return lambda: (opening * count + closing * count).encode()


def _yaml_laughs() -> bytes:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 10)]
    return "\n".join([*lines, "codes: *a9", "names: *a9", "nodes: *a9"]).encode()


YAML_ATTACKS: dict[str, Make] = {
    "laughs": _yaml_laughs,
    "cycle": lambda: b"codes: &a {x: {children: *a}}\nnames: &b {x: *b}\nnodes: &c [*c]\n",
    "deep": _deep("[", "]", 100_000),
    "deep map": lambda: b"".join(b"  " * n + b"a:\n" for n in range(3_000)),
    "tag": lambda: b"codes: !!python/object/apply:os.system ['touch /tmp/evil']\nnames: !!python/name:os.system\n",
    "twice": lambda: b"codes:\n  a: {label: A}\n  a: {label: B}\nnames: {x: y, x: z}\nnodes: []\nnodes: []\n",
    "two documents": lambda: b"codes: {a: {label: A}}\nnames: {}\n---\ncodes: {}\n",
    "unclosed": lambda: b'codes: {a: {label: "A}\n',
    "key": lambda: b"codes:\n  ? [a, b]\n  : {label: A}\nnames:\n  ? [a]\n  : b\nnodes:\n  ? {a: b}\n  : c\n",
    "tab": lambda: b"codes:\n\ta: {label: A}\nnames:\n\ta: b\n",
    "merge": lambda: b"codes: {<<: [1, 2]}\nnames: {<<: x}\nnodes: {<<: x}\n",
    "numbers": lambda: b"codes: 99999999999999999999999999\nnames: .inf\nnodes: -0x1\n",
    "latin": lambda: "codes: {a: {label: é}}\nnames: {é: x}\n".encode("latin-1"),
}


def yamls() -> Iterator[Attack]:
    """YAML that harms or is not what it seems."""
    for how, make in YAML_ATTACKS.items():
        for command in (BOOK, MAPPING):
            yield Attack(f"{command[0]} yaml {how}", "a.yaml", command, make)
        yield Attack(f"compare yaml {how}", "a.yaml", COMPARE, make)


def _json(value: object) -> Make:
    return lambda: json.dumps(value).encode()


def jsons() -> Iterator[Attack]:
    """JSON nested too deep, with numbers that are none, of the wrong shape."""
    wrong: dict[str, Make] = {
        "deep": _deep("[", "]"),
        "deep map": _deep('{"a":', "}"),
        "digits": lambda: b'{"segments": [{"start": ' + b"9" * 5_000 + b', "text": "x"}], "target": 1}',
        "list": _json([1, 2, [3]]),
        "null": _json(None),
        "text": _json("x" * 1000),
        "odd segments": _json({"segments": [None, 1, "x", {"text": None}, {"text": {"a": 1}}]}),
        "unclosed": lambda: b'{"segments": [{"text": "x',
        "surrogate": lambda: b'{"segments": [{"text": "some words \\ud800", "speaker": "\\udfff"}]}',
    }
    for how, make in wrong.items():
        halves = how == "surrogate"  # halves of characters become the sign for what cannot be read
        yield Attack(f"import json {how}", "a.json", IMPORT, make, "imported" if halves else "", not halves)
        yield Attack(f"import-codings json {how}", "a.jsonld", ROWS, make)


def _rows(*rows: str, header: str = "transcript,coder,segment,start,end,quote,codes") -> Make:
    return lambda: "\n".join([header, *rows, ""]).encode()


def annotation(**more: object) -> dict[str, object]:
    """A W3C Web Annotation of the study's interview."""
    made: dict[str, object] = {"type": "Annotation", "id": "a1", "creator": "ana", "body": [{"type": "TextualBody"}]}
    return {**made, **more}


def _at(start: object, end: object) -> dict[str, object]:
    selector = {"type": "TextPositionSelector", "start": start, "end": end}
    return {"target": {"source": "I01.txt", "selector": selector}}


BODY = [{"type": "TextualBody", "purpose": "tagging", "value": "trust"}]
PLACES = {
    "negative": (-5, 3),
    "reversed": (20, 10),
    "past": (50_000, 50_010),
    "huge": (10**30, 10**31),
    "word": ("a", "b"),
}


def codings() -> Iterator[Attack]:
    """Codings at places that are none, of texts and codes that are not there, that point to each other."""
    for how, (start, end) in PLACES.items():
        yield Attack(f"codings rows {how}", "a.csv", ROWS, _rows(f"I01,ana,s1,{start},{end},,trust"))
        made = annotation(body=BODY, **_at(start, end))
        yield Attack(f"codings web {how}", "a.jsonld", ROWS, _json(made))
        yield Attack(f"codings brat {how}", "I01.ann", ROWS, lambda s=start, e=end: f"T1\ttrust {s} {e}\tx\n".encode())  # type: ignore[misc]
    odd: dict[str, Make] = {
        "no such transcript": _rows("I99,ana,s1,4,8,,trust"),
        "no such words": _rows("I01,ana,s1,,,nobody said this ever,trust"),
        "no such code": _rows("I01,ana,s1,,,I looked at the downloads first.,no-such-code"),
        "path": _rows("../../etc/passwd,ana,s1,4,8,,trust"),
        "no columns": lambda: b"a,b,c\n1,2,3\n",
        "wide": lambda: b",".join([b"x"] * 100_000) + b"\n",
        "relation to nothing": _rows(
            "I01,ana,s1,trust,s2,trust,leads-to", header="transcript,coder,from,from_code,to,to_code,type"
        ),
        "matrix": _rows("\x00,x", header="participant,Trust"),
    }
    for how, make in odd.items():
        yield Attack(f"codings rows {how}", "a.csv", ROWS, make)
    elsewhere = _rows("I99,ana,s1,,,I looked at the downloads first.,trust")
    yield Attack("codings rows elsewhere", "a.csv", ROWS, elsewhere, "there is no transcript 'I99'", False)
    coder = _rows("I01,../../evil,s1,,,I looked at the downloads first.,trust")
    yield Attack("codings rows coder", "a.csv", ROWS, coder, "names 3 coders")
    circle = [annotation(id=f"a{n}", target=f"a{(n + 1) % 3}", body=BODY) for n in range(3)]
    yield Attack("codings web circle", "a.jsonld", ROWS, _json(circle), "3 annotations of other", False)
    yield Attack("codings web nothing", "a.jsonld", ROWS, _json(annotation(body=BODY, target="no-such")))
    yield Attack("codings brat circle", "I01.ann", ROWS, lambda: b"R1\tleads-to Arg1:R1 Arg2:R1\nT1\tx 0 3\tInt\n")
    yield Attack("codings brat line", "I01.ann", ROWS, lambda: b"nothing of brat\n")
    yield Attack("codings brat twice", "I01.ann", ROWS, lambda: b"T1\tno-such 0 3\tInt\nT1\tno-such 4 6\trv\n")


def documents() -> Iterator[Attack]:
    """What else there is: PDF without an end, RTF without one, databases, times that run backwards."""
    pdf = b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 1 0 R >>\nendobj\n2 0 obj\n<< /Kids [2 0 R] >>\nendobj\n"
    trailer = b"trailer << /Root 1 0 R /Prev 9 >>\nstartxref\n9\n%%EOF"
    yield Attack("import pdf cycle", "a.pdf", IMPORT, lambda: pdf + trailer)
    yield Attack("import pdf deep", "a.pdf", IMPORT, lambda: b"%PDF-1.4\n" + b"[" * 500_000)
    yield Attack("import rtf deep", "a.rtf", IMPORT, lambda: b"{\\rtf1 " + b"{" * 500_000)
    binary = b"{\\rtf1 \\bin999999999999 x}"
    yield Attack("import rtf binary", "a.rtf", IMPORT, lambda: binary, "1 transcript imported", False)
    damaged = b"SQLite format 3\x00" + b"\x10\x00\x01\x01" + b"\xff" * 4000
    for name in ("a.sqlite3", "data.qda"):
        yield Attack(f"import-codings {name} damaged", name, ROWS, lambda: damaged)
    yield Attack("import old word", "a.doc", IMPORT, lambda: b"\xd0\xcf\x11\xe0" * 100)
    yield Attack("import password", "a.docx", IMPORT, lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 4000)


def every() -> list[Attack]:
    """All of them."""
    makers = (zips, xmls, texts, yamls, jsons, codings, documents)
    return [attack for make in makers for attack in make()]


def special(folder: Path) -> Iterator[tuple[str, Path]]:
    """Paths that are no files: a pipe nobody writes to, a device without end, links to nothing and in a circle."""
    os.mkfifo(folder / "pipe")
    (folder / "circle").symlink_to("circle")
    (folder / "nowhere").symlink_to("no-such-file")
    (folder / "device").symlink_to("/dev/zero")
    (folder / "folder").mkdir()
    yield from ((name, folder / name) for name in ("pipe", "circle", "nowhere", "device", "folder"))
