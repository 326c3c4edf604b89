"""Codings from elsewhere: rows find their words in a transcript, or are reported."""
