"""Transcripts in documents: Word, OpenDocument, Rich Text."""
