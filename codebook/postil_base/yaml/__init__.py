"""YAML with places: read as a light tree, checked by schemas, changed by splices that leave the rest alone."""
