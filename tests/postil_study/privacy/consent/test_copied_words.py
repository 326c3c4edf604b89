"""Words of people who must not be quoted, where somebody copied them."""

from __future__ import annotations

from collections.abc import Iterable, Set
from pathlib import Path

import pytest

from postil_study.privacy.consent import copied_words
from postil_study.privacy.consent.copied_words import free_words
from postil_study.privacy.consent.purposes import WITHHELD, not_quoted
from postil_study.study import open_study
from tests.transcripts_support import STUDY, TEXT, small_study


def refused_study(root: Path) -> Path:
    return small_study(root, {"study.yaml": STUDY.replace("quote: true", "quote: false")})


def said_in(text: str) -> str:
    return max(text.split("\n"), key=len)


def test_runs_are_made_once_for_a_study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    study = open_study(refused_study(tmp_path / "s"))
    made, runs_of = [0], copied_words.runs_of

    def counted(passages: Iterable[str]) -> Set[str]:
        made[0] += 1
        return runs_of(passages)

    monkeypatch.setattr(copied_words, "runs_of", counted)
    memo = f"She says: {said_in(TEXT)}"
    first, second = (free_words(study, not_quoted(study)) for _ in range(2))
    assert WITHHELD in first.text(memo)
    assert made == [1]
    assert first.found and not second.found, "each counts what it withheld itself"


def test_a_text_that_changed_and_other_people_are_looked_at_anew(tmp_path: Path) -> None:
    root = refused_study(tmp_path / "s")
    study = open_study(root)
    memo = "we always had to run on what a hub gives us"
    assert free_words(study, not_quoted(study)).text(memo) == memo
    text = root / "transcripts/I01.txt"
    text.write_text(text.read_text("utf-8").rstrip("\n") + f" {memo}\n", "utf-8")
    study.refresh()
    assert WITHHELD in free_words(study, not_quoted(study)).text(memo)
    assert free_words(study, frozenset()).text(memo) == memo
    assert WITHHELD in free_words(study, not_quoted(study)).text(memo)
