"""Consent as it is written in ``study.yaml``: a clear yes is a yes, whatever else is written is a no.

Nothing written is neither: it is *not recorded*. What cannot be read is a problem of the file, and `Answers.doubt` says
it once more to whoever makes an output.
"""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import Final, NamedTuple

from postil_base.yaml.fields import Fields
from postil_base.yaml.places import YamlMap, YamlNode, YamlScalar, YamlSeq

WORDS: Final = ("true", "false", "yes", "no")
_YES: Final = frozenset({"true", "yes"})
_KEYS: Final = ("quote", "share")
_MISPLACED: Final = frozenset({"quote", "quotes", "share", "shares", "shared", "consent_quote", "consent_share", "<<"})
# Keys in other words and languages; no attribute of a person is called so for another reason.
_ABOUT: Final = re.compile(
    r"consent|einwillig|einverst|zustimm|toestemm|samty|zgod|consenso|permission|permiso|erlaubn|autori[sz]|"
    r"zitat|zitier|citar|citer|citab|citat$|quotab|quoti|quotation|mayquote|noquote|quoteok|notquote|"
    r"weitergab|veröffentlich|同意|согласи"
)
_RECORD: Final = re.compile(r"(date|datum|fecha|data|form|formular|formulaire|version|file|document|scan|signed)$")
_RULE: Final = "yaml-type"
_HOW: Final = "write consent: {quote: true, share: true}, or false where they said no"


class Answers(NamedTuple):
    """What a participant agreed to; None is not recorded."""

    quote: bool | None = None
    share: bool | None = None
    doubt: str = ""


NO: Final = Answers(False, False)


def read_consent(entry: Fields) -> Answers:
    """What an entry of ``participants:`` says of consent; what is no clear answer becomes a problem, too."""
    whole = entry.map
    stray = _stray(whole) if whole is not None else None
    node = entry.node("consent", "mapping")
    if node is None:
        return _doubtful(entry, stray, NO) if stray is not None else Answers()
    if not isinstance(node, YamlMap):
        entry.report(node.place, f"consent: `{_shown(node)}` does not say to what; {_HOW}", _RULE)
        return NO._replace(doubt=f"consent: {_shown(node)}")
    answers = _answers(entry, node)
    if stray is not None:
        return _doubtful(entry, stray, NO)
    return answers


def _answers(entry: Fields, node: YamlMap) -> Answers:
    fields = entry.fields("consent")
    unread, given = [], []
    for key in _KEYS:
        found = fields.node(key, "choice", WORDS)
        answer = None if found is None else _truth(found)
        if found is not None and answer is None:
            fields.report(found.place, f"`{key}: {_shown(found)}` is no clear yes, so it is a no; {_HOW}", _RULE)
            unread.append(f"{key}: {_shown(found)}")
        given.append(None if found is None else answer is True)
    fields.close()
    strange = [key for key, _ in node if key.text not in _KEYS and not key.text.startswith("x-")]
    unread += [f"unknown key {key.text}" for key in strange] + [f"{key.text} is there twice" for key in node.again]
    if strange or node.again:
        given = [False, False]
    return Answers(given[0], given[1], f"consent: {'; '.join(unread)}" if unread else "")


def _truth(node: YamlNode) -> bool | None:
    """Yes or no as people write it, in whatever capitals, in quotation marks or not; None for anything else."""
    word = node.text.strip().casefold() if isinstance(node, YamlScalar) else ""
    return word in _YES if word in WORDS else None


def _stray(node: YamlMap) -> YamlScalar | None:
    """A key beside ``consent`` that seems to be about consent, or ``consent`` a second time."""
    for key in (*(key for key, _ in node), *node.again):
        word = key.text.strip().casefold()
        like = word != "consent" and get_close_matches(word, ["consent"], 1, 0.85)
        told = _tells(word)
        if like or told or word in _MISPLACED or (word == "consent" and (key.text != "consent" or key in node.again)):
            return key
    return None


def _tells(word: str) -> bool:
    """Whether a key says in other words what somebody agreed to; a date or a form of it does not."""
    bare = re.sub(r"[\s_-]", "", word)
    return word != "consent" and not word.startswith("x-") and bool(_ABOUT.search(bare)) and not _RECORD.search(bare)


def _doubtful(entry: Fields, key: YamlScalar, answers: Answers) -> Answers:
    entry.report(key.place, f"`{key.text}` may be about consent and is not read, so it is a no; {_HOW}", _RULE)
    return answers._replace(doubt=f"{key.text} beside consent")


def unclear_people(root: YamlMap | None, node: YamlNode | None) -> tuple[frozenset[str], str]:
    """Participants whose entry is there twice, and why nobody's consent can be relied on ("" when it can)."""
    if root is None:
        return frozenset(), "study.yaml cannot be read"
    keys = [key.text for key, _ in root]
    if any(key.text == "participants" for key in root.again):
        return frozenset(), "participants: is there twice in study.yaml"
    near = [key for key in get_close_matches("participants", keys, 3, 0.85) if key != "participants"]
    if near:
        return frozenset(), f"study.yaml has a key {near[0]}, which is not read"
    if node is not None and not isinstance(node, (YamlMap, YamlSeq)):
        return frozenset(), "participants: in study.yaml is no list of people"
    return frozenset(_again(node)), ""


def _again(node: YamlNode | None) -> list[str]:
    if isinstance(node, YamlMap):
        return [key.text for key in node.again]
    ids: list[str] = []
    for item in node if isinstance(node, YamlSeq) else ():
        key = item.get("id") if isinstance(item, YamlMap) else item
        ids += [key.text] if isinstance(key, YamlScalar) else []
    return [id_ for id_ in ids if ids.count(id_) > 1]


def _shown(node: YamlNode) -> str:
    if isinstance(node, YamlScalar):
        return node.text if len(node.text) <= 40 else f"{node.text[:39]}…"
    return "a list" if isinstance(node, YamlSeq) else "a mapping"
