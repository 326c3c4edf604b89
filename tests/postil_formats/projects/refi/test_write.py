"""What we write keeps to the standard and reads back as it was."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from postil_formats.projects.refi import values as v
from postil_formats.projects.refi.guids import kept_or_stable, stable_guid
from postil_formats.projects.refi.positions import UTF16_MARK
from postil_formats.projects.refi.read import read_refi
from postil_formats.projects.refi.write import codebook_xml, project_xml, project_zip

text = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n\t", exclude_characters="\ufffe\uffff"),
    max_size=30,
)
line = text.map(lambda words: " ".join(words.split()))
guids = st.integers(0, 10**9).map(lambda number: stable_guid("test", str(number)))


@st.composite
def projects(draw: st.DrawFn) -> v.Project:
    ids = iter(draw(st.lists(guids, min_size=120, max_size=120, unique=True)))
    users = tuple(v.User(next(ids), draw(line)) for _ in range(draw(st.integers(1, 3))))
    codes: list[v.RefiCode] = []
    for _ in range(draw(st.integers(1, 5))):
        parent = draw(st.sampled_from([None, *(code.guid for code in codes)]))
        color = draw(st.sampled_from(["", "#AABBCC"]))
        codes.append(v.RefiCode(next(ids), draw(line), parent, draw(text).strip(), color, draw(st.booleans())))
    sources = tuple(_source(draw, ids, users, codes) for _ in range(draw(st.integers(0, 2))))
    notes = tuple(
        v.RefiNote(next(ids), draw(line), draw(text), user=users[0].guid) for _ in range(draw(st.integers(0, 2)))
    )
    sets = tuple(v.CodeSet(next(ids), draw(line), codes=(codes[0].guid,)) for _ in range(draw(st.integers(0, 1))))
    return v.Project(
        draw(line) or "p", "a test", users=users, codes=_tree(codes), sources=sources, notes=notes, sets=sets
    )


def _tree(codes: list[v.RefiCode]) -> tuple[v.RefiCode, ...]:
    """In the order of a tree, as a file has them."""
    below: dict[str | None, list[v.RefiCode]] = {}
    for code in codes:
        below.setdefault(code.parent, []).append(code)
    found: list[v.RefiCode] = []
    waiting = below.get(None, [])[::-1]
    while waiting:
        code = waiting.pop()
        found.append(code)
        waiting += below.get(code.guid, [])[::-1]
    return tuple(found)


def _source(draw: st.DrawFn, ids: Any, users: tuple[v.User, ...], codes: list[v.RefiCode]) -> v.RefiSource:
    words = draw(st.lists(st.sampled_from(["view", "😀", "naïve", "模型", "\n"]), min_size=3, max_size=30))
    content = " ".join(["view", *words])  # a text of nothing but space counts as empty
    selections = []
    for _ in range(draw(st.integers(0, 4))):
        start = draw(st.integers(0, len(content) - 1))
        end = draw(st.integers(start + 1, len(content)))
        user = draw(st.sampled_from(users)).guid
        coding = v.RefiCoding(next(ids), draw(st.sampled_from(codes)).guid, user)
        name = " ".join(content[start:end].split())
        selections.append(
            v.RefiSelection(next(ids), start, end, name, draw(text).strip(), user, codings=(coding,), span=(start, end))
        )
    guid = next(ids)
    return v.RefiSource(guid, draw(line), text=content, path=f"internal://{guid}.txt", selections=tuple(selections))


@settings(max_examples=60, deadline=None)
@given(projects(), st.booleans())
def test_a_project_reads_back_and_keeps_to_the_standard(project: v.Project, utf16: bool) -> None:
    project = replace(project, origin=f"Postil 1 {UTF16_MARK}" if utf16 else "Postil 1")
    found = read_refi(project_zip(project, utf16=utf16), "x.qdpx")
    assert found.schema_problems == () and [r for r in found.remarks if r.lost] == []
    assert (found.users, found.codes, found.sets) == (project.users, project.codes, project.sets)
    assert [(n.name, n.text, n.user) for n in found.notes] == [(n.name.strip(), n.text, n.user) for n in project.notes]
    spans = [[(s.guid, s.span, s.description, s.codings) for s in source.selections] for source in project.sources]
    assert [
        [(s.guid, s.span, s.description, s.codings) for s in source.selections] for source in found.sources
    ] == spans


def project() -> v.Project:
    code, user, source = stable_guid("c"), stable_guid("u"), stable_guid("s")
    words = "I: 😀 yes.\nP: no."
    span = (words.index("no"), words.index("no") + 2)
    coding = v.RefiCoding(stable_guid("k"), code, user)
    selection = v.RefiSelection(stable_guid("x"), *span, "no", user=user, codings=(coding,), span=span)
    return v.Project(
        "p",
        "Postil",
        users=(v.User(user, "Ann"),),
        codes=(v.RefiCode(code, "Code"),),
        sources=(v.RefiSource(source, "I01", text=words, selections=(selection,)),),
    )


def test_the_bytes_are_the_same_each_time_and_as_others_want_them() -> None:
    data = project_zip(project())
    assert data == project_zip(project())
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = archive.namelist()
        xml, words = archive.read("project.qde"), archive.read(names[1])
    assert names == ["project.qde", f"sources/{stable_guid('s')}.txt"]
    assert xml.startswith(b'<?xml version="1.0" encoding="utf-8"?>\n<Project ') and b"\r" not in xml
    assert words == "I: 😀 yes.\nP: no.".encode() and not words.startswith(b"\xef\xbb\xbf")


def test_the_person_is_on_both_levels_and_guids_are_upper_case() -> None:
    xml = project_xml(project()).decode()
    assert xml.count(f'creatingUser="{stable_guid("u")}"') == 2
    assert stable_guid("u") == stable_guid("u").upper()


def test_positions_for_nvivo_count_utf16_units() -> None:
    assert 'startPosition="13"' in project_xml(project()).decode()
    assert 'startPosition="14"' in project_xml(project(), utf16=True).decode()


def test_a_codebook_alone_has_no_empty_sets_and_its_own_member_attribute() -> None:
    codes = (v.RefiCode(stable_guid("c"), "Code"),)
    alone = codebook_xml(codes, (), "Postil")
    assert b"Sets" not in alone and read_refi(alone, "x.qdc").schema_problems == ()
    both = codebook_xml(codes, (v.CodeSet(stable_guid("g"), "Group", codes=(codes[0].guid,)),), "Postil")
    found = read_refi(both, "x.qdc")
    assert found.schema_problems == () and found.sets[0].codes == (codes[0].guid,)


def test_what_xml_cannot_hold_is_replaced() -> None:
    odd = replace(project(), codes=(v.RefiCode(stable_guid("c"), "a\x00b\x1bc"),))
    assert read_refi(project_zip(odd), "x.qdpx").codes[0].name == "a�b�c"


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        ("<Project/>", "namespace is none"),
        ('<Project xmlns="urn:QDA-XML:project:1.0"/>', "Project has no name"),
        ('<Project xmlns="urn:QDA-XML:project:1.0" name="x"><Sets/></Project>', "Sets has no Set"),
        ('<Project xmlns="urn:QDA-XML:project:1.0" name="x"><Description/><Users/></Project>', "too late"),
        ('<Project xmlns="urn:QDA-XML:project:1.0" name="x" creatingUserGUID="1"/>', "is no GUID"),
    ],
)
def test_what_does_not_keep_to_the_schema_is_named(broken: str, said: str) -> None:
    assert any(said in problem for problem in read_refi(broken.encode(), "x.qde").schema_problems)


def test_guids_are_kept_or_always_the_same() -> None:
    kept = "{5215cc69-b628-4e02-afb9-9beeaee55808}"
    assert kept_or_stable(kept, "a") == "5215CC69-B628-4E02-AFB9-9BEEAEE55808"
    assert kept_or_stable("k3m9x0q2ab", "a") == stable_guid("a") == kept_or_stable(None, "a")
