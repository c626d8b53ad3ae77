"""Worse times: as little as can be is kept, and what was kept goes at once."""
