"""Tables of ratings that people bring: rows and cells of a file, their shape, and what the cells mean."""
