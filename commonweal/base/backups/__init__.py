"""One file that holds everything: made while the program serves, checked when it is read, restored as a whole."""

from commonweal.base.backups.archive import BadArchive, Manifest, open_archive
from commonweal.base.backups.making import Steps, make_backup
from commonweal.base.backups.postgresql import NoTool
from commonweal.base.backups.restoring import NotRestored, restore_backup

__all__ = [
    "BadArchive",
    "Manifest",
    "NoTool",
    "NotRestored",
    "Steps",
    "make_backup",
    "open_archive",
    "restore_backup",
]
