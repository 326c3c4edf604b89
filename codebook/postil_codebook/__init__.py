"""Codebook, declared process, findings and themes: what a study looks for."""
