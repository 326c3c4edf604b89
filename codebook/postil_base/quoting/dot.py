r"""Text of other people inside Graphviz' DOT language.

Labels are escaped three times over by Graphviz: quotes, backslash sequences (``\N`` is the node's name) and entities.
"""

from __future__ import annotations

import re
from html import escape

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def dot_id(text: str) -> str:
    r"""A quoted DOT id that stands for ``text`` and for no other text.

    >>> print(dot_id('say "hi"\\'))
    "say \"hi\"\\"
    """
    return f'"{_escaped(text)}"'


def dot_label(text: str) -> str:
    r"""A quoted DOT string that is shown as ``text``, lines centred.

    >>> print(dot_label("Q&A\nC:\\N"))
    "Q&amp;A\nC:\\N"
    """
    return f'"{_escaped(text.replace("&", "&amp;"))}"'


def dot_html(text: str) -> str:
    """``text`` inside an HTML-like label (between ``<`` and ``>``).

    >>> dot_html("a < b\\nnext")
    'a &lt; b<br/>next'
    """
    clean = _CONTROL.sub("\ufffd", text)
    return escape(clean, quote=True).replace("&#x27;", "&#39;").replace("\r", "").replace("\n", "<br/>")


def _escaped(text: str) -> str:
    clean = _CONTROL.sub("\ufffd", text).replace("\r\n", "\n").replace("\r", "\n")
    return clean.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
