"""Finding words again: quotes in texts, and segments in corrected texts."""
