"""Names of the commands, the module each lives in, and its one line of help.

Kept as plain data so that ``postil --help`` and completion need not import the commands; a test compares it with them.
"""

from __future__ import annotations

PROGRAM_HELP = """Code interview transcripts, measure agreement, draw the decision process.

Without a command the study you are in opens in the app.
"""

# name → (module below postil_cli.commands, one line)
COMMANDS: dict[str, tuple[str, str]] = {
    "demo": ("demo", "Lay down the illustrative study and run the main job on it."),
    "new": ("new", "Make an empty study with a commented codebook."),
    "import": ("import_", "Take in transcripts, showing first what was recognised."),
    "import-codings": ("import_codings", "Take in codings from CSV or XLSX rows, anchored by their quotes."),
    "import-codebook": ("import_codebook", "Take in a codebook, a list of codes or a tree."),
    "code": ("code", "Open the app on a transcript."),
    "check": ("check", "Report everything that is wrong in the study."),
    "upgrade": ("upgrade", "Bring a study of an older format to the one of today."),
    "reanchor": ("reanchor", "Let codings follow a corrected transcript."),
    "codebook": ("codebook", "Show the codebook; add, rename, merge, move, split, delete codes."),
    "remove": ("remove", "Take a transcript out, with everybody's codings of it."),
    "undo": ("undo", "Take the last change of many files back, also on another day."),
    "done": ("done", "Mark transcripts as finished (or not) by a coder."),
    "round": ("round_", "Coding rounds: start, freeze, reveal."),
    "assign": ("assign", "Who codes what in a round."),
    "recode": ("recode", "What to look at again after a code changed."),
    "merge": ("merge", "What a merge in git left behind, explained and mended."),
    "log": ("log", "Who coded what when."),
    "diff": ("diff", "What differs between two commits, in words."),
    "git": ("git", "Let git merge codings record by record: postil git setup."),
    "agreement": ("agreement", "Inter-rater agreement of the study or of a table of ratings."),
    "disagreements": ("disagreements", "The passages to talk about, worst code first."),
    "model": ("model", "The decision-process graph: figure, table, JSON."),
    "compare": ("compare", "The model against a reference: matched, weak, missing, unexpected."),
    "ask": ("ask", "Ways, loops, weak places, negative cases, subgroups, stability."),
    "saturation": ("saturation", "How much each further participant added."),
    "cooccurrence": ("cooccurrence", "Which codes meet on the same words."),
    "matrix": ("matrix", "Participants by themes or codes."),
    "findings": ("findings", "Measured findings: printed, computed from their data, conflicts."),
    "joint": ("joint", "What people said beside what was measured."),
    "search": ("search", "Passages by words, codes, speakers and modes."),
    "export": ("export", "The study for other programs: REFI-QDA, a codebook, tables."),
    "schema": ("schema", "JSON Schemas: editors complete and check the files while you type."),
    "report": ("report", "One HTML file: the diagram with the words behind each mark."),
    "verify": ("verify", "Quotations and counts of a manuscript against the study."),
    "pseudonymise": ("pseudonymise", "Replace names by pseudonyms, everywhere and in one step."),
    "withdraw": ("withdraw", "Take a participant out: words, codings, copies and undo."),
    "packet": ("packet", "A participant checks what was made of their words; keep the answer."),
    "release": ("release", "The shareable artifact: consent obeyed, numbers computed anew."),
    "quotes": ("quotes", "The words behind a code, a node or an edge."),
}
