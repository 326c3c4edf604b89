"""How texts mark their speakers and times."""
