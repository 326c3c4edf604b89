"""The decision model: declared and stated nodes and edges with their support."""
