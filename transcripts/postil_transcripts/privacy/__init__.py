"""Pseudonyms, consent and withdrawal: what a study may still say of a person."""
