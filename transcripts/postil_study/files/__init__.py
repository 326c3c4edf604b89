"""The files of a study: which there are, how each kind is read and written."""
