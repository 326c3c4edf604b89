"""Damaged copies of sound files: bytes changed, pieces cut out, doubled, swapped, and what makes programs stumble."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

from hypothesis import strategies as st

TOKENS = (
    b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b"\r\n", b"\r", b"-1", b"0", b"9" * 30, b"1e999", b"NaN", b'"', b"'", b"<",
    b">", b"&#0;", b"&amp;", b"]]>", b"<!--", b"{", b"}", b"[", b"]", b":", b",", b"\t", b"\\", b"*a", b"&a ", b"!!",
    b"- ", b"---\n", b"\xe2\x80\xae", b"\xe2\x80\xa8", b"\xf0\x9f\x98\x80", b"=1+1", b"\x1b[31m", b"../", b"null",
    b"true", b"~",
)  # fmt: skip
ENDS = (b">", b"\n", b",", b'"', b" ")


@st.composite
def damaged(draw: st.DrawFn, seed: bytes) -> bytes:
    """A copy with a few changes."""
    data = seed
    for _ in range(draw(st.integers(1, 5))):
        data = draw(st.sampled_from(CHANGES))(draw, data)
    return data


@st.composite
def damaged_part(draw: st.DrawFn, seed: bytes, part: str) -> bytes:
    """An archive that is sound but for the inside of one part."""
    with zipfile.ZipFile(io.BytesIO(seed)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts[part] = draw(damaged(parts[part]))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return out.getvalue()


def _place(draw: st.DrawFn, data: bytes) -> int:
    return draw(st.integers(0, max(len(data) - 1, 0)))


def _put(draw: st.DrawFn, data: bytes) -> bytes:
    place = _place(draw, data)
    return data[:place] + draw(st.sampled_from(TOKENS)) + data[place:]


def _over(draw: st.DrawFn, data: bytes) -> bytes:
    place = _place(draw, data)
    token = draw(st.sampled_from(TOKENS))
    return data[:place] + token + data[place + len(token) :]


def _byte(draw: st.DrawFn, data: bytes) -> bytes:
    place = _place(draw, data)
    return data[:place] + bytes([draw(st.integers(0, 255))]) + data[place + 1 :]


def _end(draw: st.DrawFn, data: bytes) -> bytes:
    return data[: _place(draw, data)]


def _pieces(draw: st.DrawFn, data: bytes) -> bytes:
    """A piece between two ends cut out, doubled, or in the place of another."""
    end = draw(st.sampled_from(ENDS))
    pieces = data.split(end)
    one, other = _place(draw, pieces), _place(draw, pieces)  # type: ignore[arg-type]
    how = draw(st.sampled_from(["cut", "double", "swap"]))
    if how == "cut":
        del pieces[one]
    elif how == "double":
        pieces.insert(other, pieces[one])
    else:
        pieces[one], pieces[other] = pieces[other], pieces[one]
    return end.join(pieces)


CHANGES: tuple[Callable[[st.DrawFn, bytes], bytes], ...] = (_put, _over, _byte, _end, _pieces, _pieces)
