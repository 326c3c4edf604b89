"""Opening a study, its files one by one, and what changed on disk since."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from postil_base.files.text import sha256_text
from postil_base.problem import PostilError
from postil_study.anchoring.correction import plan_reanchor
from postil_study.check.study import check_study
from postil_study.files.charts import ChartCell, load_chart, with_cell
from postil_study.files.manifest import (
    add_transcript,
    is_transcript_id,
    load_manifest,
    speakers_of,
    suggest_transcript_id,
)
from postil_study.files.memos import format_memo, load_memo, load_memos, new_memo, save_memo
from postil_study.files.settings import load_settings
from postil_study.new import create_study, write_git_files
from postil_study.rounds.recode import recode_queue
from postil_study.study import find_study, open_study
from postil_study.text.turns import RawTurn, format_transcript
from postil_study.text.values import Segment, Speaker, TranscriptInfo
from tests.transcripts_support import CODEBOOK, FIRST, HEADER, LAYER, MANIFEST, SECOND, STUDY, TEXT, small_study

DONE = HEADER[:-1] + ',"done":"2026-05-01"}'


# --- opening --------------------------------------------------------------------------------------------------------


def test_opening_a_study(tmp_path: Path) -> None:
    study = open_study(small_study(tmp_path))
    assert (study.settings.id, study.settings.title) == ("small-1", "Small")
    assert list(study.transcripts) == ["I01"]
    assert study.transcripts["I01"].participants == ("E01",)
    assert study.transcripts["I01"].text_sha256 == sha256_text(TEXT)
    assert [layer.path for layer in study.layers()] == ["codings/ana/I01.jsonl"]
    assert study.coders == ("ana", "ben")
    assert (study.process, study.findings, study.themes, dict(study.rounds)) == (None, (), (), {})
    assert study.problems() == []
    with pytest.raises(KeyError):
        study.transcripts["I02"]
    assert study.layer("../..", "I01") is None
    assert study.layer("ana", "../../study") is None


def test_finding_a_study_from_inside(tmp_path: Path) -> None:
    root = small_study(tmp_path / "study")
    assert find_study(root / "codings" / "ana") == root
    assert find_study(tmp_path) is None
    with pytest.raises(PostilError, match="is no study"):
        open_study(tmp_path)


def test_the_coding_of_record_is_the_first_done_layer(tmp_path: Path) -> None:
    ben = DONE.replace('"ana"', '"ben"') + "\n"
    root = small_study(tmp_path, {"codings/ben/I01.jsonl": ben})
    found = open_study(root).record_layer("I01")
    assert found is not None
    assert found.header.coder == "ben", "ana is not done"
    small_study(tmp_path, {"codings/ana/I01.jsonl": DONE + "\n", "codings/ben/I01.jsonl": ben})
    found = open_study(root).record_layer("I01")
    assert found is not None
    assert found.header.coder == "ana"
    small_study(tmp_path, {"study.yaml": STUDY + "analysis: {record: [ben, ana]}\n", "codings/ben/I01.jsonl": ben})
    found = open_study(root).record_layer("I01")
    assert found is not None
    assert found.header.coder == "ben"
    source = ben.replace('"kind":"coder"', '"kind":"source"')
    small_study(tmp_path, {"study.yaml": STUDY + "analysis: {record: [ben]}\n", "codings/ben/I01.jsonl": source})
    assert open_study(root).record_layer("I01") is None, "notes that came with an import count for nothing"


def test_layers_by_kind(tmp_path: Path) -> None:
    guide = '{"postil":1,"kind":"guide","coder":"_guide","transcript":"I01"}\n'
    notes = HEADER.replace('"coder","coder":"ana"', '"source","coder":"nvivo"') + "\n"
    root = small_study(tmp_path, {"codings/_guide/I01.jsonl": guide, "codings/nvivo/I01.jsonl": notes})
    study = open_study(root)
    assert [layer.header.coder for layer in study.layers()] == ["ana", "nvivo"]
    assert [layer.header.coder for layer in study.layers("source")] == ["nvivo"]
    assert [layer.header.coder for layer in study.layers("guide")] == ["_guide"]
    assert [layer.header.coder for layer in study.coder_layers("I01")] == ["ana"]
    guide_layer = study.guide_layer("I01")
    assert guide_layer is not None
    assert guide_layer.header.kind == "guide"


def test_what_changed_on_disk_is_told_and_read_anew(tmp_path: Path) -> None:
    root = small_study(tmp_path)
    study = open_study(root)
    assert (len(list(study.layers())), len(study.transcripts["I01"].turns)) == (1, 2)
    assert study.refresh() == frozenset()
    (root / "codings/ana/I01.jsonl").write_text(HEADER + "\n", encoding="utf-8")
    assert study.refresh() == {"codings/ana/I01.jsonl"}
    layer = study.layer("ana", "I01")
    assert layer is not None
    assert layer.segments == ()
    (root / "study.yaml").write_text(STUDY + "# changed\n", encoding="utf-8")
    assert "study.yaml" in study.refresh()


def test_a_new_folder_of_layers_is_seen(tmp_path: Path) -> None:
    root = small_study(tmp_path)
    study = open_study(root)
    assert study.layer("ben", "I01") is None
    small_study(root, {"codings/ben/I01.jsonl": HEADER.replace("ana", "ben") + "\n"})
    assert "codings" in study.refresh()
    assert study.layer("ben", "I01") is not None


def test_texts_without_entry_and_in_windows_form(tmp_path: Path) -> None:
    root = small_study(
        tmp_path, {"transcripts/Z.txt": "alone", "transcripts/.hidden.txt": "", "transcripts/a b.txt": ""}
    )
    (root / "transcripts/I01.txt").write_bytes(b"\xef\xbb\xbf" + TEXT.replace("\n", "\r\n").encode())
    study = open_study(root)
    assert list(study.transcripts) == ["I01", "Z"]
    assert len(study.transcripts) == 2
    assert study.transcripts["I01"].text == TEXT
    assert study.transcripts["Z"].turns == ()


def test_two_hundred_transcripts_are_open_at_once(tmp_path: Path) -> None:
    """The promise is 1,000 transcripts of 500 segments in well under two seconds; here a fifth of it."""
    turn = "E01:\nI looked at the downloads first. Then at the issues.\n\n"
    text = turn * 100
    segments = [
        Segment(f"%s{n}", n // 5 * len(turn) + 5 + n % 5, n // 5 * len(turn) + 30, ("trust",), "q" * 90, at="t")
        for n in range(500)
    ]
    body = b"\n".join(msgspec.json.encode(segment) for segment in segments).decode()
    entry = "  speakers: {E01: {role: participant, participant: E01}}\n"
    files = {"transcripts/transcripts.yaml": "".join(f"T{n}:\n{entry}" for n in range(200))}
    for n in range(200):
        files[f"transcripts/T{n}.txt"] = text
        files[f"codings/ana/T{n}.jsonl"] = HEADER.replace("I01", f"T{n}") + "\n" + body.replace("%s", f"{n}.") + "\n"
    root = small_study(tmp_path, files)
    start = time.process_time()
    study = open_study(root)
    layers = list(study.layers())
    assert time.process_time() - start < 1.5, "0.25 s on an idle machine"
    assert sum(len(layer.segments) for layer in layers) == 100_002


# --- study.yaml -----------------------------------------------------------------------------------------------------


def test_settings_with_everything() -> None:
    text = STUDY + (
        "analysis: {record: [consensus, ana], min_participants: 3}\n"
        "agreement: {measure: fleiss_kappa, unit: word, speakers: all, codes: [trust], reason: because}\nx-own: 1\n"
    )
    settings, problems = load_settings(text)
    assert problems == []
    assert settings.coders["ana"].name == "Ana"
    person = settings.participants["E01"]
    assert (person.attributes, person.consent_quote, person.consent_share) == ({"org_size": "small"}, True, True)
    assert settings.guide[0].ask == "How did you choose it?"
    assert (settings.analysis.record, settings.analysis.min_participants) == (("consensus", "ana"), 3)
    assert settings.agreement is not None
    assert (settings.agreement.unit, settings.agreement.codes) == ("word", ("trust",))
    assert settings.extra == {"x-own": 1}


def test_settings_with_mistakes_name_them_all() -> None:
    text = (
        "postil: 2\nid: x\ntitel: T\ncodebook: /etc/passwd\ncoders: {Ana B: {}}\n"
        "participants: {_x: {consent: {quote: maybe}}}\nanalysis: {min_participants: 0}\nagreement: {unit: line}\n"
    )
    _, problems = load_settings(text)
    assert sorted((p.place.line, p.rule) for p in problems) == [
        (1, "format-version"), (3, "unknown-key"), (4, "path-outside"), (5, "bad-id"), (6, "bad-id"), (6, "yaml-type"),
        (7, "bad-value"), (8, "agreement-reason"), (8, "unknown-value"),
    ]  # fmt: skip


# --- transcripts.yaml -----------------------------------------------------------------------------------------------


def test_the_manifest_with_mistakes() -> None:
    text = (
        "I01: {speakers: {A: {role: participant}}}\nI02: text\n'a b': {}\nI03: {speakers: {A: {role: guest}}}\n"
        "I04: {speakers: {A: {role: other, participant: E01}}, dat: x}\n"
    )
    infos, problems = load_manifest(text)
    assert list(infos) == ["I01", "I02", "I03", "I04"]
    assert infos["I03"].speakers["A"] == infos["I04"].speakers["A"] == Speaker("other")
    assert sorted((p.place.line, p.rule) for p in problems) == [
        (1, "no-participant"), (2, "yaml-type"), (3, "bad-id"), (4, "unknown-value"), (5, "role"), (5, "unknown-key"),
    ]  # fmt: skip


def test_one_person_in_two_interviews() -> None:
    infos, _ = load_manifest(MANIFEST + "I02: {speakers: {E01: {role: participant, participant: E01}}}\n")
    assert speakers_of(infos) == {"E01": ("I01", "I02")}


labels = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), min_size=1, max_size=8).map(str.strip)
speakers = st.one_of(st.just(Speaker("interviewer")), st.just(Speaker("other")), st.just(Speaker("participant", "E01")))
infos_ = st.builds(
    TranscriptInfo,
    st.sampled_from(["I02", "Gespräch-3", "no", "1.0", "対話"]),
    st.dictionaries(labels.filter(bool), speakers, max_size=3),
    st.sampled_from(["", "2026-01-01", "1.0", "no", "a: b", "'x"]),
    pilot=st.booleans(),
)


@given(infos_)
def test_an_added_entry_is_read_back_and_the_rest_stays(info: TranscriptInfo) -> None:
    text = add_transcript(MANIFEST, info)
    assert text.startswith(MANIFEST)
    infos, _ = load_manifest(text)
    read = infos[info.id]
    assert (read.speakers, read.date, read.pilot) == (info.speakers, info.date, info.pilot)
    assert list(infos) == ["I01", info.id]


def test_an_id_that_is_taken_is_refused() -> None:
    with pytest.raises(PostilError, match="I01"):
        add_transcript(MANIFEST, TranscriptInfo("I01"))


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=30))
def test_any_name_suggests_an_id_or_nothing(text: str) -> None:
    suggested = suggest_transcript_id(text)
    assert not suggested or is_transcript_id(suggested)


# --- memos and charts -----------------------------------------------------------------------------------------------


def test_a_memo_is_written_read_and_changed(tmp_path: Path) -> None:
    root = small_study(tmp_path)
    memo = new_memo(root, ("code:trust",), "ana", "# Why trust?\n\nBecause --- of names.\n")
    assert memo.path == "memos/why-trust.md"
    assert new_memo(root, ("study",), "ana", "# Why trust?\n").path == "memos/why-trust-1.md"
    again = load_memos(root)[0][1]
    assert (again.about, again.author, again.title, again.body) == (memo.about, "ana", "Why trust?", memo.body)
    saved = save_memo(root, replace(again, body="New."))
    assert saved.body == "New.\n"
    (root / saved.path).write_text("---\nabout: study\n---\nchanged\n", encoding="utf-8")
    with pytest.raises(PostilError, match="changed by somebody else"):
        save_memo(root, saved)


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r"), max_size=60))
def test_the_body_of_a_memo_is_kept(body: str) -> None:
    memo, problems = load_memo(f"---\nabout: code:a\n---\n{body}\n", "memos/a.md")
    assert problems == []
    again, _ = load_memo(format_memo(memo), "memos/a.md")
    assert again.body.rstrip() == body.rstrip()
    assert again.about == ("code:a",)


def test_a_cell_is_set_and_the_rest_stays() -> None:
    text = "# row\ntrust: {summary: old, segments: [a]}  # mine\nother:\n  summary: keep\n"
    new = with_cell(text, ChartCell("E01", "trust", "new: words", ("a", "b")))
    cells, problems = load_chart(new, "charts/E01.yaml")
    assert problems == []
    assert [(c.column, c.summary, c.segments) for c in cells] == [
        ("trust", "new: words", ("a", "b")),
        ("other", "keep", ()),
    ]
    assert new.startswith("# row\ntrust:")
    assert "other:\n  summary: keep\n" in new


# --- new study, stale codes, corrected texts -------------------------------------------------------------------------


@pytest.mark.parametrize("title", ["My study", 'A "quoted": {title} # 1', "研究", "- no", "x\u2028y\n"])
def test_a_new_study_is_in_order(tmp_path: Path, title: str) -> None:
    written = create_study(tmp_path / "s", title, ["ana", "ben", "ana"])
    assert sorted(written) == [".gitattributes", ".gitignore", "codebook/codebook.yaml", "study.yaml"]
    assert check_study(tmp_path / "s") == []
    study = open_study(tmp_path / "s")
    assert study.settings.title == " ".join(title.split())
    assert study.coders == ("ana", "ben")
    assert study.settings.id
    with pytest.raises(PostilError, match="is a study already"):
        create_study(tmp_path / "s", title)


def test_a_new_study_overwrites_nothing_and_keeps_git_files(tmp_path: Path) -> None:
    (tmp_path / ".gitignore").write_text("mine", encoding="utf-8")
    with pytest.raises(PostilError, match="cannot be a coder's id"):
        create_study(tmp_path, "T", ["Ana B"])
    create_study(tmp_path, "T")
    assert (tmp_path / ".gitignore").read_text("utf-8").startswith("mine\n")
    assert ".postil/" in (tmp_path / ".gitignore").read_text("utf-8").splitlines()
    assert write_git_files(tmp_path) == []
    assert check_study(tmp_path) == []


def test_segments_are_stale_until_somebody_looked(tmp_path: Path) -> None:
    changed = CODEBOOK.replace("label: Trust", "label: Trust\n    changed: 2026-05-01T00:00:00Z")
    fresh = SECOND.replace("bbbbbbbbbb", "fffffffff")[:-1] + ',"checked":"2026-05-02T00:00:00Z"}'
    layer = "\n".join([HEADER, FIRST, SECOND, fresh]) + "\n"
    study = open_study(small_study(tmp_path, {"codebook/codebook.yaml": changed, "codings/ana/I01.jsonl": layer}))
    assert [(stale.segment.id, stale.code, stale.coder) for stale in recode_queue(study)] == [
        ("bbbbbbbbbb", "trust", "ana")
    ]


def test_all_layers_follow_a_corrected_text(tmp_path: Path) -> None:
    ben = LAYER.replace('"ana"', '"ben"').replace("aaaaaaaaaa", "xxxxxxxxxx").replace("bbbbbbbbbb", "yyyyyyyyyy")
    root = small_study(tmp_path, {"codings/ben/I01.jsonl": ben.replace("cccccccccc", "zzzzzzzzzz")})
    new = TEXT.replace("How did", "Well, how did").replace("issues.", "issue list.")
    (root / "transcripts/I01.txt").write_text(new, encoding="utf-8")
    plan = plan_reanchor(root, "I01", TEXT)
    assert plan.needs_a_look == 2, "the words of one segment changed, for both coders"
    assert {problem.rule for problem in check_study(root)} == {"text-changed", "quote-differs"}
    plan.apply()
    assert check_study(root) == []
    layer = open_study(root).layer("ben", "I01")
    assert layer is not None
    assert layer.by_id["yyyyyyyyyy"].quote == "Then at the issue list."


def test_turns_of_a_study_are_those_of_its_labels(tmp_path: Path) -> None:
    text = format_transcript([RawTurn("Interviewer", "And?"), RawTurn("E01", "Nothing:\nreally.", 1000, 2000)])
    study = open_study(small_study(tmp_path, {"transcripts/I01.txt": text}))
    found = study.transcripts["I01"]
    assert [(turn.label, text[turn.start : turn.end], turn.start_ms) for turn in found.turns] == [
        ("Interviewer", "And?", None),
        ("E01", "Nothing:\nreally.", 1000),
    ]
    assert found.turn_at(text.index("really")) == found.turns[1]
    assert list(found.turns_over(0, len(text))) == list(found.turns)
