"""The decision model on the terminal."""
