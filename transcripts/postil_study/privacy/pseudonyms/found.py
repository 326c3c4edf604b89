"""Names a transcript still holds: people, organisations, places, addresses, numbers, with pseudonyms on offer.

A list to look at before a transcript goes into a repository, not a judgement: it finds too much rather than too little.
Products and technical words stand apart, see `names_apart`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from postil_study.privacy.pseudonyms.names_apart import TECHNICAL, is_noun, is_technical, writes_nouns_so
from postil_study.text.turns import RawTurn
from postil_study.text.vocabulary import MARKER, words

_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}")
_TOP = r"\.(?:com|org|net|edu|gov|ai|io|co|de|uk|fr|es|it|nl|ch|at|eu|se|in|cn|jp|br)\b(?![\w@/(])"
_ENDS_LIKE_ADDRESS = re.compile(rf"[a-z0-9]{_TOP}")
_PAGE = r"(?:https?://|www\.)[^\s<>\"]{2,200}[^\s<>\".,;:!?)]"
_PAGES = re.compile(_PAGE)
_ADDRESSES = re.compile(rf"{_PAGE}|\b[a-z0-9][a-z0-9-]{{1,60}}{_TOP}")
_NUMBER = re.compile(r"(?<![\w.])(?:\+?\d[\d ()/.-]{6,20}\d)(?!\w|\.\d)")
_WORD = re.compile(r"[^\W\d_](?:[\w’'.-]*\w)?")
_CAPITALISED = re.compile(r"(?<![\w’'])[^\W\d_a-zß-öø-ÿ](?:[\w’'.-]*\w)?")  # or of a script without capitals
_GUESS = re.compile(r"\[([^\W\d][^\]\n\d:]{0,40}?)\s+\d{1,2}:\d{2}(?::\d{2})?\]")
_END = re.compile(r"[.?!…:;\"“”„»«()\[\]\-–—/\n]")
_REACH = 40  # characters in which three words end
_WORKS = re.compile(r"\b(?:at|(?:work\w*|intern\w*|consult\w*) (?:for|with)|join(?:ed)?|employed by) (?:the )?$")
_LIVES = re.compile(
    r"\b(?:(?:live[ds]?|living|based|born|office|located|moved|grew up|raised|staying) (?:in|to|near)"
    r"|(?:city|town|state) of) (?:the )?$"
)
_OF_ORGANISATIONS = words(
    """inc ltd llc corp corporation gmbh ag plc university institute college school laboratory lab labs foundation bank
    group hospital clinic ministry agency technologies systems department faculty council association society"""
)
_EMPLOYED = re.compile(
    r"\b(?:work(?:s|ed|ing)?|employed|intern(?:ed)?|internship|hired|job|position|engineer|manager|director|developer"
    r"|scientist|student|team|joined)\b(?: \w+){0,3} (?:at|for|by) (?:the )?$"
)
_STARTERS = words(
    """the a an and but so or if when while we you he she they it this that these those there here then now only just
    also even still well oh my our your his her their its in on at for with from of to by as is are was were do does did
    have has had can could would should might not no what which who whom whose how why where because since
    after before although though let's like maybe actually basically usually sometimes and/or thanks hello hi ask tell
    use using used think und aber also der die das ein eine wir ich sie er es mit bei von für auf aus nach"""
)
_FIRST_OF_ORGANISATIONS = words("university institute")
_PLAIN = re.compile(r"[^\W\d_a-zß-öø-ÿ][^\W\d_A-ZÀ-Þ]{2,}")  # a word like Berlin
_COMMON = words(
    """i i'm i'd i've i'll i’m i’d i’ve i’ll okay ok yes no english german french spanish chinese hindi internet monday
    tuesday wednesday thursday friday saturday sunday january february march april may june july august september
    october november december"""
)


@dataclass(frozen=True, slots=True)
class NameSeen:
    """Something that may tell who is meant, how often it occurs, and what could stand in its place."""

    text: str
    kind: str  # name, organisation, place, e-mail, address, number, label; or technical, which stands apart
    count: int
    pseudonym: str

    @property
    def offered(self) -> bool:
        """Whether a pseudonym is on offer: products and technical words stand apart."""
        return self.kind != TECHNICAL


def names_seen(turns: Sequence[RawTurn], labels: Iterable[str] = ()) -> tuple[NameSeen, ...]:
    """What to look at in these turns, most frequent first within its kind; ``labels`` are names of people."""
    texts = ["\n".join(turn.text for turn in turns)]  # one long text: a pattern is run once, and none crosses a line
    found = [
        *_numbered("label", Counter(dict.fromkeys(labels, 1))),
        *_numbered("e-mail", Counter(match for text in texts for match in _emails(text))),
        *_numbered("address", Counter(match for text in texts for match in _address(text).findall(text))),
        *_numbered("number", Counter(match for text in texts for match in _NUMBER.findall(text))),
        *_by_kind(_names(texts), texts),
    ]
    return _once(found)


def _once(found: Iterable[NameSeen]) -> tuple[NameSeen, ...]:
    """Every text once: a label that is spoken of, too, is not asked for twice."""
    first: dict[str, NameSeen] = {}
    for seen in found:
        known = first.get(seen.text)
        first[seen.text] = seen if known is None else replace(known, count=known.count + seen.count)
    return tuple(first.values())


def _by_kind(names: Counter[str], texts: Sequence[str]) -> Iterator[NameSeen]:
    """Names of organisations and places apart, as far as the words around them tell."""
    spoken = "\n".join(texts)  # as it is written: a term is one that is written small elsewhere
    kinds = {name: _kind(name, texts, spoken) for name in names}
    for kind in ("organisation", "place", "name", TECHNICAL):
        yield from _numbered(kind, Counter({name: names[name] for name in names if kinds[name] == kind}))


def _kind(name: str, texts: Sequence[str], spoken: str) -> str:
    """What a name stands for: its form and its last word say so, or the words before it do more often than not."""
    technical = is_technical(name, spoken)
    if not technical and (
        name.rsplit(" ", 1)[-1].lower() in _OF_ORGANISATIONS or name.split(" ", 1)[0].lower() in _FIRST_OF_ORGANISATIONS
    ):
        return "organisation"
    before = [words.lower() for text in texts if name in text for words in _words_before(name, text)]
    if technical:
        return "organisation" if any(map(_EMPLOYED.search, before)) else TECHNICAL
    for kind, pattern in (("organisation", _WORKS), ("place", _LIVES)):
        if 2 * sum(1 for words in before if pattern.search(words)) > len(before):
            return kind
    return "name"


def _words_before(name: str, text: str) -> Iterator[str]:
    """What stands before each place where the name stands whole; three words at least."""
    start = text.find(name)
    while start >= 0:
        end = start + len(name)
        if not (end < len(text) and (text[end].isalnum() or text[end] == "_")):
            yield text[max(start - _REACH, 0) : start]
        start = text.find(name, end)


def _numbered(kind: str, counts: Counter[str]) -> Iterator[NameSeen]:
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    for number, (text, count) in enumerate(ordered, 1):
        yield NameSeen(text, kind, count, f"[{kind} {number}]")


def _names(texts: Sequence[str]) -> Counter[str]:
    """Capitalised words inside sentences: plain ones (``Berlin``) though they occur but once, others that come back
    or stand in a row of two (a full name), and guesses of the transcriber (``[Flax 00:23:43]``)."""
    inside: Counter[str] = Counter()
    anywhere: Counter[str] = Counter()
    lower: set[str] = set(_STARTERS)
    all_words = 0
    bare = [_without_addresses(text) for text in texts]
    for text in bare:
        found = _WORD.findall(text)
        all_words += len(found)
        lower.update(found)
    for text in bare:
        for phrase, in_sentence in _phrases(text, lower):
            anywhere[phrase] += 1
            inside[phrase] += in_sentence
    guesses = {guess for text in texts for guess in _GUESS.findall(MARKER.sub(".", text)) if guess[0].isupper()}
    nouns = writes_nouns_so(inside.total(), all_words)

    def is_kept(phrase: str, count: int) -> bool:
        if phrase in guesses or not count:
            return phrase in guesses
        often = anywhere[phrase] > 1 or " " in phrase
        if phrase.lower() in lower or not (often or (not nouns and _PLAIN.fullmatch(phrase))):
            return False
        return not (nouns and is_noun(w for text in texts if phrase in text for w in _words_before(phrase, text)))

    return Counter({phrase: anywhere[phrase] for phrase, count in inside.items() if is_kept(phrase, count)})


def _without_addresses(text: str) -> str:
    return MARKER.sub(".", _address(text).sub(".", _EMAIL.sub(".", text) if "@" in text else text))


def _address(text: str) -> re.Pattern[str]:
    """What finds addresses in a text; those without ``www`` are looked for only where one can be."""
    return _ADDRESSES if _ENDS_LIKE_ADDRESS.search(text) else _PAGES


def _emails(text: str) -> list[str]:
    """Looked for only where one can be: the pattern tries every word of an hour's talk."""
    return _EMAIL.findall(text) if "@" in text else []


def _phrases(text: str, lower: Container[str]) -> Iterator[tuple[str, bool]]:
    """Rows of capitalised words, and whether each stands inside a sentence, where capitals mean something.

    The second of two is inside the sentence that the first begins; the first is part of a name unless it is written
    small elsewhere (``lower``), as in ``And Anna``.
    """
    row: list[str] = []
    row_inside = False
    before = -1

    def made() -> tuple[str, bool]:
        if not row_inside and len(row) > 1 and row[0].lower() in lower:
            return " ".join(row[1:]), True
        return " ".join(row), row_inside or len(row) > 1

    for match in _CAPITALISED.finditer(text):
        word, start = match[0], match.start()
        if not word[0].isupper() or word.lower() in _COMMON:
            continue
        if row and text[before:start] != " ":
            yield made()
            row = []
        if not row:
            row_inside = _is_inside(text, start)
        row.append(word.removesuffix("'s").removesuffix("’s"))
        before = match.end()
    if row:
        yield made()


def _is_inside(text: str, start: int) -> bool:
    """Whether no sentence ends in what stands between the word before and here."""
    end = start
    while start > 0 and not (text[start - 1].isalnum() or text[start - 1] == "_"):
        start -= 1
    return end > 0 and not _END.search(text, start, end)
