"""Wrong changes of what is counted and of what may be told: support, evidence, consent, blind rounds."""

from __future__ import annotations

from tests.mutants.edits import Mutant

SUPPORT = "postil_model.decision.support"
EDGES = "postil_model.evidence.edges:EdgeBook"
HINTS = "postil_model.evidence.hints"
GATHER = "postil_model.evidence.gather"
PASSAGES = "postil_model.evidence.passages:Passages"
MODES = "postil_model.evidence.relation_modes"
CONSENT = "postil_study.privacy.consent.purposes"
WRITTEN = "postil_study.privacy.consent.written"
BLIND = "postil_study.rounds.blind:hidden_layers"

COUNTED = "tests/postil_model/decision/test_support.py"
EVIDENCE = "tests/postil_model/evidence/test_evidence.py"
RELATED = "tests/postil_model/decision/test_modes.py"
TOLD = "tests/postil_model/decision/test_consent.py"
ROUNDS = "tests/postil_study/rounds/test_plan.py"

FIRMER = f"{COUNTED}::test_what_somebody_wished_or_supposed_or_reported_counts_only_where_nothing_firmer_was_said"
UNASKED = f"{COUNTED}::test_nobody_is_not_asked_who_spoke_of_it_unasked"
NAMING = f"{COUNTED}::test_not_asked_is_who_got_none_of_the_questions_that_name_it"
MAJORITY = f"{COUNTED}::test_a_majority_is_more_than_half_of_who_coded"
TWICE = f"{COUNTED}::test_one_coder_who_says_it_twice_is_no_majority"
TWO_QUOTES = f"{COUNTED}::test_a_segment_of_two_speakers_is_one_segment_and_two_quotes"
FILTERED = f"{COUNTED}::test_participants_who_are_filtered_out_count_nowhere"
MIXED = f"{COUNTED}::test_who_both_affirms_and_denies_is_counted_in_both_and_named"
EXCLUDES = f"{COUNTED}::test_an_excludes_that_fits_several_declared_edges_denies_none_of_them"
TOUCHING = f"{COUNTED}::test_passages_that_touch_are_in_order_and_those_that_overlap_are_not"
BOTH_ENDS = f"{COUNTED}::test_a_relation_is_evidence_for_who_speaks_at_both_its_ends_alone"
NOT_FOUND = f"{COUNTED}::test_words_that_were_not_found_again_are_no_evidence_but_counted"
APART = f"{EVIDENCE}::test_modes_silence_and_not_asked_are_kept_apart"
CUE = f"{EVIDENCE}::test_a_cue_in_the_interviewers_words_does_not_make_a_relation_stated"
WHICH = f"{EVIDENCE}::test_a_relation_that_fits_several_declared_edges_is_listed_and_counts_nowhere"
SEVERAL = f"{EVIDENCE}::test_a_relation_between_segments_of_several_codes_must_say_which"
DENIAL = f"{EVIDENCE}::test_excludes_is_a_denial_of_the_declared_edge"
NOT_AFFIRMED = f"{RELATED}::test_a_passage_that_is_not_affirmed_takes_the_support_and_is_told"

BOTH = f"{TOLD}::test_a_passage_of_two_speakers_needs_the_consent_of_both"
ELSEWHERE = f"{TOLD}::test_a_segment_whose_words_are_not_at_its_place_is_quoted_only_where_nobody_refused"
SPELLING = f"{TOLD}::test_who_refuses_is_known_under_every_spelling_of_the_id"
SHARED = f"{TOLD}::test_a_transcript_goes_out_only_if_all_who_speak_in_it_agree"
UNKNOWN = f"{TOLD}::test_where_nobody_knows_who_speaks_one_refusal_is_enough"
HIDDEN = f"{ROUNDS}::test_a_blind_round_hides_the_others_until_it_is_revealed_and_nothing_of_ones_own"

NUMBERS = (
    Mutant(
        "a wish counts beside an affirmation",
        f"{SUPPORT}:SupportCounter._made",
        "people['wish'] - said",
        "people['wish']",
        (FIRMER,),
    ),
    Mutant(
        "a report counts beside a denial",
        f"{SUPPORT}:SupportCounter._made",
        "people['affirm'] | people['deny']",
        "people['affirm']",
        (FIRMER,),
    ),
    Mutant(
        "who spoke of it is not asked",
        f"{SUPPORT}:SupportCounter._made",
        "(not_asked & self.rank.keys()) - set().union(*people.values())",
        "not_asked & self.rank.keys()",
        (UNASKED,),
    ),
    Mutant("who got another question is asked", f"{SUPPORT}:not_asked", "not asked & naming", "not asked", (NAMING,)),
    Mutant("an unmarked interview is not asked", f"{GATHER}:_asked", "participant not in unknown", "True", (APART,)),
    Mutant("a majority rounds up", f"{SUPPORT}:coders_needed", "count // 2 + 1", "(count + 1) // 2", (MAJORITY,)),
    Mutant(
        "a majority is one",
        f"{SUPPORT}:SupportCounter._agreed",
        "count >= self.needed.get(participant, 1)",
        "count >= 1",
        (TWICE,),
    ),
    Mutant(
        "a coder votes with each segment",
        f"{SUPPORT}:SupportCounter._agreed",
        "{(row.mode, row.participant, row.coder) for row in rows}",
        "[(row.mode, row.participant, row.coder) for row in rows]",
        (TWICE,),
    ),
    Mutant(
        "a segment of two speakers is two",
        f"{SUPPORT}:SupportCounter.support",
        "len(set(segments))",
        "len(segments)",
        (TWO_QUOTES,),
    ),
    Mutant(
        "a quote of two speakers is one",
        f"{SUPPORT}:SupportCounter.support",
        "distinct if distinct == len(rows) else len(set(zip(segments, people, strict=True)))",
        "distinct",
        (TWO_QUOTES,),
    ),
    Mutant(
        "sums ignore a filter",
        f"{SUPPORT}:SupportCounter.whole",
        "not self.everybody or self.needed",
        "self.needed",
        (FILTERED,),
    ),
    Mutant("mixed is nobody", f"{SUPPORT}:Support.mixed", "p in self.deny", "p not in self.affirm", (MIXED,)),
    Mutant("an ambiguous excludes counts", f"{EDGES}.denied", "len(between) == 1", "between", (EXCLUDES,)),
    Mutant("an excludes affirms", f"{MODES}:mode_of", "'deny' if excludes else 'affirm'", "'affirm'", (DENIAL,)),
    Mutant(
        "a relation without a guard takes the first that fits",
        f"{EDGES}.resolve",
        "return None",
        "return fitting[0]",
        (WHICH,),
    ),
    Mutant(
        "touching passages are not in order",
        f"{HINTS}:order_pairs",
        "later[0].parts[0][0] >= earlier[0].parts[-1][1]",
        "later[0].parts[0][0] > earlier[0].parts[-1][1]",
        (TOUCHING,),
    ),
    Mutant(
        "overlapping passages are in order",
        f"{HINTS}:order_pairs",
        "later[0].parts[0][0] >= earlier[0].parts[-1][1]",
        "True",
        (TOUCHING,),
    ),
    Mutant(
        "a relation counts for whoever speaks at one end",
        f"{GATHER}:_Relations._between",
        "participant == other",
        "True",
        (BOTH_ENDS,),
    ),
    Mutant(
        "any cue makes a relation stated",
        f"{GATHER}:_Relations._kind",
        "any((speaker == participant for speaker, _ in speakers))",
        "True",
        (CUE,),
    ),
    Mutant(
        "relations of lost words count",
        f"{GATHER}:_Relations.read",
        "relation.unanchored or first.unanchored or second.unanchored",
        "relation.unanchored",
        (NOT_FOUND,),
    ),
    Mutant(
        "lost words are evidence",
        f"{PASSAGES}.read",
        "segment.codes and (not segment.unanchored)",
        "segment.codes",
        (NOT_FOUND,),
    ),
    Mutant(
        "of several codes a relation means the first",
        f"{MODES}:meant",
        "segment.code_ids[0] if len(set(segment.code_ids)) == 1 else ''",
        "segment.code_ids[0]",
        (SEVERAL,),
    ),
    Mutant(
        "a relation is affirmed whatever its ends are",
        f"{MODES}:mode_of",
        "found is not None",
        "False",
        (NOT_AFFIRMED,),
    ),
)

TELLING = (
    Mutant(
        "of two speakers the first is asked",
        f"{CONSENT}:Consent.quotes",
        "transcript.turns_over(start, end)",
        "list(transcript.turns_over(start, end))[:1]",
        (BOTH,),
    ),
    Mutant(
        "words of one who refused are readable",
        f"{CONSENT}:with_masked",
        "person and hides(person)",
        "False",
        (BOTH, SPELLING),
    ),
    Mutant(
        "the words after a masked turn are lost",
        f"{CONSENT}:with_masked",
        "''.join([*pieces, text[at:]])",
        "''.join(pieces) or text",
        (BOTH,),
    ),
    Mutant(
        "one yes is enough to tell words together",
        f"{CONSENT}:Consent.quotes_all",
        "self.not_quoted.isdisjoint(people)",
        "not set(people) <= self.not_quoted",
        (BOTH,),
    ),
    Mutant(
        "words that are elsewhere are told by their place",
        f"{CONSENT}:Consent.quotes_segment",
        "segment.quote and segment.quote != here",
        "False",
        (ELSEWHERE,),
    ),
    Mutant(
        "an unanchored place is a place",
        f"{CONSENT}:Consent.quotes_segment",
        "segment.start is not None and segment.end is not None and (not segment.unanchored)",
        "segment.start is not None",
        (ELSEWHERE,),
    ),
    Mutant(
        "a refusal is known under one spelling",
        f"{CONSENT}:_folded",
        "unicodedata.normalize('NFC', unicodedata.normalize('NFC', person).casefold()).strip()",
        "person",
        (SPELLING,),
    ),
    Mutant(
        "a transcript goes out if one agrees",
        f"{CONSENT}:Consent.shares",
        "self.not_shared.isdisjoint(transcript.participants)",
        "not set(transcript.participants) <= self.not_shared",
        (SHARED,),
    ),
    Mutant(
        "unknown speakers may be quoted",
        f"{CONSENT}:Consent.quotes",
        "not transcript.info.speakers",
        "False",
        (UNKNOWN,),
    ),
    Mutant("a frozen blind round leaks", BLIND, "plan.state != 'revealed'", "plan.state == 'started'", (HIDDEN,)),
    Mutant(
        "the consensus of a blind round leaks",
        BLIND,
        "found.update({(CONSENSUS, transcript): plan.id for transcript in plan.transcripts})",
        "0",
        (HIDDEN,),
    ),
    Mutant("a blind round hides ones own layer", BLIND, "other != coder", "True", (HIDDEN,)),
)

MODEL = (*NUMBERS, *TELLING)
