"""HTML pages from templates: what a template prints is escaped, unless it was made as HTML by a template of ours.

A page extends ``page.html`` beside this file; its own template lies beside the module that fills it.
"""

from __future__ import annotations

from base64 import b64encode
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from postil_base.quoting.html import allowed

if TYPE_CHECKING:
    from jinja2 import Environment

HERE = Path(__file__).resolve().parent


def page(template: str, *folders: Path, script: Path | None = None, **values: Any) -> str:
    """A whole page.

    Args:
        template: name of the template.
        folders: where it and the templates it uses lie.
        script: the script of the page; the page runs no other.
        values: what the template is filled with. Text is escaped; what XML forbids is replaced.
    """
    from markupsafe import Markup

    code = Markup(script.read_text(encoding="utf-8")) if script else ""
    return str(_environment(folders).get_template(template).render(**values, script=code))


def as_html(made: str) -> str:
    """HTML that we have written, for a template to print as it is: a picture."""
    from markupsafe import Markup

    return Markup(made)  # a str


@lru_cache
def _environment(folders: tuple[Path, ...]) -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    made = Environment(
        loader=FileSystemLoader([*folders, HERE]),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_clean,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.globals["policy"] = policy
    return made


def _clean(value: Any) -> Any:
    """A value as it is printed: without characters that XML forbids."""
    return allowed(value) if type(value) is str else value


def policy(script: str) -> str:
    """The content policy of a page: nothing is loaded, and no script runs but this one."""
    runs = f"; script-src 'sha256-{b64encode(sha256(script.encode('utf-8')).digest()).decode()}'" if script else ""
    return as_html(f"default-src 'none'; style-src 'unsafe-inline'; img-src data:{runs}")
