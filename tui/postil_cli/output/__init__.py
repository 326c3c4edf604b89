"""How the commands show their results."""
