"""Names become pseudonyms everywhere, in one transaction, and only the mapping leads back."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from postil_base.problem import PostilError
from postil_cli.running import run
from postil_formats.texts.sensitive_terms import seen_in
from postil_study.check.study import check_study
from postil_study.files.settings import load_settings
from postil_study.history.undo import UndoLog
from postil_study.layers.store import LayerStore
from postil_study.layers.values import update_segment
from postil_study.privacy.left import names_left
from postil_study.privacy.pseudonyms.mapping import check_place, load_names, save_names
from postil_study.privacy.pseudonyms.matching import Names, PseudonymRule
from postil_study.privacy.pseudonyms.pseudonymise import plan_pseudonyms
from postil_study.privacy.pseudonyms.restore import plan_restore, restore_path
from postil_study.privacy.unique import pointing
from postil_study.rounds.steps import plan_freeze, start_round
from postil_study.study import open_study
from tests.transcripts_support import CODEBOOK, write_files

TEXT = """\
Interviewer:
So, Jane Doe, how do you choose?

Jane Doe:
I work at Acme in Köln. Jane
Doe is what they call me at Acme. I look at downloads first.
"""
NAMES = Names(
    [
        PseudonymRule("Jane Doe", "E01"),
        PseudonymRule("Jane", "E01"),
        PseudonymRule("Acme", "[company]"),
        PseudonymRule("Köln", "[place 1]"),
    ]
)
STUDY = """\
postil: 1
id: names-1
title: Talks with Jane Doe   # Jane is the first
codebook: codebook/codebook.yaml
coders: {ana: {name: Jane Doe}}
participants:
  Jane Doe: {org: Acme, consent: {quote: true, share: true}}
"""
MANIFEST = """\
Interview-jane-doe:
  speakers:
    Interviewer: {role: interviewer}
    Jane Doe: {role: participant, participant: Jane Doe}
  source: Interview_Jane_Doe.docx
"""


def span(words: str) -> tuple[int, int]:
    start = TEXT.index(words)
    return start, start + len(words)


def line(id_: str, words: str, **more: object) -> str:
    start, end = span(words)
    return json.dumps({"id": id_, "start": start, "end": end, "quote": words, **more}, ensure_ascii=False)


LAYER = "\n".join(
    [
        '{"postil":1,"kind":"coder","coder":"ana","transcript":"Interview-jane-doe","done":"2026-01-01"}',
        line("aaaaaaaaaa", "I work at Acme in Köln.", codes=["trust"], memo="Acme again"),
        line("bbbbbbbbbb", "Doe is what they", codes=["trust"]),
        line("cccccccccc", "I look at downloads first", codes=["popularity"]),
        '{"id":"dddddddddd","from":"aaaaaaaaaa","from_code":"trust","to":"cccccccccc","to_code":"popularity",'
        f'"type":"leads-to","guard":"if Acme pays","cue":{list(span("at Acme."))}}}',
    ]
)
MEMO = "---\nabout: transcript:Interview-jane-doe\nauthor: ana\n---\n# Jane Doe\nAcme is big.\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = write_files(
        tmp_path / "study",
        {
            "study.yaml": STUDY,
            "codebook/codebook.yaml": CODEBOOK.replace("Trust in somebody.", "As Jane said of Acme."),
            "transcripts/transcripts.yaml": MANIFEST,
            "transcripts/Interview-jane-doe.txt": TEXT,
            "codings/ana/Interview-jane-doe.jsonl": LAYER + "\n",
            "charts/Jane Doe.yaml": "trust: {summary: Trusts Acme., segments: [aaaaaaaaaa]}\n",
            "memos/jane-doe.md": MEMO,
            "exports/report.html": "<p>Jane Doe &amp; Acme</p>",
        },
    )
    start_round(root, "R1", "reliability", {"ana": ["Interview-jane-doe"]})
    plan_freeze(root, "R1").apply()
    return root


def tree(root: Path) -> dict[str, bytes]:
    files = (p for p in root.rglob("*") if p.is_file() and ".postil" not in p.parts)
    return {p.relative_to(root).as_posix(): p.read_bytes() for p in files}


def test_everything_changes_together_and_stays_on_its_words(root: Path, tmp_path: Path) -> None:
    plan = plan_pseudonyms(root, NAMES)
    assert dict(plan.found) == {"Jane Doe": 3, "Acme": 2, "Köln": 1}
    before = tree(root)
    assert tree(root) == before
    plan.apply(tmp_path / "map.yaml")
    study = open_study(root)
    assert list(study.transcripts) == ["Interview-E01"]
    transcript = study.transcripts["Interview-E01"]
    assert [turn.label for turn in transcript.turns] == ["Interviewer", "E01"]
    assert transcript.participants == ("E01",)
    assert list(study.settings.participants) == ["E01"]
    assert study.settings.coders["ana"].name == "Jane Doe"  # a researcher of that name is somebody else
    assert study.infos["Interview-E01"].source == "Interview_E01.docx"
    layer = study.layer("ana", "Interview-E01")
    assert layer is not None
    words = [transcript.text[s.start : s.end] for s in layer.segments]
    assert words == ["I work at [company] in [place 1].", "E01 is what they", "I look at downloads first"]
    assert words == [s.quote for s in layer.segments]
    assert layer.segments[0].memo == "[company] again"
    relation = layer.relations[0]
    assert relation.guard == "if [company] pays"
    assert relation.cue and transcript.text[slice(*relation.cue)] == "at [company]."
    assert (root / "charts/E01.yaml").read_text() == "trust: {summary: 'Trusts [company].', segments: [aaaaaaaaaa]}\n"
    assert (
        (root / "memos/E01.md")
        .read_text()
        .startswith("---\nabout: 'transcript:Interview-E01'\nauthor: ana\n---\n# E01")
    )
    assert "# E01 is the first" in (root / "study.yaml").read_text()
    assert [p for p in check_study(root) if p.severity == "error"] == []


def test_the_frozen_copy_changes_with_its_checksums(root: Path, tmp_path: Path) -> None:
    plan_pseudonyms(root, NAMES).apply(tmp_path / "map.yaml")
    copy = open_study(root / "rounds/R1")
    layer = copy.layer("ana", "Interview-E01")
    text = copy.transcripts["Interview-E01"].text
    assert layer is not None and all(text[s.start : s.end] == s.quote for s in layer.segments)
    assert "Interview-E01" in (root / "rounds/R1.yaml").read_text()
    assert not [p for p in check_study(root) if p.rule.startswith("frozen")]


def test_what_is_left_is_named(root: Path, tmp_path: Path) -> None:
    before = names_left(root, NAMES)
    assert {p.place.path for p in before} >= {
        "study.yaml",
        "memos/jane-doe.md",
        "rounds/R1/transcripts/transcripts.yaml",
    }
    plan_pseudonyms(root, NAMES).apply(tmp_path / "map.yaml")
    with zipfile.ZipFile(root / "exports/x.docx", "w") as archive:
        archive.writestr("word/document.xml", "<w:t>Ac</w:t><w:t>me &amp; co</w:t>")
    left = names_left(root, NAMES)
    assert {(p.place.path, p.rule) for p in left} == {
        ("study.yaml", "name-left"),  # the coder of that name
        ("rounds/R1/study.yaml", "name-left"),
        ("exports/report.html", "name-left"),
        ("exports/x.docx", "name-left"),
    }


def test_the_mapping_leads_back_byte_for_byte(root: Path, tmp_path: Path) -> None:
    before, mapping = tree(root), tmp_path / "map.yaml"
    plan_pseudonyms(root, NAMES).apply(mapping)
    assert tree(root) != before
    assert restore_path(mapping).stat().st_mode & 0o077 == 0
    plan_restore(root, mapping).apply()
    assert tree(root) == before
    with pytest.raises(PostilError, match="nothing to take back"):
        plan_restore(root, mapping)


def test_what_was_coded_since_is_counted_back(root: Path, tmp_path: Path) -> None:
    mapping = tmp_path / "map.yaml"
    plan_pseudonyms(root, NAMES).apply(mapping)
    study = open_study(root)
    layer, text = study.layer("ana", "Interview-E01"), study.transcripts["Interview-E01"].text
    assert layer is not None
    start = text.index("they call me at [company]")
    import msgspec

    moved = msgspec.structs.replace(layer.segments[1], start=start, end=start + 25, quote=text[start : start + 25])
    LayerStore(root).save(layer, update_segment(layer, moved))
    plan = plan_restore(root, mapping)
    assert plan.layers == ("codings/ana/Interview-E01.jsonl",)
    plan.apply()
    back = open_study(root).layer("ana", "Interview-jane-doe")
    assert back is not None
    assert [s.quote for s in back.segments][1] == "they call me at Acme"
    assert open_study(root).transcripts["Interview-jane-doe"].text == TEXT


def test_a_changed_text_cannot_get_its_names_back(root: Path, tmp_path: Path) -> None:
    plan_pseudonyms(root, NAMES).apply(tmp_path / "map.yaml")
    with (root / "transcripts/Interview-E01.txt").open("a") as file:
        file.write("More.\n")
    with pytest.raises(PostilError, match="was changed since"):
        plan_restore(root, tmp_path / "map.yaml")


def test_undo_cannot_bring_names_back(root: Path, tmp_path: Path) -> None:
    layer = open_study(root).layer("ana", "Interview-jane-doe")
    assert layer is not None
    import msgspec

    log = UndoLog(root, "names-1", "ana")
    log.record(layer, update_segment(layer, msgspec.structs.replace(layer.segments[0], memo="x")), "note", "2026")
    assert [p for p in names_left(root, NAMES) if "undo" in p.message]
    assert plan_pseudonyms(root, NAMES).apply(tmp_path / "map.yaml") == 1
    assert not [p for p in names_left(root, NAMES) if "undo" in p.message]


def test_a_layer_on_another_text_stops_it_all(root: Path, tmp_path: Path) -> None:
    path = root / "codings/ana/Interview-jane-doe.jsonl"
    path.write_text(path.read_text().replace('"done"', '"text_sha256":"0","done"'))
    with pytest.raises(PostilError, match="run postil reanchor"):
        plan_pseudonyms(root, NAMES)


@pytest.mark.parametrize(
    ("rules", "message"),
    [
        ([PseudonymRule("Jane Doe", "Interviewer")], "two speakers would both be"),
        ([PseudonymRule("Jane Doe", "x:")], "cannot be a speaker's label"),
        ([PseudonymRule("Interview", "Jane Doe")], "two speakers|both become|label"),
    ],
)
def test_pseudonyms_that_would_break_the_study_are_refused(
    root: Path, rules: list[PseudonymRule], message: str
) -> None:
    before = tree(root)
    if rules[0].name == "Interview":
        rules = [PseudonymRule("Interviewer", "Jane Doe")]
    with pytest.raises(PostilError, match=message):
        plan_pseudonyms(root, Names(rules))
    assert tree(root) == before


def test_the_mapping_is_kept_out_of_the_study_and_of_git(root: Path, tmp_path: Path) -> None:
    with pytest.raises(PostilError, match="inside the study"):
        check_place(root / "names.yaml", root)
    (tmp_path / "checkout/.git").mkdir(parents=True)
    with pytest.raises(PostilError, match="git checkout"):
        check_place(tmp_path / "checkout/sub/names.yaml", root)
    assert check_place(tmp_path / "names.yaml", root) == (tmp_path / "names.yaml").resolve()


def test_mappings_are_read_back(tmp_path: Path) -> None:
    path = tmp_path / "deep/names.yaml"
    rules = [PseudonymRule("Jane Doe", "E01", "label"), PseudonymRule("acme: inc", "[organisation 1]", "", True)]
    save_names(path, rules)
    save_names(path, [PseudonymRule("Köln", "[place 1]")])
    assert set(load_names(path).rules) == {*rules, PseudonymRule("Köln", "[place 1]")}
    assert path.stat().st_mode & 0o077 == 0


def test_what_is_seen(root: Path) -> None:
    seen = {one.text: (one.kind, one.count) for one in seen_in(open_study(root))}
    assert seen["Acme"] == ("organisation", 2)
    assert "Jane Doe" in seen
    left = {one.text for one in seen_in(open_study(root), NAMES)}
    assert "Acme" not in left


def test_commands(root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    mapping = tmp_path / "names.yaml"
    asked = ["-C", str(root), "--map", str(mapping)]
    assert run(["pseudonymise", *asked]) == 1
    assert "--propose" in capsys.readouterr().err
    assert run(["pseudonymise", *asked, "--propose"]) == 0
    assert "#  Acme: " in mapping.read_text()
    assert run(["pseudonymise", *asked]) == 1
    assert "no names" in capsys.readouterr().err
    save_names(mapping, NAMES.rules)
    before = tree(root)
    assert run(["pseudonymise", *asked, "--dry-run"]) == 0
    assert tree(root) == before
    assert run(["pseudonymise", *asked, "--json"]) == 1  # names are left: the coder's, the report's
    answer = json.loads(capsys.readouterr().out.split("1 frozen copy, too.\n")[-1])
    assert answer["renamed"]["transcripts/Interview-jane-doe.txt"] == "transcripts/Interview-E01.txt"
    assert run(["check", "--privacy", *asked]) == 1
    assert "exports/report.html:1:4: warning: the mapped name 'Jane Doe' still stands here." in capsys.readouterr().out
    assert run(["pseudonymise", *asked, "--undo"]) == 0
    assert tree(root) == before
    assert run(["pseudonymise", "-C", str(root), "--map", str(root / "x.yaml")]) == 1
    assert "inside the study" in capsys.readouterr().err


def test_attributes_that_point_to_one_person() -> None:
    text = "participants:\n  A: {size: big, field: law}\n  B: {size: big, field: art}\n  C: {size: small, field: art}\n"
    found = pointing(load_settings(text)[0].participants)
    assert found["A"] == ((("field", "law"),),)
    assert found["B"] == ((("size", "big"), ("field", "art")),)
    assert found["C"] == ((("size", "small"),),)


def test_an_import_stores_no_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = tmp_path / "study"
    assert run(["new", str(root)]) == 0
    mapping = tmp_path / "names.yaml"
    save_names(mapping, NAMES.rules)
    source = tmp_path / "Talk with Jane Doe.txt"
    source.write_text(
        "Interviewer: So how do you choose?\nJane: At Acme in Köln we ask Jane Doe.\n"
        "Interviewer: Why?\nJane: That is Jane\nDoe for you, at Acme.\n",
        encoding="utf-8",
    )
    asked = ["import", str(source), "-C", str(root), "--pseudonyms", str(mapping), "--speaker", "Jane=participant:E01"]
    assert run([*asked, "--yes"]) == 0
    shown = capsys.readouterr().out.replace(str(source), "").replace(source.name, "")
    assert "Jane Doe (2) → E01" in shown  # the preview shows each replacement; nothing that is stored holds the name
    stored = [path.read_bytes() for path in root.rglob("*") if path.is_file()]
    assert not any(name in content for content in stored for name in (b"Jane", b"Acme", "Köln".encode()))
    study = open_study(root)
    (transcript,) = study.transcripts.values()
    assert transcript.id == "Talk-with-E01"
    assert "At [company] in [place 1] we ask E01." in transcript.text
    assert transcript.participants == ("E01",)
    assert names_left(root, NAMES) == []


def test_notes_of_an_import_stay_on_their_words() -> None:
    from postil_formats.texts.pseudonyms import with_pseudonyms
    from postil_formats.texts.recognised import Recognised, SourceNote, SourceSpot
    from postil_study.text.turns import RawTurn

    turns = (RawTurn("Jane", "Hello."), RawTurn("Ben", "Jane Doe is at Acme today."))
    note = SourceNote("Acme!", SourceSpot(1, 5), SourceSpot(1, 19), author="Jane")
    made = with_pseudonyms(Recognised("x", turns, notes=(note,)), NAMES)
    start, end = made.notes[0].start, made.notes[0].end
    assert start and end
    assert made.turns[1].text[start.offset : end.offset] == "E01 is at [company]"  # the half name became a whole one
    assert (made.turns[0].label, made.notes[0].text, made.notes[0].author) == ("E01", "[company]!", "E01")
