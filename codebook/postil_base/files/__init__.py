"""Files written so that a crash leaves the old or the new: atomic writes, journal, lock."""
