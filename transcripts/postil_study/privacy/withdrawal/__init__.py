"""Taking a participant out of a study."""
