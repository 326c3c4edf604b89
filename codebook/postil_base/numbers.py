"""Numbers as people read them: no exponents, no minus before a zero."""

from __future__ import annotations

import math
from decimal import Decimal


def decimals(value: float, digits: int = 3) -> str:
    """So many digits after the point; thousands are not parted.

    >>> decimals(0.5), decimals(-0.0004), decimals(126543210.0, 1)
    ('0.500', '0.000', '126543210.0')
    """
    text = f"{value:.{digits}f}"
    return text.lstrip("-") if not text.strip("-0.") else text


def plain_decimals(value: float, most: int = 4) -> str:
    """At most so many digits after the point, without zeros at the end.

    >>> plain_decimals(1 / 3), plain_decimals(12.0), plain_decimals(-0.00001), plain_decimals(126543210.0)
    ('0.3333', '12', '0', '126543210')
    """
    text = decimals(value, most)
    return text.rstrip("0").rstrip(".") if "." in text else text


def significant(value: float | Decimal, digits: int = 6, thousands: bool = False) -> str:
    """At least so many significant digits where there are any, never an exponent; digits before the point all stay.

    >>> significant(126543210.0), significant(0.000012345678, 4), significant(-0.0), significant(12.5)
    ('126543210', '0.00001235', '0', '12.5')
    >>> significant(126543210.25, thousands=True), significant(66.66666, 4)
    ('126,543,210', '66.67')
    """
    size = abs(float(value))
    before = 0 if size == 0 else math.floor(math.log10(size)) + 1
    text = f"{value:{',' if thousands else ''}.{max(0, digits - before)}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return text.lstrip("-") if not text.strip("-0.") else text
