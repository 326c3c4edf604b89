"""Coding rounds: ``rounds/<round>.yaml``, the plan of a round, as it is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from postil_base.ids import is_name
from postil_base.problem import Place, Problem
from postil_base.yaml.fields import Fields
from postil_base.yaml.places import YamlMap, load_map
from postil_study.files.file_cache import read_folder
from postil_study.rounds.agreement_plan import read_agreement_plan
from postil_study.text.values import AgreementPlan

FOLDER = "rounds"
PURPOSES = ("pilot", "training", "reliability", "main")
STATES = ("planned", "started", "frozen", "revealed")
SUMS_FILE = "SHA256SUMS.txt"

RoundState = Literal["planned", "started", "frozen", "revealed"]


@dataclass(frozen=True, slots=True)
class Round:
    """One coding round. ``assignments`` says which transcripts each coder codes."""

    id: str
    purpose: str = ""
    codebook: str = ""  # versions
    guide: str = ""
    assignments: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sampling: str = ""
    seed: int | None = None
    blind: bool = False
    declared: AgreementPlan | None = None  # how agreement was declared when the round started
    state: RoundState = "planned"
    started: str = ""  # times of the steps
    frozen: str = ""
    revealed: str = ""
    sums_sha256: str = ""  # of the checksums of the frozen copy
    note: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)
    places: Mapping[str, Place] = field(default_factory=dict)  # of each coder and ``coder/transcript``
    place: Place = Place("")

    @property
    def transcripts(self) -> tuple[str, ...]:
        """All transcripts of the round, in the order they are named."""
        return tuple(dict.fromkeys(id_ for ids in self.assignments.values() for id_ in ids))

    @property
    def is_frozen(self) -> bool:
        """Whether there is a copy that counts."""
        return self.state in ("frozen", "revealed")


def round_path(round_id: str) -> str:
    """Where the plan of a round stands, relative to the study."""
    return f"{FOLDER}/{round_id}.yaml"


def load_rounds(root: Path) -> tuple[dict[str, Round], list[Problem]]:
    """All rounds of a study, by id."""
    return read_folder(root, FOLDER, ".yaml", load_round)


def load_round(text: str, path: str) -> tuple[Round, list[Problem]]:
    """Read the plan of one round.

    >>> text = "purpose: reliability\\nassignments: {ana: [I01], ben: [I01]}\\nblind: true\\nstate: started\\n"
    >>> plan, problems = load_round(text, "rounds/R1.yaml")
    >>> plan.id, plan.transcripts, plan.blind, problems
    ('R1', ('I01',), True, [])
    """
    root, problems = load_map(text, path)
    fields = Fields(root, problems, "", Place(path, 1))
    id_ = path.removeprefix(f"{FOLDER}/").removesuffix(".yaml")
    if not is_name(id_.lower()):
        fields.report(Place(path), f"{id_!r} cannot name a round; use letters, digits, `.` and `-`", "bad-id")
    assignments, places = _assignments(fields)
    sampling, seed = _sampling(fields)
    state = fields.choice("state", STATES, "planned")
    texts = {
        key: fields.text(key) for key in ("codebook", "guide", "started", "frozen", "revealed", "sums_sha256", "note")
    }
    plan = Round(
        id_,
        purpose=fields.choice("purpose", PURPOSES),
        assignments=assignments,
        sampling=sampling,
        seed=seed,
        blind=fields.flag("blind"),
        declared=read_agreement_plan(fields, "declared"),
        state=state,  # type: ignore[arg-type]  # one of STATES
        places=places,
        place=Place(path, 1),
        **texts,
        extra=fields.close(),
    )
    return plan, problems


def _assignments(fields: Fields) -> tuple[dict[str, tuple[str, ...]], dict[str, Place]]:
    places: dict[str, Place] = {}
    found: dict[str, tuple[str, ...]] = {}
    below = fields.fields("assignments")
    for key in below.map.keys() if below.map else ():
        names = below.scalars(key)
        places[key] = below.at(key)
        places.update((f"{key}/{name.text}", name.place) for name in names)
        found[key] = tuple(dict.fromkeys(name.text for name in names))
    return found, places


def _sampling(fields: Fields) -> tuple[str, int | None]:
    """A text, or a mapping of rule and seed; a seed may also stand beside the text."""
    node, seed = fields.node("sampling"), fields.whole("seed")
    if not isinstance(node, YamlMap):
        return fields.text("sampling"), seed
    below = fields.fields("sampling")
    rule, inner = below.text("rule"), below.whole("seed")
    below.close()
    return rule, inner if inner is not None else seed
