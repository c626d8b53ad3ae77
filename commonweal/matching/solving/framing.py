"""Messages one after the other on a pipe: eight bytes that say how long each is, and then the message."""

from typing import IO

SIZE = 8
LONGEST = 2**33


def framed(message: bytes) -> bytes:
    """A message as it goes on the pipe."""
    return len(message).to_bytes(SIZE, "big") + message


def next_frame(pipe: IO[bytes]) -> bytes | None:
    """The next message; None where the other side has closed the pipe between two. Raises EOFError within one, and
    ValueError for a length that nobody means."""
    head = pipe.read(SIZE)
    if not head:
        return None
    length = int.from_bytes(head, "big")
    if len(head) < SIZE or length > LONGEST:
        raise ValueError("that is no message")
    message = pipe.read(length)
    if len(message) < length:
        raise EOFError("a message broke off")
    return message
