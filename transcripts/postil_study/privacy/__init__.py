"""Consent, pseudonyms and withdrawal."""
