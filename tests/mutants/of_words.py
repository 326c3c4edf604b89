"""Wrong changes of finding words: in a corrected text, of a quote, and on the way to a terminal."""

from __future__ import annotations

from tests.mutants.edits import Mutant

QUOTES = "postil_study.anchoring.quote_search"
ANCHORS = "postil_study.anchoring.reanchor"
ALIGNED = "postil_study.anchoring.alignment:Alignment"
TERMINAL = "postil_base.quoting.terminal:"

FOUND = "tests/postil_formats/codings/test_plan.py"
FOLLOWED = "tests/postil_study/anchoring/test_reanchor.py"
QUOTING = "tests/postil_base/quoting/test_quoting.py"

DIGITS = f"{FOUND}::test_digits_that_are_new_in_the_text_are_not_the_quote"
MARK = f"{FOUND}::test_a_combining_mark_is_not_cut_off_its_letter"
PLACES = f"{FOUND}::test_a_quote_at_several_places_is_placed_only_where_its_neighbours_leave_one"
SEVERAL = f"{FOLLOWED}::test_a_quote_that_stands_at_several_places_is_never_sure_without_the_old_text"
AGAIN = f"{FOLLOWED}::test_words_that_were_put_in_a_second_time_are_followed_but_not_as_sure"
YES = f"{FOLLOWED}::test_a_repeated_yes_is_followed_with_the_old_text_and_a_guess_without"
TAKEN_OUT = f"{FOLLOWED}::test_a_yes_that_was_taken_out_does_not_settle_on_another_one"
GONE = f"{FOLLOWED}::test_words_that_are_gone_are_kept_as_unanchored_and_come_back_with_the_text"
CORRECTED = f"{FOLLOWED}::test_corrected_words_are_found_with_a_warning"
MOVED = f"{FOLLOWED}::test_words_that_moved_are_followed"
ELSEWHERE = f"{FOLLOWED}::test_a_paragraph_put_elsewhere_is_found_there"
CUES = f"{FOLLOWED}::test_cues_follow_the_text_or_the_segments_around_them"
DIRECTION = f"{QUOTING}::test_no_mark_of_direction_reaches_a_terminal_or_hides_in_json"

WORDS = (
    Mutant(
        "digits of a quote don't matter",
        f"{QUOTES}:QuoteIndex._by_letters",
        "_is_part(_digits(self.text[start:end]), _digits(wanted))",
        "True",
        (DIGITS,),
    ),
    Mutant(
        "a combining mark is cut off",
        f"{QUOTES}:_Folded._end",
        "end < len(self.text) and unicodedata.combining(self.text[end])",
        "False",
        (MARK,),
    ),
    Mutant(
        "of several places the first is taken",
        f"{QUOTES}:resolved_by_order",
        "fitting[0] if len(fitting) == 1 else None",
        "fitting[0] if fitting else None",
        (PLACES,),
    ),
    Mutant("quotes in no order decide", f"{QUOTES}:resolved_by_order", "starts != sorted(starts)", "False", (PLACES,)),
    Mutant(
        "a quote at several places is sure",
        f"{ANCHORS}:_SegmentFinder._look_up",
        "len(places) == 1 and (between_alike or self._stands_out(old[0], span, quote))",
        "True",
        (SEVERAL, YES),
    ),
    Mutant(
        "what was put in a second time is sure",
        f"{ALIGNED}.is_firm",
        "self._is_at_edge(block, start, end) or self._is_doubled(block, start, end)",
        "self._is_at_edge(block, start, end)",
        (AGAIN,),
    ),
    Mutant(
        "what was taken out settles on what was there",
        f"{ANCHORS}:_SegmentFinder._moved_away",
        "alignment.is_new(p, p + size)",
        "True",
        (TAKEN_OUT,),
    ),
    Mutant("what moved away is sure", f"{ANCHORS}:_SegmentFinder._moved_away", "'guessed'", "'moved'", (ELSEWHERE,)),
    Mutant(
        "lost words are not marked",
        f"{ANCHORS}:_moved_segment",
        "msgspec.structs.replace(segment, unanchored=True, quote=segment.quote or move.quote)",
        "segment",
        (GONE,),
    ),
    Mutant(
        "words found again stay lost",
        f"{ANCHORS}:_moved_segment",
        "msgspec.structs.replace(segment, start=start, end=end, quote=quote, unanchored=False)",
        "msgspec.structs.replace(segment, start=start, end=end, quote=quote)",
        (GONE,),
    ),
    Mutant(
        "a changed passage keeps its old quote",
        f"{ANCHORS}:_moved_segment",
        "new_text[start:end] if segment.quote or move.fate == 'changed' else ''",
        "segment.quote",
        (CORRECTED,),
    ),
    Mutant(
        "a corrected passage needs no look",
        f"{ANCHORS}:Move.needs_a_look",
        "self.fate not in ('same', 'moved')",
        "self.fate not in ('same', 'moved', 'changed')",
        (CORRECTED,),
    ),
    Mutant(
        "a moved layer names the old text",
        f"{ANCHORS}:reanchor",
        "replace(layer.header, text_sha256=sha256_text(new_text))",
        "layer.header",
        (MOVED,),
    ),
    Mutant(
        "a cue without a place stays where it was", f"{ANCHORS}:_moved_relation", "move.new is None", "False", (CUES,)
    ),
    Mutant("U+202E reaches the terminal", TERMINAL, "range(0x202A, 0x202F)", "range(0x202A, 0x202E)", (DIRECTION,)),
    Mutant(
        "isolates of direction reach the terminal",
        TERMINAL,
        "range(0x2066, 0x206A)",
        "range(0x2066, 0x2069)",
        (DIRECTION,),
    ),
)
