"""Memos of every kind in one list: files of ``memos/``, notes on segments, relations, codes and themes. No screen."""
