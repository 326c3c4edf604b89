"""Wrong changes of the coding session, of saving and of the lines at hand."""

from __future__ import annotations

from tests.mutants.edits import Mutant

IN_SAVER = "tests/postil_tui/code/session/test_layer_writer.py"
IN_SESSION = "tests/postil_tui/code/session/test_session.py"
SESSION = "postil_tui.code.session.session:Session"
SAVER = "postil_tui.code.session.layer_writer:LayerWriter"
ENCODED = "postil_tui.code.session.encoded:EncodedLayer"
RECORDS = "postil_tui.code.session.record:Records"

WIDENED = f"{IN_SESSION}::test_a_segment_is_widened_and_keeps_the_words_it_had"
PART = f"{IN_SESSION}::test_a_code_that_covers_a_part_of_the_selection_is_not_taken_for_the_whole"
ADDED = f"{IN_SESSION}::test_a_code_more_on_the_same_words_leaves_the_others_there"
RELATIONS = f"{IN_SESSION}::test_the_relations_of_a_code_go_with_it_and_no_others"
UNCLEAR = f"{IN_SESSION}::test_a_code_stays_while_a_relation_does_not_say_which_code_it_is_about"
LAST_CODE = f"{IN_SESSION}::test_with_its_last_code_a_segment_goes_and_its_relations_in_both_directions"
ONE_MODE = f"{IN_SESSION}::test_a_mode_is_that_of_one_code"
BORDERS = f"{IN_SESSION}::test_new_borders_anchor_a_segment_again_with_the_words_between_them"
EACH = f"{IN_SESSION}::test_each_action_is_told_to_be_saved_and_undone_and_done_again_whole"
SINCE = f"{IN_SESSION}::test_undo_does_not_write_over_what_was_changed_since"
REDO = f"{IN_SESSION}::test_after_a_new_action_what_was_undone_cannot_be_put_over_it"
READ_ONLY = f"{IN_SESSION}::test_what_may_not_be_changed_stays_and_nobody_is_told"
MANY = f"{IN_SESSION}::test_many_passages_are_coded_as_one_action_except_those_that_carry_it"
BACK = f"{IN_SESSION}::test_a_record_that_comes_back_is_not_deleted_any_more"
LINES = f"{IN_SESSION}::test_the_lines_at_hand_are_those_that_the_whole_layer_has"

NEWER = f"{IN_SAVER}::test_after_a_failed_save_the_newer_state_is_written"
KEPT = f"{IN_SAVER}::test_what_is_kept_while_the_disk_does_not_answer_is_the_newer_state_and_everything"
NEXT = f"{IN_SAVER}::test_a_failure_is_no_save_and_the_next_change_writes_all"
STALE = f"{IN_SAVER}::test_when_all_is_written_nothing_old_is_kept_to_be_put_over_it"
NOTED = f"{IN_SAVER}::test_what_was_to_be_noted_is_noted_once_it_is_on_disk"
CLOSED = f"{IN_SAVER}::test_closing_writes_what_waits_and_says_when_it_could_not"

SESSIONS = (
    Mutant("widening drops the old end", f"{SESSION}._widen", "max(segment.end or 0, span[1])", "span[1]", (WIDENED,)),
    Mutant(
        "widening drops the old start", f"{SESSION}._widen", "min(segment.start or 0, span[0])", "span[0]", (WIDENED,)
    ),
    Mutant(
        "a widened segment quotes its old words",
        f"{SESSION}._widen",
        "self.transcript.text[start:end]",
        "segment.quote",
        (WIDENED,),
    ),
    Mutant(
        "widening takes the other codes along",
        f"{SESSION}.code",
        "s.code_ids == (code,)",
        "code in s.code_ids",
        (PART,),
    ),
    Mutant(
        "a code on a part counts as on the whole",
        f"{SESSION}._carried",
        "end <= (s.end or 0)",
        "True",
        (PART, WIDENED),
    ),
    Mutant(
        "a code more replaces the others",
        f"{SESSION}.code",
        "(*same[0].codes, self._use(code, mode))",
        "(self._use(code, mode),)",
        (ADDED,),
    ),
    Mutant(
        "a mode is dropped", f"{SESSION}._use", "code if mode == 'affirm' else CodeUse(code, mode)", "code", (ADDED,)
    ),
    Mutant(
        "removing a code keeps its relations",
        f"{SESSION}.remove_code",
        "changes[relation.id] = Deleted(relation.id, self.now())",
        "",
        (RELATIONS,),
    ),
    Mutant(
        "removing a code takes the relations of the others",
        f"{SESSION}.remove_code",
        "not ends.isdisjoint({(relation.source, relation.source_code), (relation.target, relation.target_code)})",
        "True",
        (RELATIONS,),
    ),
    Mutant(
        "removing a code turns the others to affirmed",
        "postil_tui.code.session.session:_plain",
        "use.code if use.mode == 'affirm' else use",
        "use.code",
        (RELATIONS, ONE_MODE),
    ),
    Mutant(
        "a code goes away under a relation", f"{SESSION}.remove_code", "self._refuse_unclear(segment)", "0", (UNCLEAR,)
    ),
    Mutant(
        "a removed segment leaves relations into nothing",
        f"{SESSION}.remove_segment",
        "[segment_id, *(relation.id for relation in self.records.touching(segment_id))]",
        "[segment_id]",
        (LAST_CODE,),
    ),
    Mutant(
        "only relations that start at a segment go with it",
        f"{RECORDS}.touching",
        "self._leaving.get(segment_id, set()) | self._arriving.get(segment_id, set())",
        "self._leaving.get(segment_id, set())",
        (LAST_CODE, RELATIONS),
    ),
    Mutant("a mode is set on all codes", f"{SESSION}.set_mode", "use.code == code", "True", (ONE_MODE,)),
    Mutant("new borders leave a segment lost", f"{SESSION}.set_borders", "False", "True", (BORDERS,)),
    Mutant(
        "many passages are coded twice", f"{SESSION}.code_all", "not self._carried(code, start, end)", "True", (MANY,)
    ),
    Mutant(
        "undo writes over what a colleague changed",
        f"{SESSION}._go",
        "not same_words(self.records.state(id_), after)",
        "False",
        (SINCE,),
    ),
    Mutant("undo loses what it took back", f"{SESSION}._go", "goal.append(change)", "0", (EACH,)),
    Mutant(
        "what was undone is as old as before",
        f"{SESSION}._as_new",
        "msgspec.structs.replace(state, at=self.now())",
        "state",
        (EACH,),
    ),
    Mutant("redo after a new action", f"{SESSION}.make", "self._undone.clear()", "0", (REDO,)),
    Mutant("changes are not told to be saved", f"{SESSION}._carry_out", "listener(change)", "0", (EACH,)),
    Mutant("read only is no hindrance", f"{SESSION}._carry_out", "raise PostilError(self.read_only)", "", (READ_ONLY,)),
    Mutant(
        "a record that is back is still deleted",
        f"{RECORDS}._take_out",
        "self.deleted.pop(record_id, None)",
        "0",
        (BACK,),
    ),
)

SAVING = (
    Mutant(
        "after a failed save the older state is written",
        f"{SAVER}._written",
        "{**states, **self._waiting}",
        "{**self._waiting, **states}",
        (NEWER,),
    ),
    Mutant(
        "the older state is kept outside",
        f"{SAVER}.keep_safe",
        "{**self._writing, **self._waiting}",
        "{**self._waiting, **self._writing}",
        (KEPT,),
    ),
    Mutant(
        "what the disk is at is not kept outside",
        f"{SAVER}.keep_safe",
        "{**self._writing, **self._waiting}",
        "self._waiting",
        (KEPT,),
    ),
    Mutant(
        "what could not be written is forgotten",
        f"{SAVER}._written",
        "{**states, **self._waiting}",
        "self._waiting",
        (NEXT, CLOSED),
    ),
    Mutant(
        "what the disk is at does not wait",
        f"{SAVER}.waiting",
        "{**self._writing, **self._waiting}",
        "self._waiting",
        (KEPT,),
    ),
    Mutant(
        "a failed save counts as saved",
        f"{SAVER}.flush",
        "return not (self._waiting or self._busy)",
        "return True",
        (NEXT, CLOSED),
    ),
    Mutant("after a failure nothing is written any more", f"{SAVER}.put", "self._failed = ''", "", (NEXT, NOTED)),
    Mutant("an old copy is kept although all is written", f"{SAVER}._written", "self._kept", "False", (STALE,)),
    Mutant("notes of a failed save are lost", f"{SAVER}._written", "[*notes, *self._notes]", "self._notes", (NOTED,)),
    Mutant("what came after the keeping counts as kept", f"{SAVER}.put", "self._has_more = True", "", (KEPT,)),
    Mutant("closing does not write", f"{SAVER}.close", "self.flush()", "True", (CLOSED,)),
)

AT_HAND = (
    Mutant("a tombstone is kept on revival", f"{ENCODED}._take_out", "self._deleted.pop(id_, None)", "0", (LINES,)),
    Mutant(
        "a deletion leaves no tombstone", f"{ENCODED}.changed", "self._deleted[id_] = encode_state(state)", "", (LINES,)
    ),
    Mutant(
        "a moved segment stands at its old place",
        f"{ENCODED}.changed",
        "insort(self._order, order)",
        "self._order.append(order)",
        (LINES,),
    ),
)

CODING = (*SESSIONS, *SAVING, *AT_HAND)
