"""Transcripts in plain text, Markdown, PDF and web pages."""
