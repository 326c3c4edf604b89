"""Numbers as people write them: decimal commas, parted thousands, percent signs, a true minus sign."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

_NUMBER = re.compile(r"[+-]?(\d+([.,]\d*)?|[.,]\d+)([eE][+-]?\d+)?")
_THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2}([.,'\u2019 \u00a0\u202f\u2009])\d{3}(\1\d{3})*([.,]\d+)?")
_ONE_GROUP = re.compile(r"[+-]?[1-9]\d{0,2}[.,]\d{3}")


def _bare(cell: str) -> str:
    """A cell with a hyphen for a minus sign, without a percent sign at its end."""
    text = f"-{cell[1:]}" if cell.startswith("\u2212") else cell
    return text[:-1].rstrip() if text.endswith("%") else text


def is_numeral(cell: str) -> bool:
    """Whether a cell is a number, however it is written."""
    text = _bare(cell)
    return bool(_NUMBER.fullmatch(text) or _THOUSANDS.fullmatch(text))


def number(cell: str) -> float:
    """A number with a point or a comma before its decimals; ValueError for anything else."""
    if not _NUMBER.fullmatch(cell):
        raise ValueError(f"{cell!r} is not a number")
    return float(cell.replace(",", "."))


def written(value: float) -> str:
    """A number as a category is named: 1 and 1.0 alike."""
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)


def rough(cell: str) -> float:
    """The size of a numeral, whatever its signs stand for."""
    text = _bare(cell)
    return number(text) if _NUMBER.fullmatch(text) else float(re.sub(r"[^\d+-]", "", text))


def plain_numbers(
    used: Iterable[str], decimal: str, *, points_doubtful: bool = False
) -> tuple[dict[str, str], list[str]]:
    """Each numeral with the number it stands for, and what was recognised.

    Raises ValueError where a comma or (with ``points_doubtful``) a point may part thousands as well as decimals.
    """
    bare = {cell: _bare(cell) for cell in used}
    percents = sum(cell.endswith("%") for cell in bare)
    if 0 < percents < len(bare):
        raise ValueError("some numbers have a percent sign and some have none; write all of them alike")
    sign = decimal or _decimal_sign(list(bare.values()), points_doubtful=points_doubtful)
    names = {cell: written(_value(text, "," if sign == "comma" else ".")) for cell, text in bare.items()}
    said = ["decimal commas"] if sign == "comma" and any("," in cell for cell in bare) else []
    said += ["numbers without their percent signs"] if percents else []
    parted = next((cell for cell in bare if _value_parts(bare[cell], "," if sign == "comma" else ".")), None)
    said += [f"thousands are parted: {parted} is {names[parted]}"] if parted else []
    several = [name for name, times in Counter(names.values()).items() if times > 1]
    if several:
        forms = sorted(cell for cell, name in names.items() if name == several[0])
        said.append(f"{' and '.join(forms)} are one category, as every rating is a number")
    return names, said


def _decimal_sign(cells: list[str], *, points_doubtful: bool) -> str:
    """ "comma" or "point", as the numbers tell."""
    points, commas = ([cell for cell in cells if sign in cell] for sign in ".,")
    both = [cell for cell in points if "," in cell]
    if both:  # the last sign stands before the decimals
        signs = {"comma" if cell.rindex(",") > cell.rindex(".") else "point" for cell in both}
    else:
        signs = {name for name, found in (("comma", commas), ("point", points)) if found}
        signs = {_other(name) if _parts_thousands(found) else name for name, found in _named(points, commas)}
    if len(signs) > 1:
        raise ValueError("some numbers have a point and some a comma; write all of them with a point, or add --decimal")
    for name, found in _named(points, commas) if not both else ():
        doubted = name == "comma" or points_doubtful
        if doubted and not _parts_thousands(found) and all(map(_ONE_GROUP.fullmatch, found)):
            raise ValueError(
                f"{found[0]!r} can be read in two ways. If the {name} stands before decimals, add --decimal {name}; "
                f"if it parts thousands, add --decimal {_other(name)}"
            )
    return signs.pop() if signs else "point"


def _named(points: list[str], commas: list[str]) -> list[tuple[str, list[str]]]:
    return [(name, found) for name, found in (("point", points), ("comma", commas)) if found]


def _parts_thousands(cells: list[str]) -> bool:
    """Whether a sign stands twice in a number, so that it parts thousands."""
    return any(cell.count(".") > 1 or cell.count(",") > 1 for cell in cells)


def _other(name: str) -> str:
    return "point" if name == "comma" else "comma"


def _value_parts(text: str, sign: str) -> bool:
    """Whether the whole part of a number is written in groups of three."""
    return bool(re.fullmatch(r"[+-]?[1-9]\d{0,2}(\D)\d{3}(\1\d{3})*", text.split(sign)[0]))


def _value(text: str, sign: str) -> float:
    if _value_parts(text, sign):
        whole, *rest = text.split(sign)
        return float(".".join([re.sub(r"[^\d+-]", "", whole), *rest]))
    try:
        return float(text if sign == "." else text.replace(".", "?").replace(",", "."))
    except ValueError:
        name = "comma" if sign == "," else "point"
        raise ValueError(f"{text!r} is no number with a decimal {name}") from None
