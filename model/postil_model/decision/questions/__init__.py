"""Questions to the model: paths, loops, cuts."""
