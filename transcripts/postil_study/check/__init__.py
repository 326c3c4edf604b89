"""Everything that is wrong in a study, found at once."""
