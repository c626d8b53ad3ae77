"""Leaving is easy: a whole network written out as CSV and JSON, and read back."""
