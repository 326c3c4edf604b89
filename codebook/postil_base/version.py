"""The version of Postil, as a constant: reading it costs nothing at start-up."""

__version__ = "0.1.0"
