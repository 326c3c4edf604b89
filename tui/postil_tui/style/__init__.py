"""Colours, signs and styles of everything that is painted."""
