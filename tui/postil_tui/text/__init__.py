"""The text on the screen as values: rows, spans, lanes, margin, motions, selection. Nothing here knows Textual."""
