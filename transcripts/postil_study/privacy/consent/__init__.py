"""What participants agreed to."""
