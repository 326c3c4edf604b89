"""Conflicting edits, side by side."""
