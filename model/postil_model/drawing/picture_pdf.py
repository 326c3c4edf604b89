"""A PDF page that holds one PNG picture, for machines on which nothing can write a drawn PDF.

The compressed pixels of the PNG go into the PDF as they are: PDF knows PNG's filters (ISO 32000, 7.4.4.4). A fourth
channel is dropped by a colour space of four components whose function leaves out the last.
"""

from __future__ import annotations

import struct

from postil_base.problem import PostilError

CHANNELS = {0: 1, 2: 3, 6: 4}
SPACES = {1: b"/DeviceGray", 3: b"/DeviceRGB", 4: b"[/DeviceN [/R /G /B /A] /DeviceRGB 4 0 R]"}
DROP_ALPHA = b"{pop}"


def picture_pdf(png: bytes, dpi: float) -> bytes:
    """One page as large as the picture at ``dpi``.

    Raises:
        PostilError: the PNG is interlaced or of a kind that PDF cannot hold as it is.
    """
    width, height, depth, kind, _, _, interlaced = struct.unpack(">IIBBBBB", png[16:29])
    if kind not in CHANNELS or depth != 8 or interlaced:
        raise PostilError("this picture cannot be put into a PDF; ask for --format svg or png")
    colors = CHANNELS[kind]
    pixels = b"".join(_chunks(png, b"IDAT"))
    parameters = b"<</Predictor 15 /Colors %d /BitsPerComponent 8 /Columns %d>>" % (colors, width)
    image = b"<</Type /XObject /Subtype /Image /Width %d /Height %d /BitsPerComponent 8 /ColorSpace %s" % (
        width,
        height,
        SPACES[colors],
    )
    image += b" /Filter /FlateDecode /DecodeParms %s /Length %d>>" % (parameters, len(pixels))
    wide, high = width * 72 / dpi, height * 72 / dpi
    drawn = b"q %.3f 0 0 %.3f 0 0 cm /I Do Q" % (wide, high)
    page = b"<</Type /Page /Parent 2 0 R /MediaBox [0 0 %.3f %.3f] /Contents 6 0 R" % (wide, high)
    function = b"<</FunctionType 4 /Domain [0 1 0 1 0 1 0 1] /Range [0 1 0 1 0 1] /Length %d>>" % len(DROP_ALPHA)
    return _file(
        [
            b"<</Type /Catalog /Pages 2 0 R>>",
            b"<</Type /Pages /Kids [3 0 R] /Count 1>>",
            page + b" /Resources <</XObject <</I 5 0 R>>>>>>",
            function + b"\nstream\n" + DROP_ALPHA + b"\nendstream",
            image + b"\nstream\n" + pixels + b"\nendstream",
            b"<</Length %d>>\nstream\n%s\nendstream" % (len(drawn), drawn),
        ]
    )


def _chunks(png: bytes, name: bytes) -> list[bytes]:
    found, position = [], 8
    while position + 8 <= len(png):
        (length,) = struct.unpack(">I", png[position : position + 4])
        if png[position + 4 : position + 8] == name:
            found.append(png[position + 8 : position + 8 + length])
        position += 12 + length
    return found


def _file(objects: list[bytes]) -> bytes:
    out, places = b"%PDF-1.5\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    return out + b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<</Size %d /Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (
        size,
        table,
        size,
        len(out),
    )
