"""The person's own settings: ``config.toml`` in the user's config folder. Mistakes in it are said, never fatal."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from postil_tui.shell.actions import conflicts

THEMES = ("postil-dark", "postil-light")
KNOWN = ("theme", "ascii", "keys", "colours")
USES = ("paper", "panel", "raised", "ink", "quiet", "faint", "line", "accent", "good", "warn", "bad", "selection",
        "target")  # fmt: skip
_HEX = re.compile(r"#[0-9a-fA-F]{6}")


class Config(msgspec.Struct, frozen=True):
    """What a person may set, and what is wrong with what was set."""

    theme: str = ""
    ascii: bool = False  # brackets and signs in ASCII
    keys: Mapping[str, tuple[str, ...]] = {}
    colours: Mapping[str, Mapping[str, str]] = {}  # theme → what for → colour
    problems: tuple[str, ...] = ()


def config_file() -> Path:
    """Where ``config.toml`` is looked for."""
    from platformdirs import user_config_path

    return user_config_path("postil") / "config.toml"


def load_config(path: Path | None = None) -> Config:
    """Read the settings; without a file all is as it comes."""
    path = path or config_file()
    if not path.exists():
        return Config()
    import tomllib

    try:
        data = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        return Config(problems=(f"{path}: {error}; the settings are not used",))
    return read_config(data, str(path))


def read_config(data: Mapping[str, Any], path: str) -> Config:
    """The settings in ``data``.

    >>> read_config({"theme": "postil-light", "keys": {"undo": "U"}}, "config.toml").keys
    {'undo': ('U',)}
    """
    problems = [f"{path}: unknown setting {key!r}" for key in data if key not in KNOWN]
    theme = data.get("theme", "")
    if theme not in ("", *THEMES):
        problems.append(f"{path}: theme {theme!r} is not one of {', '.join(THEMES)}")
        theme = ""
    keys = _keys(data.get("keys", {}), path, problems)
    problems += [f"{path}: {conflict}" for conflict in conflicts(keys)]
    colours = _colours(data.get("colours", {}), path, problems)
    return Config(theme, data.get("ascii") is True, keys, colours, tuple(problems))


def _colours(data: object, path: str, problems: list[str]) -> dict[str, dict[str, str]]:
    """Colours of one's own for the two themes; what is no colour is said and left out."""
    found: dict[str, dict[str, str]] = {}
    for theme, colours in data.items() if isinstance(data, dict) else ():
        if theme not in THEMES or not isinstance(colours, dict):
            problems.append(f"{path}: colours are given by theme: [colours.{THEMES[0]}] or [colours.{THEMES[1]}]")
            continue
        good = {use: str(colour) for use, colour in colours.items() if use in USES and _HEX.fullmatch(str(colour))}
        found[theme] = good
        for use in colours.keys() - good.keys():
            what = f"{colours[use]!r} is no colour such as #7fb0ef" if use in USES else f"known are {', '.join(USES)}"
            problems.append(f"{path}: colours.{theme}.{use}: {what}")
    return found


def _keys(data: object, path: str, problems: list[str]) -> dict[str, tuple[str, ...]]:
    if not isinstance(data, dict):
        problems.append(f"{path}: keys must be a table of action and key")
        return {}
    found: dict[str, tuple[str, ...]] = {}
    for action, keys in data.items():
        listed = [keys] if isinstance(keys, str) else keys
        if isinstance(listed, list) and all(isinstance(key, str) and key for key in listed):
            found[action] = tuple(listed)
        else:
            problems.append(f"{path}: keys of {action!r} must be a key or a list of keys")
    return found
