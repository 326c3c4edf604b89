"""Benchmarks: scripts that print ratios against named peers, one run each."""
