"""What carries out the actions of the code screen, and what lies above or below its text; each made when first used."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, cast

from postil_tui.shell.screens.base import PostilScreen

if TYPE_CHECKING:
    from postil_tui.code.parts.coding import CodingPart
    from postil_tui.code.parts.filtering import Filtering
    from postil_tui.code.parts.finding import FindingPart
    from postil_tui.code.parts.listing import ListingPart
    from postil_tui.code.parts.moving import Moving, Selecting
    from postil_tui.code.parts.reading import ReadingPart
    from postil_tui.code.parts.relating import Relating
    from postil_tui.code.parts.unanchored import Stray
    from postil_tui.code.screen import CodeScreen
    from postil_tui.widgets.memo_pane import MemoPane
    from postil_tui.widgets.picker import Picker
    from postil_tui.widgets.rows import Rows


class CodeParts(PostilScreen):
    """The parts are imported after the text is on the screen, or with the first key."""

    @property
    def _code(self) -> CodeScreen:
        return cast("CodeScreen", self)

    @cached_property
    def moving(self) -> Moving:
        """Motions."""
        from postil_tui.code.parts.moving import Moving

        return Moving(self._code)

    @cached_property
    def selecting(self) -> Selecting:
        """Selecting."""
        from postil_tui.code.parts.moving import Selecting

        return Selecting(self._code)

    @cached_property
    def coding(self) -> CodingPart:
        """Codes on words."""
        from postil_tui.code.parts.coding import CodingPart

        return CodingPart(self._code)

    @cached_property
    def relating(self) -> Relating:
        """Relations."""
        from postil_tui.code.parts.relating import Relating

        return Relating(self._code)

    @cached_property
    def listing(self) -> ListingPart:
        """The list of relations."""
        from postil_tui.code.parts.listing import ListingPart

        return ListingPart(self._code)

    @cached_property
    def stray(self) -> Stray:
        """The list of segments that a corrected text left behind."""
        from postil_tui.code.parts.unanchored import Stray

        return Stray(self._code)

    @cached_property
    def finding(self) -> FindingPart:
        """The search in the transcript."""
        from postil_tui.code.parts.finding import FindingPart

        return FindingPart(self._code)

    @cached_property
    def filtering(self) -> Filtering:
        """What is shown."""
        from postil_tui.code.parts.filtering import Filtering

        return Filtering(self._code)

    @cached_property
    def reading(self) -> ReadingPart:
        """Memos, notes, copying, finishing."""
        from postil_tui.code.parts.reading import ReadingPart

        return ReadingPart(self._code)

    def parts(self) -> list[object]:
        """What carries out this screen's actions."""
        coding = [self.coding, self.relating, self.listing, self.stray]
        return [self.moving, self.selecting, *coding, self.finding, self.filtering, self.reading]

    @cached_property
    def picker(self) -> Picker:
        """The code picker, waiting above the text."""
        from postil_tui.widgets.picker import Picker

        picker = Picker(self.ink)
        self.mount(picker)
        return picker

    @cached_property
    def memo(self) -> MemoPane:
        """The place to write, below the text."""
        from postil_tui.widgets.memo_pane import MemoPane

        pane = MemoPane()
        self.mount(pane, after="#view")
        return pane

    @cached_property
    def listing_rows(self) -> Rows:
        """The rows of the lists of relations and of stray segments, below the text."""
        from postil_tui.widgets.rows import Rows

        rows = Rows("relations")
        rows.can_focus = False
        self.mount(rows, after="#view")
        return rows

    # --- words for messages ------------------------------------------------------------------------------------------

    def target_words(self) -> str:
        """What would be coded, in a few words."""
        return f"“{self.short_quote(self._code.page.selection.target(self._code.page.units))}”"

    def short_quote(self, span: tuple[int, int], room: int = 34) -> str:
        """The beginning of some words."""
        words = " ".join(self._code.page.transcript.text[span[0] : span[1]].split())
        return words if len(words) <= room else words[: room - 1].rstrip() + "…"

    def place_of(self, span: tuple[int, int]) -> str:
        """Turn and length of a span."""
        undo = self.keymap.key("undo")
        return f"turn {self._code.page.turn_number(span[0])}, {span[1] - span[0]} characters   {undo} undo"
