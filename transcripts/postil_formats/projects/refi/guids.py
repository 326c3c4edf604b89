"""GUIDs that are the same in every export, so that other programs can tell what they have already."""

from __future__ import annotations

from uuid import UUID, uuid5

from postil_formats.projects.refi.markup import is_guid, one_form

_POSTIL = UUID("0d2a6f52-9c1e-5b6b-8f64-7a1f3f1c2b90")
GUID_KEY = "x-guid"  # the GUID that something had in the file it came from


def stable_guid(*parts: str) -> str:
    """A GUID made of what a thing is: always the same one, upper case.

    >>> stable_guid("study", "code", "trust") == stable_guid("study", "code", "trust")
    True
    """
    return str(uuid5(_POSTIL, "\x1f".join(parts))).upper()


def kept_or_stable(kept: object, *parts: str) -> str:
    """The GUID something came with, if it is one, else a stable one."""
    return one_form(kept) if isinstance(kept, str) and is_guid(kept) else stable_guid(*parts)
