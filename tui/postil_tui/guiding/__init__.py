"""Marks of the guide as the app works with them. No screen in here."""
