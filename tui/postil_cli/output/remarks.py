"""What was not carried, item by item, for a person to read; like things are put together when there are many."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from postil_cli.common import say

if TYPE_CHECKING:
    from postil_base.problem import Remark

FEW = 3
_NUMBERS = re.compile(r"[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}|\d+")


def say_remarks(remarks: Sequence[Remark], title: str) -> None:
    """List what was lost, then what came over in another way."""
    from postil_base.quoting.terminal import terminal

    for heading, lost in ((title, True), ("not quite as it was", False)):
        chosen = [remark for remark in remarks if remark.lost == lost]
        if chosen:
            say(f"\n{heading}: {len(chosen)}")
        for line in _lines(chosen):
            say(f"  {terminal(line)}")


def _lines(remarks: Sequence[Remark]) -> list[str]:
    """A line for each remark; of many that say the same of other things, the first ones and how many more."""
    alike: dict[tuple[str, str], list[Remark]] = {}
    for remark in remarks:
        key = (_NUMBERS.sub("#", remark.message), _NUMBERS.sub("#", remark.item).split(" ")[0])
        alike.setdefault(key, []).append(remark)
    lines = []
    for some in alike.values():
        lines += [str(remark) for remark in some[:FEW]]
        if len(some) > FEW:
            lines.append(f"… and {len(some) - FEW} more like this; --json lists them all")
    return lines
