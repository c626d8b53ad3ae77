"""Phones that are a page: the way of text messages until a network has another one, for trying everything out."""
