"""The search over the study as the app works with it: what was found, marking, coding it. No screen in here."""
