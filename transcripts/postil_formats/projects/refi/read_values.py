"""Variables and their values, with the type they say they have."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from postil_formats.projects.refi.markup import children, get, local, refs, text_of, truth, whole
from postil_formats.projects.refi.reading import RefiReading
from postil_formats.projects.refi.values import Scalar, Value, Variable

if TYPE_CHECKING:
    from lxml import etree

TYPES = ("Text", "Boolean", "Integer", "Float", "Date", "DateTime")
_FLOAT = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")


def read_variables(reading: RefiReading, parent: etree._Element | None) -> tuple[Variable, ...]:
    """All variables."""
    return tuple(
        Variable(
            reading.own_guid(element, f"variable {get(element, 'name')}"),
            get(element, "name"),
            get(element, "typeOfVariable") or "Text",
            text_of(element, "Description"),
        )
        for element in children(parent, "Variable")
    )


def read_values(element: etree._Element) -> tuple[Value, ...]:
    """The values of a case or a source; one that says nothing is none."""
    found = []
    for value in children(element, "VariableValue"):
        targets = refs(value, "VariableRef")
        for part in children(value):
            name = local(part)
            if targets and name.endswith("Value"):
                found.append(Value(targets[0], _typed(name, text_of(value, name))))
    return tuple(found)


def _typed(name: str, text: str) -> Scalar:
    """A value as its type; one that does not fit stays text."""
    if name == "BooleanValue" and text.strip().lower() in ("true", "false", "0", "1"):
        return truth(text, False)
    if name == "IntegerValue":
        number = whole(text)
        return number if number is not None else text
    if name == "FloatValue" and _FLOAT.fullmatch(text.strip()):
        number_found = float(text)
        return int(number_found) if number_found.is_integer() and "." not in text else number_found
    return text
