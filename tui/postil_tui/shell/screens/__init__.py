"""Screens that every part of the app shares."""
