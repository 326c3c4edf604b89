"""The declared decision process: read, checked, and which node stands for which code."""
