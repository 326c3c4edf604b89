"""Which node of the process speaks for which code: ids first, then the glob whose root lies nearest above."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from postil_base.problem import Place, Problem
from postil_codebook.references import glob_root, is_glob, known, unknown_code
from postil_codebook.values import Codebook, Process


@dataclass(frozen=True, slots=True)
class ProcessMap:
    """The mapping from codes to nodes. ``unmapped`` are the codable codes nobody claims, in the book's order."""

    node_of: Mapping[str, str] = field(default_factory=dict)
    item_of: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    unmapped: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class _Claim:
    """One reference to codes by a node, or by an item of it (empty for the node itself)."""

    node: str
    item: str
    reference: str
    place: Place

    @property
    def owner(self) -> str:
        return f"node {self.node!r}, item {self.item!r}" if self.item else f"node {self.node!r}"


def map_codes(process: Process, codebook: Codebook) -> ProcessMap:
    """Give every code its node, and its item where an item claims it. Two owners of one code are a problem."""
    problems: list[Problem] = []
    ids: dict[str, list[_Claim]] = {}
    globs: dict[str, list[_Claim]] = {}
    for claim in _claims(process):
        if not known(codebook, claim.reference):
            problems.append(unknown_code(codebook, claim.reference, claim.place, claim.owner, len(problems)))
        elif is_glob(claim.reference):
            globs.setdefault(_root(codebook, claim), []).append(claim)
        else:
            ids.setdefault(codebook.resolve(claim.reference) or "", []).append(claim)
    found = {code: owner for code in codebook.codes if (owner := _owner(codebook, code, ids, globs, problems))}
    return ProcessMap(
        {code: claim.node for code, claim in found.items()},
        {code: (claim.node, claim.item) for code, claim in found.items() if claim.item},
        tuple(code.id for code in codebook.codes.values() if code.codable and code.id not in found),
        tuple(dict.fromkeys(problems)),
    )


def _claims(process: Process) -> Iterator[_Claim]:
    for node in process.nodes:
        yield from (_Claim(node.id, "", reference, node.place) for reference in node.codes)
        for item in node.items:
            yield from (_Claim(node.id, item.id, reference, item.place) for reference in item.codes)


def _root(codebook: Codebook, claim: _Claim) -> str:
    root = glob_root(claim.reference)
    return codebook.resolve(root) or "" if root else ""


def _owner(
    codebook: Codebook,
    code: str,
    ids: Mapping[str, list[_Claim]],
    globs: Mapping[str, list[_Claim]],
    problems: list[Problem],
) -> _Claim | None:
    """The nearest claim on ``code``: by its id, then by the glob of the nearest code above, then by ``*``."""
    if code in ids:
        return _only(codebook, code, ids[code], problems)
    for above in (*codebook.ancestors(code), ""):
        if above in globs:
            return _only(codebook, code, globs[above], problems)
    return None


def _only(codebook: Codebook, code: str, claims: list[_Claim], problems: list[Problem]) -> _Claim:
    """The one claim; an item goes before its own node, and a second owner is a problem."""
    first = next((c for c in claims if c.item and c.node == claims[0].node), claims[0])
    for other in claims:
        if (other.node, other.item) not in ((first.node, first.item), (first.node, "")):
            message = (
                f"{other.owner} claims {other.reference!r}, which {first.owner} claims too "
                f"(line {first.place.line}); so {codebook.code_path(code)!r} would count twice. Keep one of the two."
            )
            problems.append(Problem(other.place, message, "code-claimed-twice"))
    return first
