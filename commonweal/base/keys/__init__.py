"""Changing a key: a new one in front, everything written anew under it in the background, and the old one taken out."""

from commonweal.base.keys.census import Census, take_census
from commonweal.base.keys.keyring import NotOurs, add_key, drop_oldest
from commonweal.base.keys.reindexing import StillInUse, retire_oldest

__all__ = ["Census", "NotOurs", "StillInUse", "add_key", "drop_oldest", "retire_oldest", "take_census"]
