"""The mapping of names to pseudonyms: a YAML file outside the study, and never under version control."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from postil_base.files.atomic import write_bytes, write_text
from postil_base.files.text import read_text
from postil_base.plural import counted
from postil_base.problem import PostilError
from postil_base.yaml.edit import delete_entry, set_value
from postil_base.yaml.fields import Fields
from postil_base.yaml.places import YamlMap, load_map
from postil_base.yaml.write import render_flow
from postil_study.files.outputs import check_output
from postil_study.privacy.pseudonyms.found import NameSeen
from postil_study.privacy.pseudonyms.matching import Names, PseudonymRule

HEAD = """\
# Who is behind the pseudonyms of a study. Keep this file where only you can read it: not in the study, not in git.
# A name is replaced where it stands as written; {as: E01, any_case: true} also where capitals differ.
"""


def default_map(study_id: str) -> Path:
    """Where the mapping of a study is kept when nothing is said: in the user's data folder."""
    from platformdirs import user_data_path

    safe = "".join(c if c.isalnum() or c in "-_." else "-" for c in study_id).lstrip(".") or "study"
    return user_data_path("postil") / "pseudonyms" / f"{safe}.yaml"


def check_place(path: Path, root: Path) -> Path:
    """The mapping's place, refused inside the study and inside any git checkout."""
    try:
        real = path.expanduser().resolve()
    except (OSError, RuntimeError) as error:  # links that lead in a circle
        raise PostilError(f"{path} could not be found: {error}.") from error
    if real.is_relative_to(root.resolve()):
        raise PostilError(
            f"{path} lies inside the study, where whoever gets the study gets the names; keep it outside."
        )
    checkout = next((folder for folder in real.parents if (folder / ".git").exists()), None)
    if checkout is not None:
        raise PostilError(
            f"{path} lies in the git checkout {checkout}, which would keep it for ever; keep it elsewhere."
        )
    for place in (real, real.with_name(f"{real.name}.before")):  # see `restore.restore_path`
        check_output(place, root)
    return real


def load_names(path: Path) -> Names:
    """Read a mapping."""
    text = read_text(path)
    root, problems = load_map(text, path.name)
    fields = Fields(root, problems, "")
    rules = []
    for key, value in fields.entries("names"):
        if isinstance(value, YamlMap):
            entry = Fields(value, problems, key.text)
            rules.append(PseudonymRule(key.text, entry.text("as"), entry.text("kind"), entry.flag("any_case")))
            entry.close()
        else:
            rules.append(PseudonymRule(key.text, getattr(value, "text", "")))
    fields.close()
    if problems:
        raise PostilError(f"{path}: {problems[0].message}")
    return Names(rules)


def save_names(path: Path, rules: Iterable[PseudonymRule], dropped: Iterable[str] = ()) -> None:
    """Write decisions into a mapping, beside those that are there, and take entries out; only this user may read it."""
    text = read_text(path) if path.exists() else f"{HEAD}names:\n"
    for name in dropped:
        text = delete_entry(text, ["names", name], path=path.name)
    for rule in rules:
        text = set_value(text, ["names", rule.name], _value(rule), path=path.name)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    write_text(path, text)
    path.chmod(0o600)


def put_back(files: Mapping[Path, bytes | None]) -> None:
    """Give files outside the study the content they had; None for those that were not there."""
    for path, data in files.items():
        if data is None:
            path.unlink(missing_ok=True)
        elif not path.exists() or path.read_bytes() != data:
            write_bytes(path, data)
            path.chmod(0o600)


def _value(rule: PseudonymRule) -> str | dict[str, str | bool]:
    if not (rule.kind or rule.any_case):
        return rule.pseudonym
    kind: dict[str, str | bool] = {"kind": rule.kind} if rule.kind else {}
    return {"as": rule.pseudonym, **kind, **({"any_case": True} if rule.any_case else {})}


def proposals(seen: Iterable[NameSeen]) -> str:
    """A mapping to be edited: every proposal is a comment until somebody decides."""
    listed = list(seen)
    lines = [_proposal(one) for one in listed if one.offered]
    apart = [_proposal(one) for one in listed if not one.offered]
    if apart:
        lines += ["# Products and technical words:", *apart]
    return HEAD + "# Take the # away from what shall be replaced.\nnames:\n" + "\n".join(lines) + "\n"


def _proposal(one: NameSeen) -> str:
    return f"#  {render_flow(one.text)}: {render_flow(one.pseudonym)}  # {one.kind}, {counted(one.count, 'time')}"
