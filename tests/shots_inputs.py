"""What some pictures need in the study's folder first: files to take in, and two versions to decide on."""

from __future__ import annotations

from pathlib import Path

import msgspec

from postil_base.yaml.merge import YamlConflict
from postil_study.git.conflicts import note_conflicts
from postil_study.layers.file import encode_layer
from postil_study.layers.record_merge import as_version
from postil_study.layers.store import LayerStore, start_layer
from postil_study.layers.values import add_segment, make_layer
from postil_study.study import open_study
from postil_study.text.values import LayerHeader
from postil_tui.importing.screen import ImportScreen
from postil_tui.shell.app import PostilApp

TALK = """Project: parcels
Date: 2026-07-02

Speaker 1: How did you come to the model you use now?
Speaker 2: Maria Lindgren at Nordpost sent me a link, and I tried it the same evening.
Speaker 1: And then?
Speaker 2: Then we tested it on two thousand parcels. It was fine, so we kept it.
"""
GROUP = """Interviewer: Why the hub?
E13: It was there, and it was well known to all of us.
E14: I do not know about that at all.
Interviewer: And then?
E13: We stayed.
E14: So we did.
"""
SUBTITLES = """WEBVTT

1
00:00:01.000 --> 00:00:04.000
<v Interviewer>Which one did you take?

2
00:00:04.500 --> 00:00:09.000
<v E15>The small one, as it runs on the truck.
"""


def files_of(root: Path) -> Path:
    """The folder that files to take in lie in."""
    folder = root / "incoming"
    folder.mkdir(exist_ok=True)
    return folder


def one_file(root: Path) -> None:
    """One interview, in which names are said."""
    (files_of(root) / "2026-07-02 parcels.txt").write_text(TALK, "utf-8")


def some_files(root: Path) -> None:
    """Three that can be read, and one that cannot."""
    one_file(root)
    (files_of(root) / "group.txt").write_text(GROUP, "utf-8")
    (files_of(root) / "truck.vtt").write_text(SUBTITLES, "utf-8")
    (files_of(root) / "broken.docx").write_bytes(b"no zip")


def read_files(app: PostilApp) -> None:
    """Read the files that lie there."""
    assert isinstance(app.screen, ImportScreen)
    app.screen.read([files_of(app.screen.workspace.root)])


def two_versions(root: Path) -> None:
    """A merge in which both sides changed one segment of ana's, and one definition of the codebook."""
    study = open_study(root)
    before = start_layer(study, "ana", "I01")
    mine = before.segments[2]
    theirs = msgspec.structs.replace(
        mine, codes=("reuse-or-scratch",), memo="Out before she looked at one of them.", at="2026-03-25T09:12:00Z"
    )
    both = add_segment(before, as_version(theirs, {segment.id for segment in before.segments}))  # type: ignore[arg-type]
    LayerStore(root, study.codebook).save(before, both)
    where = ("codes", "selection", "children", "find-ptm", "definition")
    clash = YamlConflict(
        where,
        "Going from many models to the one or few that will be tried.",
        "Going from many models to one, whether it is tried afterwards or not.",
    )
    note_conflicts(root, "codebook/ptm_reuse.yaml", [clash])


def source_notes(root: Path) -> None:
    """Notes that came with the source of I01: on the words of ana's third and fourth segment, and on all."""
    study = open_study(root)
    codings = start_layer(study, "ana", "I01")
    texts = (
        "Lea (2026-02-03): compare with what the others say",
        "Lea (2026-02-03): a turning point?",
    )
    notes = [
        msgspec.structs.replace(
            segment, id=f"note{number}", codes=(), memo=text, at="2026-02-03T08:00:00Z", unsure=False
        )
        for number, (segment, text) in enumerate(zip(codings.segments[2:4], texts, strict=True))
    ]
    header = LayerHeader("word-comments", "I01", "source", codings.header.text_sha256)
    folder = root / "codings" / "word-comments"
    folder.mkdir()
    (folder / "I01.jsonl").write_bytes(encode_layer(make_layer(header, notes)))
