"""What of a study goes into files of other programs."""
