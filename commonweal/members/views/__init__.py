"""Coming in, and one's own pages."""
