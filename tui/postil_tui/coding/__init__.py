"""Coding as values and state, without a screen: the session, quick slots, ranking of codes, labels."""
