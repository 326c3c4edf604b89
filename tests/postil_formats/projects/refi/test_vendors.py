"""Projects as programs write them that we could not run: imitations of NVivo, MAXQDA, ATLAS.ti, Quirkos, f4, Dedoose,
Transana and of files between versions. Each comes in with its codings on their words, and what is odd is said.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from postil_formats.projects.incoming.new_study import study_from
from postil_formats.projects.incoming.plan import ProjectPlan
from postil_formats.projects.peers.read import read_project
from postil_formats.projects.refi.read import read_refi
from postil_formats.projects.refi.values import Project
from postil_study.check.study import check_study
from postil_study.study import open_study
from tests.docx_maker import docx, para

TEXT = "I: Why that one?\nP1: Because of the downloads.\nI: And then?\nP1: We read the issues."
WORDS = ["Because of the downloads.", "We read the issues."]
STANDARD = 'xmlns="urn:QDA-XML:project:1.0"'
PATH = 'plainTextPath="internal://A.txt"'


def guid(number: int) -> str:
    return f"{number:08X}-0000-4000-8000-000000000000"


CODES = (
    f'<Code guid="{guid(1)}" name="Popularity" isCodable="true" color="#FF0000"><Description/></Code>'
    f'<Code guid="{guid(2)}" name="Group" isCodable="false">'
    f'<Code guid="{guid(3)}" name="Issues" isCodable="true"/></Code>'
)


def place(words: str, text: str = TEXT) -> tuple[int, int]:
    return text.index(words), text.index(words) + len(words)


def selected(number: int, start: object, end: object, code: int = 1, user: str = "", more: str = "") -> str:
    by = f' creatingUser="{user}"' if user else ""
    coding = f'<Coding guid="{guid(2000 + number)}"{by}><CodeRef targetGUID="{guid(code)}"/>{more}</Coding>'
    place = f'startPosition="{start}" endPosition="{end}"'
    return f'<PlainTextSelection guid="{guid(1000 + number)}" {place}{by}>{coding}</PlainTextSelection>'


BOTH = selected(1, *place(WORDS[0])) + selected(2, *place(WORDS[1]), 3)


def text_source(selections: str = BOTH, where: str = PATH, name: str = 'name="One"', number: int = 50) -> str:
    return f'<TextSource guid="{guid(number)}" {name} {where}>{selections}</TextSource>'


def project(
    sources: str = "",
    *,
    namespace: str = STANDARD,
    origin: str = "",
    codes: str = CODES,
    users: str = "",
    more: str = "",
) -> str:
    people = f"<Users>{users}</Users>" if users else ""
    book = f"<CodeBook><Codes>{codes}</Codes></CodeBook>"
    inside = f"{people}{book}<Sources>{sources or text_source()}</Sources>{more}"
    return f'<?xml version="1.0" encoding="utf-8"?><Project name="T" origin="{origin}" {namespace}>{inside}</Project>'


def packed(xml: str | bytes, files: Mapping[str, str | bytes] | None = None, qde: str = "project.qde") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(qde, xml)
        for name, data in ({"sources/A.txt": TEXT} if files is None else files).items():
            archive.writestr(name, data)
    return out.getvalue()


def windows(text: str) -> bytes:
    return b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode()


@dataclass(frozen=True)
class Variant:
    """A file, the words coded in it, and what must be said of it."""

    file: bytes
    words: list[str]
    said: str = ""


def paths() -> dict[str, Variant]:
    """Where programs put the text, and what they call the place."""

    def at(where: str, member: str = "sources/A.txt", said: str = "") -> Variant:
        return Variant(packed(project(text_source(where=where)), {member: TEXT}), WORDS, said)

    said = "read from sources/A.txt of the file"
    return {
        "folder in capitals": at(PATH, "SOURCES/A.TXT"),
        "folder of another name": at(PATH, "Source/A.txt"),
        "backslashes": at(PATH, "sources\\A.txt"),
        "no scheme": at('plainTextPath="A.txt"'),
        "relative": at('plainTextPath="relative:///A.txt"', said=said),
        "relative with folder": at('plainTextPath="relative:///sources/A.txt"', said=said),
        "absolute": at('plainTextPath="absolute:///C:/Users/ann/A.txt"', said=said),
        "Windows path": at('plainTextPath="absolute:///C:\\Users\\ann\\A.txt"', said=said),
        "currentPath": at('currentPath="internal://A.txt"'),
        "path": at('path="internal://A.txt"'),
        "escaped": at('plainTextPath="internal://My%20Interview.txt"', "sources/My Interview.txt"),
        "composed letters": at('plainTextPath="internal://M\u00fcller.txt"', "sources/Mu\u0308ller.txt"),
        "packed folder": Variant(packed(project(), {"P/sources/A.txt": TEXT}, "P/project.qde"), WORDS),
        "from a Mac": Variant(
            packed(project(), {"sources/A.txt": TEXT, "__MACOSX/._project.qde": "", "__MACOSX/sources/._A.txt": ""}),
            WORDS,
        ),
        "not there": Variant(packed(project(), {}), [], "its text internal://A.txt is not in the project file"),
        "Word only": Variant(
            packed(
                project(text_source(where='richTextPath="internal://A.docx"')),
                {"sources/A.docx": docx(*(para(line) for line in TEXT.split("\n")))},
            ),
            WORDS,
            "its words are read from sources/A.docx",
        ),
    }  # fmt: skip


def texts() -> dict[str, Variant]:
    """How texts are written, and how positions are counted in them."""
    start, end = place(WORDS[0])
    smile = f"\U0001f600{TEXT}"
    nvivo = [place(words, smile) for words in WORDS]
    counted = [
        selected(n, low + 1 + line, high + 1 + line)
        for n, ((low, high), line) in enumerate(zip(nvivo, (1, 3), strict=True))
    ]
    inline = f'<TextSource guid="{guid(50)}" name="One"><PlainTextContent>{TEXT}</PlainTextContent>{BOTH}</TextSource>'
    marked = inline.replace(f">{TEXT}<", f"><![CDATA[{TEXT}]]><")
    return {
        "NVivo: mark, CRLF, UTF-16": Variant(
            packed(project(text_source("".join(counted)), origin="NVivo"), {"Sources/A.txt": windows(smile)}), WORDS
        ),
        "text in UTF-16": Variant(packed(project(), {"sources/A.txt": TEXT.encode("utf-16")}), WORDS),
        "CR alone": Variant(packed(project(), {"sources/A.txt": TEXT.replace("\n", "\r")}), WORDS),
        "f4: mark, CRLF counts one": Variant(
            packed(project(origin="f4analyse 3.4"), {"sources/A.txt": windows(TEXT)}), WORDS
        ),
        "inline": Variant(packed(project(inline), {}), WORDS),
        "inline, marked section": Variant(packed(project(marked), {}), WORDS),
        "XML in UTF-16": Variant(packed(project().replace('"utf-8"', '"utf-16"').encode("utf-16")), WORDS),
        "XML with a mark": Variant(packed(b"\xef\xbb\xbf" + project().encode()), WORDS),
        "positions with a point": Variant(
            packed(project(text_source(selected(1, f"{start}.0", f"{end}.0")))), WORDS[:1]
        ),
    }  # fmt: skip


def shapes() -> dict[str, Variant]:
    """What is named otherwise, doubled, missing, out of order."""
    prefixed = project().replace("<", "<q:").replace("<q:/", "</q:").replace("<q:?", "<?").replace("xmlns=", "xmlns:q=")
    doubled = (
        f'<Code guid="{guid(1)}" name="Trust" isCodable="true"/><Code guid="{guid(2)}" name="B" isCodable="true">'
        f'<Code guid="{guid(3)}" name="Trust" isCodable="true"/></Code>'
    )
    sets = f'<Set guid="{guid(71)}" name="Inner"><MemberCode targetGUID="{guid(1)}"/></Set>'
    sets = f'<Set guid="{guid(70)}" name="Outer">{sets}</Set>'
    late = project().replace(f"<CodeBook><Codes>{CODES}</Codes></CodeBook>", "")
    late = late.replace("</Sources>", f"</Sources><CodeBook><Codes>{CODES}</Codes></CodeBook>")
    nameless = project().replace(f'guid="{guid(1001)}"', "").replace(f'guid="{guid(2001)}"', "")
    two = f'<CodeRef targetGUID="{guid(3)}"/>'
    return {
        "no namespace": Variant(packed(project(namespace="")), WORDS, "none is not the standard's"),
        "another namespace": Variant(packed(project(namespace='xmlns="urn:QDA-XML:0:4"')), WORDS, "QDA-XML:0:4"),
        "a prefix": Variant(packed(prefixed), WORDS),
        "names twice": Variant(packed(project(codes=doubled)), WORDS),
        "GUIDs twice": Variant(packed(project(codes=CODES.replace(guid(2), guid(1)))), WORDS, "more than once"),
        "GUIDs in braces": Variant(packed(project().replace(f'"{guid(3)}"', f'"{{{guid(3).lower()}}}"', 1)), WORDS),
        "ids that are none": Variant(packed(project().replace(guid(1), "code-1")), WORDS),
        "no ids": Variant(packed(nameless), WORDS),
        "no name": Variant(packed(project(text_source(name=""))), WORDS),
        "out of order": Variant(packed(late), WORDS),
        "sets in sets": Variant(
            packed(project(more=f"<Sets>{sets}</Sets>")), WORDS, "in the set Outer"
        ),
        "comments": Variant(packed(project("<!-- x --><?y z?>" + text_source("<!-- x -->" + BOTH))), WORDS),
        "two codes in a coding": Variant(
            packed(project(text_source(selected(1, *place(WORDS[0]), more=two)))), WORDS[:1]
        ),
        "nothing": Variant(packed(f'<Project name="T" {STANDARD}/>', {}), []),
        "a user who is none": Variant(
            packed(project(text_source(selected(1, *place(WORDS[0]), user="Somebody")))), WORDS[:1], "user Somebody"
        ),
        "a user with a domain": Variant(
            packed(
                project(
                    text_source(selected(1, *place(WORDS[0]), user=guid(90))),
                    users=f'<User guid="{guid(90)}" name="DOMAIN\\ann/b:*?"/>',
                )
            ),
            WORDS[:1],
        ),
        "a name that is a path": Variant(packed(project(text_source(name='name="../../etc/passwd"'))), WORDS),
        "a long name": Variant(packed(project(text_source(name=f'name="{"x" * 400}"'))), WORDS),
    }  # fmt: skip


def media() -> dict[str, Variant]:
    """Recordings with transcripts, PDF with their text, pictures."""
    start, end = place(WORDS[0])
    coding = f'<Coding guid="{guid(57)}"><CodeRef targetGUID="{guid(1)}"/></Coding>'
    points = "".join(
        f'<SyncPoint guid="{guid(n)}" timeStamp="{at}" position="{at}"/>' for n, at in ((54, start), (55, end))
    )
    spoken = f'<TranscriptSelection guid="{guid(56)}" fromSyncPoint="{guid(54)}" toSyncPoint="{guid(55)}">{coding}'
    stretch = (
        f'<AudioSelection guid="{guid(58)}" begin="0" end="9000">{coding.replace(guid(57), guid(59))}</AudioSelection>'
    )
    audio = (
        f'<AudioSource guid="{guid(52)}" name="rec" path="internal://rec.mp3"><Transcript guid="{guid(53)}" name="tr" '
        f"{PATH}>{points}{spoken}</TranscriptSelection></Transcript>{stretch}</AudioSource>"
    )
    pdf = (
        f'<PDFSource guid="{guid(52)}" name="paper" path="internal://p.pdf">'
        f'<Representation guid="{guid(53)}" {PATH}>{BOTH}</Representation></PDFSource>'
        f'<PictureSource guid="{guid(62)}" name="pic" path="relative:///x.png"/>'
        f'<VideoSource guid="{guid(65)}"><VideoSelection guid="{guid(66)}" begin="x" end="2"/></VideoSource>'
    )
    return {
        "Transana": Variant(
            packed(project(audio, origin="Transana"), {"sources/A.txt": TEXT, "sources/rec.mp3": b"ID3"}),
            WORDS[:1],
            "1 codings of areas or stretches of time",
        ),
        "PDF, picture, video": Variant(
            packed(project(pdf), {"sources/A.txt": TEXT, "sources/p.pdf": b"%PDF"}), WORDS, "a picture without a text"
        ),
    }


VARIANTS = {**paths(), **texts(), **shapes(), **media()}


def taken_in(file: bytes, folder: Path) -> tuple[list[str], ProjectPlan]:
    """The words coded in the study made of a file, which must be in order."""
    return _taken(read_refi(file, "x.qdpx"), folder)


def _taken(read: Project, folder: Path) -> tuple[list[str], ProjectPlan]:
    _, plan = study_from(read, folder)
    assert plan is not None
    study = open_study(folder)
    wrong = [str(problem) for problem in check_study(folder) if problem.severity == "error"]
    assert not wrong
    texts = study.transcripts
    found = [(s.start, s.end, texts[layer.header.transcript]) for layer in study.layers() for s in layer.segments]
    return [text.text[start:end] for start, end, text in sorted(found, key=lambda one: one[0] or 0)], plan


@pytest.mark.parametrize("name", VARIANTS)
def test_codings_stand_on_their_words_and_what_is_odd_is_said(name: str, tmp_path: Path) -> None:
    variant = VARIANTS[name]
    words, plan = taken_in(variant.file, tmp_path / "study")
    assert words == variant.words
    said = [f"{remark.item}: {remark.message}" for remark in plan.remarks]
    assert not variant.said or any(variant.said in one for one in said), said


def test_quirkos_says_of_documents_what_nameless_cases_hold(tmp_path: Path) -> None:
    value = f'<VariableValue><VariableRef targetGUID="{guid(61)}"/><TextValue>F</TextValue></VariableValue>'
    case = f'<Case guid="{guid(60)}">{value}<SourceRef targetGUID="{guid(50)}"/></Case>'
    variable = f'<Variable guid="{guid(61)}" name="Gender" typeOfVariable="Text"/>'
    more = f"<Variables>{variable}</Variables><Cases>{case}</Cases>"
    words, _ = taken_in(packed(project(origin="Quirkos 2.5", more=more)), tmp_path / "study")
    assert words == WORDS
    people = open_study(tmp_path / "study").settings.participants
    assert [person.attributes for person in people.values()] == [{"Gender": "F"}]


def test_maxqda_groups_documents_of_one_name_and_codes_them_apart(tmp_path: Path) -> None:
    sources = text_source() + text_source("", 'plainTextPath="internal://B.txt"', number=51)
    groups = f'<Set guid="{guid(70)}" name="A"><MemberSource targetGUID="{guid(50)}"/></Set>'
    files = {"sources/A.txt": windows(TEXT), "sources/B.txt": windows("Nothing coded here.")}
    file = packed(project(sources, origin="MAXQDA 2022", more=f"<Sets>{groups}</Sets>"), files)
    words, _ = taken_in(file, tmp_path / "study")
    study = open_study(tmp_path / "study")
    assert words == WORDS and len(study.transcripts) == 2
    assert [info.extra.get("x-groups") for info in study.infos.values()] == [["A"], None]


def test_dedoose_repeats_an_excerpt_for_each_person_and_once_for_one(tmp_path: Path) -> None:
    where = place(WORDS[0])
    people = "".join(f'<User guid="{guid(90 + n)}" name="P{n}"/>' for n in range(2))
    again = "".join(selected(n, *where, user=guid(90 + n % 2)) for n in range(4))
    taken_in(packed(project(text_source(again), origin="Dedoose", users=people)), tmp_path / "study")
    layers = list(open_study(tmp_path / "study").layers())
    assert [(layer.header.coder, len(layer.segments)) for layer in layers] == [("p0", 1), ("p1", 1)]


def test_all_codes_of_one_coding_are_taken(tmp_path: Path) -> None:
    taken_in(VARIANTS["two codes in a coding"].file, tmp_path / "study")
    (layer,) = open_study(tmp_path / "study").layers()
    assert [segment.codes for segment in layer.segments] == [("popularity", "issues")]


def test_recordings_in_a_package_are_not_read(tmp_path: Path) -> None:
    """NVivo and MAXQDA pack films: a file larger than what is read into memory comes in all the same."""
    file = tmp_path / "film.qdpx"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("project.qde", project())
        archive.writestr("sources/A.txt", TEXT)
        with archive.open("sources/film.mp4", "w", force_zip64=True) as film:
            for _ in range(80):
                film.write(bytes(1 << 20))
    words, plan = _of_file(file, tmp_path / "study")
    assert words == WORDS
    assert any("not used: sources/film.mp4" in remark.message for remark in plan.remarks)


def _of_file(file: Path, folder: Path) -> tuple[list[str], ProjectPlan]:
    import tracemalloc

    tracemalloc.start()
    try:
        read = read_project(file)
        assert tracemalloc.get_traced_memory()[1] < 20 << 20
    finally:
        tracemalloc.stop()
    return _taken(read, folder)
