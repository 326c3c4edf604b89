"""The artifact holds what people agreed to give away, is a study in order, and its numbers are computed from it."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from postil_base.problem import PostilError
from postil_cli.running import run
from postil_model.release.build import Release, release
from postil_model.release.packet import Answer, as_markdown, read_answer, sheet_of
from postil_model.release.packet_page import as_html
from postil_model.release.terms import terms_of
from postil_study.check.study import check_study
from postil_study.files.memos import load_memos
from postil_study.privacy.consent.purposes import masked
from postil_study.privacy.pseudonyms.matching import Names, PseudonymRule
from postil_study.study import open_study
from postil_study.text.units import sentences, words
from tests.transcripts_support import CODEBOOK, LAYER, MANIFEST, STUDY, TEXT, small_study

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return release(open_study(ROOT), tmp_path_factory.mktemp("out") / "artifact")


def tree(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_only_what_was_agreed_to_is_in_it(made: Release) -> None:
    study = open_study(ROOT)
    files = tree(made.folder)
    refused = {p.id for p in study.settings.participants.values() if p.consent_share is not True}
    quiet = {p.id for p in study.settings.participants.values() if p.consent_quote is False}
    assert refused and quiet, "the illustrative study holds such participants"
    everything = b"\n".join(files.values()).decode("utf-8", "replace")
    for transcript in study.transcripts.values():
        for turn in transcript.turns:
            said, who = transcript.text[turn.start : turn.end], transcript.speaker(turn).participant
            if who in refused | quiet and len(said) > 60:
                assert said not in everything
    assert not [path for path in files for id_ in made.terms.left_out if id_ in path]
    for person in refused:
        assert person not in files["study.yaml"].decode()


def test_it_is_a_study_in_order_and_its_numbers_come_from_it(made: Release) -> None:
    from postil_model.agreement.document import agreement_json
    from postil_model.agreement.result import study_agreement
    from postil_model.decision.document import model_json
    from postil_model.decision.of_study import build_model

    assert [p for p in check_study(made.folder) if p.severity == "error"] == []
    again = open_study(made.folder)
    numbers = made.folder / "numbers"
    assert json.loads((numbers / "model.json").read_text()) == json.loads(
        json.dumps(model_json(build_model(again), False))
    )
    kept = json.loads((numbers / "agreement.json").read_text())
    assert kept == json.loads(json.dumps(agreement_json(study_agreement(again))))
    assert (numbers / "agreement.csv").read_text().startswith("code,")
    assert (numbers / "evidence.csv").is_file()
    assert made.numbers.figures["agreement (headline)"] == made.whole.figures["agreement (headline)"]


def test_checksums_hold_and_the_first_page_has_the_ids(made: Release) -> None:
    done = subprocess.run(["sha256sum", "-c", "CHECKSUMS.txt"], cwd=made.folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
    text = (made.folder / "README.md").read_text()
    study = open_study(made.folder)
    for id_ in (study.settings.id, made.numbers.model_id, *study.transcripts, *study.settings.participants):
        assert id_ in text
    assert not any(f"{name} did not" in text for name in open_study(ROOT).settings.participants)


def test_masked_words_keep_their_form() -> None:
    said = "Well, we've 3.5 GB... And 模型? Yes!"
    assert len(masked(said)) == len(said)
    assert len(sentences(said)) == len(sentences(masked(said))) == 3
    assert len(words(said)) == len(words(masked(said)))
    assert len(words("It isn't pre-trained.")) == len(words(masked("It isn't pre-trained.")))


def small(tmp_path: Path, files: dict[str, str]) -> Path:
    done = LAYER.replace('"coder":"ana"', '"coder":"ana","done":"2026-01-01"')
    return small_study(tmp_path / "s", {"codings/ana/I01.jsonl": done, **files})


@pytest.mark.parametrize(
    ("consent", "message"),
    [("{quote: true, share: false}", "nobody agreed to share"), ("{quote: true}", "nobody agreed to share")],
)
def test_silence_is_no_yes(tmp_path: Path, consent: str, message: str) -> None:
    root = small(tmp_path, {"study.yaml": STUDY.replace("{quote: true, share: true}", consent)})
    with pytest.raises(PostilError, match=message):
        release(open_study(root), tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_notes_names_and_comments_stay_here(tmp_path: Path) -> None:
    record = '"id":"aaaaaaaaaa",'
    root = small(
        tmp_path,
        {
            "study.yaml": STUDY + "x-private: the dean # and his wife\n",
            "codings/ana/I01.jsonl": LAYER.replace(record, f'{record}"memo":"a private note","x-mine":"private",'),
            "codings/nvivo/I01.jsonl": '{"postil":1,"kind":"source","coder":"nvivo","transcript":"I01"}\n'
            '{"id":"zzzzzzzzzz","start":42,"end":50,"memo":"a private annotation"}\n',
            "transcripts/transcripts.yaml": MANIFEST.replace("I01:", "I01:\n  source: The private dean.docx"),
            "memos/a.md": "---\nabout: code:trust\nauthor: ana\n---\nprivate thoughts\n",
            "charts/E01.yaml": "trust: {summary: private, segments: [aaaaaaaaaa]}\n",
        },
    )
    before = tree(root)
    made = release(open_study(root), tmp_path / "out")
    assert {path: data for path, data in tree(root).items() if not path.startswith(".postil/")} == before
    assert not [
        path for path, data in tree(made.folder).items() if b"private" in data or b"wife" in data or b"dean" in data
    ]
    assert b"Ana" not in (made.folder / "study.yaml").read_bytes()
    with_notes = release(open_study(root), tmp_path / "notes", notes=True)
    assert {"memos/a.md", "charts/E01.yaml"} <= set(with_notes.files)


def test_examples_that_somebody_said_who_must_not_be_quoted(tmp_path: Path) -> None:
    book = CODEBOOK.replace(
        "definition: Downloads and stars.",
        'definition: Downloads and stars.\n        examples: ["I looked at the downloads", "Stars."]',
    )
    quiet = STUDY.replace("quote: true", "quote: false")
    root = small(tmp_path, {"study.yaml": quiet, "codebook/codebook.yaml": book})
    made = release(open_study(root), tmp_path / "out")
    assert "an example of popularity was left out" in made.remarks[0]
    text = (made.folder / "codebook/codebook.yaml").read_text()
    assert "I looked" not in text and "Stars." in text
    released = open_study(made.folder).transcripts["I01"]
    assert len(released.text) == len(TEXT) and "downloads" not in released.text
    layer = open_study(made.folder).layer("ana", "I01")
    assert layer is not None and layer.segments[0].quote == "X xxxxxx xx xxx xxxxxxxxx xxxxx."


def test_a_mapped_name_stops_it(tmp_path: Path) -> None:
    root = small(tmp_path, {})
    with pytest.raises(PostilError, match="mapped names are left"):
        release(open_study(root), tmp_path / "out", Names([PseudonymRule("downloads", "[x]")]))
    assert [p.name for p in tmp_path.iterdir()] == ["s"]


@pytest.mark.parametrize("place", [".", "codings/out", ".."])
def test_places_that_cannot_be_meant(tmp_path: Path, place: str) -> None:
    root = small(tmp_path, {})
    with pytest.raises(PostilError):
        release(open_study(root), root / place)


def test_a_blind_round_is_waited_for(tmp_path: Path) -> None:
    plan = "purpose: reliability\nblind: true\nstate: started\nassignments: {ana: [I01]}\n"
    root = small(tmp_path, {"rounds/R1.yaml": plan})
    with pytest.raises(PostilError, match="still blind"):
        release(open_study(root), tmp_path / "out")


def test_terms_of_an_interview_of_two(tmp_path: Path) -> None:
    manifest = MANIFEST.replace("    E01: {role", "    E02: {role: participant, participant: E02}\n    E01: {role")
    two = STUDY.replace("guide:", "  E02: {consent: {quote: false, share: true}}\nguide:")
    root = small(
        tmp_path,
        {
            "study.yaml": two,
            "transcripts/transcripts.yaml": manifest,
            "transcripts/I01.txt": TEXT + "\nE02:\nMe too.\n",
        },
    )
    study = open_study(root)
    terms = terms_of(study)
    assert terms.masked == {"I01": ("E02",)}
    assert terms.text(study.transcripts["I01"]) == TEXT + "\nE02:\nXx xxx.\n"


def test_release_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["release", str(tmp_path / "out"), "-C", str(ROOT), "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["left_out"] and answer["masked"] and "README.md" in answer["files"]
    assert any("nobody else is" in warning for warning in answer["warnings"])
    (tmp_path / "out" / "letter.txt").write_text("Mine.")
    assert run(["release", str(tmp_path / "out"), "-C", str(ROOT)]) == 1
    assert "letter.txt" in capsys.readouterr().err


# The member-check sheet -----------------------------------------------------------------------------------------


def test_a_sheet_holds_all_words_of_one_person_and_nobody_elses() -> None:
    study = open_study(ROOT)
    sheet = sheet_of(study, "E07")  # interviewed together with somebody
    own = "\n".join(
        t.text[turn.start : turn.end]
        for t in study.transcripts.values()
        for turn in t.turns
        if t.speaker(turn).participant == "E07"
    )
    quotes = [quote.text for section in sheet.sections for quote in section.quotes]
    assert quotes and all(part in own for quote in quotes for part in quote.split(" […] "))
    markdown = as_markdown(sheet)
    assert all(f"<!-- {section.id} -->" in markdown for section in sheet.sections)
    page = as_html(sheet)
    assert page.count("<textarea") == len(sheet.sections) + 1 and page.count("<script") == 1


def test_answers_are_read_back() -> None:
    sheet = sheet_of(open_study(ROOT), "E03")
    text = as_markdown(sheet)
    assert read_answer(text) == []

    parts = text.split("## ")
    parts[2] = parts[2].replace("- [ ] Yes", "- [x] Yes")
    parts[3] = (
        parts[3].replace("- [ ] No", "- [X] No").replace("different?", "different?\n\nI meant\nthe other one.", 1)
    )
    back = "## ".join(parts) + "Do not quote me on lunch.\n"
    found = read_answer(back)
    assert found[-1] == Answer("else", (), "Do not quote me on lunch.")
    assert {one.marks for one in found[:-1]} == {("yes",), ("no",)}
    assert [one.remark for one in found if one.marks == ("no",)] == ["I meant\nthe other one."]


def test_packet_command_keeps_the_answer(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = small(tmp_path, {})
    out = tmp_path / "sheet.html"
    assert run(["packet", "E01", "-C", str(root), "--out", str(out)]) == 0
    assert "<!DOCTYPE html>" in out.read_text()
    assert run(["packet", "E01", "-C", str(root)]) == 0
    sheet = capsys.readouterr().out
    assert "> I looked at the downloads first." in sheet
    file = tmp_path / "back.md"
    file.write_text(sheet.replace("- [ ] Yes", "- [x] Yes", 1))
    assert run(["packet", "E01", "-C", str(root), "--answer", str(file), "--author", "ana"]) == 0
    assert ": yes" in capsys.readouterr().out
    (memo,) = load_memos(root)[0]
    assert (memo.about, memo.author, memo.type) == (("participant:E01",), "ana", "member-check")
    assert "- [x] Yes" in memo.body
    assert [p for p in check_study(root) if p.severity == "error"] == []
    assert run(["packet", "E99", "-C", str(root)]) == 1
