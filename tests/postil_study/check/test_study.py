"""`check_study`: each rule by one change to a study in order, all problems at once, and no traceback on any garbage."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from postil_base.files.text import sha256_text
from postil_base.problem import Problem, by_place
from postil_study.check.study import check_study
from tests.transcripts_support import (
    CODEBOOK,
    FIRST,
    GUIDE_HEADER,
    HEADER,
    LAYER,
    MANIFEST,
    RELATION,
    SECOND,
    STUDY,
    TEXT,
    small_study,
)

LAYER_PATH = "codings/ana/I01.jsonl"
BOOK = "codebook/codebook.yaml"
MANIFEST_PATH = "transcripts/transcripts.yaml"
TEXT_PATH = "transcripts/I01.txt"
GUIDE = "codings/_guide/I01.jsonl"
MEMO = "---\nabout: code:trust\nauthor: ana\ndate: 2026-01-01\ntype: analytic\n---\nText.\n"
POPULARITY = '["popularity"]'

Files = dict[str, str]
Place = tuple[str, str, int]


def found(problems: list[Problem]) -> list[Place]:
    return [(p.rule, p.place.path, p.place.line) for p in by_place(problems)]


def lines(*records: str) -> str:
    return "\n".join(records) + "\n"


def coded(*records: str) -> Files:
    return {LAYER_PATH: lines(HEADER, *records)}


def first(old: str, new: str) -> Files:
    """Ana's layer with something replaced in its first segment, the second and the relation as they are."""
    return coded(FIRST.replace(old, new), SECOND)


def relation(old: str, new: str) -> Files:
    return coded(FIRST, SECOND, RELATION.replace(old, new))


def guide(code: str) -> Files:
    return {GUIDE: lines(GUIDE_HEADER, f'{{"id":"g","start":42,"end":94,"codes":["{code}"]}}')}


def test_a_study_in_order_has_no_problems(tmp_path: Path) -> None:
    more = {
        **guide("choice"),
        "charts/E01.yaml": "trust: {summary: s, segments: [aaaaaaaaaa]}\n",
        "memos/a.md": MEMO,
        "rounds/R1.yaml": "purpose: pilot\nassignments: {ana: [I01], ben: [I01]}\n",
    }
    assert by_place(check_study(small_study(tmp_path, more))) == []


CASES: dict[str, tuple[Files, Place]] = {
    "span outside": (coded(FIRST.replace('"end":74', '"end":7400')), ("span-outside", LAYER_PATH, 2)),
    "quote differs": (first('"start":42,"end":74', '"start":43,"end":75'), ("quote-differs", LAYER_PATH, 2)),
    "unanchored": (first('"at"', '"unanchored":true,"at"'), ("unanchored", LAYER_PATH, 2)),
    "unknown code": (first(POPULARITY, '["populrity"]'), ("unknown-code", LAYER_PATH, 2)),
    "heading as code": (first(POPULARITY, '["selection"]'), ("not-codable", LAYER_PATH, 2)),
    "code twice": (first(POPULARITY, '["trust","trust"]'), ("code-twice", LAYER_PATH, 2)),
    "exclusive codes in one segment": (
        first(POPULARITY, '["popularity","issues"]'),
        ("exclusive-overlap", LAYER_PATH, 2),
    ),
    "exclusive codes in overlapping segments": (
        coded(FIRST, '{"id":"x","start":50,"end":60,"codes":["issues"]}'),
        ("exclusive-overlap", LAYER_PATH, 3),
    ),
    "relation to nowhere": (coded(FIRST, RELATION), ("relation-end", LAYER_PATH, 3)),
    "relation's code not there": (relation('"issues"', '"popularity"'), ("relation-code", LAYER_PATH, 4)),
    "relation that does not say which": (relation('"to_code":"issues",', ""), ("relation-unclear", LAYER_PATH, 4)),
    "cue outside": (relation("[75,79]", "[75,790]"), ("span-outside", LAYER_PATH, 4)),
    "cue in the interviewer's words": (relation("[75,79]", "[13,16]"), ("cue-speaker", LAYER_PATH, 4)),
    "line that is no JSON": (coded(FIRST, "{oops", SECOND), ("json", LAYER_PATH, 3)),
    "done is no date": ({LAYER_PATH: HEADER[:-1] + ',"done":"yes"}'}, ("layer-header", LAYER_PATH, 1)),
    "round unknown": ({LAYER_PATH: HEADER[:-1] + ',"round":"R9"}'}, ("unknown-round", LAYER_PATH, 1)),
    "unknown coder": (
        {"codings/eve/I01.jsonl": HEADER.replace("ana", "eve")},
        ("unknown-coder", "codings/eve/I01.jsonl", 1),
    ),
    "unknown transcript": (
        {"codings/ana/I09.jsonl": HEADER.replace("I01", "I09")},
        ("unknown-transcript", "codings/ana/I09.jsonl", 1),
    ),
    "header of another": (
        {"codings/ben/I01.jsonl": HEADER.replace("ana", "ben").replace("I01", "I02")},
        ("layer-header", "codings/ben/I01.jsonl", 1),
    ),
    "record id in two layers": (
        {"codings/ben/I01.jsonl": lines(HEADER.replace("ana", "ben"), FIRST)},
        ("id-twice", "codings/ben/I01.jsonl", 0),
    ),
    "folder that is no coder": ({"codings/Ana B/I01.jsonl": LAYER}, ("bad-id", "codings/Ana B", 0)),
    "question unknown": (guide("choise"), ("unknown-question", GUIDE, 2)),
    "stale code": (
        {BOOK: CODEBOOK.replace("label: Trust", "label: Trust\n    changed: 2026-05-01T00:00:00Z")},
        ("stale-code", BOOK, 14),
    ),
    "entry without text": (
        {MANIFEST_PATH: MANIFEST + "I02:\n  speakers: {A: {role: other}}\n"},
        ("no-text", MANIFEST_PATH, 7),
    ),
    "text without entry": ({"transcripts/I02.txt": "Hello\n"}, ("no-entry", "transcripts/I02.txt", 0)),
    "text of no id": ({"transcripts/a b.txt": "Hello\n"}, ("bad-id", "transcripts/a b.txt", 0)),
    "participant unknown": (
        {MANIFEST_PATH: MANIFEST.replace("participant: E01", "participant: E02")},
        ("unknown-participant", MANIFEST_PATH, 5),
    ),
    "participant not named": (
        {MANIFEST_PATH: MANIFEST.replace(", participant: E01", "")},
        ("no-participant", MANIFEST_PATH, 5),
    ),
    "record of nobody": (
        {"study.yaml": STUDY + "analysis:\n  record: [ana, bob]\n"},
        ("unknown-coder", "study.yaml", 11),
    ),
    "guide names no code": (
        {"study.yaml": STUDY.replace('it?"}', 'it?", names: [trst]}')},
        ("unknown-code", "study.yaml", 9),
    ),
    "memo without front matter": ({"memos/a.md": "Just text.\n"}, ("no-front-matter", "memos/a.md", 1)),
    "memo about nothing there": ({"memos/a.md": MEMO.replace(":trust", ":trst")}, ("unknown-code", "memos/a.md", 2)),
    "memo about who knows": ({"memos/a.md": MEMO.replace("code:trust", "trust")}, ("memo-about", "memos/a.md", 2)),
    "chart of nobody": ({"charts/E07.yaml": "trust: {summary: s}\n"}, ("unknown-participant", "charts/E07.yaml", 0)),
    "chart of no theme": ({"charts/E01.yaml": "\nnone: {summary: s}\n"}, ("unknown-theme", "charts/E01.yaml", 2)),
    "chart of no segment": (
        {"charts/E01.yaml": "trust: {segments: [zzz]}\n"},
        ("unknown-segment", "charts/E01.yaml", 1),
    ),
    "round of no transcript": (
        {"rounds/R1.yaml": "assignments:\n  ana: [I01, I08]\n"},
        ("unknown-transcript", "rounds/R1.yaml", 2),
    ),
    "round of no coder": ({"rounds/R1.yaml": "assignments:\n  eve: [I01]\n"}, ("unknown-coder", "rounds/R1.yaml", 2)),
    "frozen without copy": ({"rounds/R1.yaml": "state: frozen\n"}, ("frozen-missing", "rounds/R1.yaml", 1)),
}


@pytest.mark.parametrize("name", CASES)
def test_each_rule_names_its_place(tmp_path: Path, name: str) -> None:
    files, wanted = CASES[name]
    assert found(check_study(small_study(tmp_path, files))) == [wanted]


def test_a_text_that_changed_with_all_quotes_in_place(tmp_path: Path) -> None:
    problems = check_study(small_study(tmp_path, {TEXT_PATH: TEXT + "\nE01:\nBye.\n"}))
    assert found(problems) == [("text-changed", LAYER_PATH, 1), ("text-changed", TEXT_PATH, 1)]
    assert {problem.severity for problem in problems} == {"warning"}


def test_a_label_nobody_knows(tmp_path: Path) -> None:
    manifest = MANIFEST[: MANIFEST.index("  text_sha256")]
    files = {TEXT_PATH: TEXT.replace("Interviewer:", "Intervewer:"), MANIFEST_PATH: manifest, LAYER_PATH: HEADER}
    problems = by_place(check_study(small_study(tmp_path, files)))
    assert found(problems) == [
        ("text-changed", LAYER_PATH, 1),
        ("unknown-label", TEXT_PATH, 1),
        ("no-turn", TEXT_PATH, 1),
        ("silent-speaker", MANIFEST_PATH, 2),
    ]
    assert "'Intervewer' is no speaker of I01; did you mean 'Interviewer'." in problems[1].message


def test_a_text_that_is_not_utf_8(tmp_path: Path) -> None:
    root = small_study(tmp_path)
    (root / TEXT_PATH).write_bytes(b"Interviewer:\n\xff\n")
    assert found(check_study(root)) == [("not-utf-8", TEXT_PATH, 2)]


@pytest.mark.parametrize(
    ("named", "rules"),
    [("codebook/none.yaml", ["unreadable-file"]), ("../book.yaml", ["path-outside"])],
)
def test_a_codebook_that_is_not_there(tmp_path: Path, named: str, rules: list[str]) -> None:
    files = {"study.yaml": STUDY.replace("codebook/codebook.yaml", named), LAYER_PATH: HEADER}
    problems = by_place(check_study(small_study(tmp_path, files)))
    assert [(p.rule, p.place.path, p.place.line) for p in problems] == [(rule, "study.yaml", 4) for rule in rules]


def test_messages_say_what_re_anchoring_would_do(tmp_path: Path) -> None:
    moved = "Interviewer:\nPlease. How did you choose it?\n" + TEXT[TEXT.index("\nE01:") :]
    problems = by_place(check_study(small_study(tmp_path, {TEXT_PATH: moved})))
    said = [problem.message for problem in problems]
    assert said[0] == "the text of I01 changed since it was coded. Re-anchoring would give: 1 moved, 1 guessed, 1 lost."
    assert said[1].endswith("is not what stands at 42-74; re-anchoring: its words now stand at 50-82.")
    assert "re-anchoring: its words probably stand at 83-102" in said[2], "nineteen letters may stand anywhere"
    assert said[3].endswith(f"Note the new text_sha256 {sha256_text(moved)}.")
    assert [p.place.column for p in problems[1:3]] == [FIRST.index('"quote"') + 1, SECOND.index('"quote"') + 1]


def test_unknown_codes_come_with_the_nearest_and_the_column(tmp_path: Path) -> None:
    problem = check_study(small_study(tmp_path, first(POPULARITY, '["populrity"]')))[0]
    assert problem.message == "there is no code 'populrity' in codebook/codebook.yaml; did you mean 'popularity'?"
    assert problem.place.column == FIRST.index(POPULARITY) + 2


def test_everything_is_reported_at_once(tmp_path: Path) -> None:
    names = [
        "unknown coder",
        "unknown transcript",
        "memo about who knows",
        "round of no transcript",
        "record of nobody",
    ]
    files = {path: text for name in names for path, text in CASES[name][0].items()}
    assert found(check_study(small_study(tmp_path, files))) == sorted(
        (CASES[name][1] for name in names), key=lambda place: (place[1], place[2])
    )


def test_no_study_at_all(tmp_path: Path) -> None:
    assert [p.rule for p in check_study(tmp_path)] == ["no-study"]
    (tmp_path / "study.yaml").write_text("", encoding="utf-8")
    assert {p.rule for p in check_study(tmp_path)} == {"format-version", "missing-codebook", "missing-id"}


WHOLE = {
    "study.yaml": STUDY,
    BOOK: CODEBOOK,
    MANIFEST_PATH: MANIFEST,
    TEXT_PATH: TEXT,
    LAYER_PATH: LAYER,
    **guide("choice"),
    "memos/a.md": MEMO,
    "charts/E01.yaml": "trust: {summary: s, segments: [aaaaaaaaaa]}\n",
    "rounds/R1.yaml": "purpose: pilot\nassignments: {ana: [I01]}\nstate: frozen\n",
}
FILES = sorted(WHOLE)
JUNK = [b"[", b"{", b"- ", b": ", b"null", b"\xff", b"\x00", b"!!python/object:os.system x", b"&a [*a]", b"[1,2]",
        b"a: {b: [c, {d: e}]}", b"---\n", b"'", b"\r\n", b"9" * 400, b"\xef\xbb\xbf", b"~", b"true"]  # fmt: skip
garbage = st.one_of(st.binary(max_size=60), st.sampled_from(JUNK))
any_file = st.one_of(st.binary(max_size=80), st.text(max_size=60).map(lambda text: text.encode("utf-8", "replace")))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(FILES), st.floats(0, 1), st.floats(0, 1), garbage)
def test_no_garbage_makes_the_check_fail(tmp_path: Path, path: str, start: float, size: float, junk: bytes) -> None:
    """A piece of one file of the study is replaced by junk."""
    root = small_study(tmp_path, WHOLE)
    data = WHOLE[path].encode()
    at = int(start * len(data))
    (root / path).write_bytes(data[:at] + junk + data[at + int(size * (len(data) - at)) :])
    for problem in check_study(root):
        assert problem.place.path
        assert problem.message
        assert str(problem)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.sampled_from(FILES), any_file, min_size=1))
def test_whole_files_of_garbage(tmp_path: Path, files: dict[str, bytes]) -> None:
    root = small_study(tmp_path, WHOLE)
    for path, data in files.items():
        (root / path).write_bytes(data)
    assert all(problem.message for problem in check_study(root))


def test_folders_where_files_should_be(tmp_path: Path) -> None:
    root = small_study(tmp_path)
    for path in ("codings/ben/I01.jsonl", "transcripts/I02.txt", "memos/a.md", "charts/E01.yaml", "rounds/R1.yaml"):
        (root / path).mkdir(parents=True)
    (root / "codings" / "file").write_text("x", encoding="utf-8")
    rules = {problem.rule for problem in check_study(root)}
    assert "unreadable-file" in rules


def test_a_file_that_may_not_be_read(tmp_path: Path) -> None:
    root = small_study(tmp_path)
    (root / LAYER_PATH).unlink()
    (root / LAYER_PATH).symlink_to(root / "nowhere")
    assert [(p.rule, p.place.path) for p in check_study(root)] == [("unreadable-file", LAYER_PATH)]
