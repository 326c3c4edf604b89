"""The model against a reference, and subgroups side by side."""
