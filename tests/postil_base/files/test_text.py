from __future__ import annotations

from pathlib import Path

import pytest

from postil_base.files.text import read_raw_text, read_text, sha256_bytes, sha256_text
from postil_base.ids import ALPHABET, is_name, new_id, suggest_name
from postil_base.problem import PostilError


def test_text_is_read_as_it_is_stored(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes("\ufeffe\u0301\r\nb\rc\u2028\n".encode())
    assert read_text(path) == "e\u0301\nb\nc\u2028\n"
    assert read_raw_text(path) == "\ufeffe\u0301\r\nb\rc\u2028\n"
    assert sha256_text("é") == sha256_bytes("é".encode())


def test_what_is_not_utf8_is_named_by_line_and_byte(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"one\ntw\xe4\n")
    with pytest.raises(PostilError, match=r"a\.txt:2: byte 6 \(0xe4\) is not UTF-8"):
        read_text(path)
    with pytest.raises(PostilError, match="could not be read: No such file"):
        read_text(tmp_path / "none.txt")
    with pytest.raises(PostilError, match="could not be read"):
        read_text(tmp_path)


def test_ids_avoid_those_taken() -> None:
    class Fixed:
        def __init__(self) -> None:
            self.letters = iter("a" * 10 + "b" * 10)

        def choice(self, seq: str, /) -> str:
            assert seq == ALPHABET
            return next(self.letters)

    assert new_id({"a" * 10}, Fixed()) == "b" * 10
    assert len({new_id() for _ in range(100)}) == 100


def test_names() -> None:
    assert all(map(is_name, ["a", "0", "find-ptm", "v1.2", "a--b."]))
    assert not any(map(is_name, ["", "A", "-a", ".a", "_a", "a b", "é", "a/b", "a\n"]))
    assert suggest_name("Étude n° 2") == "tude-n-2"
