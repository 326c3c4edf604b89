"""Quick slots 1 to 9: a code keeps its number while it is on the bar, so that the hand can learn it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import msgspec

SLOTS = 9


class Slots(msgspec.Struct):
    """The codes on the digits. A code keeps its digit until the person frees it; only a pin may take a full bar's.

    >>> slots = Slots()
    >>> for number in range(12):
    ...     slots.use(f"code-{number}")
    >>> slots.code(1), slots.code(9), slots.number("code-9")
    ('code-0', 'code-8', None)
    """

    codes: list[str | None] = msgspec.field(default_factory=lambda: [None] * SLOTS)
    pinned: set[str] = msgspec.field(default_factory=set)
    recent: list[str] = []  # most recent first

    def code(self, number: int) -> str | None:
        """The code on a digit (1 to 9)."""
        return self.codes[number - 1]

    def number(self, code: str) -> int | None:
        """The digit of a code."""
        return self.codes.index(code) + 1 if code in self.codes else None

    @property
    def last(self) -> str | None:
        """The code used last."""
        return self.recent[0] if self.recent else None

    def use(self, code: str) -> None:
        """Note that a code was used, and give it a slot if it has none."""
        if code in self.recent:
            self.recent.remove(code)
        self.recent.insert(0, code)
        del self.recent[50:]
        if code not in self.codes and None in self.codes:
            self.codes[self.codes.index(None)] = code

    def fill(self, codes: Iterable[str]) -> None:
        """Put codes on the digits that are free, in their order."""
        for code in codes:
            if code not in self.codes and None in self.codes:
                self.codes[self.codes.index(None)] = code

    def _put(self, code: str) -> None:
        if None in self.codes:
            self.codes[self.codes.index(None)] = code
            return
        places = [number for number, held in enumerate(self.codes) if held not in self.pinned]
        if places:
            oldest = max(places, key=lambda number: self._age(self.codes[number]))
            self.codes[oldest] = code

    def _age(self, code: str | None) -> int:
        return self.recent.index(code) if code in self.recent else len(self.recent)

    def toggle_pin(self, code: str) -> bool:
        """Pin a code to its digit, or take it off; returns whether it is pinned now.

        Where no digit is free, the pin takes the one whose code was not used for longest.
        """
        if code in self.pinned:
            self.pinned.discard(code)
            self.codes = [None if held == code else held for held in self.codes]
            return False
        if code not in self.codes:
            self._put(code)
        if code in self.codes:
            self.pinned.add(code)
        return code in self.pinned

    def keep(self, now: Callable[[str], str | None]) -> None:
        """Follow the codebook: what a code is called now, None if it is gone. Two that became one share a slot."""
        codes = [None if code is None else now(code) for code in self.codes]
        self.codes = [code if code not in codes[:number] else None for number, code in enumerate(codes)]
        self.pinned = {code for code in map(now, self.pinned) if code is not None}
        self.recent = list(dict.fromkeys(code for code in map(now, self.recent) if code is not None))

    def as_data(self) -> dict[str, list[str | None] | list[str]]:
        """For the state file."""
        return {"codes": list(self.codes), "pinned": sorted(self.pinned), "recent": list(self.recent)}

    @classmethod
    def from_data(cls, data: object) -> Slots:
        """From the state file; anything odd in it is left out."""
        slots = cls()
        if isinstance(data, dict):
            codes = _strings(data.get("codes"), gaps=True)[:SLOTS]
            slots.codes = [*codes, *[None] * (SLOTS - len(codes))]
            slots.pinned = {code for code in _strings(data.get("pinned")) if code and code in slots.codes}
            slots.recent = [code for code in _strings(data.get("recent")) if code]
        return slots


def _strings(value: object, gaps: bool = False) -> list[str | None]:
    if not isinstance(value, Sequence) or isinstance(value, str):
        return []
    return [item if isinstance(item, str) else None for item in value if gaps or isinstance(item, str)]
