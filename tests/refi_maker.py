"""Small REFI-QDA files for tests, made on the spot."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

CODE, USER, SOURCE = (f"{digit * 8}-0000-4000-8000-000000000001" for digit in "ABC")
TEXT = "I: Why that one?\nP1: Because of the downloads.\nI: And then?\nP1: We read the issues."


def selection(start: object, end: object, number: int = 1, name: str = "", code: str = CODE, extra: str = "") -> str:
    guid = f"DDDDDDDD-0000-4000-8000-{number:012d}"
    coding = f'<Coding guid="EEEEEEEE-0000-4000-8000-{number:012d}" creatingUser="{USER}">'
    coding += f'<CodeRef targetGUID="{code}"/></Coding>'
    return (
        f'<PlainTextSelection guid="{guid}" name="{name}" startPosition="{start}" endPosition="{end}" '
        f'creatingUser="{USER}">{extra}{coding}</PlainTextSelection>'
    )


def project_xml(selections: str = "", codes: str | None = None, path: str = "internal://a.txt", more: str = "") -> str:
    made = codes if codes is not None else f'<Code guid="{CODE}" name="Popularity" isCodable="true"/>'
    return (
        '<?xml version="1.0" encoding="utf-8"?>'
        '<Project name="Test" origin="a test" xmlns="urn:QDA-XML:project:1.0">'
        f'<Users><User guid="{USER}" name="Ann"/></Users><CodeBook><Codes>{made}</Codes></CodeBook>'
        f'<Sources><TextSource guid="{SOURCE}" name="One" plainTextPath="{path}">{selections}</TextSource></Sources>'
        f"{more}</Project>"
    )


def qdpx(xml: str | bytes, texts: Mapping[str, bytes] | None = None, qde: str = "project.qde") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(qde, xml)
        for name, data in (texts if texts is not None else {"sources/a.txt": TEXT.encode()}).items():
            archive.writestr(name, data)
    return out.getvalue()
