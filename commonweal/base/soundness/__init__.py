"""The checks of the ground floor: what is stored, the machine, and the work in the background."""

from commonweal.base.soundness import background, machine, stored

__all__ = ["background", "machine", "stored"]
