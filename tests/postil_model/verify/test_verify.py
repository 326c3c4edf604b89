"""A manuscript against the study: reading papers, finding claims, verdicts."""

from __future__ import annotations

import io
import zipfile

import pytest

from postil_base.problem import PostilError
from postil_model.verify.checking import CountedThing, check_count, check_quotation
from postil_model.verify.claims import Quotation, counts, quotations
from postil_model.verify.manuscript import Manuscript, read_manuscript
from postil_model.verify.voices import Voice, voice

PEOPLE = ["E01", "E02", "E07", "E08", "E10"]


def paper(text: str, name: str = "paper.md") -> Manuscript:
    return read_manuscript(text.encode(), name)


def credited(text: str, name: str = "paper.md") -> list[tuple[str, tuple[str, ...]]]:
    return [(q.text, q.credited) for q in quotations(paper(text, name), PEOPLE)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('As E1 said, "it just worked fine". E02 differed.', ("E01",)),
        ('They said "it just worked fine" (E2, E07, and E10).', ("E02", "E07", "E10")),
        ('"It just worked fine", said E08.', ("E08",)),
        ("> It just worked fine\n\n(E10)", ("E10",)),
        ('E99 said "it just worked fine".', ()),
        ('Both E07 and E08 hold that "it just worked fine", but E02 does not.', ("E07", "E08")),
    ],
)
def test_who_is_credited(text: str, expected: tuple[str, ...]) -> None:
    ((words, who),) = credited(text)
    assert words.lower().startswith("it just worked fine")
    assert who == expected


def test_latex_quotations_with_their_lines() -> None:
    text = (
        "% ``not this one here''\nE1 said ``I \\emph{never} look at that''~\\cite{x}.\n\n"
        "\\begin{quote}\nWe went back to the list.\n\\end{quote} (E02)\n\\enquote{three small words} (E7)"
    )
    found = quotations(paper(text, "paper.tex"), PEOPLE)
    assert [(q.text.strip(), q.line, q.credited) for q in found] == [
        ("I never look at that", 2, ("E01",)),
        ("We went back to the list.", 4, ("E02",)),
        ("three small words", 7, ("E07",)),
    ]


def test_counts_in_figures_and_words() -> None:
    text = (
        "Ten of the twelve participants missed details. 8/12 named popularity, 3 out of 12 engineers care; 5 of 10 %."
    )
    found = [(c.k, c.n) for c in counts(paper(text))]
    assert found == [(10, 12), (8, 12), (3, 12)]


def test_word_documents_are_read_by_paragraph() -> None:
    w = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    body = f'<w:document xmlns:w="{w}"><w:body>' + "".join(
        f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>" for line in ("Title", "E01 said “we tried it twice”.")
    )
    found = quotations(read_manuscript(docx(f"{body}</w:body></w:document>"), "paper.docx"), PEOPLE)
    assert [(q.text, q.line, q.credited) for q in found] == [("we tried it twice", 2, ("E01",))]


def docx(xml: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("word/document.xml", xml)
    return out.getvalue()


@pytest.mark.parametrize(
    "data",
    [b"no zip", docx("<!DOCTYPE x><a/>"), docx("<w:document"), docx("")[:40]],
    ids=["no-zip", "doctype", "cut-xml", "cut-zip"],
)
def test_damaged_word_documents_are_refused(data: bytes) -> None:
    with pytest.raises(PostilError, match=r"paper\.docx"):
        read_manuscript(data, "paper.docx")


VOICES = [
    voice(
        "participant",
        "E01",
        "I01, turn 4",
        "Well, I looked at the downloads first. It wasn’t good, so we went back to the list.",
    ),
    voice("interviewer", "", "I01, turn 3", "So popularity was the deciding point for you?"),
    voice("participant", "E02", "I02, turn 8", "Nobody in our team reads the papers any more."),
    voice("memo", "ana", "memo on I02", "prefers registries because reuse is standardised"),
]


@pytest.mark.parametrize(
    ("words", "who", "verdict"),
    [
        ("I looked at the downloads first", ("E01",), "verbatim"),
        ("It wasn't good so we went back", ("E01",), "verbatim"),
        ("I looked at the downloads […] we went back to the list", ("E01",), "shortened"),
        ("I looked at [them] first … back to the list", ("E01",), "shortened"),
        ("Nobody in our team reads the papers", ("E01",), "other speaker"),
        ("popularity was the deciding point", ("E01",), "interviewer's words"),
        ("registries because reuse is standardised", ("E02",), "memo words"),
        ("I was looking at the downloads first", ("E01",), "altered"),
        ("we train everything from zero ourselves", ("E01",), "not found"),
        ("nobody in our team reads the papers any more", (), "verbatim"),
    ],
)
def test_verdicts(words: str, who: tuple[str, ...], verdict: str) -> None:
    checked = check_quotation(Quotation(words, 1, who), VOICES)
    assert checked.verdict == verdict, checked


def test_omitted_parts_must_stand_in_order() -> None:
    checked = check_quotation(Quotation("back to the list … looked at the downloads", 1, ()), VOICES)
    assert checked.verdict not in ("verbatim", "shortened")


def test_counts_are_compared_with_what_the_sentence_names() -> None:
    things = [
        CountedThing("popularity", ("popularity", "Popularity"), frozenset({"E01", "E02"})),
        CountedThing("quality", ("quality",), frozenset({"E01"})),
    ]
    text = (
        "Popularity was named by 2 of 5 participants. 3 of 5 named quality. 4 of 5 were tired. 2 of 12 saw popularity."
    )
    checked = [check_count(claim, things, 5) for claim in counts(paper(text))]
    assert [(c.verdict, c.about, c.k) for c in checked] == [
        ("right", "popularity", 2),
        ("wrong", "quality", 1),
        ("not linked", "", None),
        ("other total", "popularity", 2),
    ]


def test_no_voices_no_find() -> None:
    voices: list[Voice] = []
    assert check_quotation(Quotation("three plain words", 1, ()), voices).verdict == "not found"


WRAPPED = """Missing attributes were named by 10 of 12 participants. Security and
privacy risks: 3 of 8 participants speak of them.
"""


@pytest.mark.parametrize("name", ["paper.tex", "paper.md", "paper.txt"])
def test_a_sentence_goes_on_in_the_next_line(name: str) -> None:
    found = counts(read_manuscript(WRAPPED.encode(), name))
    assert [(c.k, c.n, c.line, c.sentence) for c in found] == [
        (10, 12, 1, "Missing attributes were named by 10 of 12 participants."),
        (3, 8, 2, "Security and privacy risks: 3 of 8 participants speak of them."),
    ]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.tex", "\\section{Provenance}\nPopularity: 3 of 8 people\n\\item Cost: 2 of 8\n\\item Size: 1 of 8"),
        ("a.md", "# Provenance\n\nPopularity: 3 of 8 people\n\n- Cost: 2 of 8\n- Size: 1 of 8\n"),
    ],
)
def test_headings_and_items_are_no_part_of_the_next_sentence(name: str, text: str) -> None:
    sentences = [claim.sentence for claim in counts(read_manuscript(text.encode(), name))]
    assert [sentence.count(":") for sentence in sentences] == [1, 1, 1]
    assert "Provenance" not in sentences[0]


def test_two_words_are_a_quotation_where_somebody_is_named_for_them() -> None:
    text = "P07 met a “weird architecture”. Such “model hubs” are many.\n"
    found = quotations(read_manuscript(text.encode(), "a.md"), ["P06", "P07"])
    assert [(q.text, q.credited) for q in found] == [("weird architecture", ("P07",))]


SAID = "Well, we looked around, and it wasn't good enough for us"


MARKS = '„{}“ „{}” »{}« «{}» «\u00a0{}\u00a0» »{}» ‹{}› ›{}‹ 「{}」 『{}』 ”{}” ‘{}’ ‚{}‘ “{}” "{}"'


@pytest.mark.parametrize("written", MARKS.split(" "))
@pytest.mark.parametrize("name", ["paper.md", "paper.txt", "paper.tex"])
def test_quotation_marks_of_all_languages(written: str, name: str) -> None:
    words = SAID.replace("'", "’") if name == "paper.tex" else SAID
    text = f"They’re in “two minds” about it.\n\nShe said: {written.format(words)} (P2), and that’s it.\n"
    found = quotations(read_manuscript(text.encode(), name), ["P1", "P2"])
    (long,) = [one for one in found if len(one.text.split()) > 3]
    assert (long.text.strip().replace("’", "'"), long.line, long.credited) == (SAID, 3, ("P2",))


@pytest.mark.parametrize(
    "written",
    [
        r"\enquote{%s} (P1)", r"\enquote*{%s} (P1)", r"\textquote[P1]{%s}", r"\blockquote[P1][.]{%s}", r"\say{%s} (P1)",
        r"\foreignquote{german}{%s} (P1)", r"\textcquote[12]{key}[.]{%s} (P1)", "``%s'' (P1)", "`%s' (P1)",
        "\"`%s\"' (P1)", r"\glqq{}%s\grqq{} (P1)", "<<%s>> (P1)", "\\begin{quote}%s\\end{quote} (P1)",
    ],
)  # fmt: skip
def test_latex_writes_quotations_in_many_ways(written: str) -> None:
    (found,) = quotations(read_manuscript((written % SAID).encode(), "p.tex"), ["P1", "P2"])
    assert (found.text, found.credited) == (SAID, ("P1",))


def test_apostrophes_open_and_close_nothing() -> None:
    text = "It’s the coders’ view that ‘rock ’n’ roll’ isn’t dead, and the ’90s weren’t either.\n"
    assert quotations(read_manuscript(text.encode(), "p.md"), ["P1"]) == []


def test_japanese_words_are_compared_letter_by_letter() -> None:
    said = voice("participant", "P1", "I1, turn 2", "最初は、まず同僚に聞きました。それから試しました。")
    (found,) = quotations(read_manuscript("P1は「まず同僚に聞きました」と言った。".encode(), "p.md"), ["P1"])
    assert check_quotation(found, [said]).verdict == "verbatim"


def test_a_person_who_is_not_in_the_study_is_said() -> None:
    said = voice("participant", "P1", "I1, turn 2", SAID)
    (found,) = quotations(read_manuscript(f"“{SAID}” (P9).".encode(), "p.md"), ["P1", "P2"])
    checked = check_quotation(found, [said])
    assert (found.unknown, checked.verdict, checked.person) == (("P9",), "nobody of the study", "P1")
    (other,) = quotations(read_manuscript(f"“{SAID}” (GPT4).".encode(), "p.md"), ["P1", "P2"])
    assert other.unknown == ()


@pytest.mark.parametrize(
    ("text", "verdicts"),
    [
        ("All of them (3 of 2) used Judge.", ["impossible"]),
        ("Five of four participants judged.", ["impossible"]),
        ("It is true of most (9/8).", ["impossible"]),
        ("They work 24/7 on it and 50/2 of a kind.", []),
        ("Two of two judged.", ["not linked"]),
    ],
)
def test_counts_above_their_total_are_impossible(text: str, verdicts: list[str]) -> None:
    found = [check_count(claim, [], 2) for claim in counts(read_manuscript(text.encode(), "p.md"))]
    assert [
        one.verdict for one in found if one.claim.k > one.claim.n or not verdicts or "not" in verdicts[0]
    ] == verdicts
