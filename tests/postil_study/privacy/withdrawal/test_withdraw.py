"""A withdrawal takes one person's words out everywhere and leaves everybody else's where they were."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import msgspec
import pytest

from postil_base.problem import PostilError
from postil_cli.running import run
from postil_study.check.study import check_study
from postil_study.history.undo import UndoLog
from postil_study.layers.values import update_segment
from postil_study.privacy.withdrawal.withdraw import history_steps, plan_withdrawal
from postil_study.rounds.steps import plan_freeze, start_round
from postil_study.study import open_study
from tests.terminal_talk import talk
from tests.transcripts_support import CODEBOOK, STUDY, write_files

ALONE = "Interviewer:\nWhy?\n\nA:\nBecause of my secret aunt, who told me so.\n"
SHARED = """\
Interviewer:
And you two?

A:
My secret uncle says so.

B:
Mine says no.
We argue.

A:
All the secret time.

B:
Every day.

A:
Yes, secret.
"""
MANIFEST = """\
I01:
  speakers:
    Interviewer: {role: interviewer}
    A: {role: participant, participant: A}
I02:
  speakers:
    Interviewer: {role: interviewer}
    A: {role: participant, participant: A}
    B: {role: participant, participant: B}
"""


def layer(transcript: str, coder: str, *records: str) -> str:
    header = f'{{"postil":1,"coder":"{coder}","transcript":"{transcript}","done":"2026-01-01"}}'
    return "\n".join([header, *records]) + "\n"


def on(text: str, id_: str, words: str) -> str:
    start = text.index(words)
    record = {"id": id_, "start": start, "end": start + len(words), "codes": ["trust"], "quote": words}
    return json.dumps(record)


CUE = SHARED.index("argue")
LAYERS = {
    "codings/ana/I01.jsonl": layer("I01", "ana", on(ALONE, "aaaaaaaaaa", "secret aunt")),
    "codings/ben/I01.jsonl": layer("I01", "ben", on(ALONE, "bbbbbbbbbb", "my secret aunt")),
    "codings/ana/I02.jsonl": layer(
        "I02",
        "ana",
        on(SHARED, "cccccccccc", "secret uncle"),
        on(SHARED, "dddddddddd", "Mine says no.\nWe argue."),
        on(SHARED, "eeeeeeeeee", "We argue.\n\nA:\nAll the secret time.\n\nB:\nEvery day."),
        on(SHARED, "ffffffffff", "Every day.\n\nA:\nYes, secret."),
        '{"id":"gggggggggg","from":"cccccccccc","from_code":"trust","to":"dddddddddd","to_code":"trust","type":"leads-to"}',
        '{"id":"hhhhhhhhhh","from":"dddddddddd","from_code":"trust","to":"ffffffffff","to_code":"trust",'
        f'"type":"influences","cue":[{CUE},{CUE + 5}]}}',
    ),
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = write_files(
        tmp_path / "study",
        {
            "study.yaml": STUDY.replace("E01: {org_size: small", "A: {}\n  B: {org_size: small"),
            "codebook/codebook.yaml": CODEBOOK,
            "transcripts/transcripts.yaml": MANIFEST,
            "transcripts/I01.txt": ALONE,
            "transcripts/I02.txt": SHARED,
            **LAYERS,
            "charts/A.yaml": "trust: {summary: secret, segments: [aaaaaaaaaa]}\n",
            "charts/B.yaml": "trust: {summary: Argues., segments: [dddddddddd, cccccccccc]} # mine\n",
            "memos/a.md": "---\nabout: participant:A\nauthor: ana\n---\nsecret\n",
            "memos/both.md": "---\nabout: [participant:A, code:trust]\nauthor: ana\n---\nBoth.\n",
            "memos/trust.md": "---\nabout: code:trust\nauthor: ana\n---\nFine.\n",
            "exports/report.html": "secret",
        },
    )
    start_round(root, "R1", "reliability", {"ana": ["I01", "I02"], "ben": ["I01"]})
    plan_freeze(root, "R1").apply()
    return root


def texts(root: Path) -> dict[str, str]:
    files = (p for p in root.rglob("*") if p.is_file() and not {".postil", ".git"} & set(p.parts))
    return {p.relative_to(root).as_posix(): p.read_text("utf-8") for p in files}


def test_nothing_of_the_person_is_left(root: Path) -> None:
    before = texts(root)
    plan = plan_withdrawal(root, "A")
    assert texts(root) == before
    assert (plan.whole, plan.shared) == (("I01",), ("I02",))
    assert plan.memos == ("memos/a.md",)
    assert plan.look_at == ("memos/both.md",)
    assert plan.made == ("exports/report.html",)
    plan.apply()
    after = texts(root)
    assert {path for path, text in after.items() if "secret" in text} == {"exports/report.html"}
    assert not [path for path in after if "I01" in path or path == "charts/A.yaml"]
    assert "I01" not in after["rounds/R1.yaml"]
    study = open_study(root)
    assert list(study.settings.participants) == ["B"]
    errors = [p for p in check_study(root) if p.severity == "error"]
    assert errors == []


def test_what_others_said_stays_on_its_words(root: Path) -> None:
    plan_withdrawal(root, "A").apply()
    for place in (root, root / "rounds/R1"):
        study = open_study(place)
        transcript = study.transcripts["I02"]
        assert transcript.text == "Interviewer:\nAnd you two?\n\nB:\nMine says no.\nWe argue.\n\nB:\nEvery day.\n"
        assert transcript.participants == ("B",)
        found = study.layer("ana", "I02")
        assert found is not None
        assert [(s.id, s.quote) for s in found.segments] == [
            ("dddddddddd", "Mine says no.\nWe argue."),
            ("eeeeeeeeee", "We argue.\n\nB:\nEvery day."),
            ("ffffffffff", "Every day."),
        ]
        assert all(transcript.text[s.start : s.end] == s.quote for s in found.segments)
        (relation,) = found.relations
        assert relation.cue and transcript.text[slice(*relation.cue)] == "argue"
        assert set(found.deleted) == {"cccccccccc", "gggggggggg"}
    assert (root / "charts/B.yaml").read_text() == "trust: {summary: Argues., segments: [dddddddddd]} # mine\n"


def test_undo_holds_nothing_either(root: Path) -> None:
    before = open_study(root).layer("ana", "I01")
    other = open_study(root).layer("ana", "I02")
    assert before is not None and other is not None
    log = UndoLog(root, "small-1", "ana")
    log.record(before, update_segment(before, msgspec.structs.replace(before.segments[0], memo="x")), "a", "2026")
    assert plan_withdrawal(root, "A").apply() == 1
    assert not log.path.exists()


def test_a_text_of_another_state_stops_it_all(root: Path) -> None:
    path = root / "codings/ana/I02.jsonl"
    path.write_text(path.read_text().replace('"done"', '"text_sha256":"0","done"'))
    before = texts(root)
    with pytest.raises(PostilError, match="reanchor"):
        plan_withdrawal(root, "A")
    assert texts(root) == before


def test_nobody_of_that_name(root: Path) -> None:
    with pytest.raises(PostilError, match="no participant 'Z'"):
        plan_withdrawal(root, "Z")


def test_the_steps_for_git_name_every_file(root: Path) -> None:
    plan = plan_withdrawal(root, "A")
    said = "\n".join(history_steps(plan))
    for path in ("transcripts/I01.txt", "codings/ben/I01.jsonl", "rounds/R1/transcripts/I01.txt", "charts/A.yaml"):
        assert f"--path {path}" in said
    assert "transcripts/I02.txt" in said


def test_command(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = texts(root)
    assert run(["withdraw", "A", "-C", str(root)]) == 1
    assert "--yes" in capsys.readouterr().err
    assert run(["withdraw", "A", "-C", str(root), "--dry-run", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["transcripts"] == ["I01"] and not answer["written"]
    assert texts(root) == before
    assert run(["withdraw", "A", "-C", str(root), "--yes"]) == 0
    assert "git filter-repo" in capsys.readouterr().out
    assert not (root / "transcripts/I01.txt").exists()


def test_steps_can_be_copied_and_copied_words_are_named(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = "Because of my secret aunt, who told me so."
    assert words in ALONE
    (root / "memos/trust.md").write_text(f"---\nabout: code:trust\nauthor: ana\n---\nFine.\n\n{words}\n", "utf-8")
    assert run(["withdraw", "A", "-C", str(root), "--yes"]) == 0
    out = capsys.readouterr().out
    assert "for you to look at: memos/trust.md:7" in out
    assert "--invert-paths \\\n       --path " in out and "⏎" not in out


def test_the_name_is_asked_for_on_a_terminal(root: Path) -> None:
    code, screen = talk(["withdraw", "A", "-C", str(root)], [("Type A to go on", "B")])
    assert code != 0 and (root / "transcripts/I01.txt").exists(), screen
    code, screen = talk(["withdraw", "A", "-C", str(root)], [("Type A to go on", "A")])
    assert code == 0 and not (root / "transcripts/I01.txt").exists(), screen


def test_the_study_is_still_one_for_git(root: Path) -> None:
    plan_withdrawal(root, "A").apply()
    done = subprocess.run(["sha256sum", "-c", "SHA256SUMS.txt"], cwd=root / "rounds/R1", capture_output=True)
    assert done.returncode == 0
