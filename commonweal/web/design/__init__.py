"""What `/design/` shows: each component in its usual, empty, busy, wrong and right-to-left state."""

from commonweal.web.design.shelves import Shelf, shelves

__all__ = ["Shelf", "shelves"]
