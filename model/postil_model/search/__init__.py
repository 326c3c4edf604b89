"""Finding passages: words, codes with boolean and proximity operators, filters by coder, speaker, mode, memo."""
