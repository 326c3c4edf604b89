"""Files made to harm, and files that are broken: a message comes out, never anything else."""

from __future__ import annotations

import io
import json
import zipfile
from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from postil_base.problem import PostilError
from postil_formats.codings.sources.rows import read_codings
from postil_formats.texts.readers import FORMATS, read_source, reader_of
from postil_formats.texts.recognised import ReadOptions
from postil_formats.texts.second_reading import compare
from tests.docx_maker import NS, anchor, docx, note_list, para, shaded
from tests.odt_maker import ods, row, table

DOCTYPE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'


def zipped(parts: dict[str, str | bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


@pytest.mark.parametrize("prolog", [DOCTYPE, BOMB, "<!DOCTYPE w:document>"])
def test_document_types_are_refused(prolog: str) -> None:
    with pytest.raises(PostilError, match="DOCTYPE"):
        read_source(docx(para("A: &#97;"), prolog=prolog), "a.docx")
    with pytest.raises(PostilError, match="DOCTYPE"):
        read_source(f"{prolog}<ANNOTATION_DOCUMENT/>".encode(), "a.eaf")
    with pytest.raises(PostilError, match="DOCTYPE"):
        read_source(zipped({"content.xml": f"{prolog}<x/>"}), "a.odt")
    with pytest.raises(PostilError, match="DOCTYPE"):
        sheet = f"{prolog}<workbook/>"
        read_source(zipped({"[Content_Types].xml": "<Types/>", "xl/workbook.xml": sheet}), "a.xlsx")


def test_document_type_in_utf16_is_refused() -> None:
    sheet = f'<?xml version="1.0" encoding="utf-16"?>{BOMB}<workbook/>'.encode("utf-16")
    with pytest.raises(PostilError, match="DOCTYPE"):
        read_source(zipped({"[Content_Types].xml": "<Types/>", "xl/workbook.xml": sheet}), "a.xlsx")


@pytest.mark.parametrize(
    ("name", "part"),
    [("a.docx", "word/document.xml"), ("a.odt", "content.xml"), ("a.xlsx", "xl/worksheets/sheet1.xml")],
)
def test_zip_bombs_are_refused(name: str, part: str) -> None:
    data = zipped({"[Content_Types].xml": "<Types/>", part: b" " * (65 * 1024 * 1024)})
    assert len(data) < 200_000
    with pytest.raises(PostilError, match="more than 64 MB"):
        read_source(data, name)


def test_a_huge_file_is_refused_before_it_is_read() -> None:
    with pytest.raises(PostilError, match="up to 64 MB"):
        read_source(b"a" * (65 * 1024 * 1024), "a.txt")


def test_archives_that_are_no_documents() -> None:
    inner = zipped({"word/document.xml": "<x/>"})
    with pytest.raises(PostilError, match="not a Word document"):
        read_source(zipped({"inner.docx": inner, "../../etc/passwd": "x"}), "a.docx")
    with pytest.raises(PostilError, match="no part"):
        read_source(zipped({"x": "y"}), "a.odt")
    with pytest.raises(PostilError, match="not a workbook"):
        read_source(zipped({"x": "y"}), "a.xlsx")
    with pytest.raises(PostilError, match="damaged or not what its name says"):
        read_source(b"PK\x03\x04 nothing more", "a.docx")


def test_a_part_that_stands_twice_is_refused() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("word/document.xml", "<a/>")
        archive.writestr("word/document.xml", "<b/>")
    with pytest.raises(PostilError, match="twice"):
        read_source(buffer.getvalue(), "a.docx")


def test_deep_nesting() -> None:
    deep = "<w:sdtContent>" * 3000 + "</w:sdtContent>" * 3000
    with pytest.raises(PostilError, match="not sound XML"):
        read_source(docx(f"<w:sdt>{deep}</w:sdt>"), "a.docx")
    with pytest.raises(PostilError, match="nests"):
        read_source(b"{\\rtf1 " + b"{" * 5000 + b"x" + b"}" * 5000 + b"}", "a.rtf")


def test_numbers_that_are_no_numbers() -> None:
    odd = '<w:r><w:rPr><w:position w:val="99999999999999999999"/><w:sz w:val="x"/></w:rPr><w:t>²١</w:t></w:r>'
    made = read_source(docx(para("A: a"), f"<w:p>{odd}</w:p>", para("B: b"), para("A: c")), "a.docx")
    assert made.turns[0].text == "a\n²١"


SAMPLES = {
    ".txt": "Ana: Hi – you.\nBen [00:00:01]: Ho.\n\nAna: Hu #00:00:01-2#\n1  Ben: x\n".encode(),
    ".md": b"---\na: b\n---\n**Ana:** Hi [x](y)\n\n> **Ben:** `Ho`\n\n**Ana:** \\[04:10\\] _Hu_\n",
    ".vtt": b"WEBVTT\n\nNOTE x\n\n1\n00:00:01.000 --> 00:00:02.000\n<v Ana>Hi //B: no//</v>\n\n"
    b"00:03.000 --> 00:04.000\nBen: Ho\n",
    ".srt": b"1\n00:00:01,000 --> 00:00:02,000\n[Ana] Hi\n\n2\n00:00:02,000 --> 00:00:03,000\n- a\n- b\n",
    ".sbv": b"0:00:01.000,0:00:02.000\n(Ana)\nHi\n\n0:00:02.000,0:00:03.000\n(Ben)\nHo\n",
    ".rtf": b"{\\rtf1\\ansi\\ansicpg1252{\\fonttbl{\\f0 X;}}\\b Ana:\\b0  Hi \\u8211- \\'e9.\\par "
    b"Ben: Ho.\\par Ana: Hu.\\par}",
    ".csv": b'speaker;start;text\nAna;0:01;Hi\nBen;0:02;"Ho; ""x"""\n',
    ".json": json.dumps(
        {"segments": [{"start": 0.5, "end": 1, "text": " Hi", "speaker": "A"}, {"text": "x"}]}
    ).encode(),
    ".eaf": b'<ANNOTATION_DOCUMENT><TIME_ORDER><TIME_SLOT TIME_SLOT_ID="t1" TIME_VALUE="5"/></TIME_ORDER>'
    b'<TIER TIER_ID="A">'
    b'<ANNOTATION><ALIGNABLE_ANNOTATION TIME_SLOT_REF1="t1" TIME_SLOT_REF2="t2"><ANNOTATION_VALUE>x</ANNOTATION_VALUE>'
    b"</ALIGNABLE_ANNOTATION></ANNOTATION></TIER></ANNOTATION_DOCUMENT>",
    ".exb": b'<basic-transcription><head><speakertable><speaker id="S"><abbreviation>A</abbreviation></speaker>'
    b'</speakertable></head><basic-body><common-timeline><tli id="T0" time="0.5"/><tli id="T1" time="1"/><tli id="T2"/>'
    b'</common-timeline><tier id="I" speaker="S" category="v" type="t"><event start="T0" end="T1">Hi </event>'
    b'<event start="T1" end="T2">ho</event></tier><tier id="J" category="com" type="a"><event start="T0" end="T1">x'
    b"</event></tier></basic-body></basic-transcription>",
    ".html": b"<html><head><meta charset='utf-8'></head><body><nav>x</nav><p><a name='ts_5_9_S0'>S0: Hi</a></p>"
    b"<p><b>S1:</b> Ho &amp; <span hidden>y</span></p><table><tr><td>S0</td><td>Hu</td></tr></table></body></html>",
    ".cha": b"@Begin\n@Languages:\teng\n*INV:\thi you . \x150_5\x15\n%mor:\tx\n\ty\n*PAR:\tho <x> [/] .\n@End\n",
}


@cache
def sample(suffix: str) -> bytes:
    if suffix == ".docx":
        comment = f'<w:comments xmlns:w="{NS}"><w:comment w:id="0"><w:p/></w:comment></w:comments>'
        body = (para("Speaker 1:"), para(shaded("a"), anchor("1")), para("Speaker 2:"), para("b"), para("Speaker 1:"))
        return docx(*body, para("c"), note_list({1: ["n"]}), parts={"word/comments.xml": comment})
    if suffix == ".odt":
        urn = "urn:oasis:names:tc:opendocument:xmlns"
        spaces = f'xmlns:office="{urn}:office:1.0" xmlns:text="{urn}:text:1.0"'
        words = "<text:p>A: x<text:s text:c='3'/>y</text:p><text:p>B: z</text:p>"
        content = f"<office:body><office:text>{words}</office:text></office:body>"
        return zipped({"content.xml": f"<office:document-content {spaces}>{content}</office:document-content>"})
    if suffix == ".xlsx":
        from openpyxl import Workbook

        book, buffer = Workbook(), io.BytesIO()
        for cells in (["speaker", "text"], ["A", "x"]):
            book.active.append(cells)  # type: ignore[union-attr]
        book.save(buffer)
        return buffer.getvalue()
    if suffix == ".ods":
        return ods(table(row("A", "Hi there"), row("B", "Ho"), row("A", "Hu and more")))
    if suffix == ".pdf":
        return pdf_of("A: Hi", "B: Ho", "A: Hu")
    return SAMPLES[suffix]


def pdf_of(*lines: str) -> bytes:
    """A page of text, by hand."""
    content = ("BT /F1 12 Tf 72 720 Td 14 TL " + " ".join(f"({line}) Tj T*" for line in lines) + " ET").encode()
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    out, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    start = len(out)
    return (
        out
        + b"xref\n0 6\n0000000000 65535 f \n"
        + table
        + b"trailer << /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % start
    )


SUFFIXES = sorted({".docx", ".odt", ".ods", ".xlsx", ".pdf", *SAMPLES})


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_samples_are_sound(suffix: str) -> None:
    made = read_source(sample(suffix), f"a{suffix}")
    assert made.turns
    found = compare(sample(suffix), f"a{suffix}", made, ReadOptions())
    assert (found.missing, found.added, found.speakers) == ((), (), ())


def test_every_format_has_a_sample() -> None:
    assert {reader_of(suffix) for suffix in FORMATS} == {reader_of(suffix) for suffix in SUFFIXES}


@st.composite
def mutated(draw: st.DrawFn) -> tuple[str, bytes]:
    """A sample with bytes changed, cut out, doubled, or the end cut off."""
    suffix = draw(st.sampled_from(SUFFIXES))
    data = bytearray(sample(suffix))
    for _ in range(draw(st.integers(1, 6))):
        place = draw(st.integers(0, max(len(data) - 1, 0)))
        change = draw(st.sampled_from(["set", "cut", "insert", "end", "double"]))
        if change == "set" and data:
            data[place] = draw(st.integers(0, 255))
        elif change == "cut":
            del data[place : place + draw(st.integers(1, 30))]
        elif change == "insert":
            data[place:place] = draw(st.binary(max_size=12))
        elif change == "double":
            data[place:place] = data[place : place + 40]
        else:
            del data[place:]
    return suffix, bytes(data)


def only_postil_errors(suffix: str, data: bytes) -> None:
    try:
        made = read_source(data, f"a{suffix}")
    except PostilError as error:
        assert f"a{suffix}" in str(error)
        return
    assert made.turns
    assert all(turn.text.strip() for turn in made.turns)
    compare(data, f"a{suffix}", made, ReadOptions())


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(mutated())
def test_mutated_files(made: tuple[str, bytes]) -> None:
    only_postil_errors(*made)


PARTS = {".docx": "word/document.xml", ".odt": "content.xml", ".xlsx": "xl/worksheets/sheet1.xml"}


@st.composite
def mutated_parts(draw: st.DrawFn) -> tuple[str, bytes]:
    """A sound archive around damaged XML: pieces of it cut out, doubled, swapped."""
    suffix = draw(st.sampled_from(sorted(PARTS)))
    with zipfile.ZipFile(io.BytesIO(sample(suffix))) as archive:
        parts: dict[str, str | bytes] = {name: archive.read(name) for name in archive.namelist()}
    text = parts[PARTS[suffix]]
    assert isinstance(text, bytes)
    pieces = [piece + b">" for piece in text.split(b">")]
    for _ in range(draw(st.integers(1, 5))):
        place, other = (draw(st.integers(0, len(pieces) - 1)) for _ in range(2))
        change = draw(st.sampled_from(["cut", "double", "swap"]))
        if change == "swap":
            pieces[place], pieces[other] = pieces[other], pieces[place]
        else:
            pieces[place : place + (change == "cut")] = [] if change == "cut" and len(pieces) > 2 else [pieces[other]]
    parts[PARTS[suffix]] = b"".join(pieces)
    return suffix, zipped(parts)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(mutated_parts())
def test_damaged_parts_of_sound_archives(made: tuple[str, bytes]) -> None:
    only_postil_errors(*made)


@pytest.mark.prove
@settings(max_examples=10_000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(mutated_parts())
def test_many_damaged_parts(made: tuple[str, bytes]) -> None:
    only_postil_errors(*made)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from([".csv", ".xlsx"]), st.data())
def test_codings_files(suffix: str, data: st.DataObject) -> None:
    header = b"transcript,coder,segment,quote,codes,memo,start,end\nT1,ana,s1,words,a; b,m,1,2\n"
    whole = bytearray(header if suffix == ".csv" else sample(suffix))
    for _ in range(data.draw(st.integers(0, 4))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    try:
        read_codings(bytes(whole), f"a{suffix}", coder="ana")
    except PostilError as error:
        assert f"a{suffix}" in str(error)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(SUFFIXES), st.binary(max_size=300))
def test_any_bytes(suffix: str, data: bytes) -> None:
    only_postil_errors(suffix, data)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from([".txt", ".md", ".vtt", ".srt", ".csv", ".json"]), st.text(max_size=300))
def test_any_text(suffix: str, text: str) -> None:
    only_postil_errors(suffix, text.encode("utf-8", "surrogatepass"))


@pytest.mark.prove
@settings(max_examples=20_000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(mutated())
def test_many_mutated_files(made: tuple[str, bytes]) -> None:
    only_postil_errors(*made)


@pytest.mark.parametrize(
    ("suffix", "data"),
    [
        (".txt", b"A" * 200_000),
        (".txt", b"a: " * 60_000),
        (".txt", b"[" * 200_000),
        (".txt", b"1 " * 100_000),
        (".md", b"*" * 100_000),
        (".md", b"[" * 50_000 + b"](" * 50_000),
        (".md", b"`" * 50_000 + b"x"),
        (".md", b"_a " * 50_000),
        (".vtt", b"WEBVTT\n\n00:01.000 --> 00:02.000\n" + b"<v " * 60_000),
        (".vtt", b"WEBVTT\n\n00:01.000 --> 00:02.000\n" + b"//S: " * 60_000),
        (".vtt", b"WEBVTT\n\n" + b"00:01.000 --> 00:02.000\nx\n" * 5_000),
        (".csv", b'"' * 100_001),
    ],
    ids=[str(n) for n in range(12)],
)
def test_no_input_takes_long(suffix: str, data: bytes) -> None:
    """Nothing backtracks: a fifth of a megabyte of the worst takes well under the limit."""
    import time

    start = time.perf_counter()
    only_postil_errors(suffix, data)
    assert time.perf_counter() - start < 5


def test_options_are_all_a_reader_needs() -> None:
    for suffix in SUFFIXES:
        assert reader_of(suffix)(sample(suffix), f"x{suffix}", ReadOptions()).turns
