"""Comments of a Word file as codings: the codes each names, the rest as its memo, its author as the coder."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from postil_base.problem import PostilError
from postil_formats.codings.sources.columns import SEGMENT_KEYS
from postil_formats.codings.sources.headings import plain
from postil_formats.texts.recognised import Recognised, SourceNote
from postil_study.text.turns import RawTurn

if TYPE_CHECKING:
    from postil_formats.codings.sources.rows import CodingRow, CodingsTable

COMMENTS = "word-comments"
Known = Callable[[str], bool]

_LEAD = re.compile(r"(?:codes?|kodes?|tags?|themes?|códigos?)\s*[:=]\s*", re.IGNORECASE)
_HASHTAGS = re.compile(r"(?:#[^\s#;,]+[\s;,]*)+")
_REMARK = re.compile(r"(.{2,60}?)(?::\s+|\s+[-–—]\s+)(\S.*)", re.DOTALL)
_DASH = re.compile(r"\s[-–—]\s")
_SENTENCE = re.compile(r"[.?!…]$|[.?!]\s")
_NOBODY = frozenset(("", "author", "unknown author", "microsoft office user", "user", "autor", "unbekannter autor"))
_WORDS, _LENGTH = 5, 60  # longer than that is a remark
_NEAR = 60  # characters beside the words, by which equal words are told apart


def like_codes(text: str) -> bool:
    """Whether a stretch of a comment may be a code, or several with commas between: a few words, no sentence.

    >>> like_codes("advice from peers"), like_codes("price, comparison"), like_codes("Ask him again about this.")
    (True, True, False)
    """
    pieces = [piece.strip() for piece in text.split(",")]
    named = any(c.isalpha() for c in text) and not _SENTENCE.search(text.strip())
    return named and all(len(piece.split()) <= _WORDS and len(piece) <= _LENGTH for piece in pieces)


def codes_and_memo(text: str, known: Known) -> tuple[tuple[str, ...], str]:
    """The codes a comment names, separated by ``;`` and line ends, and what else it says.

    >>> codes_and_memo("price; comparison\\nHe laughs when he says so.", lambda name: False)
    (('price', 'comparison'), 'He laughs when he says so.')
    >>> codes_and_memo("price: he laughs when he says so", lambda name: name == "price")
    (('price',), 'he laughs when he says so')
    """
    codes: list[str] = []
    memo: list[str] = []
    for line in filter(None, (line.strip() for line in text.split("\n"))):
        found, rest = _line(_LEAD.sub("", line, count=1) if _LEAD.match(line) else line, known)
        codes += found
        memo += [rest] if rest else []
    return tuple(dict.fromkeys(codes)), "\n".join(memo)


def _line(line: str, known: Known) -> tuple[list[str], str]:
    """The codes a line begins with, and the rest of it."""
    if known(line):
        return [line], ""
    if _HASHTAGS.fullmatch(line):
        return [tag.strip("; ,").replace("_", " ") for tag in line.split("#") if tag.strip("; ,")], ""
    codes: list[str] = []
    pieces = [piece.strip() for piece in re.split(r"[;|]", line) if piece.strip()]
    for number, piece in enumerate(pieces):
        remark = _REMARK.fullmatch(piece)
        if remark is not None and not known(piece) and known(remark[1].strip()):
            return [*codes, remark[1].strip()], "; ".join([remark[2], *pieces[number + 1 :]])
        if not (known(piece) or (like_codes(piece) and not _DASH.search(piece))):  # what stands by a dash is a remark
            return codes, "; ".join(pieces[number:])
        codes.append(piece)
    return codes, ""


def comment_rows(recognised: Recognised, name: str, coder: str, known: Known) -> CodingsTable:
    """A row for each comment that names codes; what the others say stays in the notes that came with the source."""
    from postil_formats.codings.sources.rows import CodingsTable

    comments = [note for note in recognised.notes if note.source == COMMENTS]
    clean = {code.casefold() for note in comments for code in codes_and_memo(note.text, known)[0] if like_codes(code)}
    told = _with_clean(known, clean)
    rows: list[CodingRow] = []
    remarks: list[str] = []
    who = _coders(comments, coder, name)
    for number, note in enumerate(comments, 1):
        codes, memo = codes_and_memo(note.text, told)
        if codes:
            rows.append(_row(number, note, who[note.author], codes, memo, recognised.turns, name))
        else:
            remarks.append(note.text)
    return CodingsTable(f"{name}, comments", tuple(rows), (), tuple(_warnings(remarks, comments, coder)))


def offer(recognised: Recognised, name: str) -> str:
    """What to say of a transcript whose comments look like codes; nothing when few of them do."""
    comments = [note for note in recognised.notes if note.source == COMMENTS]
    coded = Counter(note.author or "nobody" for note in comments if codes_and_memo(note.text, lambda name: False)[0])
    if 2 * coded.total() <= len(comments):
        return _column_offer(recognised, name)
    people = ", ".join(f"{author} {count}" for author, count in coded.items())
    return (
        f"{coded.total()} of {len(comments)} comments look like codes ({people}). After the import, "
        f"`postil import-codings '{name}'` takes them in as codings."
    )


def _column_offer(recognised: Recognised, name: str) -> str:
    """The same for a column of codes beside the words."""
    kinds = (item.kind for item in recognised.taken if item.kind != "label")  # labels are those of speakers
    column = next((kind for kind in kinds if plain(kind) in SEGMENT_KEYS["codes"]), "")
    if not column:
        return ""
    return (
        f"The column {column!r} beside the words can come in as codings. After the import: "
        f"postil import-codings '{name}' --coder YOU"
    )


def _with_clean(known: Known, clean: Iterable[str]) -> Known:
    """A code that stands alone in one comment is one in another that says more."""
    names = frozenset(clean)
    return lambda name: known(name) or name.casefold() in names


def _coders(comments: Sequence[SourceNote], coder: str, name: str) -> dict[str, str]:
    """Author → coder. Word's own name for nobody in particular is nobody: then the person has to say."""
    authors = dict.fromkeys(note.author for note in comments)
    nameless = [author for author in authors if author.strip().casefold() in _NOBODY]
    if nameless and not coder:
        raise PostilError(f"{name}: comments by {nameless[0] or 'nobody'!r}; say whose codings they are with --coder.")
    return {author: coder if coder and (len(authors) == 1 or author in nameless) else author for author in authors}


def _warnings(remarks: Sequence[str], comments: Sequence[SourceNote], coder: str) -> Iterator[str]:
    authors = dict.fromkeys(note.author for note in comments)
    if coder and len(authors) == 1 and next(iter(authors)).casefold() not in ("", coder.casefold()):
        yield f"comments by {next(iter(authors))!r} are taken for {coder}'s (--coder)"
    if remarks:
        listed = "; ".join(repr(_short(text)) for text in remarks[:5])
        more = f" and {len(remarks) - 5} more" if len(remarks) > 5 else ""
        yield f"{len(remarks)} comment{'' if len(remarks) == 1 else 's'} without a code left out: {listed}{more}"


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 60 else f"{line[:59]}…"


def _row(
    number: int,
    note: SourceNote,
    coder: str,
    codes: Sequence[str],
    memo: str,
    turns: Sequence[RawTurn],
    name: str,
) -> CodingRow:
    from postil_formats.codings.sources.rows import CodingRow, mode_of

    uses = tuple((code, "") if "," in code else mode_of(code) for code in codes)
    if note.start is None or note.end is None:
        return CodingRow(number, coder, name, codes=uses, memo=memo, unplaced="the comment stands on no words")
    first, last = note.start, note.end
    pieces = [turn.text for turn in turns[first.turn : last.turn + 1]]
    before, behind = pieces[0][: first.offset], pieces[-1][last.offset :]
    pieces[-1] = pieces[-1][: last.offset]
    pieces[0] = pieces[0][first.offset :]
    quote = " … ".join(filter(None, (piece.strip() for piece in pieces)))
    if not quote:
        return CodingRow(number, coder, name, codes=uses, memo=memo, unplaced="the comment stands on no words")
    near = before[-_NEAR:].lstrip(), behind[:_NEAR].rstrip()
    return CodingRow(number, coder, name, quote=quote, codes=uses, memo=memo, prefix=near[0], suffix=near[1])
