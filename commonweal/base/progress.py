"""A progress bar for a person at a terminal; silent where the output goes into a file or another program."""

from typing import Any

WIDTH = 30


class Bar:
    """Draws ``label [####......]`` on a command's stream (``self.stderr``), in place, and ends the line when done."""

    def __init__(self, stream: Any, label: str) -> None:
        self._stream, self._label = stream, label
        self._drawn = -1
        self._shows = bool(getattr(stream, "isatty", lambda: False)())

    def __call__(self, done: int, total: int) -> None:
        """Show that ``done`` of ``total`` is done."""
        filled = WIDTH if total <= 0 else min(WIDTH, WIDTH * done // total)
        if not self._shows or filled == self._drawn:
            return
        self._drawn = filled
        bar = "#" * filled + "." * (WIDTH - filled)
        self._stream.write(f"\r{self._label} [{bar}]", ending="\n" if filled == WIDTH else "")
        self._stream.flush()
