"""Coding as values and state, without a screen."""
