"""Names found in a study and replaced by pseudonyms."""
