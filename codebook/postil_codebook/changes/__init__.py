"""Changes to codebooks: edits, merges of versions, and references brought up to date."""
