"""Values of transcripts and codings: turns, units of talk, word lists."""
