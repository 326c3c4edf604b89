"""What a project of another program brings into a study."""
