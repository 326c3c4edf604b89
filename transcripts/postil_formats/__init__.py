"""All importing and exporting: transcripts, codings, codebooks, projects of other programs, tables."""
