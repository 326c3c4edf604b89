"""What is remembered between sessions, per study: coder, places, slots. A small JSON file in the state folder."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec

VERSION = 1


class Kept(msgspec.Struct, frozen=True):
    """A coding of many passages in one go: the records it made, by transcript."""

    coder: str
    said: str
    records: dict[str, list[str]]


class Remembered(msgspec.Struct):
    """The state of one study for this user."""

    path: Path | None = None
    coder: str = ""
    transcript: str = ""
    theme: str = ""
    places: dict[str, int] = {}  # "coder/transcript" → offset of the cursor
    tops: dict[str, int] = {}  # the offset on top of the screen
    slots: dict[str, Any] = {}  # per coder
    batches: list[Kept] = []  # codings of many passages in one go, newest last

    def save(self) -> None:
        """Write the state; a folder that cannot be written is no reason to fail."""
        if self.path is None:
            return
        data = {key: value for key, value in msgspec.to_builtins(self, enc_hook=str).items() if key != "path"}
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            beside = self.path.with_suffix(f".{os.getpid()}.tmp")
            beside.write_text(json.dumps({"version": VERSION, **data}, ensure_ascii=False, indent=1), "utf-8")
            beside.replace(self.path)
        except OSError:
            return


def state_file(study_id: str, root: Path) -> Path:
    """Where the state of a study is kept: by its id, or by its folder if it has none."""
    from platformdirs import user_state_path

    name = study_id or sha256(str(root.resolve()).encode()).hexdigest()[:16]
    safe = "".join(letter if letter.isalnum() or letter in "-_." else "-" for letter in name)
    return user_state_path("postil") / f"{safe}.json"


def load_state(path: Path) -> Remembered:
    """Read the state; what is odd in the file is left out."""
    remembered = Remembered(path)
    try:
        data = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return remembered
    if not isinstance(data, dict) or data.get("version") != VERSION:
        return remembered
    for name in ("coder", "transcript", "theme"):
        if isinstance(data.get(name), str):
            setattr(remembered, name, data[name])
    for name in ("places", "tops"):
        if isinstance(data.get(name), dict):
            setattr(remembered, name, {k: v for k, v in data[name].items() if isinstance(v, int)})
    if isinstance(data.get("slots"), dict):
        remembered.slots = data["slots"]
    with suppress(msgspec.ValidationError):
        remembered.batches = msgspec.convert(data.get("batches", []), list[Kept])
    return remembered
