"""A study on disk: its texts, layers, rounds, history, privacy, and what git knows of it."""
