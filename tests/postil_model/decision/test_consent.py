"""Refused consent is obeyed by everything that leaves the study."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from postil_cli.running import run
from postil_model.decision.figure import figure_of
from postil_model.decision.negative import negative_cases
from postil_model.decision.of_study import build_model
from postil_model.evidence.table import evidence_table
from postil_model.verify.manuscript import read_manuscript
from postil_model.verify.of_study import verify
from postil_study.privacy.consent.purposes import WITHHELD, Consent, not_quoted, short_note
from postil_study.study import open_study
from postil_study.text.values import Segment, Transcript
from tests.model_study import Talk, write_study
from tests.transcripts_support import CODEBOOK, STUDY, small_study

WORDS = "I looked at the downloads first."
REFUSED = STUDY.replace("quote: true", "quote: false").replace(
    "title:", "process: codebook/process.yaml\nthemes: codebook/themes.yaml\ntitle:"
)
THEMES = "themes:\n  - {id: trust, label: Trust, codes: [trust]}\n"
PROCESS = """\
id: p
stages: [{id: s, label: S}]
nodes:
  - {id: look, label: Look, kind: task, stage: s, codes: [popularity]}
  - {id: read, label: Read, kind: task, stage: s, codes: [issues]}
edges: [{source: look, target: read, kind: flow}]
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    files = {
        "study.yaml": REFUSED,
        "codebook/process.yaml": PROCESS,
        "codebook/themes.yaml": THEMES,
        "codebook/codebook.yaml": CODEBOOK.replace("Trust in somebody.", f"Trust, as in “{WORDS}”"),
        "memos/on-downloads.md": f"---\nabout: code:trust\nauthor: ana\n---\n# Downloads\n\nAgain: {WORDS}\n",
        "charts/E01.yaml": f"cells: {{trust: {{summary: 'She said {WORDS}'}}}}\n",
    }
    root = small_study(tmp_path / "s", files)
    layer = root / "codings/ana/I01.jsonl"
    text = layer.read_text().replace('"coder":"ana"', '"coder":"ana","done":"2026-01-01"')
    memo = f'"memo":"Note: {WORDS}",'
    layer.write_text(text.replace('"id":"aaaaaaaaaa",', f'"id":"aaaaaaaaaa",{memo}'))
    ben = text.replace('"coder":"ana"', '"coder":"ben"').splitlines()[0]
    (root / "codings/ben").mkdir()
    (root / "codings/ben/I01.jsonl").write_text(f"{ben}\n")
    return root


def test_one_place_says_what_may_be_told(root: Path) -> None:
    study = open_study(root)
    text = study.transcripts["I01"]
    assert not_quoted(study) == {"E01"}
    assert not Consent(study).quotes(text, 42, 74)
    assert Consent(study).quotes(text, 13, 20)  # the interviewer's words
    assert Consent(study, everything=True).quotes(text, 42, 74)
    assert Consent(study).shares(text)


def two_speakers(tmp_path: Path, settings: str) -> tuple[Consent, Transcript]:
    turns = [("X", "I looked"), ("Q", "so"), ("Y", "never did")]
    talk = Talk("T", turns, {"X": "P1", "Q": "", "Y": "P2"})
    study = write_study(tmp_path, [talk], settings=settings)
    return Consent(study), study.transcripts["T"]


@pytest.mark.parametrize("refuses, other", [("P1", "P2"), ("P2", "P1")])
def test_a_passage_of_two_speakers_needs_the_consent_of_both(tmp_path: Path, refuses: str, other: str) -> None:
    people = f"participants: {{{refuses}: {{consent: {{quote: false}}}}, {other}: {{consent: {{quote: true}}}}}}\n"
    consent, text = two_speakers(tmp_path, people)
    spans = {
        who: (text.text.index(said), text.text.index(said) + 5) for who, said in (("P1", "I loo"), ("P2", "never"))
    }
    assert consent.quotes(text, *spans[other]) and not consent.quotes(text, *spans[refuses])
    assert not consent.quotes(text, spans["P1"][0], spans["P2"][1])
    assert not consent.quotes_all(["P1", "P2"])
    shown = consent.text(text)
    assert len(shown) == len(text.text)
    for who, said in (("P1", "I looked"), ("P2", "never did")):
        assert (said in shown) == (who == other)


def test_a_segment_whose_words_are_not_at_its_place_is_quoted_only_where_nobody_refused(tmp_path: Path) -> None:
    consent, text = two_speakers(tmp_path, "participants: {P1: {}, P2: {consent: {quote: false}}}\n")
    start = text.text.index("I looked")
    there = Segment("s", start, start + 8, ("c",), "I looked")
    assert consent.quotes_segment(text, there)
    assert not consent.quotes_segment(text, msgspec.structs.replace(there, quote="never did"))
    assert not consent.quotes_segment(text, msgspec.structs.replace(there, unanchored=True))


def test_who_refuses_is_known_under_every_spelling_of_the_id(tmp_path: Path) -> None:
    talk = Talk("T", [("X", "I looked")], {"X": "e\u03011"})
    settings = "participants: {É1: {consent: {quote: false, share: false}}}\n"
    study = write_study(tmp_path, [talk], settings=settings)
    consent, text = Consent(study), study.transcripts["T"]
    assert not consent.quotes(text, 3, 11)
    assert not consent.shares(text)
    assert "looked" not in consent.text(text)


def test_a_transcript_goes_out_only_if_all_who_speak_in_it_agree(tmp_path: Path) -> None:
    consent, text = two_speakers(
        tmp_path, "participants: {P1: {consent: {share: true}}, P2: {consent: {share: false}}}\n"
    )
    assert not consent.shares(text)
    assert (consent.shares_person("P1"), consent.shares_person("P2"), consent.withheld) == (True, False, True)


def test_where_nobody_knows_who_speaks_one_refusal_is_enough(tmp_path: Path) -> None:
    talk = Talk("T", [("X", "I looked")], {})
    consent = Consent(study := write_study(tmp_path, [talk], settings="participants: {P2: {consent: {quote: no}}}\n"))
    text = study.transcripts["T"]
    assert not consent.quotes(text, 3, 11)
    assert "looked" not in consent.text(text)


def test_evidence_figures_and_cases_hold_no_words(root: Path) -> None:
    model = build_model(open_study(root))
    assert model.evidence.rows
    cells = [str(cell) for row in evidence_table(model).rows for cell in row]
    assert WITHHELD in cells
    figure = repr(figure_of(model, (), "full"))
    told = [*cells, figure, *map(repr, negative_cases(model))]
    assert not [text for text in told if "downloads first" in text]


@pytest.mark.parametrize(
    "command",
    [
        ["search", "popularity", "--format", "csv"],
        ["search", "popularity", "--format", "md"],
        ["search", "popularity", "--json"],
        ["quotes", "popularity"],
        ["quotes", "popularity", "--json"],
        ["model", "--format", "json", "--quotes", "full"],
        ["model", "--format", "svg", "--quotes", "full"],
        ["export", "csv", "--table", "segments"],
        ["export", "json"],
        ["export", "html"],
        ["export", "md"],
        ["export", "codebook"],
        ["export", "csv", "--table", "memos"],
        ["disagreements", "--json"],
        ["matrix", "--framework", "--format", "csv"],
        ["matrix", "--framework", "--format", "html"],
        ["disagreements", "--format", "csv"],
        ["joint", "--json"],
    ],
    ids=lambda command: " ".join(command),
)
def test_no_command_writes_them_out(root: Path, command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    run([*command, "-C", str(root)])
    assert "downloads first" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("command", "file"),
    [
        (["report"], "r.html"),
        (["export", "xlsx"], "x.xlsx"),
        (["export", "refi"], "p.qdpx"),
        (["disagreements"], "d.xlsx"),
    ],
)
def test_no_file_holds_them_as_a_quotation(root: Path, tmp_path: Path, command: list[str], file: str) -> None:
    import io
    import zipfile

    out = tmp_path / file
    assert run([*command, "--out", str(out), "-C", str(root)]) == 0
    data = out.read_bytes()
    if zipfile.is_zipfile(io.BytesIO(data)):
        with zipfile.ZipFile(out) as archive:
            parts = [n for n in archive.namelist() if not n.endswith(".txt")]  # the transcript itself may be shared
            data = b"".join(archive.read(name) for name in parts)
    assert b"downloads first" not in data


def test_the_screen_shows_them_with_a_warning(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["search", "popularity", "-C", str(root)]) == 0
    out = capsys.readouterr().out
    assert "[no consent to be quoted]" in out and WORDS in out


def test_a_manuscript_that_quotes_them_is_not_in_order(root: Path) -> None:
    paper = read_manuscript(f'As E01 said, "{WORDS}"\n'.encode(), "paper.md")
    quoted, _ = verify(paper, open_study(root))
    assert [one.verdict for one in quoted] == ["no consent"]


def test_the_app_says_beside_what_it_wrote_whose_words_are_not_in_it(root: Path) -> None:
    assert short_note(open_study(root)) == " (words of E01 withheld)"
    settings = root / "study.yaml"
    settings.write_text(settings.read_text().replace("quote: false", "quote: nein"))
    assert "cannot be read" in short_note(open_study(root))
    settings.write_text(settings.read_text().replace("quote: nein, ", ""))
    assert short_note(open_study(root)) == " (consent not recorded: 1 of 1)"
