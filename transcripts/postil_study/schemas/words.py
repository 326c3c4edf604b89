"""What the schemas say besides what the readers know: a sample of each file's shape, and a line on each key."""

from __future__ import annotations

from collections.abc import Mapping

TITLES: Mapping[str, str] = {
    "study": "Postil: study.yaml, what the study is, who codes, what counts",
    "codebook": "Postil: a codebook",
    "process": "Postil: the declared decision process",
    "findings": "Postil: measured findings to set beside what people said",
    "themes": "Postil: themes, what the analysis arrives at",
    "transcripts": "Postil: transcripts.yaml, who speaks in the transcripts and where they came from",
}

# Each mapping a reader looks into stands here once, and each way in which a value may be written.
SAMPLES: Mapping[str, str] = {
    "study": """
coders: {ana: {name: Ana}}
participants: {E01: {consent: {quote: true}}}
guide: [{id: decision, ask: How?}]
analysis: {record: [ana]}
agreement: {reason: why}
codebook: codebook/codebook.yaml
""",
    "codebook": """
codes: {heading: {children: {code: {definition: d}}}}
groups: {one-or-other: {codes: [code]}}
retired: {old: {label: Old}}
""",
    "process": """
stages: [{id: search, label: Search}]
nodes: [{id: find, items: {plain: {label: Plain}, short: [code]}, criteria: {cheap: {label: Cheap}, plain: [code]}}]
edges: [{source: find, target: find}]
evidence: {min_participants: 2}
""",
    "findings": """
findings: [{id: signed, statement: s, links: {node: [find]}}]
""",
    "themes": "themes: [{id: borrowed, label: Borrowed}]\n",
    "transcripts": "I01: {speakers: {Ana: {role: interviewer}}}\n",
}

_ID, _LABEL, _NOTE = "Its id: letters, digits, . and -.", "What is shown to people.", "A note of your own."
_COMMON = {"id": _ID, "label": _LABEL, "note": _NOTE}

WORDS: Mapping[str, Mapping[str, str]] = {
    "study": {
        "postil": "The version of the format: 1.",
        "coders.id": _ID,
        "guide.id": _ID,
        "id": "A short name by which undo and reading places find the study again.",
        "title": "The study's title.",
        "codebook": "Path of the codebook, inside the study.",
        "process": "Path of the declared decision process, if there is one.",
        "findings": "Path of the measured findings, if there are any.",
        "themes": "Path of the themes, if there are any.",
        "coders": "Who codes: id, and a name.",
        "name": "The coder's name.",
        "participants": "Who was interviewed: id, attributes of your own choice, and consent.",
        "consent": "What the participant agreed to; every export and report obeys it.",
        "quote": "Whether their words may be quoted.",
        "share": "Whether their words may leave the team.",
        "guide": "The interview guide, question by question, in order.",
        "ask": "The question as it was asked.",
        "names": "Codes the question itself names, so that answers on them are prompted.",
        "order_matters": "Whether the question asks for a sequence, so that the order of talk means something.",
        "analysis": "What counts.",
        "record": "Whose layer counts: per transcript the first finished one of this list.",
        "min_participants": "Fewer supporters than this, and an edge is not drawn.",
        "agreement": "How agreement is measured, declared before the reliability round.",
        "measure": "Name of the measure, such as krippendorff_alpha.",
        "unit": "What is compared: characters, words, sentences, turns, or units given in a file.",
        "speakers": "Whose words: the participants' alone, or all.",
        "codes": "The codes it is about; all, if none is named.",
        "reason": "Why this measure.",
        "none": "Why no agreement is reported.",
        "at_least": "The value that each code should reach, such as 0.7.",
        "below": "What follows for a code below it, such as: recode.",
    },
    "codebook": {
        "title": "The codebook's title.",
        "version": "Its version; layers say with which one they were made.",
        "codes": "The codes as a tree: id, and what it means.",
        "retired": "Codes that were deleted; their ids stay theirs, so that codings of them keep their meaning.",
        "retired.again": "When it was added again, as the same code (UTC).",
        "retired.definition": "What it meant.",
        "retired.deleted": "When it was deleted (UTC).",
        "retired.formerly": "Ids it had before.",
        "retired.label": "What it was called.",
        "groups.codes": "The codes that belong to the group.",
        "groups": "Codes that belong together in another way than the tree says.",
        "label": "What is shown to people, one line.",
        "definition": "What it means, in one or two sentences.",
        "include": "When to use it.",
        "exclude": "When not to use it, and what to use instead.",
        "examples": "Words somebody might say.",
        "origin": "From theory (prior), from the pilot, found on the way (emergent), or the speakers' words (in-vivo).",
        "color": "Its colour: blue, #1155cc, …",
        "codable": "false for a heading that cannot be applied itself.",
        "formerly": "Ids it had before, so that older layers still read.",
        "changed": "Date of the last change of its meaning; older codings are stale until checked.",
        "memo": "Thoughts about the code.",
        "children": "The codes below it.",
        "exclusive": "Whether codes of this group may not stand on the same words.",
        "id": _ID,
        "source": "Where the codebook comes from.",
        "note": _NOTE,
        "license": "Under which terms it may be used.",
        "schema": "The form of the file.",
        "schema_version": "The version of that form.",
    },
    "process": {
        **_COMMON,
        "title": "The title of the figure.",
        "source": "Where the process comes from: a paper, a section, a figure.",
        "edges.source": "The node the edge starts from.",
        "stages": "The stages, in order.",
        "nodes": "The steps and what stands beside them.",
        "edges": "What leads to what.",
        "main_line": "Nodes on the main line, in order.",
        "order": "The stage's place in the order.",
        "nodes.kind": "What it is.",
        "edges.kind": "What leads from one to the other: flow, branch, back, influence.",
        "stage": "The stage the node lies in.",
        "codes": "Codes that count for it; x/* takes the subtree below x.",
        "items": "Lines inside the node, each with codes of its own.",
        "criteria": "What may decide: codes or factors that speak for a way out of a decision.",
        "factors": "Nodes, or node.item, that count for the criterion.",
        "speaks_for": "The guard or target of the way the criterion is expected to lead to.",
        "emphasis": "Whether the line is set in italics.",
        "origin": "Declared before the interviews (prior), or found in them (derived).",
        "target": "The node an edge leads to.",
        "guard": "The condition under which an edge is taken.",
        "evidence": "How codings become evidence.",
        "order_questions": "Questions of the guide whose order of talk means something.",
        "window_turns": "Within how many turns two codes are near each other.",
        "coder_rule": "How many coders must say so: any, majority, all.",
        "min_participants": "Fewer supporters than this, and an edge is not drawn.",
    },
    "findings": {
        **_COMMON,
        "title": "The title of the list.",
        "source": "Where it is printed: a paper, a section, a table.",
        "findings": "The findings, one an entry.",
        "statement": "What was measured.",
        "numerator": "The count.",
        "denominator": "Of how many.",
        "value": "The value as printed; checked against the two counts.",
        "unit": "percent, share, …",
        "links": "What of the study it speaks about.",
        "node": "Nodes of the process.",
        "conflict": "What contradicts it, as long as that is open.",
        "fit": "How it fits what people said.",
        "reading": "What the two say together.",
        "basis": "All there are (census), a sample, or what people said (interview).",
        "compute": "How to count it anew from the study.",
    },
    "themes": {
        **_COMMON,
        "title": "The title of the list.",
        "themes": "The themes, one an entry.",
        "definition": "What it claims.",
        "codes": "The codes it stands on.",
        "memo": "What speaks for and against it.",
    },
    "transcripts": {
        "speakers": "Who is behind each label of the text.",
        "role": "participant, interviewer or other; only a participant's words are evidence.",
        "participant": "Which participant speaks.",
        "date": "When the interview took place.",
        "lang": "Its language.",
        "guide_version": "Which version of the guide was used.",
        "pilot": "Whether it was a pilot interview.",
        "source": "The file it was imported from.",
        "source_sha256": "Fingerprint of that file, so that it is not imported twice.",
        "text_sha256": "Fingerprint of the text, so that a correction is noticed.",
        "imported": "When it was imported.",
    },
}
