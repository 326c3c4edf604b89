from __future__ import annotations

import time

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from postil_base.problem import Problem
from postil_base.yaml.fields import Fields, unknown_keys
from postil_base.yaml.places import YamlMap, YamlScalar, YamlSeq, load_map, load_yaml, plain


def rules(problems: list[Problem]) -> list[str]:
    return [problem.rule for problem in problems]


def test_everything_knows_its_place() -> None:
    root, problems = load_yaml("\ufeff# c\r\na: 1\r\nb:\r\n  - x\r\n  - {y: 'z'}\r\n", "f.yaml")
    assert problems == []
    assert isinstance(root, YamlMap)
    seq = root["b"]
    assert isinstance(seq, YamlSeq)
    inner = seq.items[1]
    assert isinstance(inner, YamlMap)
    assert [str(inner.place), str(inner["y"].place), str(seq.place)] == ["f.yaml:5:5", "f.yaml:5:9", "f.yaml:4:3"]
    assert inner["y"].style == "'"  # type: ignore[union-attr]


def test_lines_are_those_of_editors() -> None:
    root, _ = load_yaml("a: 'x\u2028y\u0085z'\nb: 1\n", "f.yaml")
    assert isinstance(root, YamlMap)
    assert root["b"].place.line == 2


def test_text_stays_text() -> None:
    root, _ = load_yaml("no: 12:30\n1.0: yes\n0x10: 1_000\nd: 2026-11-02\n~: x\n", "f.yaml")
    assert isinstance(root, YamlMap)
    assert root.keys() == ("no", "1.0", "0x10", "d", "~")
    assert plain(root) == {"no": "12:30", "1.0": "yes", "0x10": "1_000", "d": "2026-11-02", "~": "x"}


def test_plain_values() -> None:
    root, _ = load_yaml("[1, -2, 1.5, .5, 1e3, 1e999, true, FALSE, null, ~, '', \"1\", on]", "f.yaml")
    assert plain(root) == [1, -2, 1.5, 0.5, 1000.0, "1e999", True, False, None, None, "", "1", "on"]


@pytest.mark.parametrize(
    ("text", "rule", "place"),
    [
        ("a: [1,\nb: 2\n", "yaml-syntax", "f.yaml:3:1"),
        ("a: b: c\n", "yaml-syntax", "f.yaml:1:5"),
        ("a:\n\t- b\n", "yaml-syntax", "f.yaml:2:1"),
        ("a: 'x\n", "yaml-syntax", "f.yaml:2:1"),
        ("a: 1\n---\nb: 2\n", "yaml-syntax", "f.yaml:2:1"),
        ("a: b\n\n  \x1b[31m\n", "yaml-syntax", "f.yaml:3:3"),
        ("a: \ud800\n", "yaml-syntax", "f.yaml:1:4"),
        ("a: 1\nb: 2\na: 3\n", "duplicate-key", "f.yaml:3:1"),
        ('a: "\\x1b[31m"\n', "control-character", "f.yaml:1:4"),
        ("a: x\u202ey\n", "control-character", "f.yaml:1:4"),
        ("a: &x [*x]\n", "yaml-alias", "f.yaml:1:8"),
        ("a: *nowhere\n", "yaml-alias", "f.yaml:1:4"),
        ("a: !!python/object/apply:os.system [ls]\n", "yaml-tag", "f.yaml:1:4"),
        ("a: !x b\n", "yaml-tag", "f.yaml:1:4"),
        ("? [a]\n: b\n", "yaml-type", "f.yaml:1:3"),
        ("a: 1\n<<<<<<< ours\nb: 1\n=======\nb: 2\n>>>>>>> theirs\n", "merge-conflict", "f.yaml:2:1"),
    ],
)
def test_what_is_wrong_has_a_place(text: str, rule: str, place: str) -> None:
    _, problems = load_yaml(text, "f.yaml")
    assert (problems[0].rule, str(problems[0].place)) == (rule, place)


BOMB = "a: &a [x,x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{chr(98 + i)}: &{chr(98 + i)} [{','.join([f'*{chr(97 + i)}'] * 10)}]\n" for i in range(9)
)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        (BOMB, "yaml-size"),
        ("[" * 100_000, "yaml-syntax"),
        ("{a: " * 100_000, "yaml-depth"),
        ("- " * 100_000, "yaml-depth"),
        ("? " * 100_000, "yaml-depth"),
        ("".join(" " * i + "a:\n" for i in range(2000)), "yaml-depth"),
        ("{" + "a," * 200_000, "duplicate-key"),
        (":" * 200_000, "yaml-syntax"),
        ("a: " + "x" * 9_000_000, "yaml-size"),
        ('a: "' + "\\x1b" * 100_000 + '"', "control-character"),
    ],
)
def test_attacks_end_soon_with_a_problem(text: str, rule: str) -> None:
    start = time.monotonic()
    _, problems = load_yaml(text, "f.yaml")
    assert rule in rules(problems)
    assert len(problems) <= 110
    assert time.monotonic() - start < 5


def test_an_empty_file_is_nothing_and_no_problem() -> None:
    for text in ("", "\n\n", "# only a comment\n", "\ufeff"):
        assert load_yaml(text, "f") == (None, [])
        assert load_map(text, "f") == (None, [])
    assert rules(load_map("- a\n", "f")[1]) == ["yaml-type"]
    assert rules(load_map("text\n", "f")[1]) == ["yaml-type"]


@given(st.text(st.sampled_from("ab:-?[]{},#&*!|>'\"%@ \n\t\r~😀\u2028\x1b1."), max_size=60))
@settings(max_examples=300, deadline=None)
def test_any_text_gives_a_tree_or_a_problem(text: str) -> None:
    root, problems = load_yaml(text, "f.yaml")
    for problem in problems:
        assert 1 <= problem.place.line <= text.count("\n") + text.count("\r") + 1
        assert problem.place.column >= 1
    try:
        expected = yaml.compose(text.removeprefix("\ufeff"), Loader=yaml.SafeLoader)
    except (yaml.YAMLError, RecursionError):
        return
    if not problems and expected is not None:
        assert root is not None


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20), st.integers(0, 3))
def test_scalars_point_at_their_characters(word: str, blank: int) -> None:
    from postil_base.yaml.write import render_flow

    written = render_flow(word)
    text = f"{'# 😀' * blank}\nkey: {written}\n"
    root, _ = load_yaml(text, "f.yaml")
    assert isinstance(root, YamlMap)
    node = root["key"]
    assert isinstance(node, YamlScalar)
    assert text[node.start : node.end] == written


def test_fields_report_wrong_types_and_go_on() -> None:
    text = "n: ten\nb: maybe\nt: [a]\nl: {a: b}\nw: 1.5\nc: blu\nm: text\n"
    root, problems = load_yaml(text, "f.yaml")
    fields = Fields(root, problems, "thing")
    assert (fields.number("n"), fields.flag("b", True), fields.text("t", "?")) == (None, True, "?")
    assert (fields.texts("l"), fields.whole("w"), fields.choice("c", ("blue", "red"))) == ((), None, "")
    assert fields.fields("m").text("x") == ""
    assert fields.close() == {}
    assert [problem.place.line for problem in problems] == [1, 2, 3, 4, 5, 6, 7]
    assert "did you mean 'blue'" in problems[5].message


def test_entries_read_mappings_and_lists() -> None:
    text = "a: {x: 1, y: 2}\nb: [{id: x}, y, {id: x}, {n: 1}, [z]]\nc: text\n"
    root, problems = load_yaml(text, "f.yaml")
    fields = Fields(root, problems, "")
    assert [key.text for key, _ in fields.entries("a")] == ["x", "y"]
    assert [key.text for key, _ in fields.entries("b")] == ["x", "y"]
    assert list(fields.entries("c")) == []
    assert list(fields.entries("nothing")) == []
    assert rules(problems) == ["duplicate-id", "missing-id", "missing-id", "yaml-type"]


def test_many_unknown_keys_do_not_take_for_ever() -> None:
    root, _ = load_yaml("".join(f"key{n}: 1\n" for n in range(20_000)), "f.yaml")
    assert isinstance(root, YamlMap)
    start = time.monotonic()
    found = unknown_keys(root, ["label", "memo"], "code x")
    assert time.monotonic() - start < 2
    assert len(found) == 21
    assert "19980 more keys" in found[-1].message
