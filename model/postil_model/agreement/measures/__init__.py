"""Measures of agreement as functions of arrays."""
