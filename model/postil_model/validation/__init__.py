"""A decision model put to the test: prediction, certainty, sensitivity, comparison of two models, criteria."""
