r"""Text of other people inside Graphviz' DOT language, as values for `graphviz.Digraph`, which quotes them.

Graphviz reads three things into a label: backslash sequences (``\N`` is the node's name), entities, and HTML in
angle brackets.
"""

from __future__ import annotations

import re
from html import escape

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def dot_id(text: str) -> str:
    r"""A value that stands for ``text`` and for no other text.

    >>> print(dot_id('say "hi"\\'))
    say "hi"\\
    """
    from graphviz import escape as literal
    from graphviz import nohtml

    clean = _CONTROL.sub("\ufffd", text).replace("\r\n", "\n").replace("\r", "\n")
    value: str = nohtml(literal(clean).replace("\n", "\\n"))  # a str that graphviz never takes for HTML
    return value


def dot_label(text: str) -> str:
    r"""A value that is shown as ``text``, lines centred.

    >>> print(dot_label("Q&A\nC:\\N"))
    Q&amp;A\nC:\\N
    """
    return dot_id(text.replace("&", "&amp;"))


def dot_html(text: str) -> str:
    """``text`` inside an HTML-like label (between ``<`` and ``>``).

    >>> dot_html("a < b\\nnext")
    'a &lt; b<br/>next'
    """
    clean = _CONTROL.sub("\ufffd", text)
    return escape(clean, quote=True).replace("&#x27;", "&#39;").replace("\r", "").replace("\n", "<br/>")
