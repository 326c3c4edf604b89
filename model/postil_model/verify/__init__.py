"""A manuscript held against the study: its quotations, who they are credited to, and its counts of people."""
