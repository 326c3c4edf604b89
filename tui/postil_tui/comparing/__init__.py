"""Two coders on one text, as values: where they differ, how, and what settling does. No screen in here."""
