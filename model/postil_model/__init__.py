"""Everything that is computed from a study: evidence, agreement, decision model, drawing, reports."""
