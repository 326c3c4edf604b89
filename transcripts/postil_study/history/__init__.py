"""Changes of many files at once, and undo."""
