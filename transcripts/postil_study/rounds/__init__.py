"""Coding rounds: planned, coded blind, frozen, revealed, recoded."""
