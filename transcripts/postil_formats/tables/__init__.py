"""Tables as files: CSV, XLSX, Markdown, HTML, LaTeX."""
