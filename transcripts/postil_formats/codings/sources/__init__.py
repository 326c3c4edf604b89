"""Files that codings come in: rows, Word comments, reports, brat, web annotations."""
