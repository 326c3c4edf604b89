"""Git as the team's server: merging layers and codebooks, who did what, what differs between two commits."""
