"""Record ids: ten random characters of lower-case base32, unique in the study."""

from __future__ import annotations

import re
import secrets
from collections.abc import Container
from typing import Protocol

ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"
LENGTH = 10
NAME = re.compile(r"[a-z0-9][a-z0-9.-]*")


class Chooser(Protocol):
    """What picks a character: a seeded ``random.Random`` in tests."""

    def choice(self, seq: str, /) -> str:
        """One character of ``seq``."""
        ...


def new_id(taken: Container[str] = (), rng: Chooser | None = None) -> str:
    """A record id that is not in ``taken``; ``rng`` picks the characters instead of the system's randomness.

    >>> import random
    >>> new_id(rng=random.Random(1))
    'ieqh746yng'
    """
    while True:
        made = _random() if rng is None else "".join(rng.choice(ALPHABET) for _ in range(LENGTH))
        if made not in taken:
            return made


def _random() -> str:
    """Ten characters from one call for random bytes: a layer of an import asks for hundreds of ids."""
    return "".join([ALPHABET[byte & 31] for byte in secrets.token_bytes(LENGTH)])


def is_name(text: str) -> bool:
    """Tell whether ``text`` may be the id of a code or a coder.

    >>> is_name("find-ptm"), is_name("Find PTM"), is_name("_guide"), is_name("")
    (True, False, False, False)
    """
    return NAME.fullmatch(text) is not None


def suggest_name(text: str) -> str:
    """The nearest text that may be an id; empty when nothing is left of ``text``.

    >>> suggest_name("Find a PTM!"), suggest_name("_x_y"), suggest_name("検索")
    ('find-a-ptm', 'x-y', '')
    """
    return re.sub(r"[^a-z0-9.]+", "-", text.lower()).strip("-.")
