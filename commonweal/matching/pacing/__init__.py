"""Whom of those who can to invite, how many and when; what is learnt from their answers."""
