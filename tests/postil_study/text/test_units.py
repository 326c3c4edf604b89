"""Units of talk: each rule by example, and no input that makes it slow."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postil_study.text.units import Span, clauses, sentences, words

Splitter = Callable[[str], list[Span]]


def parts(split: Splitter, text: str) -> list[str]:
    return [text[a:b] for a, b in split(text)]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Don't re-use pre‑trained models’ weights.", ["Don't", "re-use", "pre‑trained", "models", "weights"]),
        ("v1.2.3, 3,5 and 14:30", ["v1.2.3", "3", "5", "and", "14:30"]),
        ("well...I think—no", ["well", "I", "think", "no"]),
        ("[inaudible 00:02:29] (laughs)", ["inaudible", "00:02:29", "laughs"]),
        ("find_ptm bert-base-uncased a@b.org", ["find_ptm", "bert-base-uncased", "a@b.org"]),
        ("模型很好。BERT", ["模", "型", "很", "好", "BERT"]),
        ("हिन्दी में", ["हिन्दी", "में"]),  # combining marks belong to their word
        ("cafe\u0301 naïve", ["cafe\u0301", "naïve"]),
        ("שלום, مرحبا؟", ["שלום", "مرحبا"]),
        ("👍 - … ?!", []),
    ],
)
def test_words(text: str, wanted: list[str]) -> None:
    assert parts(words, text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("One. Two! Three? Four", ["One.", "Two!", "Three?", "Four"]),
        ("We use e.g. BERT. Dr. Ruiz et al. did, too.", ["We use e.g. BERT.", "Dr. Ruiz et al. did, too."]),
        ("No. I did not. See no. 5 there.", ["No.", "I did not.", "See no. 5 there."]),
        ("J. Smith agreed. So did I. Then we left.", ["J. Smith agreed.", "So did I.", "Then we left."]),
        ("Then... nothing. Well... Yes.", ["Then... nothing.", "Well...", "Yes."]),
        ('He said "Stop." Then he left.', ['He said "Stop."', "Then he left."]),
        ('"Why?" he asked. Why not?', ['"Why?" he asked.', "Why not?"]),
        ("i think so. then we went", ["i think so.", "then we went"]),  # speech recognisers write small letters
        ("Really?! Yes.", ["Really?!", "Yes."]),
        ("It grew by 3.5 GB, v1.2 of it.", ["It grew by 3.5 GB, v1.2 of it."]),
        ("1. Look at it. 2. Take it.", ["1. Look at it.", "2. Take it."]),
        ("好。是吗？对！「好。」然后", ["好。", "是吗？", "对！", "「好。」", "然后"]),
        ("a line\nanother one. \n\n  and last", ["a line", "another one.", "and last"]),
        ("etc. and so on. At 5 p.m. we met. It was p.m. We met.",
         ["etc. and so on.", "At 5 p.m. we met.", "It was p.m.", "We met."]),
        ("   ", []),
    ],
)  # fmt: skip
def test_sentences(text: str, wanted: list[str]) -> None:
    assert parts(sentences, text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("If it fits, we take it; else: no.", ["If it fits,", "we take it;", "else:", "no."]),
        ("1,000 at 14:30", ["1,000 at 14:30"]),
        ("a - b – c—d", ["a -", "b –", "c—", "d"]),
        ("是，我们；好", ["是，", "我们；", "好"]),
    ],
)
def test_clauses(text: str, wanted: list[str]) -> None:
    assert parts(clauses, text) == wanted


def test_offsets_are_those_of_the_whole_text() -> None:
    text = "Ana:\nOne two. Three, four."
    for split in (words, sentences, clauses):
        assert [text[a:b] for a, b in split(text, 5)] == [text[5:][a:b] for a, b in split(text[5:])]
        assert all(5 <= a < b <= 14 for a, b in split(text, 5, 14))


prose = st.text(st.sampled_from('aB1 .,!?…;:"”’)(-—。，\n\u0301模\u200b'), max_size=60)


@given(st.one_of(prose, st.text(st.characters(exclude_categories=["Cs"]), max_size=60)))
def test_units_never_overlap_and_lose_nothing_but_white_space(text: str) -> None:
    for split in (words, sentences, clauses):
        last = 0
        for start, end in split(text):
            assert last <= start < end <= len(text)
            assert text[start:end] == text[start:end].strip()
            last = end
    for split in (sentences, clauses):
        rest = text
        for start, end in reversed(split(text)):
            rest = rest[:start] + rest[end:]
        assert not rest.strip(), "every character that is no white space is in a sentence and in a clause"


@pytest.mark.parametrize(
    "text",
    [
        "Well, we looked at the model, e.g. the BERT one... and it's fine. " * 15_000,
        "." * 1_000_000 + "x",
        '."' * 500_000,
        "A. " * 330_000,
        "a." * 500_000,
        " " * 1_000_000,
        "x" * 1_000_000,
        "-" * 1_000_000,
        ".'" * 500_000 + "x",
        "1. " * 330_000,
        "a'" * 500_000,
    ],
    ids=[
        "prose",
        "dots",
        "dot-quotes",
        "initials",
        "a-dots",
        "blanks",
        "one-word",
        "dashes",
        "dot-ticks",
        "list",
        "ticks",
    ],
)
def test_a_million_characters_take_no_time(text: str) -> None:
    for split in (words, sentences, clauses):
        start = time.process_time()
        split(text)
        assert time.process_time() - start < 2.0, "0.1 s for prose, 0.5 s at worst, on an idle machine"
