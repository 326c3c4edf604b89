"""Patterns that people type: found as under ``re``, stopped in time, refused where they would not end."""

from __future__ import annotations

import itertools
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postil_base.patterns import compile_pattern
from postil_base.problem import PostilError

TEXT = (
    "Interviewer: How did you choose it? E01: I looked at the downloads first, 1,204 of them. Then at the issues.\n"
    "Größe und Maß; naïve café; ﬁne; ǅ; İstanbul; ſtraße. Don't—can’t “really” say {e} or a{i} [x] (y) ^z$ |\n"
    "2026-11-02 ΑΒΓ αβγ; Привет мир; 你好 世界; é; tab\there\u00a0there\u2003wide aaa aaab  end\n"
)
PIECES = (
    r"""
\w+ ⏎ \bdown\w*\b ⏎ [a-z]+ ⏎ [^\W\d_]+ ⏎ \d+(?:,\d+)* ⏎ \d{4}-\d{2}-\d{2} ⏎ \s+ ⏎ \S+$ ⏎ ^\w ⏎ (?i)IT ⏎ é ⏎ caf.
gr(ö|oe)ße ⏎ maß ⏎ MASS ⏎ straße ⏎ ß ⏎ [à-ü]+ ⏎ \bcan.t\b ⏎ (\w)\1 ⏎ (?P<x>a)(?P=x)+ ⏎ a{2,3} ⏎ a{2} ⏎ a{,2}b ⏎ a{e}
\{e\} ⏎ a{i} ⏎ {e} ⏎ [{]e[}] ⏎ \[x\] ⏎ \(y\) ⏎ \^z\$ ⏎ \| ⏎ (?<=the )\w+ ⏎ (?<!\w)i\w+ ⏎ then(?= at) ⏎ (?:first|then)
first|then|issues ⏎ i(?!s) ⏎ [.;,]\s ⏎ \t ⏎ \u00a0 ⏎ \x41 ⏎ привет ⏎ αβγ ⏎ [α-ω]+ ⏎ 你. ⏎ \W+ ⏎ \D+ ⏎ (a|aa)+b
a*?b ⏎ a+? ⏎ (?s)it\?.*E01 ⏎ (?m)^\w+ ⏎ (?x) down # words ⏎ (?:) ⏎ x* ⏎ []x]+ ⏎ [^]]{3} ⏎ [a\-z]+ ⏎ \Aint\w+ ⏎ end\s*\Z
(?#note)first ⏎ (?>aa)a ⏎ a++b ⏎ (a)?b(?(1)|c) ⏎ \N{LATIN SMALL LETTER E WITH ACUTE} ⏎ [[]x ⏎ ǆ ⏎ istanbul ⏎ ﬁ
""".strip()
    .replace("\n", " ⏎ ")
    .split(" ⏎ ")
)
PATTERNS = [
    *PIECES,
    *(f"{a}|{b}" for a, b in itertools.pairwise(PIECES) if "(?" not in a + b),
    *(f"(?:{piece})+?" for piece in PIECES[:30] if "(?i" not in piece),
]


def test_a_combining_mark_belongs_to_its_word() -> None:
    assert list(compile_pattern(r"\w+").spans("cafe\u0301 noir")) == [(0, 5), (6, 10)]


def under_re(pattern: str, text: str) -> list[tuple[int, int]]:
    return [m.span() for m in re.compile(pattern, re.IGNORECASE).finditer(text) if m.end() > m.start()]


@pytest.mark.filterwarnings("ignore::FutureWarning")
@pytest.mark.parametrize("pattern", PATTERNS)
def test_patterns_find_what_they_find_under_re(pattern: str) -> None:
    try:
        expected = under_re(pattern, TEXT)
    except re.error:
        with pytest.raises(PostilError, match="cannot be read"):
            compile_pattern(pattern)
        return
    assert list(compile_pattern(pattern).spans(TEXT)) == expected


atoms = st.sampled_from(
    ["a", "b", "ab", r"\w", r"\s", ".", "[ab]", "[^a]", "(a)", "(?:ab|b)", r"\b", "é", "{e}", "{1,2}x"]
)
quantifiers = st.sampled_from(["", "", "?", "*", "+", "{2}", "{1,3}", "+?"])


@given(st.lists(st.tuples(atoms, quantifiers), min_size=1, max_size=6), st.text("ab é{e}x1", max_size=30))
def test_any_pattern_is_refused_or_means_the_same(pieces: list[tuple[str, str]], text: str) -> None:
    pattern = "".join(atom + quantifier for atom, quantifier in pieces)
    try:
        expected = under_re(pattern, text)
    except re.error:
        with pytest.raises(PostilError):
            compile_pattern(pattern)
        return
    assert list(compile_pattern(pattern).spans(text)) == expected


@pytest.mark.parametrize("pattern", [r"(\w+\s?)+$", r"(a|aa)+$", r"(\w*)*!", r"^(\w|\s|[a-z ])*\d$", r"((ab)*a*b*)*c"])
def test_no_pattern_hangs(pattern: str) -> None:
    text = "ab" * 3000 + "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa; and more words that go on and on;"
    try:  # under ``re`` it would not come back
        list(compile_pattern(pattern, seconds=0.2).spans(text))
    except PostilError as error:
        assert "takes too long" in str(error) and "repetition" in str(error)


def test_the_time_is_one_budget_for_all_turns() -> None:
    pattern = compile_pattern(r"(\w+\s?)+$", seconds=0.1)
    with pytest.raises(PostilError, match="takes too long"):
        for _ in range(10_000):
            list(pattern.spans("so many words in a row that it takes its time, every time " * 9 + "!"))


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        ("(" * 2000 + ")" * 2000, "4,000 characters; up to 1,000 are read"),
        ("(" * 41 + "a" + ")" * 41, "nests groups deeper than 40"),
        ("(?:a{5000}){5000}", "more than 20,000 characters once written out"),
        ("((a{1,1000}){200}){200}", "more than 20,000 characters once written out"),
        ("(", "cannot be read"),
        ("*a", "cannot be read"),
        (r"\p{L}", "cannot be read"),
        ("a" * 90 + "(", r"/a{57}…/ cannot be read"),
    ],
)
def test_what_cannot_be_read_is_a_sentence(pattern: str, message: str) -> None:
    with pytest.raises(PostilError, match=message):
        compile_pattern(pattern)
