"""References to codes, wherever the study's YAML files have them, brought up to date after a change of the book."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Literal, TypeAlias

from postil_base.yaml.edit import append_item, delete_entry, set_value
from postil_base.yaml.places import YamlMap, YamlNode, YamlScalar, YamlSeq, load_yaml
from postil_codebook.references import glob_root, is_glob
from postil_codebook.values import Codebook

_CRITERIA = "criteria"  # of a decision in a process
Kind = Literal["codebook", "process", "findings", "themes", "study"]
Where: TypeAlias = tuple[str | int, ...]
Decide: TypeAlias = Callable[[str], str | None]
_LINKS = ("code", "challenge", "attribute")  # of a finding; the latter two may also be words that are no codes


def following(old: Codebook, new: Codebook, became: Mapping[str, str | None] | None = None) -> Decide:
    """What to do with a reference: keep it, change it, or (None) take it out.

    ``became`` says what codes turned into, None for those deleted. A reference that still leads there by its own name
    is kept as it is; one that would not any more becomes the id.
    """
    turned = became or {}

    def decide(reference: str) -> str | None:
        glob = is_glob(reference)
        root = glob_root(reference) if glob else reference
        code = old.resolve(root) if root else None
        if code is None:
            return reference
        now = turned.get(code, code)
        if now is None or (root.rsplit("/", 1)[-1] == now and new.resolve(root) == now):
            return now if now is None else reference
        return f"{now}/*" if glob else now

    return decide


def rewrite(text: str, path: str, kind: Kind, decide: Decide) -> str:
    """Change the references of one file. In a process no code is claimed twice, elsewhere none twice in a list."""
    lists = _lists(text, path, kind)
    claims = kind == "process"
    kept = _kept([item for where, node in lists if _CRITERIA not in where for item in _items(node)], decide)
    claimed: set[str] = set()
    for where, node in lists:
        here, taken = kept, claimed
        if not claims or _CRITERIA in where:  # a criterion names what a node claims
            here, taken = _kept(_items(node), decide), set()
        wanted = [_wanted(item.text, decide, here, taken) for item in _items(node)]
        text = _changed(text, path, where, node, wanted)
    return text


def extend(text: str, path: str, kind: Kind, book: Codebook, code: str, parts: Sequence[str]) -> str:
    """Add ``parts`` to every list that names ``code`` itself, so that what a code was split into still counts there."""
    for where, node in _lists(text, path, kind):
        if any(not is_glob(item.text) and book.resolve(item.text) == code for item in _items(node)):
            if isinstance(node, YamlScalar) and isinstance(where[-1], int):  # a bare name in a list of criteria
                text = set_value(text, where, {"id": node.text, "codes": [node.text, *parts]}, path=path)
                continue
            for part in parts:
                text = append_item(text, where, part, path=path)
    return text


def mentions(text: str, path: str, kind: Kind, decide: Decide) -> int:
    """How many references of a file `rewrite` would change."""
    return sum(decide(item.text) != item.text for _, node in _lists(text, path, kind) for item in _items(node))


def _kept(items: Sequence[YamlScalar], decide: Decide) -> list[str]:
    return [item.text for item in items if decide(item.text) == item.text]


def _wanted(reference: str, decide: Decide, kept: Sequence[str], claimed: set[str]) -> str | None:
    wanted = decide(reference)
    if wanted is None or wanted == reference:
        return wanted
    if wanted in kept or wanted in claimed:
        return None
    claimed.add(wanted)
    return wanted


def _changed(text: str, path: str, where: Where, node: YamlNode, wanted: Sequence[str | None]) -> str:
    single = isinstance(node, YamlScalar)
    for index, (item, new) in reversed([*enumerate(zip(_items(node), wanted, strict=True))]):
        place = where if single else (*where, index)
        if new is None:
            text = delete_entry(text, place, path=path)
        elif new != item.text:
            text = set_value(text, place, new, path=path)
    return text


def _items(node: YamlNode) -> list[YamlScalar]:
    if isinstance(node, YamlScalar):
        return [] if node.is_null else [node]
    return [item for item in node if isinstance(item, YamlScalar)] if _all_texts(node) else []


def _all_texts(node: YamlNode) -> bool:
    return isinstance(node, YamlSeq) and all(isinstance(item, YamlScalar) for item in node)


def _lists(text: str, path: str, kind: Kind) -> list[tuple[Where, YamlNode]]:
    root = load_yaml(text, path)[0]
    return [*_FIND[kind](root)]


def _get(node: YamlNode | None, *keys: str) -> YamlNode | None:
    for key in keys:
        node = node.get(key) if isinstance(node, YamlMap) else None
    return node


def _each(node: YamlNode | None) -> Iterator[tuple[str | int, YamlNode]]:
    if isinstance(node, YamlMap):
        yield from ((key.text, value) for key, value in node)
    elif isinstance(node, YamlSeq):
        yield from enumerate(node)


def _below(root: YamlNode | None, section: str, *keys: str) -> Iterator[tuple[Where, YamlNode]]:
    """The lists under ``keys`` of each entry of a section."""
    for name, entry in _each(_get(root, section)):
        if (found := _get(entry, *keys)) is not None:
            yield (section, name, *keys), found


def _of_codebook(root: YamlNode | None) -> Iterator[tuple[Where, YamlNode]]:
    yield from _below(root, "groups", "codes")


def _of_themes(root: YamlNode | None) -> Iterator[tuple[Where, YamlNode]]:
    yield from _below(root, "themes", "codes")


def _of_findings(root: YamlNode | None) -> Iterator[tuple[Where, YamlNode]]:
    for link in _LINKS:
        yield from _below(root, "findings", "links", link)


def _of_study(root: YamlNode | None) -> Iterator[tuple[Where, YamlNode]]:
    yield from _below(root, "guide", "names")
    if (codes := _get(root, "agreement", "codes")) is not None:
        yield ("agreement", "codes"), codes


def _of_process(root: YamlNode | None) -> Iterator[tuple[Where, YamlNode]]:
    wrapped = _get(root, "process")
    above: Where = ("process",) if wrapped is not None else ()
    nodes = [*_each(_get(wrapped if wrapped is not None else root, "nodes"))]
    for name, node in nodes:
        start = (*above, "nodes", name)
        if (codes := _get(node, "codes")) is not None:
            yield (*start, "codes"), codes
        for item, value in _each(_get(node, "items")):
            if isinstance(value, YamlMap):
                if (codes := value.get("codes")) is not None:
                    yield (*start, "items", item, "codes"), codes
            elif isinstance(item, str):
                yield (*start, "items", item), value
        yield from _of_criteria((*start, _CRITERIA), _get(node, _CRITERIA), {*_names_of(nodes)})


def _of_criteria(where: Where, node: YamlNode | None, factors: set[str]) -> Iterator[tuple[Where, YamlNode]]:
    """The codes of criteria, the last entry first: taking one out moves none that is still to come."""
    for name, value in reversed([*_each(node)]):
        if isinstance(value, YamlMap):
            if (codes := value.get("codes")) is not None:
                yield (*where, name, "codes"), codes
        elif isinstance(name, str) or (isinstance(value, YamlScalar) and value.text not in factors):
            yield (*where, name), value


def _names_of(nodes: Iterable[tuple[str | int, YamlNode]]) -> Iterator[str]:
    """The ids of nodes, and of their items as ``node.item``: bare names of criteria that are no codes."""
    for name, node in nodes:
        own = _get(node, "id")
        node_id = own.text if isinstance(own, YamlScalar) else str(name)
        yield node_id
        for item, value in _each(_get(node, "items")):
            inner = _get(value, "id") or (value if isinstance(item, int) else None)
            yield f"{node_id}.{inner.text if isinstance(inner, YamlScalar) else item}"


_FIND: Mapping[Kind, Callable[[YamlNode | None], Iterator[tuple[Where, YamlNode]]]] = {
    "codebook": _of_codebook,
    "process": _of_process,
    "findings": _of_findings,
    "themes": _of_themes,
    "study": _of_study,
}
