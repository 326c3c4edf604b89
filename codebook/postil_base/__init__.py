"""What every room of the house stands on: problems with places, safe writing, YAML with places, quoting."""
