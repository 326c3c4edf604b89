"""REFI-QDA projects and codebooks (.qdpx, .qdc) as plain values: read from what programs really write, and written."""
