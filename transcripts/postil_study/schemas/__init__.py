"""JSON Schemas of the files people write by hand."""
