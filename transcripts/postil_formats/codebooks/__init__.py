"""Codebooks in tables and documents."""
