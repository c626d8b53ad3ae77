"""Making of what somebody sent something that can be looked at or listened to without harm to either side."""

import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path

from commonweal.intake.media import picture
from commonweal.intake.media.kinds import DRAWN, PICTURES, SOUNDS, kind_of
from commonweal.intake.media.sound import rewritten

REFUSED = "refused"
LONGEST_S = 20
LARGEST_DRAWN = 10_000_000
_BEGIN, _END = b"\xff\xd8\xff", b"\xff\xd9"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cleaned:
    """What is kept of a file: its media type and its bytes; ``REFUSED`` and none of what we do not open."""

    kind: str
    content: bytes


NOTHING = Cleaned(kind=REFUSED, content=b"")


def cleaned(content: bytes) -> Cleaned:
    """A picture drawn anew, a recording written anew with nothing but its sound, or nothing."""
    kind = kind_of(content)
    if kind in PICTURES:
        drawn = drawn_apart(content)
        return Cleaned(kind=DRAWN, content=drawn) if drawn else NOTHING
    if kind in SOUNDS:
        sound = rewritten(kind, content)
        return Cleaned(kind=kind, content=sound) if kind_of(sound) == kind else NOTHING
    return NOTHING


def drawn_apart(content: bytes) -> bytes:
    """The picture as drawn by a bounded process of its own, that knows nothing of ours; empty where it could not be.

    See ``picture``: it says what of the file is kept and what bounds it.
    """
    command = [sys.executable, "-I", "-B", str(Path(picture.__file__))]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={}, cwd="/"
    ) as painter:
        assert painter.stdin is not None
        assert painter.stdout is not None
        alarm = threading.Timer(LONGEST_S, painter.kill)
        alarm.start()
        try:
            painter.stdin.write(content)
            painter.stdin.close()
            drawn = painter.stdout.read(LARGEST_DRAWN + 1)
        except BrokenPipeError:
            drawn = b""
        finally:
            alarm.cancel()
            painter.kill()
    is_whole = drawn.startswith(_BEGIN) and drawn.endswith(_END) and len(drawn) <= LARGEST_DRAWN
    return drawn if is_whole else b""
