"""Wrong changes that the suite must notice: tests of the tests."""
