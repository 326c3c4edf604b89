"""Widgets. Each paints its own lines; none asks Textual for a layout while a person codes."""
