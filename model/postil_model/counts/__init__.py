"""Counts of codings: co-occurrence, matrices, saturation, framework."""
