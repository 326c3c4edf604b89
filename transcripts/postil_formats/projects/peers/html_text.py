"""The words of an HTML document, and where each byte of its text nodes stands in them.

Taguette counts UTF-8 bytes over the text nodes, as a browser has them. Blocks that follow each other without a line
end between them get one, so that words do not run together; such line ends count nothing.
"""

from __future__ import annotations

from bisect import bisect_right
from html.parser import HTMLParser

_BLOCK_NAMES = (
    "address article aside blockquote body br center dd div dl dt figure footer form h1 h2 h3 h4 h5 h6 header hr li "
    "main nav ol p pre section table tbody td tfoot th thead tr ul"
)
_BLOCKS = frozenset(_BLOCK_NAMES.split())


class HtmlText(HTMLParser):
    r"""The text of a document.

    >>> page = HtmlText("<p>é &amp; b</p><p>ça <i>va</i></p>")
    >>> page.text, page.at(6), page.text[page.at(6) : page.at(12)]
    ('é & b\nça va', 6, 'ça va')
    """

    def __init__(self, document: str) -> None:
        super().__init__(convert_charrefs=True)
        self._parts: list[str] = []
        self._length = 0  # code points so far
        self._bytes = 0  # bytes of text nodes so far
        self._runs: list[tuple[int, int, str]] = []  # first byte, first code point, words
        self._border = False
        self.feed(document.replace("\r\n", "\n").replace("\r", "\n"))
        self.close()
        self.text = "".join(self._parts)
        self._firsts = [run[0] for run in self._runs]

    def handle_starttag(self, tag: str, attrs: object) -> None:
        """A block starts a line."""
        self._border = self._border or tag in _BLOCKS

    def handle_endtag(self, tag: str) -> None:
        """A block ends a line."""
        self._border = self._border or tag in _BLOCKS

    def handle_data(self, data: str) -> None:
        """Words, and the spaces between tags."""
        if not self._parts:
            data = data.lstrip(" \t\n\f") if not self._bytes else data  # a browser drops white space before the body
        if not data:
            return
        if self._border and self._parts and not self._parts[-1].endswith("\n") and not data.startswith("\n"):
            self._parts.append("\n")
            self._length += 1
        self._border = False
        self._runs.append((self._bytes, self._length, data))
        self._parts.append(data)
        self._length += len(data)
        self._bytes += len(data.encode("utf-8", "surrogatepass"))

    def at(self, position: int, *, end: bool = False) -> int:
        """Where a byte stands in the text; an ``end`` stays with the words before it."""
        index = bisect_right(self._firsts, position - end) - 1
        if index < 0:
            return max(position, 0) and len(self.text)
        first, start, words = self._runs[index]
        inside = words.encode("utf-8", "surrogatepass")[: position - first]
        return start + len(inside.decode("utf-8", "ignore"))

    @property
    def bytes(self) -> int:
        """How many bytes the text nodes have."""
        return self._bytes
