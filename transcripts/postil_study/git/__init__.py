"""Git as the team's server: merging, conflicts, who did what."""
