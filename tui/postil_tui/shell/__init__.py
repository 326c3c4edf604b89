"""The application: keys, actions, workspace, and what changes on disk."""
