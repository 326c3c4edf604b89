"""References to codes as they stand in files: an id, a path, a former id; and ``x/*`` for what is below x."""

from __future__ import annotations

from collections.abc import Collection

from postil_base.ids import is_name, suggest_name
from postil_base.problem import Place, Problem
from postil_base.yaml.fields import nearest
from postil_codebook.values import Codebook

MAX_LABEL = 200
HINTS = 50  # more problems than that get no guess of what was meant: guesses take time


def is_glob(reference: str) -> bool:
    """Whether the reference takes a subtree.

    >>> is_glob("selection/*"), is_glob("*"), is_glob("find-ptm")
    (True, True, False)
    """
    return reference == "*" or reference.endswith("/*")


def glob_root(reference: str) -> str:
    """What a glob takes the subtree of; empty for the whole book.

    >>> glob_root("selection/*"), glob_root("*")
    ('selection', '')
    """
    return reference[:-1].rstrip("/")


def known(codebook: Codebook, reference: str) -> bool:
    """Whether the reference means something in the book."""
    if is_glob(reference):
        root = glob_root(reference)
        return not root or codebook.resolve(root) is not None
    return codebook.resolve(reference) is not None


def unknown_code(codebook: Codebook, reference: str, place: Place, what: str, found: int = 0) -> Problem:
    """The problem of a reference to a code that is not in the book; ``found`` problems stand before it."""
    last = (glob_root(reference) if is_glob(reference) else reference).rsplit("/", 1)[-1]
    where = f" of {codebook.path}" if codebook.path else ""
    if last in codebook.codes:
        hint = f"; {last!r} is at {codebook.code_path(last)!r}."
    else:
        hint = (
            nearest(last, codebook.codes if found < HINTS else ())
            or f". Add it to the codes{where}, or take it out here."
        )
    return Problem(place, f"{what}: there is no code {short(reference)}{hint}", "unknown-code")


def unknown_id(
    kind: str, wanted: str, ids: Collection[str], place: Place, what: str, rule: str, found: int = 0
) -> Problem:
    """The problem of a reference to a node or stage that is not declared."""
    hint = (
        nearest(wanted, ids if found < HINTS else ())
        or f". Declare it, or use one of: {', '.join([*ids][:12]) or 'none declared'}."
    )
    return Problem(place, f"{what}: there is no {kind} {short(wanted)}{hint}", rule)


def bad_name(name: str, place: Place, what: str) -> Problem | None:
    """The problem of an id that is none, or None when it is one."""
    if is_name(name) and len(name) <= MAX_LABEL:
        return None
    near = suggest_name(name[:MAX_LABEL])
    hint = f", such as {near!r}" if near else ""
    message = f"{what} {short(name)}: an id has lower-case letters, digits, dots and hyphens and starts with one of the"
    return Problem(place, f"{message} first two{hint}; put the wording in `label`.", "bad-id")


def short(text: str) -> str:
    """A text quoted for a message, cut when it is long."""
    return repr(text if len(text) <= 60 else text[:57] + "…")
