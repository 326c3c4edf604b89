"""Charts and memos that name a code: brought up to date with the book. Nobody's summary is ever lost on the way.

A cell of a code that was deleted stays, and `postil check` lists it: its words are somebody's.
"""

from __future__ import annotations

from postil_base.problem import PostilError
from postil_base.yaml.edit import delete_entry, rename_key, set_value
from postil_base.yaml.places import YamlMap, YamlScalar, YamlSeq, load_yaml, plain
from postil_codebook.changes.rewrite import Decide

_CODE = "code:"


def rewrite_chart(text: str, path: str, decide: Decide) -> tuple[str, int]:
    """The text of a chart with its columns named for what the codes are now, and how many that were.

    Two columns that become one are one cell: both summaries, each segment once.
    """
    count = 0
    root = load_yaml(text, path)[0]
    for name in root.keys() if isinstance(root, YamlMap) else ():
        now = decide(name)
        if now is None or now == name:
            continue
        count += 1
        here = load_yaml(text, path)[0]
        if isinstance(here, YamlMap) and now in here:
            text = _joined(text, path, here, name, now)
        else:
            text = rename_key(text, [name], now, path=path)
    return text, count


def _joined(text: str, path: str, root: YamlMap, gone: str, kept: str) -> str:
    cells = [plain(root[name]) for name in (kept, gone)]
    first, second = (cell if isinstance(cell, dict) else {} for cell in cells)
    summaries = dict.fromkeys(str(cell.get("summary", "")).strip() for cell in (first, second))
    segments = dict.fromkeys([*(first.get("segments") or ()), *(second.get("segments") or ())])
    summary = "\n\n".join(filter(None, summaries))
    if summary:
        text = set_value(text, [kept, "summary"], summary, path=path)
    if segments:
        text = set_value(text, [kept, "segments"], list(segments), path=path)
    return delete_entry(text, [gone], path=path)


def rewrite_memo(front: str, path: str, decide: Decide) -> tuple[str, int]:
    """The front matter of a memo with ``about: code:ID`` as it is now; one on a deleted code stays as it is."""
    root = load_yaml(front, path)[0]
    about = root.get("about") if isinstance(root, YamlMap) else None
    items = list(about.items) if isinstance(about, YamlSeq) else [about] if about is not None else []
    count = 0
    for number, item in enumerate(items):
        if not isinstance(item, YamlScalar) or not item.text.startswith(_CODE):
            continue
        now = decide(item.text.removeprefix(_CODE))
        if now is None or _CODE + now == item.text:
            continue
        count += 1
        where: list[str | int] = ["about", number] if isinstance(about, YamlSeq) else ["about"]
        try:
            front = set_value(front, where, _CODE + now, path=path)
        except PostilError:  # written in a way that cannot be changed safely: check reports it
            count -= 1
    return front, count
