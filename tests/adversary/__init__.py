"""The whole program under bad input: strangers, forged links, junk in every field, many hands at once."""
