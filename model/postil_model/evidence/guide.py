"""The interview guide: which question a passage answers, what a question named itself, and who was asked."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from postil_codebook.values import Codebook
from postil_model.evidence.rows import Elicited
from postil_study.files.guide_marks import is_open
from postil_study.text.values import GuideQuestion, Layer

Mark = tuple[int, int, str]  # start, end, question


@dataclass(frozen=True)
class Guide:
    """The questions, with the codes each of them names."""

    questions: tuple[GuideQuestion, ...] = ()
    named_codes: Mapping[str, frozenset[str]] = field(default_factory=dict)  # question → codes
    naming: Mapping[str, frozenset[str]] = field(default_factory=dict)  # node, item or code → questions

    @property
    def order_questions(self) -> frozenset[str]:
        """Questions inside whose answers the order of talk may count as a hint."""
        return frozenset(question.id for question in self.questions if question.order_matters)

    def elicited(self, question: str, code: str, marked: bool) -> Elicited:
        """Prompted if the question named the code's topic, spontaneous if not, unknown without marks."""
        if not marked:
            return "unknown"
        return "prompted" if code in self.named_codes.get(question, ()) else "spontaneous"


def make_guide(
    questions: Iterable[GuideQuestion],
    codebook: Codebook,
    node_of: Mapping[str, str],
    item_of: Mapping[str, tuple[str, str]],
) -> Guide:
    """Resolve what the questions name: ids of codes (with everything below them), of nodes or of items."""
    questions = tuple(questions)
    codes = {question.id: frozenset(_named(question.names, codebook, node_of, item_of)) for question in questions}
    naming: dict[str, set[str]] = {}
    for question, named in codes.items():
        for code in named:
            for name in (code, node_of.get(code), item_name(item_of.get(code))):
                if name:
                    naming.setdefault(name, set()).add(question)
    return Guide(questions, codes, {name: frozenset(found) for name, found in naming.items()})


def item_name(item: tuple[str, str] | None) -> str:
    """The name of an item as an object of evidence: ``node.item``."""
    return ".".join(item) if item else ""


def _named(
    names: Iterable[str], codebook: Codebook, node_of: Mapping[str, str], item_of: Mapping[str, tuple[str, str]]
) -> Iterable[str]:
    for name in names:
        code = codebook.resolve(name.removesuffix("/*"))
        if code:
            yield from codebook.subtree(code)
        yield from (code for code, node in node_of.items() if node == name)
        yield from (code for code, item in item_of.items() if item[1] == name)


class GuideMarks:
    """The guide's marks on one transcript."""

    def __init__(self, layer: Layer | None) -> None:
        self.marked = not is_open(layer)  # half-marked is as good as unmarked: what is missing is unknown
        self.spans: list[Mark] = []
        for segment in layer.segments if layer else ():
            if segment.start is not None and segment.end is not None and segment.codes:
                self.spans.append((segment.start, segment.end, segment.code_ids[0]))
        self.spans.sort(key=lambda span: (span[0], -span[1]))
        self._starts = [span[0] for span in self.spans]

    def at(self, offset: int) -> int:
        """Index of the innermost mark that holds ``offset``; -1 if none does."""
        index = bisect_right(self._starts, offset) - 1
        while index >= 0 and self.spans[index][1] <= offset:
            index -= 1
        return index

    def question(self, offset: int | None) -> str:
        """The question that the words at ``offset`` answer; empty if none is marked."""
        if offset is None or not self.spans:
            return ""
        index = self.at(offset)
        return self.spans[index][2] if index >= 0 else ""

    @property
    def questions(self) -> frozenset[str]:
        """The questions that were asked here."""
        return frozenset(question for _, _, question in self.spans)
