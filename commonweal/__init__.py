"""Commonweal: the program that runs a mutual aid network."""

__version__ = "0.1.0"
