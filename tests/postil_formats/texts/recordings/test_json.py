"""JSON of transcription programs, by the shapes their documentation shows; one program, one example of our own."""

from __future__ import annotations

import json
from typing import Any

import pytest

from postil_base.problem import PostilError
from postil_formats.texts.readers import ReadOptions, Recognised, read_source
from postil_formats.texts.second_reading import compare

ASKED, ANSWERED = "How did you pick the supplier?", "We asked a colleague first."


def read(content: Any, text: str = "", speaker: str = "") -> Recognised:
    data, options = json.dumps(content).encode(), ReadOptions(text=text, speaker_key=speaker)
    made = read_source(data, "a.json", options)
    assert compare(data, "a.json", made, options).all == ()
    return made


def said(made: Recognised) -> list[tuple[str, str]]:
    return [(turn.label, turn.text) for turn in made.turns]


def times(made: Recognised) -> list[tuple[int | None, int | None]]:
    return [(turn.start_ms, turn.end_ms) for turn in made.turns]


def words(text: str, key: str, start: float, **more: Any) -> list[dict[str, Any]]:
    return [
        {key: word, "start": start + n * 0.25, "end": start + n * 0.25 + 0.25, **more}
        for n, word in enumerate(text.split())
    ]


def pair(speakers: tuple[Any, Any], key: str = "text", speaker: str = "speaker", **extra: Any) -> list[dict[str, Any]]:
    """Two entries in seconds."""
    return [
        {key: ASKED, speaker: speakers[0], "start": 2.0, "end": 5.5, **extra},
        {key: ANSWERED, speaker: speakers[1], "start": 6.0, "end": 9.0, **extra},
    ]


AWS_ITEMS = [
    {"type": "pronunciation", "start_time": "2.0", "end_time": "2.5", "alternatives": [{"content": "Why"}]},
    {"type": "punctuation", "alternatives": [{"content": "?"}]},
    {"type": "pronunciation", "start_time": "6.0", "end_time": "6.5", "alternatives": [{"content": "We"}]},
    {"type": "pronunciation", "start_time": "6.5", "end_time": "7.0", "alternatives": [{"content": "asked"}]},
    {"type": "punctuation", "alternatives": [{"content": "."}]},
]
SHAPES: dict[str, tuple[Any, list[tuple[str, str]]]] = {
    "whisperx": ({"segments": pair(("SPEAKER_00", "SPEAKER_01"))}, [("SPEAKER_00", ASKED), ("SPEAKER_01", ANSWERED)]),
    "assemblyai words only": (
        {"text": f"{ASKED} {ANSWERED}", "utterances": None,
         "words": words(ASKED, "text", 2, speaker="A") + words(ANSWERED, "text", 6, speaker="B")},
        [("A", ASKED), ("B", ANSWERED)],
    ),
    "deepgram utterances": (
        {"results": {"channels": [{"alternatives": [{"transcript": f"{ASKED} {ANSWERED}"}]}],
                     "utterances": pair((0, 1), "transcript")}},
        [("Speaker 0", ASKED), ("Speaker 1", ANSWERED)],
    ),
    "deepgram paragraphs": (
        {"results": {"channels": [{"alternatives": [{"transcript": f"{ASKED} {ANSWERED}", "paragraphs": {
            "transcript": f"Speaker 0: {ASKED} Speaker 1: {ANSWERED}",
            "paragraphs": [
                {"sentences": [{"text": ASKED, "start": 2, "end": 5.5}], "speaker": 0, "start": 2, "end": 5.5},
                {"sentences": [{"text": "We asked", "start": 6, "end": 7.5}, {"text": "a colleague first."}],
                 "speaker": 1, "start": 6, "end": 9.5},
            ]}}]}]}},
        [("Speaker 0", ASKED), ("Speaker 1", ANSWERED)],
    ),
    "deepgram words": (
        {"results": {"channels": [{"alternatives": [{
            "transcript": "why so we asked",
            "words": [{"word": w.lower(), "punctuated_word": w, "start": n + 0.5, "end": n + 0.9, "speaker": int(n > 1)}
                      for n, w in enumerate(["Why", "so?", "We", "asked."])]}]}]}},
        [("Speaker 0", "Why so?"), ("Speaker 1", "We asked.")],
    ),
    "fireflies api": (
        {"data": {"transcript": {"title": "Talk", "sentences": [
            {"index": 0, "speaker_name": "Dana", "speaker_id": 0, "text": ASKED, "raw_text": ASKED, "start_time": 2.0},
            {"index": 1, "speaker_name": "Otis", "speaker_id": 1, "text": ANSWERED, "raw_text": ANSWERED,
             "start_time": 6.5}]}}},
        [("Dana", ASKED), ("Otis", ANSWERED)],
    ),
    "dote": (
        {"lines": [{"startTime": "00:00:02,000", "endTime": "00:00:05,500", "speakerDesignation": s, "text": t}
                   for s, t in (("Dana", ASKED), ("Otis", ANSWERED))]},
        [("Dana", ASKED), ("Otis", ANSWERED)],
    ),
    "sonix": (
        {"name": "talk", "transcript": [{"speaker": s, "start_time": 2.1, "end_time": 5.5, "text": t, "words": []}
                                        for s, t in (("Dana", ASKED), ("Otis", ANSWERED))]},
        [("Dana", ASKED), ("Otis", ANSWERED)],
    ),
    "rev": (
        {"speakers": [{"id": 0, "name": "Dana"}, {"id": 1, "name": "Otis"}], "monologues": [
            {"speaker": 0, "elements": [{"type": "text", "value": "Why", "ts": 2.1, "end_ts": 2.5},
                                        {"type": "punct", "value": " "}, {"type": "text", "value": "so"},
                                        {"type": "punct", "value": "? "}]},
            {"speaker": 1, "elements": [{"type": "text", "value": "We", "ts": 6.5, "end_ts": 7},
                                        {"type": "punct", "value": " "}, {"type": "text", "value": "asked"},
                                        {"type": "punct", "value": "."}]}]},
        [("Dana", "Why so?"), ("Otis", "We asked.")],
    ),
    "rev captions": (
        {"monologues": [{"speaker": n, "speaker_name": s, "elements": [
            {"type": "text", "timestamp": "00:00:02,100", "end_timestamp": "00:00:05,000", "value": t}]}
            for n, (s, t) in enumerate((("Dana", ASKED), ("Otis", ANSWERED)))]},
        [("Dana", ASKED), ("Otis", ANSWERED)],
    ),
    "aws": (
        {"jobName": "x", "results": {"transcripts": [{"transcript": "Why? We asked."}], "items": AWS_ITEMS,
         "speaker_labels": {"speakers": 2, "segments": [
            {"speaker_label": "spk_0", "items": [{"start_time": "2.0", "speaker_label": "spk_0"}]},
            {"speaker_label": "spk_1", "items": [{"start_time": "6.0", "speaker_label": "spk_1"},
                                                 {"start_time": "6.5", "speaker_label": "spk_1"}]}]}}},
        [("spk_0", "Why?"), ("spk_1", "We asked.")],
    ),
    "google": (
        {"results": [
            {"alternatives": [{"transcript": "why so", "words": [{"word": "why", "startTime": "2.100s"}]}]},
            {"alternatives": [{"transcript": "we asked"}]},
            {"alternatives": [{"words": [
                {"word": w, "startTime": f"{n + 2}.100s", "endTime": f"{n + 2}.900s", "speakerTag": 1 + (n > 1)}
                for n, w in enumerate(["why", "so", "we", "asked"])]}]}]},
        [("Speaker 1", "why so"), ("Speaker 2", "we asked")],
    ),
    "azure batch": (
        {"combinedRecognizedPhrases": [{"display": f"{ASKED} {ANSWERED}"}], "recognizedPhrases": [
            {"speaker": n, "offsetInTicks": 2e7 * n, "durationInTicks": 3.5e7, "nBest": [{"display": t, "lexical": t}]}
            for n, t in ((1, ASKED), (2, ANSWERED))]},
        [("Speaker 1", ASKED), ("Speaker 2", ANSWERED)],
    ),
    "azure fast": (
        {"combinedPhrases": [{"text": f"{ASKED} {ANSWERED}"}], "phrases": [
            {"speaker": n, "offsetMilliseconds": 2000 * n, "durationMilliseconds": 3500, "text": t, "words": []}
            for n, t in ((1, ASKED), (2, ANSWERED))]},
        [("Speaker 1", ASKED), ("Speaker 2", ANSWERED)],
    ),
    "elevenlabs": (
        {"language_code": "en", "text": "Why so? We asked.", "words": [
            {"text": t, "start": n * 0.5, "end": n * 0.5 + 0.4, "type": "spacing" if t == " " else "word",
             "speaker_id": "speaker_0" if n < 4 else "speaker_1"}
            for n, t in enumerate(["Why", " ", "so?", " ", "We", " ", "asked."])]},
        [("speaker_0", "Why so?"), ("speaker_1", "We asked.")],
    ),
    "speechmatics": (
        {"format": "2.9", "results": [
            {"type": "word", "start_time": 2.0, "end_time": 2.5, "alternatives": [{"content": "Why", "speaker": "S1"}]},
            {"type": "punctuation", "alternatives": [{"content": "?", "speaker": "S1"}]},
            {"type": "word", "start_time": 6.0, "end_time": 6.5, "alternatives": [{"content": "So", "speaker": "S2"}]},
            {"type": "punctuation", "alternatives": [{"content": ".", "speaker": "S2"}]}]},
        [("S1", "Why?"), ("S2", "So.")],
    ),
    "words and paragraphs": (
        {"words": [{"id": n, "text": w, "start": n + 0.5, "end": n + 0.9}
                   for n, w in enumerate(["Why?", "We", "asked."])],
         "paragraphs": [{"speaker": "Dana", "start": 0.5, "end": 1}, {"speaker": "Otis", "start": 1.5, "end": 3}]},
        [("Dana", "Why?"), ("Otis", "We asked.")],
    ),
    "gladia": (
        {"result": {"transcription": {"full_transcript": f"{ASKED} {ANSWERED}", "utterances": pair((0, 1))}}},
        [("Speaker 0", ASKED), ("Speaker 1", ANSWERED)],
    ),
    "podcast": (
        {"version": "1.0.0", "segments": [{"speaker": s, "startTime": 2.5, "endTime": 5.5, "body": t}
                                          for s, t in (("Dana", ASKED), ("Otis", ANSWERED))]},
        [("Dana", ASKED), ("Otis", ANSWERED)],
    ),
    "read.ai": (
        {"speaker_blocks": [{"start_time": "2100", "end_time": "5500", "speaker": {"name": s}, "words": t}
                            for s, t in (("Dana", ASKED), ("Otis", ANSWERED))]},
        [("Dana", ASKED), ("Otis", ANSWERED)],
    ),
    "teams": (
        [{"startDateTime": "x", "startTime": "00:00:02.1", "speakerName": s, "spokenText": t}
         for s, t in (("Dana", ASKED), ("Otis", ANSWERED))],
        [("Dana", ASKED), ("Otis", ANSWERED)],
    ),
    "entries under numbers": (
        {"0": {"speaker": "Dana", "text": ASKED, "start": 1.5}, "1": {"speaker": "Otis", "text": ANSWERED, "start": 6}},
        [("Dana", ASKED), ("Otis", ANSWERED)],
    ),
    "speaker objects": (
        {"segments": pair(({"id": 7, "name": "Dana"}, {"id": 8, "name": "Otis"}))},
        [("Dana", ASKED), ("Otis", ANSWERED)],
    ),
    "speaker ids looked up": (
        {"speakers": {"7": "Dana", "8": "Otis"}, "segments": pair((7, 8))},
        [("Dana", ASKED), ("Otis", ANSWERED)],
    ),
}  # fmt: skip


@pytest.mark.parametrize("program", SHAPES)
def test_programs(program: str) -> None:
    content, expected = SHAPES[program]
    made = read(content)
    assert said(made) == expected
    assert made.turns[0].start_ms is not None


class TestTheUnitOfTime:
    def test_whole_milliseconds(self) -> None:
        entries = [{"text": ASKED, "speaker": "A", "start": 1250, "end": 4810}]
        assert times(read({"utterances": entries})) == [(1250, 4810)]

    def test_whole_seconds(self) -> None:
        entries = [{"text": ASKED, "speaker": "A", "start": 12, "end": 15}]
        assert times(read({"utterances": entries})) == [(12_000, 15_000)]

    def test_without_ends_and_with_long_silences(self) -> None:
        entries = [{"text": f"{ASKED} {ANSWERED}", "speaker": f"S{n % 2}", "start": n * 9} for n in range(6)]
        assert [start for start, _ in times(read(entries))] == [n * 9_000 for n in range(6)]
        entries = [{**entry, "start": 1_000 * int(str(entry["start"]))} for entry in entries]
        assert [start for start, _ in times(read(entries))] == [n * 9_000 for n in range(6)]

    def test_strings(self) -> None:
        made = read([{"text": ASKED, "speaker": "A", "start": "2.5", "end": "5.5"}])
        assert times(made) == [(2_500, 5_500)]
        assert times(read([{"text": ASKED, "speaker": "A", "start": "102:05"}])) == [(6_125_000, None)]


class TestWhoSpeaks:
    MIXED = [
        {"word": w, "speaker": s}
        for w, s in (("Did", "S0"), ("you?", "S0"), ("Yes,", "S1"), ("we", None), ("did.", "S1"), ("Oh.", "S0"))
    ]

    def test_words_with_speakers_of_their_own(self) -> None:
        segment = {"text": " Did you? Yes, we did. Oh.", "speaker": "S0", "start": 0.5, "end": 4, "words": self.MIXED}
        assert said(read({"segments": [segment]})) == [("S0", "Did you?"), ("S1", "Yes, we did."), ("S0", "Oh.")]

    def test_words_that_are_not_quite_the_text(self) -> None:
        segment = {"text": " did you yes we did oh", "speaker": "S0", "start": 0.5, "end": 4, "words": self.MIXED}
        assert said(read({"segments": [segment]})) == [("S0", "Did you?"), ("S1", "Yes, we did."), ("S0", "Oh.")]

    def test_a_segment_without_a_speaker_between_two_of_one_person_is_theirs(self) -> None:
        some = [*pair(("S0", "S1")), {"text": "and so", "start": 9.1}, {"text": "on.", "speaker": "S1", "start": 9.5}]
        made = read({"segments": some})
        assert said(made)[1] == ("S1", f"{ANSWERED} and so on.")
        assert made.warnings == ()

    def test_between_two_people_it_is_nobodys_and_named(self) -> None:
        some = pair(("S0", "S1"))
        made = read({"segments": [some[0], {"text": "Mhm so", "start": 5.6}, some[1]]})
        assert said(made)[1] == ("", "Mhm so")
        assert made.warnings == ("1 segment names no speaker (2 words, 'Mhm so'); stored under nobody's name",)


class TestUnknownShapes:
    CONTENT = {
        "blocks": [
            {"quelle": "Dana", "aussage": ASKED, "kommentar": "She leans back and waits"},
            {"quelle": "Otis", "aussage": ANSWERED, "kommentar": "He looks at the list"},
        ]
    }

    def test_are_refused_with_the_keys_to_name(self) -> None:
        with pytest.raises(PostilError, match=r"say --text aussage --speaker-key KEY"):
            read_source(json.dumps(self.CONTENT).encode(), "a.json")

    def test_are_read_when_the_keys_are_named_and_the_rest_is_listed(self) -> None:
        made = read(self.CONTENT, "aussage", "quelle")
        assert said(made) == [("Dana", ASKED), ("Otis", ANSWERED)]
        assert [(item.kind, item.text) for item in made.taken][-1] == (
            "key blocks.kommentar, not used",
            "He looks at the list",
        )

    def test_a_key_that_is_not_there(self) -> None:
        with pytest.raises(PostilError, match="no entry has the key 'words'"):
            read_source(json.dumps(self.CONTENT).encode(), "a.json", ReadOptions(text="words"))

    @pytest.mark.parametrize("content", [{"name": "x", "files": [{"value": "a b c"}]}, {"a": [{"b": [{"c": 1}]}]}, 3])
    def test_other_json_is_refused(self, content: Any) -> None:
        with pytest.raises(PostilError, match="no transcript Postil knows"):
            read_source(json.dumps(content).encode(), "a.json")


def test_a_summary_is_listed_and_no_words() -> None:
    made = read({"summary": "They talk about a supplier.", "utterances": pair(("A", "B"))})
    assert [item.text for item in made.taken] == ["They talk about a supplier."]


def test_the_second_reading_finds_a_segment_under_the_wrong_name() -> None:
    data = json.dumps({"utterances": pair(("Dana", "Otis"))}).encode()
    made = read_source(data, "a.json")
    from dataclasses import replace

    wrong = replace(made, turns=tuple(turn._replace(label="Dana") for turn in made.turns))
    assert compare(data, "a.json", wrong, ReadOptions()).speakers != ()


LISTED = [{"id": "a", "name": "Dana"}, {"id": "b", "name": "Otis"}]
NAMED: dict[str, Any] = {
    "an object of names": {"speakers": {"a": "Dana", "b": "Otis"}, "segments": pair(("a", "b"))},
    "names beside the paragraphs": {
        "transcript": {
            "speakers": LISTED,
            "paragraphs": [
                {"speaker": "a", "words": words(ASKED, "text", 2)},
                {"speaker": "b", "words": words(ANSWERED, "text", 6)},
            ],
        }
    },
    "names below another key": {
        "speech": {
            "transcripts": pair(("a", "b"), "transcript", "speaker_id"),
            "speakers": [{"id": "a", "speaker_name": "Dana"}, {"id": "b", "speaker_name": "Otis"}],
        }
    },
    "participants": {"participants": LISTED, "utterances": pair(("a", "b"))},
    "lists of users": {"timeline": pair(([{"username": "Dana"}], [{"username": "Otis"}]), speaker="users")},
    "display names": {
        "entries": [
            {"text": ASKED, "speakerDisplayName": "Dana", "startOffset": "00:00:02", "endOffset": "00:00:05.5"},
            {"text": ANSWERED, "speakerDisplayName": "Otis", "startOffset": "00:00:06", "endOffset": "00:00:09"},
        ]
    },
}


@pytest.mark.parametrize("content", NAMED.values(), ids=NAMED)
def test_speakers_have_the_names_that_the_file_gives_them(content: Any) -> None:
    assert said(read(content)) == [("Dana", ASKED), ("Otis", ANSWERED)]


def test_a_channel_for_each_person_is_a_speaker() -> None:
    channels = [words(ASKED, "word", 2) + words("Fine?", "word", 20), words(ANSWERED, "word", 6)]
    content = {"results": {"channels": [{"alternatives": [{"transcript": "", "words": some}]} for some in channels]}}
    want = [("Channel 1", ASKED), ("Channel 2", ANSWERED), ("Channel 1", "Fine?")]
    made = read(content)
    assert said(made) == want
    assert [start for start, _ in times(made)] == [2_000, 6_000, 20_000]
    utterances = [
        {"transcript": text, "start": start, "end": start + 2, "channel": channel}
        for text, start, channel in ((ASKED, 2.5, 1), (ANSWERED, 6.5, 2), ("Fine?", 20.5, 1))
    ]
    assert said(read({"results": {"utterances": utterances}})) == [
        (f"Speaker {label[-1]}", text) for label, text in want
    ]
