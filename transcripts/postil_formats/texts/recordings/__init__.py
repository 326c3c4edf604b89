"""Transcripts from recordings: subtitles, transcription programs, ELAN, CHAT."""
