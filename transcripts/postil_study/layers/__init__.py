"""Coding layers: records, files, merging, saving."""
