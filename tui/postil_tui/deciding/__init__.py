"""What two people want differently, side by side."""
