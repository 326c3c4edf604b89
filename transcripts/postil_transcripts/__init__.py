"""What was said and who coded what: transcripts, importers, coding layers and their store."""
