"""Wrong changes where two versions of a layer meet: merging, second versions, what vanished."""

from __future__ import annotations

from tests.mutants.edits import Mutant

LAYERS = "postil_study.layers.values"
RECORD = "postil_study.layers.record_merge"
MERGE = "postil_study.layers.merge"
STORE = "postil_study.layers.store"
VANISHED = "postil_study.layers.vanished"

MERGES = "tests/postil_study/layers/test_merging.py"
VALUES = "tests/postil_study/layers/test_values.py"
FILES = "tests/postil_study/layers/test_file.py"
STORED = "tests/postil_study/layers/test_store.py"
GONE = "tests/postil_study/layers/test_vanished.py"

MERGING = (
    Mutant(
        "a conflict of modes is none",
        f"{RECORD}:_codes",
        "use is _MISSING",
        "False",
        (f"{MERGES}::test_a_code_whose_mode_both_changed_is_a_conflict_and_of_one_side_is_none",),
    ),
    Mutant(
        "the codes of both sides are mine",
        f"{RECORD}:_codes",
        "simple is not _MISSING",
        "True",
        (f"{MERGES}::test_codes_put_on_and_taken_off_by_both_sides_are_merged_with_their_modes",),
    ),
    Mutant(
        "codes merged lose their mode",
        f"{RECORD}:_codes",
        "use if use.mode != 'affirm' else use.code",
        "use.code",
        (f"{MERGES}::test_codes_put_on_and_taken_off_by_both_sides_are_merged_with_their_modes",),
    ),
    Mutant(
        "a code that one side took off is back",
        f"{RECORD}:_codes",
        "_three(*(side.get(code) for side in sides))",
        "next(side[code] for side in sides if code in side)",
        (f"{MERGES}::test_codes_put_on_and_taken_off_by_both_sides_are_merged_with_their_modes",),
    ),
    Mutant(
        "borders are merged one by one",
        f"{RECORD}:",
        "(('start', 'end', 'quote', 'unanchored'), ('memo',), ('unsure',))",
        "(('start',), ('end',), ('quote',), ('unanchored',), ('memo',), ('unsure',))",
        (f"{MERGES}::test_borders_go_together_with_the_words_between_them",),
    ),
    Mutant(
        "where both changed a field mine stands",
        f"{RECORD}:_three",
        "theirs if mine == before else _MISSING",
        "theirs if mine == before else mine",
        (
            f"{MERGES}::test_borders_go_together_with_the_words_between_them",
            f"{VALUES}::test_what_both_changed_is_a_conflict_and_the_newer_stands_meanwhile",
        ),
    ),
    Mutant(
        "a merged record is as old as mine",
        f"{RECORD}:merged_record",
        "max(getattr(mine, name), getattr(theirs, name))",
        "getattr(mine, name)",
        (f"{MERGES}::test_codes_put_on_and_taken_off_by_both_sides_are_merged_with_their_modes",),
    ),
    Mutant(
        "unknown keys of theirs are lost",
        f"{RECORD}:_three_maps",
        "[*mine, *theirs]",
        "[*mine]",
        (f"{MERGES}::test_keys_that_only_the_other_side_knows_stay",),
    ),
    Mutant(
        "a second version takes an id that is there",
        f"{RECORD}:as_version",
        "(name := f'{first}.{number}') not in taken",
        "(name := f'{first}.{number}')",
        (f"{MERGES}::test_a_second_version_says_of_what_and_takes_nobodys_id",),
    ),
    Mutant(
        "a second version does not say so",
        f"{RECORD}:as_version",
        "{**record.extra, VERSION_OF: first}",
        "record.extra",
        (f"{MERGES}::test_a_second_version_says_of_what_and_takes_nobodys_id",),
    ),
    Mutant(
        "who edited and who deleted: always deleted",
        f"{LAYERS}:_merged_state",
        "only_carried_along(before, alive)",
        "True",
        (f"{VALUES}::test_a_change_against_a_deletion_is_a_conflict_too",),
    ),
    Mutant(
        "a renamed code brings back what was deleted",
        f"{LAYERS}:_merged_state",
        "only_carried_along(before, alive)",
        "False",
        (f"{MERGES}::test_a_renamed_code_does_not_bring_back_what_a_colleague_deleted",),
    ),
    Mutant(
        "the older state stands",
        f"{LAYERS}:newest",
        "max(one, other, key=_standing)",
        "min(one, other, key=_standing)",
        (f"{VALUES}::test_what_both_changed_is_a_conflict_and_the_newer_stands_meanwhile",),
    ),
    Mutant(
        "of equally old ones the deleted stands",
        f"{LAYERS}:_standing",
        "not isinstance(state, Deleted)",
        "isinstance(state, Deleted)",
        (f"{MERGES}::test_of_equally_old_states_the_one_that_is_alive_stands",),
    ),
    Mutant(
        "a layer is done as soon as one side says so",
        f"{LAYERS}:_header_value",
        "'' if '' in (mine, theirs) else max(mine, theirs)",
        "max(mine, theirs)",
        (f"{VALUES}::test_headers_are_merged_field_by_field",),
    ),
    Mutant(
        "of equally new versions one is kept",
        f"{LAYERS}:keep_both",
        "equals[1:]",
        "equals[2:]",
        (f"{FILES}::test_equally_new_versions_are_both_kept_and_listed",),
    ),
    Mutant(
        "a forgotten state stays",
        f"{LAYERS}:with_states",
        "found.pop(id_, None)",
        "0",
        (f"{VALUES}::test_states_and_changes_rebuild_a_layer",),
    ),
    Mutant(
        "removing a segment keeps relations that end at it",
        f"{LAYERS}:remove_segment",
        "segment_id in (r.source, r.target)",
        "segment_id == r.source",
        (f"{VALUES}::test_merging_takes_each_record_from_the_side_that_changed_it",),
    ),
    Mutant(
        "theirs of a conflict is thrown away",
        f"{STORE}:_both",
        "alive[1:]",
        "alive[2:]",
        (f"{STORED}::test_a_record_that_both_changed_is_refused_and_can_be_kept_twice",),
    ),
    Mutant(
        "what is simply gone leaves no id",
        f"{STORE}:LayerStore._with_tombstones",
        "with_states(after, {id_: Deleted(id_, now) for id_ in gone}) if gone else after",
        "after",
        (f"{STORED}::test_records_that_are_simply_gone_leave_their_ids",),
    ),
    Mutant(
        "a change underneath is not looked for",
        f"{STORE}:LayerStore._save",
        "not changes_between(before, file.layer)",
        "True",
        (f"{STORED}::test_what_a_colleague_added_meanwhile_is_taken_over",),
    ),
    Mutant(
        "what vanished is taken for deleted",
        f"{STORE}:LayerStore._save",
        "raise VanishedError(path, sum(id_ != HEADER for id_ in gone))",
        "pass",
        (f"{STORED}::test_a_line_that_vanished_is_not_taken_for_a_deletion",),
    ),
    Mutant(
        "tombstones that are gone are forgotten",
        f"{VANISHED}:with_tombstones_of",
        "id_ not in known",
        "False",
        (f"{GONE}::test_what_one_deletes_oneself_has_not_vanished_and_a_tombstone_is_kept",),
    ),
    Mutant(
        "a file that is gone has lost nothing",
        f"{VANISHED}:vanished",
        "states(there.layer) if there is not None else {}",
        "states(there.layer) if there is not None else states(before)",
        (f"{GONE}::test_a_file_that_is_gone_has_lost_everything",),
    ),
    Mutant(
        "a lost header is nothing",
        f"{VANISHED}:vanished",
        "not there.headed",
        "False",
        (f"{GONE}::test_of_a_layer_cut_at_any_byte_everything_that_is_gone_is_named",),
    ),
    Mutant(
        "an older version wins over what was written later",
        f"{MERGE}:_older",
        "min(one.at, other.at) < was.at <= max(one.at, other.at)",
        "False",
        (f"{MERGES}::test_a_version_from_before_the_common_one_does_not_win_in_silence",),
    ),
    Mutant(
        "of two versions git gets the first",
        f"{MERGE}:with_both_versions",
        "kept[second.id] = second",
        "",
        (f"{MERGES}::test_what_git_merges_holds_both_versions_of_a_conflict",),
    ),
    Mutant(
        "lines that only theirs could not read are lost",
        f"{MERGE}:merge_layer_data",
        "[*files[0].unread, *files[1].unread]",
        "[*files[0].unread]",
        (f"{MERGES}::test_lines_that_cannot_be_read_come_along_from_both_sides",),
    ),
    Mutant(
        "a merge on the old text",
        f"{MERGE}:_on_one_text",
        "there if here == before else here",
        "here",
        (f"{MERGES}::test_codings_made_on_the_old_text_stand_on_their_words_in_the_corrected_one",),
    ),
)
