"""Themes and the framework matrix as the app works with them. No screen in here."""
