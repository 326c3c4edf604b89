"""Importing transcripts: read, planned, shown, written."""
