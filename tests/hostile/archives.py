"""Archives made to harm, around the parts of any format that is a ZIP file."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable, Mapping

Parts = Mapping[str, bytes]
MB = 1 << 20


def zipped(parts: Parts, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A sound archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return out.getvalue()


def bomb(parts: Parts, main: str) -> bytes:
    """The part that is read unpacks to 100 MB."""
    return zipped({**parts, main: b" " * (100 * MB)})


def many_members(parts: Parts, main: str) -> bytes:
    """60,000 members."""
    out = io.BytesIO(zipped(parts))
    with zipfile.ZipFile(out, "a") as archive:
        for number in range(60_000):
            archive.writestr(f"x/{number}", b"")
    return out.getvalue()


def cut(parts: Parts, main: str) -> bytes:
    """The end is missing, and with it the list of members."""
    return zipped(parts)[:-60]


def cut_in_half(parts: Parts, main: str) -> bytes:
    """A download that stopped."""
    whole = zipped(parts)
    return whole[: len(whole) // 2]


def wrong_sum(parts: Parts, main: str) -> bytes:
    """A byte of the part that is read is not what it was."""
    whole = bytearray(zipped(parts, zipfile.ZIP_STORED))
    with zipfile.ZipFile(io.BytesIO(bytes(whole))) as archive:
        place = archive.getinfo(main).header_offset
    name, extra = struct.unpack("<HH", whole[place + 26 : place + 30])
    whole[place + 30 + name + extra + 5] ^= 1
    return bytes(whole)


def locked(parts: Parts, main: str) -> bytes:
    """The members say that they are encrypted."""
    whole = bytearray(zipped(parts))
    place = whole.find(b"PK\x01\x02")
    while place >= 0:
        whole[place + 8] |= 1
        place = whole.find(b"PK\x01\x02", place + 4)
    return bytes(whole)


def twice(parts: Parts, main: str) -> bytes:
    """The part that is read is there two times."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in [*parts.items(), (f"{main[:-1]}?", parts[main])]:
            archive.writestr(name, data)
    return out.getvalue().replace(f"{main[:-1]}?".encode(), main.encode())


def unknown_method(parts: Parts, main: str) -> bytes:
    """Packed in a way nobody knows."""
    whole = bytearray(zipped(parts))
    place = whole.find(b"PK\x01\x02")
    while place >= 0:
        whole[place + 10 : place + 12] = struct.pack("<H", 77)
        place = whole.find(b"PK\x01\x02", place + 4)
    return bytes(whole)


def link(parts: Parts, main: str) -> bytes:
    """The part that is read is a symbolic link out of the archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in parts.items():
            info = zipfile.ZipInfo(name)
            if name == main:
                info.external_attr = 0o120777 << 16
            archive.writestr(info, b"/etc/passwd" if name == main else data)
    return out.getvalue()


def strange_members(parts: Parts, main: str) -> bytes:
    """Sound, with members that would leave the folder if somebody unpacked them."""
    return zipped({**parts, "../../evil.txt": b"x", "/tmp/evil.txt": b"x", "..\\evil.txt": b"x", "C:\\evil": b"x"})


def nested(parts: Parts, main: str) -> bytes:
    """An archive in an archive in an archive instead of the part."""
    return zipped({"a.zip": zipped({"b.zip": zipped(parts)})})


def not_one(parts: Parts, main: str) -> bytes:
    """The first bytes of an archive, then nothing of one."""
    return b"PK\x03\x04" + bytes(range(256)) * 4


REFUSED: Mapping[str, Callable[[Parts, str], bytes]] = {
    made.__name__: made
    for made in (bomb, many_members, cut, cut_in_half, wrong_sum, locked, twice, unknown_method, link, nested, not_one)
}

_LAUGHS = "".join('<!ENTITY a%d "%s">' % (n + 1, f"&a{n};" * 10) for n in range(9))  # noqa: UP031
DOCTYPES = {
    "doctype": "<!DOCTYPE x>",
    "external": '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
    "parameter": '<!DOCTYPE x [<!ENTITY % a SYSTEM "http://127.0.0.1:9/x">%a;]>',
    "laughs": f"<!DOCTYPE x [{_LAUGHS}]>",
}


def broken_xml(xml: bytes) -> Mapping[str, bytes]:
    """The ways in which an XML part can be hostile, by name."""
    start = xml.find(b"?>") + 2 if xml.startswith(b"<?xml") else 0
    rest = xml[start:]
    made = {name: prolog.encode() + rest for name, prolog in DOCTYPES.items()}
    text = rest.decode("utf-8")
    made["doctype16"] = f'<?xml version="1.0" encoding="utf-16"?>{DOCTYPES["external"]}{text}'.encode("utf-16")
    made["deep"] = b"<a>" * 100_000 + b"</a>" * 100_000
    made["deep unclosed"] = b"<a>" * 2_000_000
    made["zero"] = rest[:40] + b"\0" + rest[40:]
    made["no end"] = rest[:-12]
    made["wrong encoding"] = b'<?xml version="1.0" encoding="utf-8"?>' + rest.replace(b">", b">\xff\xfe\x80", 1)
    made["no such encoding"] = b'<?xml version="1.0" encoding="klingon"?>' + rest
    made["attributes"] = b"<a " + b" ".join(b'a%d="x"' % n for n in range(200_000)) + b"/>"
    made["long name"] = b"<" + b"a" * (11 * MB) + b"/>"
    return made
