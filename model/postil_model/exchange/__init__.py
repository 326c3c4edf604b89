"""What of a study goes into files of other programs, and what of their projects comes into a study."""
