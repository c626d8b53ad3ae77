"""The one clock. Everything that asks for the time asks here, so that a test can stop it."""

import contextlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

_frozen: datetime | None = None


def now() -> datetime:
    """The present moment in UTC, or the frozen one."""
    return _frozen if _frozen is not None else datetime.now(UTC)


@contextlib.contextmanager
def frozen(at: datetime) -> Iterator["FrozenClock"]:
    """Stop the clock at ``at`` (aware) for the whole process; the value returned moves it on.

    Process-wide on purpose: a test's live server answers in other threads and must see the same time.
    """
    global _frozen
    before, _frozen = _frozen, at
    try:
        yield FrozenClock()
    finally:
        _frozen = before


class FrozenClock:
    """The hand of a stopped clock."""

    def advance(self, by: timedelta) -> datetime:
        """Move on by ``by`` (which may not be negative) and return the new time."""
        global _frozen
        if by < timedelta(0):
            raise ValueError("time does not run backwards")
        _frozen = now() + by
        return _frozen

    def move_to(self, at: datetime) -> datetime:
        """Move on to ``at``, which may not lie in the past of the clock."""
        return self.advance(at - now())
