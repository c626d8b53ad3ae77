"""Messages printed where the program was started: for trying it out, and until another channel is set up."""

import sys
from typing import TextIO

from commonweal.messaging.port import OutgoingMessage

WIDTH = 78


class Channel:
    """Prints one readable block for each message, to standard output."""

    kinds = frozenset({"email", "phone"})

    def __init__(self, stream: TextIO | None = None) -> None:
        self.stream = stream

    def send(self, message: OutgoingMessage) -> str:
        """Print the message, whole, in one write, so that two processes do not mix their lines."""
        to = message.to
        if to.kind == "phone":
            said = message.written.text
        else:
            said = f"{message.written.subject}\n\n{message.written.body.rstrip()}"
        lines = "\n".join(f"  | {line}".rstrip() for line in said.splitlines())
        head = f"--- {message.network_name} to {to.value} ({to.kind}, {to.language}) "
        stream = self.stream or sys.stdout
        stream.write(f"\n{head.ljust(WIDTH, '-')}\n{lines}\n{'-' * WIDTH}\n")
        stream.flush()
        return "printed"

    def close(self) -> None:
        """Nothing is kept open."""
