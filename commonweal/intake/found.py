"""One thing read out of a message, by whichever part of intake read it."""

from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found(Generic[T]):
    """One thing read out of a message. ``confidence`` is from 0 to 1; ``words`` are as they stand in the message.

    ``words`` is empty for what was not said but supposed.
    """

    value: T
    confidence: float
    words: str = ""
