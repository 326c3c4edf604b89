"""One small module for each place that text from files may reach: terminal, DOT, HTML, CSV, LaTeX."""
