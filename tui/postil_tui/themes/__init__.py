"""Themes and the framework matrix."""
