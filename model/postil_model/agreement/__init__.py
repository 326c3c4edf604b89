"""Measures of agreement: pure functions on arrays and spans, never on files. See docs/methods.md."""
