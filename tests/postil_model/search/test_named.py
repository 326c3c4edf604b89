"""Named queries, files of passages, and what a blind round hides from the search."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from postil_base.problem import PostilError
from postil_cli.running import run
from postil_model.search.evaluate import search
from postil_model.search.named import check_queries, named_query, read_queries, remove_query, save_query
from postil_model.search.output import as_csv, as_page, write_passages
from postil_model.search.passages import Passage, corpus_of, passage
from postil_study.privacy.consent.purposes import Consent
from postil_study.rounds.blind import hidden_layers
from postil_study.study import open_study
from tests.transcripts_support import FIRST, HEADER, small_study

BLIND = "blind: true\nstate: started\nassignments: {ana: [I01], ben: [I01]}\n"


def found(root: Path, query: str) -> list[Passage]:
    corpus = corpus_of(open_study(root))
    return [passage(hit, corpus) for hit in search(query, corpus)]


def test_a_saved_query_is_found_by_name_and_comments_stay(tmp_path: Path) -> None:
    root = small_study(tmp_path, {"queries.yaml": "# ours\nfirst: popularity  # why\n"})
    save_query(root, "second", 'issues AND "issues"')
    save_query(root, "first", "trust")
    text = (root / "queries.yaml").read_text("utf-8")
    assert text == '# ours\nfirst: trust  # why\nsecond: issues AND "issues"\n'
    assert named_query(root, "second") == 'issues AND "issues"'
    remove_query(root, "first")
    assert list(read_queries(root)[0]) == ["second"]


@pytest.mark.parametrize(("name", "query"), [("Not a name", "trust"), ("ok", "trust AND"), ("ok", "")])
def test_what_cannot_be_asked_is_not_saved(tmp_path: Path, name: str, query: str) -> None:
    root = small_study(tmp_path)
    with pytest.raises(PostilError):
        save_query(root, name, query)
    assert not (root / "queries.yaml").exists()


Said = pytest.CaptureFixture[str]


def test_check_names_the_line_of_a_query_that_cannot_be_read(tmp_path: Path, capsys: Said) -> None:
    root = small_study(tmp_path, {"queries.yaml": "good: trust\nbad: trust AND (\nwrong: trusted\nx-mine: 1\n"})
    problems = check_queries(open_study(root))
    assert [(p.place.line, p.rule) for p in problems] == [(2, "bad-query"), (3, "bad-query")]
    assert "Did you mean trust?" in problems[1].message
    assert run(["check", "-C", str(root)]) == 1
    assert "queries.yaml:2:1: query bad" in capsys.readouterr().out


def test_passages_as_table_and_page(tmp_path: Path) -> None:
    root = small_study(tmp_path)
    passages = found(root, "popularity OR issues")
    rows = list(csv.DictReader(io.StringIO(as_csv(passages))))
    assert [(row["transcript"], row["text"], row["codes"]) for row in rows] == [
        ("I01", "I looked at the downloads first.", "popularity"),
        ("I01", "Then at the issues.", "issues"),
    ]
    page = as_page(passages, "popularity `x`")
    assert page.startswith(
        "# 2 passages in 1 transcript\n\nQuery: `` popularity `x` ``\n\n*How did you choose it?*\n\n> I"
    )
    path = write_passages(root, passages, "popularity OR issues", "md", Consent(open_study(root)))
    assert path == "exports/search-popularity-or-issues.md"
    assert "> Then at the issues." in (root / path).read_text("utf-8")


def test_a_blind_round_hides_the_others_until_it_is_revealed(tmp_path: Path) -> None:
    layer = "\n".join([HEADER.replace('"ana"', '"ben"'), FIRST.replace("aaaaaaaaaa", "dddddddddd")]) + "\n"
    root = small_study(tmp_path, {"codings/ben/I01.jsonl": layer, "rounds/R1.yaml": BLIND})
    study = open_study(root)
    hidden = hidden_layers(study.rounds.values(), "ana")
    assert dict(hidden) == {("ben", "I01"): "R1", ("consensus", "I01"): "R1"}
    assert {hit.coders for hit in search("popularity", corpus_of(study, hidden=hidden))} == {("ana",)}
    (root / "rounds/R1.yaml").write_text(BLIND.replace("started", "revealed"), "utf-8")
    assert hidden_layers(open_study(root).rounds.values(), "ana") == {}


def test_the_command_saves_and_asks_again(tmp_path: Path, capsys: Said) -> None:
    root = small_study(tmp_path)
    here = ["search", "-C", str(root)]
    assert run([*here, "--save", "liked", "popularity", "--context", "0"]) == 0
    capsys.readouterr()
    assert run([*here, "--named", "liked", "--format", "csv"]) == 0
    out, err = capsys.readouterr()
    assert "I looked at the downloads first." in out and "1 passage in 1 transcript." in err
    assert run([*here, "--named", "liked", "role:interviewer"]) == 1
    assert run([*here, "--named", "other"]) == 1
    assert "saved are liked" in capsys.readouterr().err
    assert run(here) == 2


def test_the_command_searches_ones_own_layers_in_a_blind_round(tmp_path: Path, capsys: Said) -> None:
    root = small_study(tmp_path, {"rounds/R1.yaml": BLIND})
    here = ["search", "-C", str(root), "popularity"]
    assert run(here) == 1
    assert run([*here, "--coder", "ana"]) == 0
    assert run([*here, "--coder", "ben"]) == 1
    assert "R1" in capsys.readouterr().err
    assert run([*here, "--coder", "eve"]) == 1
