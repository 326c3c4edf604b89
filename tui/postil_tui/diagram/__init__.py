"""The decision model drawn with characters: boxes, arrows, and walking from one to the next. No screen here."""
