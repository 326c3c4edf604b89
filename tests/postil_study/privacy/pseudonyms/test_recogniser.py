"""The optional model for names: a kind message without it, and what it finds joins what is seen."""

from __future__ import annotations

from pathlib import Path

import pytest

from postil_cli.running import run
from postil_formats.texts.sensitive_terms import with_recognised
from postil_study.privacy.pseudonyms.found import NameSeen
from postil_study.privacy.pseudonyms.matching import Names, PseudonymRule
from postil_study.privacy.pseudonyms.recogniser import PIECE, names_recognised
from tests.transcripts_support import small_study


def acme(text: str) -> list[tuple[str, str]]:
    """A model that knows one firm, one city and numbers."""
    kinds = {"acme": "ORG", "rome": "GPE", "two": "CARDINAL"}
    return [(word, kinds[word]) for word in text.replace(".", " ").split() if word in kinds]


def test_what_it_finds_joins_what_is_seen() -> None:
    seen = [NameSeen("Jane", "name", 2, "[name 1]"), NameSeen("rome", "place", 1, "[place 1]")]
    found = with_recognised(seen, ["at acme, then at acme in rome, two times"], acme)
    assert [(one.text, one.kind, one.count) for one in found] == [
        ("Jane", "name", 2),
        ("acme", "organisation", 1),
        ("rome", "place", 1),
    ]


def test_what_the_mapping_has_is_not_asked_again() -> None:
    names = Names([PseudonymRule("acme", "[organisation 1]")])
    assert with_recognised([], ["acme and rome"], acme, names) == (NameSeen("rome", "place", 1, "[place 1]"),)


def test_long_texts_are_given_in_pieces_that_end_with_a_line() -> None:
    pieces: list[str] = []

    def keep(text: str) -> list[tuple[str, str]]:
        pieces.append(text)
        return []

    text = "some words here\n" * 20_000
    names_recognised([text], keep)
    assert "".join(pieces) == text and len(pieces) > 1
    assert all(len(piece) <= PIECE and piece.endswith("\n") for piece in pieces)


@pytest.mark.parametrize("command", [["pseudonymise", "--list"], ["import", "{file}", "--dry-run"]])
def test_a_kind_message_where_there_is_no_model(
    command: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = small_study(tmp_path / "study")
    file = tmp_path / "new.txt"
    file.write_text("A: words\nB: more\nA: and more\n", "utf-8")
    arguments = [part.replace("{file}", str(file)) for part in command]
    assert run([*arguments, "--ner", str(tmp_path / "no-model"), "-C", str(root)]) == 1
    said = capsys.readouterr().err
    assert "pip install 'postil[ner]'" in said or "there is no spaCy model" in said
    assert "did not expect" not in said
