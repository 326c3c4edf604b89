"""The study as a whole, drawn with characters: each view is worked out in a thread and painted from values."""
