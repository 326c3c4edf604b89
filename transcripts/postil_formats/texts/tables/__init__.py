"""Transcripts in tables: CSV, XLSX, ODS."""
