"""Imports into a study: what is planned, what is written, and what is refused without a trace."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from postil_base.problem import PostilError
from postil_formats.texts.plan import ImportOptions, ImportPlan, fill, plan_import
from postil_formats.texts.roles import SpeakerRule, parse_speaker
from postil_formats.texts.writing import apply_import, write_files
from postil_study.new import create_study
from postil_study.privacy.pseudonyms.found import names_seen
from postil_study.study import Study, open_study
from postil_study.text.turns import RawTurn
from postil_study.text.values import Speaker
from tests.docx_maker import NS, anchor, docx, note_list, para, run, shaded
from tests.shared_data import SHARED, needs_shared

TALK = "Ana: How do you choose?\nBen: By size, mostly.\nAna: Why?\nBen: It has to fit.\n"


def clock() -> datetime:
    return datetime(2026, 11, 2, 10, 20, 30, tzinfo=UTC)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    create_study(tmp_path / "study", "Test", ())
    return tmp_path / "study"


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    (tmp_path / "desk").mkdir()
    return tmp_path / "desk"


def put(desk: Path, name: str, content: str | bytes = TALK) -> Path:
    path = desk / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def plan(root: Path, *paths: Path, **options: object) -> ImportPlan:
    return plan_import(open_study(root), paths, ImportOptions(**options), clock)  # type: ignore[arg-type]


def imported(root: Path, *paths: Path, **options: object) -> Study:
    made = plan(root, *paths, **options)
    assert [failure.reason for failure in made.failures] == []
    _, failures = apply_import(root, made)
    assert failures == []
    return open_study(root)


def files(root: Path) -> dict[str, bytes]:
    return {
        str(p.relative_to(root)): p.read_bytes()
        for p in sorted(root.rglob("*"))
        if p.is_file() and ".postil" not in p.parts
    }


def reasons(made: ImportPlan) -> list[str]:
    return [failure.reason for failure in made.failures]


class TestWhatIsStored:
    def test_text_entry_and_participant(self, root: Path, desk: Path) -> None:
        study = imported(root, put(desk, "Talk 1.txt"))
        transcript = study.transcripts["Talk-1"]
        assert (
            transcript.text
            == "Ana:\nHow do you choose?\n\nBen:\nBy size, mostly.\n\nAna:\nWhy?\n\nBen:\nIt has to fit.\n"
        )
        info = transcript.info
        assert info.speakers == {"Ana": Speaker("interviewer"), "Ben": Speaker("participant", "Talk-1")}
        assert (info.source, info.imported, info.text_sha256) == (
            "Talk 1.txt",
            "2026-11-02T10:20:30Z",
            transcript.text_sha256,
        )
        assert list(study.settings.participants) == ["Talk-1"]
        assert study.problems() == []

    def test_times_stand_in_the_label_lines(self, root: Path, desk: Path) -> None:
        cues = "WEBVTT\n\n00:01.000 --> 00:02.500\n<v Ana>Why?</v>\n\n00:03.000 --> 00:04.000\n<v Ben>So.</v>\n"
        study = imported(root, put(desk, "a.vtt", cues))
        assert study.transcripts["a"].text.startswith("Ana [00:00:01.000-00:00:02.500]:\nWhy?\n\nBen [00:00:03.000")
        assert [turn.end_ms for turn in study.transcripts["a"].turns] == [2500, 4000]

    def test_comments_and_edits_of_the_yaml_files_survive(self, root: Path, desk: Path) -> None:
        settings = (root / "study.yaml").read_text()
        imported(root, put(desk, "a.txt"))
        (root / "transcripts/transcripts.yaml").write_text(
            "# mine\n" + (root / "transcripts/transcripts.yaml").read_text()
        )
        imported(root, put(desk, "b.txt", TALK + "Ana: Ah.\n"))
        manifest = (root / "transcripts/transcripts.yaml").read_text()
        assert manifest.startswith("# mine\na:\n")
        assert "\nb:\n" in manifest
        kept = [line for line in settings.splitlines() if "#" in line and "participants" not in line]
        assert set(kept) <= set((root / "study.yaml").read_text().splitlines())

    def test_words_that_look_like_a_label_do_not_start_a_turn(self, root: Path, desk: Path) -> None:
        source = docx(
            *(para(t) for t in ("Ana:", "Who?", "Ben:", "I said", "\tAna:", "Ana:", "Ah?")), para("Ben:"), para("x")
        )
        study = imported(root, put(desk, "a.docx", source))
        transcript = study.transcripts["a"]
        assert [turn.label for turn in transcript.turns] == ["Ana", "Ben", "Ana", "Ben"]
        assert transcript.text[transcript.turns[1].start : transcript.turns[1].end] == "I said\n Ana:"

    def test_notes_behind_a_shielded_line_stand_on_their_words(self, root: Path, desk: Path) -> None:
        source = docx(
            *(
                para("Ana:"),
                para("Who?"),
                para("Ben:"),
                para("I said"),
                para("\tAna:"),
                para("\t", shaded("Me."), anchor("1")),
            ),
            *(para("Ana:"), para("Ah?"), para("Ben:"), para("x")),
            note_list({1: ["himself"]}),
        )
        study = imported(root, put(desk, "a.docx", source))
        layer = study.layer("nvivo", "a")
        assert layer is not None
        (segment,) = layer.segments
        assert study.transcripts["a"].text[segment.start : segment.end] == segment.quote == "Me."


class TestNotes:
    def study(self, root: Path, desk: Path) -> Study:
        comments = (
            f'<w:comments xmlns:w="{NS}"><w:comment w:id="7" w:author="Eva" w:date="2024-05-06T10:00:00Z"><w:p><w:r>'
            "<w:t>check</w:t></w:r></w:p></w:comment></w:comments>"
        )
        source = docx(
            *(para("Ana:"), para("What?"), para("Ben:"), para(shaded("The big one."), anchor("1"), " It fits.")),
            *(para("Ana:"), para("Why?"), para("Ben:")),
            '<w:p><w:commentRangeStart w:id="7"/><w:r><w:t>Fame.</w:t></w:r><w:commentRangeEnd w:id="7"/></w:p>',
            note_list({1: ["size", "matters"]}),
            parts={"word/comments.xml": comments},
        )
        return imported(root, put(desk, "a.docx", source))

    def test_annotations_are_a_source_layer_and_no_rater(self, root: Path, desk: Path) -> None:
        study = self.study(root, desk)
        layer = study.layer("nvivo", "a")
        assert layer is not None
        assert layer.header.kind == "source"
        assert [(s.quote, s.memo, s.codes, s.extra) for s in layer.segments] == [
            ("The big one.", "size\nmatters", (), {"x-number": 1})
        ]
        assert study.coder_layers("a") == ()
        assert study.problems() == []

    def test_comments_keep_their_author(self, root: Path, desk: Path) -> None:
        layer = self.study(root, desk).layer("word-comments", "a")
        assert layer is not None
        assert [(s.quote, s.memo) for s in layer.segments] == [("Fame.", "Eva (2024-05-06): check")]

    def test_protocol_notes_lose_nothing(self, root: Path, desk: Path) -> None:
        def asked(question: str, answer: str) -> str:
            return para(run(f"{question}\nAnswer: {answer}"), listed=True)

        source = docx(
            para("Start", style="heading 1"),
            para("We begin."),
            *(asked("Who?", "Me"), asked("Why?", "So"), para("And?", listed=True), asked("How?", "Thus")),
        )
        layer = imported(root, put(desk, "a.docx", source)).layer("protocol", "a")
        assert layer is not None
        assert [segment.memo for segment in layer.segments] == ["Without an answer: And?", "Start\nWe begin."]


class TestRefusals:
    def test_the_same_file_twice(self, root: Path, desk: Path) -> None:
        source = put(desk, "a.txt")
        imported(root, source)
        before = files(root)
        again = plan(root, put(desk, "b.txt", source.read_bytes()))
        assert reasons(again) == ["b.txt was imported before, as a. Nothing was changed."]
        assert files(root) == before

    def test_another_text_under_the_same_id(self, root: Path, desk: Path) -> None:
        imported(root, put(desk, "a.txt"))
        before = files(root)
        made = plan(root, put(desk, "a.txt", TALK.replace("size", "fame")))
        assert "there is a transcript a already" in reasons(made)[0]
        assert apply_import(root, made) == ([], [])
        assert files(root) == before

    def test_ids_that_differ_in_capitals_only(self, root: Path, desk: Path) -> None:
        imported(root, put(desk, "a.txt"))
        assert "there is a transcript a already" in reasons(plan(root, put(desk, "A.txt", TALK + "Ana: x\n")))[0]

    def test_the_same_words_from_another_format(self, root: Path, desk: Path) -> None:
        imported(root, put(desk, "a.txt"))
        made = plan(root, put(desk, "b.md", TALK.replace("\n", "\n\n")))
        assert reasons(made) == ["b.md holds the very words of a, word for word. Nothing was changed."]

    def test_two_files_of_one_run_for_one_id(self, root: Path, desk: Path) -> None:
        made = plan(root, put(desk, "a.txt"), put(desk, "a.md", TALK + "\nAna: x\n"))
        assert [file.id for file in made.files] == ["a"]
        assert "another file" in reasons(made)[0]

    def test_somebody_took_the_id_meanwhile(self, root: Path, desk: Path) -> None:
        made = plan(root, put(desk, "a.txt"))
        (root / "transcripts").mkdir(exist_ok=True)
        (root / "transcripts/a.txt").write_text("theirs")
        before = files(root)
        with pytest.raises(PostilError, match="is there already"):
            write_files(root, made.files)
        assert files(root) == before

    def test_a_participant_who_asks_back_does_not_become_the_interviewer(self, root: Path, desk: Path) -> None:
        talk = "Dana: Please tell me.\nP07: What do you mean?\nDana: From the start.\nP07: Well.\nP07: So it was.\n"
        (file,) = plan(root, put(desk, "a.txt", talk)).files
        assert file.info.speakers["Dana"] == Speaker("interviewer")
        assert file.info.speakers["P07"].role == "participant"

    def test_a_group_with_a_moderator_has_several_participants(self, root: Path, desk: Path) -> None:
        talk = "Moderator: Welcome.\nBen: We asked?\nEva: No.\nBen: Right.\nEva: Yes.\n"
        (file,) = plan(root, put(desk, "a.txt", talk)).files
        roles = {label: speaker.role for label, speaker in file.info.speakers.items()}
        assert roles == {"Moderator": "interviewer", "Ben": "participant", "Eva": "participant"}
        assert any("participants of their own" in warning for warning in file.warnings)

    def test_several_participants_are_asked_for(self, root: Path, desk: Path) -> None:
        talk = put(desk, "a.txt", "Ana: Why?\nBen: One two three.\nEva: Four five six.\nAna: So?\nBen: x\nEva: y\n")
        assert "several speakers could be participants: 'Ben', 'Eva'" in reasons(plan(root, talk))[0]
        rules = dict(map(parse_speaker, ["Ben=participant:P01", "Eva=participant:P02"]))
        speakers = imported(root, talk, speakers=rules).infos["a"].speakers
        assert [speakers[label].participant for label in ("Ana", "Ben", "Eva")] == [None, "P01", "P02"]

    def test_a_label_nobody_has(self, root: Path, desk: Path) -> None:
        with pytest.raises(PostilError, match=r"no file has the label 'Bob'\. Labels are 'Ana', 'Ben'"):
            plan(root, put(desk, "a.txt"), speakers={"Bob": SpeakerRule(role="other")})

    @pytest.mark.parametrize(
        ("options", "message"),
        [
            ({"id": "../x"}, "cannot name a transcript"),
            ({"id": "_x"}, "cannot name a transcript"),
            ({"id_from": (r"no(\d)", "P{}")}, "is not found in 'a.txt'"),
        ],
    )
    def test_bad_ids(self, root: Path, desk: Path, options: dict[str, object], message: str) -> None:
        assert message in reasons(plan(root, put(desk, "a.txt"), **options))[0]

    @pytest.mark.parametrize(
        ("options", "message"),
        [
            ({"id_from": ("(", "P{}")}, "the regular expression /\\(/ cannot be read"),
            ({"date": "yesterday"}, "is no date"),
            ({"id": "x"}, "names one transcript"),
        ],
    )
    def test_bad_options(self, root: Path, desk: Path, options: dict[str, object], message: str) -> None:
        with pytest.raises(PostilError, match=message):
            plan(root, put(desk, "a.txt"), put(desk, "b.txt", TALK + "Ana: x\n"), **options)


class TestManyFiles:
    def test_what_is_no_file_is_not_opened(self, root: Path, desk: Path) -> None:
        os.mkfifo(desk / "pipe.txt")
        with (desk / "huge.txt").open("wb") as file:
            file.truncate(10**10)
        made = plan(root, desk / "pipe.txt", desk / "huge.txt", desk / "gone.txt")
        assert ["no file that" in reasons(made)[0], "10000 MB" in reasons(made)[1], "No such" in reasons(made)[2]] == [
            True,
            True,
            True,
        ]

    def test_a_bad_file_stops_no_other(self, root: Path, desk: Path) -> None:
        for number in range(40):
            put(desk, f"T{number:02}.txt", TALK.replace("size", f"size {number}"))
        put(desk, "T07.txt", b"\x00\x01")
        put(desk, "T11.docx", b"PK\x03\x04")
        put(desk, "picture.png", b"\x89PNG")
        put(desk, ".hidden.txt", "x")
        made = plan(root, desk)
        assert sorted(failure.source.name for failure in made.failures) == ["T07.txt", "T11.docx"]
        assert [path.name for path in made.skipped] == ["picture.png"]
        written, failures = apply_import(root, made)
        assert (len(written), failures) == (39, [])
        assert len(open_study(root).transcripts) == 39

    def test_the_studys_own_files_are_not_imported(self, root: Path, desk: Path) -> None:
        imported(root, put(desk, "a.txt"))
        put(root, "raw.txt", TALK + "Ana: x\n")
        assert [file.id for file in plan(root, root).files] == ["raw"]

    def test_nothing_to_import(self, root: Path, desk: Path) -> None:
        with pytest.raises(PostilError, match="nothing to import"):
            plan(root, desk)

    def test_progress_is_told(self, root: Path, desk: Path) -> None:
        told: list[tuple[int, int, str]] = []
        put(desk, "a.txt")
        plan_import(open_study(root), [desk], progress=lambda *step: told.append(step))
        assert told == [(1, 1, "a.txt")]


class TestRoles:
    def test_who_asks_is_the_interviewer(self, root: Path, desk: Path) -> None:
        (file,) = plan(
            root, put(desk, "a.txt", "X: No. Or? Yes.\nY: Why?\nX: So? Well.\nY: How?\n"), participant="P7"
        ).files
        assert file.info.speakers == {"X": Speaker("participant", "P7"), "Y": Speaker("interviewer")}

    def test_a_weak_guess_is_said(self, root: Path, desk: Path) -> None:
        (file,) = plan(root, put(desk, "a.txt", "X: Why?\nY: Why?\nX: So.\nY: No.\n")).files
        assert any("weak guess" in warning for warning in file.warnings)

    def test_renaming(self, root: Path, desk: Path) -> None:
        rules = dict(map(parse_speaker, ["Ana=Interviewer", "Ben=P01:participant:P01"]))
        study = imported(root, put(desk, "a.txt"), speakers=rules)
        assert study.infos["a"].speakers == {
            "Interviewer": Speaker("interviewer"),
            "P01": Speaker("participant", "P01"),
        }
        assert study.transcripts["a"].text.startswith("Interviewer:\nHow")

    def test_one_who_came_in_late_is_other(self, root: Path, desk: Path) -> None:
        words = "word " * 200
        talk = f"S1: Why?\nS2: {words}\nS1: So?\nDavid: Hello, I come in.\nS2: {words}\nS1: Ah?\n"
        (file,) = plan(root, put(desk, "a.txt", talk)).files
        assert file.info.speakers["David"] == Speaker("other")
        assert any("David" in warning for warning in file.warnings)

    def test_with_a_participant_named_it_is_who_says_most(self, root: Path, desk: Path) -> None:
        talk = "S1: Why?\nS2: One two.\nS1: So?\nS3: Three four five.\nS1: Ah?\nS2: x\nS3: y\n"
        (file,) = plan(root, put(desk, "a.txt", talk), participant="P7").files
        assert file.info.speakers["S3"] == Speaker("participant", "P7")
        assert file.info.speakers["S2"] == Speaker("other")

    def test_a_participant_of_the_study_is_recognised(self, root: Path, desk: Path) -> None:
        imported(root, put(desk, "a.txt"), participant="Ben")
        (file,) = plan(root, put(desk, "b.txt", TALK + "Ana: x\n")).files
        assert file.info.speakers["Ben"] == Speaker("participant", "Ben")
        assert file.new_participants == ()

    @pytest.mark.parametrize("text", ["Ana", "Ana=", "Ana=x:boss", "Ana=interviewer:P1", "Ana=a:participant:x:y"])
    def test_bad_rules(self, text: str) -> None:
        with pytest.raises(PostilError):
            parse_speaker(text)


class TestIds:
    def test_from_file_names(self, root: Path, desk: Path) -> None:
        source = put(desk, "Interview-07-20220719.txt")
        study = imported(root, source, id_from=(r"Interview-(\d+)-(\d{4})", "P{}"))
        assert list(study.transcripts) == ["P07"]

    def test_template(self) -> None:
        assert fill("{2}/{1}{9}{}", ["a", "b"]) == "b/aa"
        assert fill("{0.__class__}", ["a"]) == "{0.__class__}"


def test_names_seen() -> None:
    turns = [
        RawTurn("A", "Hello. We work at Acme with Joe Bloggs. Mail joe@acme.org or call +49 30 1234567."),
        RawTurn("B", "Acme? Never. See https://acme.org/x. The Model [Flax 00:23:43] was a model. Monday is fine."),
    ]
    found = {(seen.text, seen.kind, seen.count) for seen in names_seen(turns, ["Dana Smith"])}
    assert ("Acme", "name", 2) in found
    assert ("Joe Bloggs", "name", 1) in found
    assert ("joe@acme.org", "e-mail", 1) in found
    assert ("+49 30 1234567", "number", 1) in found
    assert ("Dana Smith", "label", 1) in found
    assert ("Flax", "name", 1) in found
    assert not {"Hello", "Never", "Model", "Monday", "See", "We"} & {text for text, _, _ in found}


@needs_shared
def test_the_real_interviews(root: Path) -> None:
    folder = SHARED / "ptm-study" / "transcripts"
    study = imported(root, folder, id_from=(r"Interview-(\d+)", "P{}"))
    assert list(study.transcripts) == [f"P{n:02}" for n in range(1, 9)]
    for number, transcript in study.transcripts.items():
        assert transcript.participants == (number,)
        layer = study.layer("nvivo", number)
        assert layer is not None
        assert all(s.start is not None and s.quote == transcript.text[s.start : s.end] for s in layer.segments)
    assert sum(len(layer.segments) for layer in study.layers("source") if layer.header.coder == "nvivo") == 222
    assert study.problems() == []
