"""Understanding a message: pure functions, each in a module of its own; never a decision."""

from commonweal.intake.reading.message import read_message

__all__ = ["read_message"]
