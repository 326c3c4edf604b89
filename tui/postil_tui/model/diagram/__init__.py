"""The diagram of the model, drawn in cells."""
