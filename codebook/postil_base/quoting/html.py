"""Text of other people inside HTML and SVG, as content or in a quoted attribute."""

from __future__ import annotations

import re
from html import escape

# what XML 1.0 forbids, and C1 controls
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]|\r(?!\n)")


def html(text: str) -> str:
    """Escape ``text`` for HTML, SVG and XML.

    >>> html('<b title="x">\\'&\\x00')
    '&lt;b title=&quot;x&quot;&gt;&#x27;&amp;\ufffd'
    """
    return escape(allowed(text), quote=True)


def allowed(text: str) -> str:
    """``text`` with what XML forbids replaced."""
    return _FORBIDDEN.sub("\ufffd", text)
