"""Findings computed by SQL from data files of a study that may come from a stranger: one SELECT and nothing else.

Three layers, each of which would not be enough alone: the data is loaded, then the database is locked (`loading`); the
parsed statement may hold only what `statement` lists; all of it runs in a child process with limits that is killed
after some seconds (`child`, started by `running`).
"""
