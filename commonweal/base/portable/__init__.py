"""Leaving is easy: a whole network written out as CSV and JSON, and read back."""

from commonweal.base.portable.arrive import CannotRead, NetworkIsHere, NetworkNotEmpty, read_network
from commonweal.base.portable.leave import CannotWrite, FolderNotEmpty, write_network

__all__ = [
    "CannotRead",
    "CannotWrite",
    "FolderNotEmpty",
    "NetworkIsHere",
    "NetworkNotEmpty",
    "read_network",
    "write_network",
]
