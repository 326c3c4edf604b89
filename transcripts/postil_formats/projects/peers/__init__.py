"""Projects of programs that keep a database of their own (Taguette, QualCoder, qc), as the same values as REFI-QDA."""
