"""Two coders on one text: where they differ, and settling it."""
