"""Layer files: what is written is read back, nothing that stands in a file is lost, no file makes the reader fail."""

from __future__ import annotations

import json
from dataclasses import replace

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from postil_base.problem import Problem
from postil_study.layers import file as layer_file
from postil_study.layers.file import encode_layer, read_layer, read_layer_file
from postil_study.layers.values import states, update_segment
from postil_study.text.values import CodeUse, Layer
from tests.transcripts_support import FIRST, HEADER, LAYER, RELATION, SECOND, layers

PATH = "codings/ana/I01.jsonl"


def read(*lines: str) -> tuple[Layer, list[Problem]]:
    return read_layer("\n".join(lines).encode() + b"\n", PATH)


def rules(problems: list[Problem]) -> list[tuple[int, str]]:
    return [(problem.place.line, problem.rule) for problem in problems]


def test_a_layer_in_order() -> None:
    layer, problems = read(LAYER.rstrip("\n"))
    assert problems == []
    assert layer.header.coder == "ana"
    assert [s.id for s in layer.segments] == ["aaaaaaaaaa", "bbbbbbbbbb"]
    relation = layer.relations[0]
    assert (relation.source, relation.source_code, relation.target, relation.target_code) == (
        "aaaaaaaaaa", "popularity", "bbbbbbbbbb", "issues",
    )  # fmt: skip
    assert (relation.type, relation.cue, relation.mode) == ("leads-to", (75, 79), "")


def test_the_written_form_is_that_of_the_design() -> None:
    layer, _ = read(
        '{"postil":1,"kind":"coder","coder":"ana","transcript":"I01","round":"R1","done":"2026-11-02"}',
        '{"id":"b","start":120,"end":245,"codes":["find-ptm",{"code":"maintenance","mode":"deny"}],"quote":"the words","memo":"m","at":"t"}',  # noqa: E501
        '{"id":"a","codes":["saturated"],"memo":"whole"}',
        '{"id":"r","from":"b","from_code":"evaluate","to":"a","to_code":"find-ptm","type":"goes-back-to","guard":"poor","cue":[246,250]}',
        '{"id":"d","deleted":"2026-11-03T09:00:00Z"}',
    )
    assert encode_layer(layer).decode().splitlines() == [
        '{"postil":1,"kind":"coder","coder":"ana","transcript":"I01","round":"R1","done":"2026-11-02"}',
        '{"id":"a","codes":["saturated"],"memo":"whole"}',
        '{"id":"b","start":120,"end":245,"codes":["find-ptm",{"code":"maintenance","mode":"deny"}],"quote":"the words","memo":"m","at":"t"}',  # noqa: E501
        '{"id":"r","from":"b","from_code":"evaluate","to":"a","to_code":"find-ptm","type":"goes-back-to","guard":"poor","cue":[246,250]}',
        '{"id":"d","deleted":"2026-11-03T09:00:00Z"}',
    ]


@given(layers())
def test_what_is_written_is_read_back(layer: Layer) -> None:
    data = encode_layer(layer)
    again, problems = read_layer(data, layer.path)
    assert again == layer
    assert all(problem.rule == "unknown-key" for problem in problems)
    assert encode_layer(again) == data


@given(layers())
def test_fast_and_careful_reading_agree(layer: Layer) -> None:
    data = encode_layer(layer)
    careful = layer_file._read_with_care(data, layer.path)
    assert careful.layer == read_layer_file(data, layer.path).layer


def test_unchanged_records_keep_their_very_line() -> None:
    odd = '{"codes": ["popularity"], "end": 73, "start": 41, "id": "aaaaaaaaaa", "x-mine": {"a": [1]}}'
    data = "\n".join([HEADER, odd, SECOND, RELATION]).encode() + b"\n"
    file = read_layer_file(data, PATH)
    assert file.problems == ()
    changed = update_segment(file.layer, msgspec.structs.replace(file.layer.by_id["bbbbbbbbbb"], memo="now with memo"))
    lines = encode_layer(changed, file).decode().splitlines()
    assert lines[0] == HEADER
    assert lines[1] == odd
    assert lines[2] == SECOND[:-1] + ',"memo":"now with memo"}'
    assert lines[3] == RELATION


def test_lines_that_cannot_be_read_are_named_and_kept() -> None:
    broken = '{"id":"dddddddddd","start":1,"end":'
    wrong = '{"id":"eeeeeeeeee","start":"one","end":2}'
    data = "\n".join([HEADER, broken, FIRST, wrong]).encode() + b"\n"
    file = read_layer_file(data, PATH)
    assert rules(list(file.problems)) == [(2, "json"), (4, "record")]
    assert "Expected int | null, got str" in file.problems[1].message
    written = encode_layer(file.layer, file).decode().splitlines()
    assert written == [HEADER, FIRST, broken, wrong]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('{"id":"x","start":5}', "only one of start and end"),
        ('{"id":"x","start":5,"end":5}', "cannot reach from 5 to 5"),
        ('{"id":"x","start":-1,"end":5}', "cannot reach from -1 to 5"),
        ('{"start":1,"end":5}', "missing required field id"),
        ('{"id":"","start":1,"end":5}', "needs an id"),
        ('{"id":"x","start":1,"end":5,"codes":[{"code":"c","mode":"maybe"}]}', "Invalid enum value 'maybe'"),
        ('{"id":"x","from":"a","to":"b","type":"causes"}', "Invalid enum value 'causes'"),
        ('{"id":"x","deleted":5}', "Expected str, got int"),
        ("[1]", "a record in braces"),
        ('{"id":"\\ud800"}', "not JSON"),
    ],
)
def test_records_that_cannot_be(line: str, message: str) -> None:
    layer, problems = read(HEADER, line)
    assert not states(layer)
    assert len(problems) == 1
    assert message in problems[0].message
    assert problems[0].place.line == 2


def test_unknown_keys_are_kept_and_named_with_the_nearest() -> None:
    layer, problems = read(HEADER, '{"id":"x","start":1,"end":5,"memmo":"m","x-own":1}')
    assert layer.segments[0].extra == {"memmo": "m", "x-own": 1}
    assert [str(p) for p in problems] == [
        f"{PATH}:2: warning: it is kept, but there is no key 'memmo' in a record; did you mean 'memo'."
    ]


def test_conflict_markers_of_git_both_sides_are_read() -> None:
    mine = FIRST.replace('"at":"2026-01-01', '"memo":"mine","at":"2026-03-01')
    theirs = FIRST.replace('"at":"2026-01-01', '"memo":"theirs","at":"2026-02-01')
    layer, problems = read(
        HEADER, "<<<<<<< HEAD", mine, SECOND, "||||||| base", FIRST, "=======", theirs, ">>>>>>> ben", RELATION
    )
    assert [(s.id, s.memo) for s in layer.segments] == [("aaaaaaaaaa", "mine"), ("bbbbbbbbbb", "")]
    assert [r.id for r in layer.relations] == ["cccccccccc"]
    assert rules(problems) == [(2, "git-conflict"), (8, "record-twice")]
    assert "newest" in problems[1].message
    assert "<<<<" not in encode_layer(layer, read_layer_file(b"", PATH)).decode()


def test_equally_new_versions_are_both_kept_and_listed() -> None:
    one, other = SECOND.replace("issues.", "issues!"), SECOND
    layer, problems = read(HEADER, "<<<<<<< HEAD", one, "=======", other, ">>>>>>> ben")
    assert {s.id for s in layer.segments} == {"bbbbbbbbbb", "bbbbbbbbbb.2"}
    assert {s.quote for s in layer.segments} == {"Then at the issues!", "Then at the issues."}
    assert rules(problems) == [(2, "git-conflict"), (5, "record-twice")]
    swapped, _ = read(HEADER, "<<<<<<< HEAD", other, "=======", one, ">>>>>>> ben")
    assert swapped == layer, "the order of the sides does not matter"
    once_more, no_problems = read_layer(encode_layer(layer), PATH)
    assert once_more == layer
    assert no_problems == []


def test_a_newer_deletion_wins_and_an_older_one_does_not() -> None:
    for at, alive in (("2026-02-01T00:00:00Z", False), ("2025-12-01T00:00:00Z", True)):
        layer, problems = read(HEADER, FIRST, f'{{"id":"aaaaaaaaaa","deleted":"{at}"}}')
        assert ("aaaaaaaaaa" in layer.by_id) is alive
        assert ("aaaaaaaaaa" in layer.deleted) is not alive
        assert rules(problems) == [(3, "record-twice")]


def test_two_headers_in_a_conflict_count_as_done_only_together() -> None:
    done = HEADER[:-1] + ',"done":"2026-11-02"}'
    layer, problems = read("<<<<<<< HEAD", done, "=======", HEADER, ">>>>>>> ben", FIRST)
    assert layer.header.done == ""
    assert layer.header.coder == "ana"
    assert len(layer.segments) == 1
    assert (4, "layer-header") in rules(problems)


def test_header_missing_broken_or_of_another_version() -> None:
    layer, problems = read(FIRST)
    assert (layer.header.coder, layer.header.transcript) == ("ana", "I01"), "taken from the path"
    assert rules(problems) == [(1, "layer-header")]
    _, problems = read('{"postil":1,"coder":"ana"}', FIRST)
    assert rules(problems) == [(1, "layer-header"), (1, "layer-header")]
    _, problems = read(HEADER.replace('"postil":1', '"postil":2'), FIRST)
    assert rules(problems) == [(1, "format-version")]
    layer, problems = read(HEADER.replace('"coder","coder"', '"rater","coder"'), FIRST)
    assert layer.header.kind == "source", "what it is nobody knows, so it counts for nothing"
    assert rules(problems) == [(1, "layer-header")]


def test_windows_line_ends_marks_and_blank_lines_are_no_problem() -> None:
    data = b"\xef\xbb\xbf" + LAYER.replace("\n", "\r\n").encode() + b"\r\n\r\n"
    layer, problems = read_layer(data, PATH)
    assert problems == []
    assert layer == read(LAYER.rstrip("\n"))[0]


def test_records_in_any_order_are_put_in_order() -> None:
    layer, problems = read(HEADER, RELATION, SECOND, FIRST)
    assert problems == []
    assert layer == read(LAYER.rstrip("\n"))[0]


def test_places_of_records() -> None:
    file = read_layer_file("\n".join([HEADER, "", FIRST, SECOND]).encode(), PATH)
    assert file.number_of == {"aaaaaaaaaa": 3, "bbbbbbbbbb": 4}


token = st.sampled_from(
    ['{"id":"a"', ',"start":1', ',"end":', "5}", "\n", "\r\n", '"from":"a"', "<<<<<<<", "=======", ">>>>>>>", "|||||||",
     '{"postil":1,"coder":"c","transcript":"t"}', '{"id":"a","deleted":"x"}', "[", "null", '"', "{}", "1e999", "9" * 30,
     '{"id":"a","codes":["x"]}', '{"id":"a","codes":["y"]}', "\x00", '{"id":1}', '{"id":"b","extra":{"id":"z"}}',
     "[" * 99]
)  # fmt: skip


@given(st.one_of(st.binary(max_size=200), st.lists(token, max_size=14).map(lambda parts: "".join(parts).encode())))
def test_no_file_makes_the_reader_fail_and_saving_keeps_what_it_says(data: bytes) -> None:
    file = read_layer_file(data, PATH)
    written = encode_layer(file.layer, file)
    again = read_layer_file(written, PATH)
    assert states(again.layer) == states(file.layer)
    assert again.unread == file.unread
    for problem in file.problems:
        assert problem.place.path == PATH
        assert problem.message


def test_deep_nesting_is_a_problem_and_no_crash() -> None:
    layer, problems = read(HEADER, '{"id":"x","memo":' + "[" * 100_000, FIRST)
    assert rules(problems) == [(2, "json")]
    assert len(layer.segments) == 1


def test_modes_are_read_as_code_uses() -> None:
    layer, _ = read(HEADER, '{"id":"x","codes":["a",{"code":"b","mode":"wish"},{"code":"c"}]}')
    assert layer.segments[0].uses == (CodeUse("a"), CodeUse("b", "wish"), CodeUse("c"))
    assert layer.segments[0].code_ids == ("a", "b", "c")


def test_json_of_others_is_written_as_json() -> None:
    layer, _ = read(HEADER)
    header = replace(layer.header, extra={"x-a": "é\u2028"}, round='R"1')
    first = encode_layer(replace(layer, header=header)).splitlines()[0]
    assert json.loads(first)["x-a"] == "é\u2028"
    assert json.loads(first)["round"] == 'R"1'
