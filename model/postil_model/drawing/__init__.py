"""Drawing the decision process: figures as values, layout of our own, Graphviz in a child process."""
