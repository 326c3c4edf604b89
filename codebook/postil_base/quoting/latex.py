r"""Text of other people inside a LaTeX document, in a paragraph or in the cell of a table."""

from __future__ import annotations

import re

_SPECIAL = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "%": r"\%",
    "_": r"\_",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': r"\char34{}",
    "`": r"\textasciigrave{}",
}
# Signs of Postil's own tables that pdfTeX's fonts lack.
_SIGNS = {
    "■": r"\rule{1ex}{1ex}\,",
    "□": r"{\setlength{\fboxsep}{0pt}\setlength{\fboxrule}{.3pt}\fbox{\rule{0pt}{.9ex}\rule{.9ex}{0pt}}}\,",
    "→": r"$\rightarrow$",
    "←": r"$\leftarrow$",
    "≥": r"$\geq$",
    "≤": r"$\leq$",
    "×": r"$\times$",
    "−": r"$-$",
}
_TABLE = str.maketrans(_SPECIAL | _SIGNS)
_LIGATURE = re.compile(r"(?<=-)(?=-)|(?<=,)(?=,)|(?<=')(?=')")
_SPACE = re.compile(r"[\t\r\n\x0b\x0c\x85\u2028\u2029]+")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


def latex(text: str) -> str:
    r"""Escape ``text`` for LaTeX; line ends become spaces, and ``--`` stays two hyphens.

    >>> print(latex(r"100% of \input{x} -- \"it's\""))
    100\% of \textbackslash{}input\{x\} -{}- \textbackslash{}\char34{}it's\textbackslash{}\char34{}
    """
    one_line = _CONTROL.sub("?", _SPACE.sub(" ", text))
    return "{}".join(part.translate(_TABLE) for part in _LIGATURE.split(one_line))
