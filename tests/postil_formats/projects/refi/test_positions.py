"""How positions are counted is decided by evidence."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postil_base.files.text import unix_lines
from postil_formats.projects.refi.positions import (
    RULES,
    PositionEvidence,
    PositionRule,
    RefiPassage,
    Ruler,
    decide,
    weigh,
)

words = st.sampled_from(["view", "😀", "naïve", "模型", "a", "README", "𝒳y", "don't"])
texts = st.lists(
    st.tuples(words, st.sampled_from([" ", ", ", "\r\n", "\r\n\r\n", ". "])), min_size=12, max_size=60
).map(lambda pairs: "".join(word + gap for word, gap in pairs))


@given(texts, st.sampled_from(RULES), st.booleans())
def test_counting_and_reading_are_inverse(raw: str, rule: PositionRule, marked: bool) -> None:
    ruler = Ruler("\ufeff" + raw if marked else raw, rule)
    text = unix_lines(raw)
    assert ruler.text == text
    for offset in range(len(text) + 1):
        assert ruler.at(ruler.count(offset)) == offset
        assert not ruler.splits(ruler.count(offset))


@given(texts)
def test_counts_are_what_the_encodings_say(raw: str) -> None:
    ruler = Ruler(raw, PositionRule(utf16=True, crlf=2))
    assert ruler.count(len(ruler.text)) == len(raw.encode("utf-16-le")) // 2
    assert Ruler(raw, PositionRule(crlf=2)).count(len(ruler.text)) == len(raw)


TEXT = "I: Why 😀 that?\r\n" + "".join(f"P{n}: We read 😀 the card number {n}.\r\n" for n in range(20))


def passages(rule: PositionRule, named: bool) -> list[RefiPassage]:
    """Each answer as the rule counts it."""
    ruler = Ruler(TEXT, rule)
    found = []
    for line in ruler.text.split("\n")[1:-1]:
        start = ruler.text.index(line) + line.index("We")
        end = ruler.text.index(line) + len(line)
        found.append(RefiPassage(ruler.count(start), ruler.count(end), ruler.text[start:end] if named else "12,13"))
    return found


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("named", [True, False])
def test_each_way_of_counting_is_recognised(rule: PositionRule, named: bool) -> None:
    scores = weigh(TEXT, passages(rule, named))
    verdict = decide(TEXT, scores, PositionEvidence([scores]).total(), "some program")
    assert verdict.ruler.rule == rule
    assert verdict.said == f"{'UTF-16 code units' if rule.utf16 else 'code points'}, CRLF counts {rule.crlf}"
    assert "20 of 20" in verdict.evidence


def test_a_source_that_cannot_tell_follows_the_others() -> None:
    rule = PositionRule(utf16=True, crlf=2)
    clear, unclear = weigh(TEXT, passages(rule, named=False)), weigh("😀 😀\r\nx", [])
    verdict = decide("😀 😀\r\nx", unclear, PositionEvidence([clear, unclear]).total(), "")
    assert verdict.ruler.rule == rule


@pytest.mark.parametrize(
    ("origin", "rule"),
    [
        ("NVivo for Windows 14", PositionRule(True, 2)),
        ("MAXQDA 24", PositionRule(False, 2)),
        ("QualCoder 4.0", PositionRule()),
        ("", PositionRule()),
    ],
)
def test_only_without_any_evidence_the_program_decides(origin: str, rule: PositionRule) -> None:
    scores = weigh(TEXT, [])
    assert decide(TEXT, scores, PositionEvidence([scores]).total(), origin).ruler.rule == rule


def test_a_cut_name_is_evidence_too() -> None:
    ruler = Ruler(TEXT, PositionRule(crlf=2))
    start, end = ruler.text.index("We read"), len(ruler.text) - 1
    cut = RefiPassage(ruler.count(start), ruler.count(end), " ".join(ruler.text[start : start + 60].split()) + "…")
    scores = weigh(TEXT, [cut])
    assert decide(TEXT, scores, PositionEvidence([scores]).total(), "").ruler.rule == PositionRule(crlf=2)
