"""Transcripts on their way into the study, as the app works with them. No screen in here."""
