"""Working together, as values: who codes what in which round, and what is to be looked at again. No screen in here."""
