"""Regular expressions that people type: the syntax of ``re``, matched with a time limit so that none of them hangs.

They are compiled by the ``regex`` package, whose matching can be given a time and stops on Ctrl+C. What ``re`` would
not read is refused, and what only ``regex`` knows (fuzzy counts such as ``{e}``) stays the text it is under ``re``. One
thing is better than there: a combining mark belongs to the word of its letter.
"""

from __future__ import annotations

import re
import time
import warnings
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from postil_base.plural import counted
from postil_base.problem import PostilError

if TYPE_CHECKING:
    import regex

LONGEST, DEEPEST, LARGEST = 1_000, 40, 20_000  # characters; groups inside groups; single characters once written out
_BRACE = re.compile(r"(?P<kept>\\N\{|\\.|\{\d*,?\d*\})|\{", re.DOTALL)
_PIECE = re.compile(
    r"\\N\{[^}]*\}|\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\(\?[aiLmsux-]+\)|(?P<open>\()(?:\?(?:P?<[\w=!]+>?|P=\w+|[aiLmsux-]*[:=!>#]))?"
    r"|(?P<close>\))"
    r"|\{(?P<least>\d*)(?:,\d*)?\}|[*+?|^$.]|.",
    re.DOTALL,
)


class Pattern:
    """A compiled pattern with a budget of seconds for all its searches together."""

    def __init__(self, compiled: regex.Pattern[str], written: str, seconds: float) -> None:
        self._compiled, self._written, self._left = compiled, written, seconds

    def spans(self, text: str, start: int = 0, end: int | None = None) -> Iterator[tuple[int, int]]:
        """Where the pattern matches between two places, one after the other; matches of nothing are left out.

        Raises PostilError when the time is up.
        """
        stop = len(text) if end is None else end
        matches = self._compiled.finditer(text, start, stop, timeout=max(self._left, 0.001))
        while True:
            began = time.perf_counter()
            try:
                match = next(matches, None)
            except TimeoutError:
                raise PostilError(self._too_slow()) from None
            finally:
                self._left -= time.perf_counter() - began
            if self._left <= 0:
                raise PostilError(self._too_slow())
            if match is None:
                return
            if match.end() > match.start():
                yield match.span()

    def search(self, text: str) -> regex.Match[str] | None:
        """The first match in a text, or None. Raises PostilError when the time is up."""
        began = time.perf_counter()
        try:
            return self._compiled.search(text, timeout=max(self._left, 0.001))
        except TimeoutError:
            raise PostilError(self._too_slow()) from None
        finally:
            self._left -= time.perf_counter() - began

    def _too_slow(self) -> str:
        return (
            f"the regular expression {_short(self._written)} takes too long: parts that can match the same words in "
            "many ways, such as (a+)+, multiply. Write it without a repetition inside a repetition."
        )


def compile_pattern(text: str, seconds: float = 10.0, *, flags: int = re.IGNORECASE) -> Pattern:
    r"""Compile a pattern that somebody typed.

    Args:
        text: the pattern, in the syntax of ``re``.
        seconds: time for all searches with it.
        flags: of ``re``; ignore case by default.

    Raises:
        PostilError: it cannot be read, is longer than 1,000 characters, nests deeper than 40 groups, or would be
            enormous once its counted repetitions are written out.

    >>> list(compile_pattern(r"down\w+").spans("Downloads go down."))
    [(0, 9)]
    """
    import regex

    _check_size(text)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of ``re``, on patterns it will read otherwise one day
            re.compile(text, flags)
            known: Any = regex.compile(_BRACE.sub(_literal_brace, text), flags | regex.V0)
    except (re.error, regex.error, OverflowError, RecursionError, ValueError) as error:
        raise PostilError(f"the regular expression {_short(text)} cannot be read: {_reason(error)}.") from None
    return Pattern(known, text, seconds)


def _literal_brace(match: re.Match[str]) -> str:
    return match["kept"] or r"\{"


def _check_size(text: str) -> None:
    if len(text) > LONGEST:
        raise PostilError(f"the regular expression has {counted(len(text), 'character')}; up to {LONGEST:,} are read.")
    sizes, last = [0], 0  # of the groups that are open, and of the last item
    for match in _PIECE.finditer(text):
        if match["open"]:
            sizes.append(0)
            last = 0
        elif match["close"]:
            last = sizes.pop() if len(sizes) > 1 else last
            sizes[-1] += last
        elif match["least"] is not None:
            more = last * max(int(match["least"] or 0) - 1, 0)
            sizes[-1] += more
            last += more
        elif match[0] not in "*+?|^$":
            last = 1
            sizes[-1] += 1
        if len(sizes) - 1 > DEEPEST:
            raise PostilError(f"the regular expression nests groups deeper than {DEEPEST}.")
        if max(sizes) > LARGEST:
            raise PostilError(f"the regular expression stands for more than {LARGEST:,} characters once written out.")


def _reason(error: Exception) -> str:
    return "it nests too deep" if isinstance(error, RecursionError) else str(error)


def _short(text: str) -> str:
    return f"/{text if len(text) <= 60 else text[:57] + '…'}/"
