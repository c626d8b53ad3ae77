"""Draws a picture anew: read on standard input, written as JPEG on standard output, by a process of its own.

Decoders of pictures are where strangers' bytes meet the most code. So this runs alone: without the keys, the database
or any setting in its environment, with a bound on memory and time, and it can write no file and start no process.
"""

import contextlib
import io
import resource
import sys
import warnings

from PIL import Image

LARGEST = 5_000_000
# 48 million points is what telephones take; what says it has more is not decoded at all.
MOST_POINTS = 50_000_000
SIDE, QUALITY = 2048, 85
MEMORY, CPU_S = 1 << 30, 10
FORMATS = ("JPEG", "PNG", "GIF", "WEBP")
ORIENTATION = 0x0112
# EXIF 2.3 §4.6.4: how the camera was held, and what sets it right.
TURNED = {
    2: (Image.Transpose.FLIP_LEFT_RIGHT,),
    3: (Image.Transpose.ROTATE_180,),
    4: (Image.Transpose.FLIP_TOP_BOTTOM,),
    5: (Image.Transpose.TRANSPOSE,),
    6: (Image.Transpose.ROTATE_270,),
    7: (Image.Transpose.TRANSVERSE,),
    8: (Image.Transpose.ROTATE_90,),
}


class NotDrawn(Exception):
    """It is no picture that we draw: too large, broken, or something else."""


def drawn(content: bytes) -> bytes:
    """The first image of a file as JPEG, upright, at most 2,048 points a side, on white; nothing else of the file.

    No place, time, camera, thumbnail, profile, comment or further image of it is kept. Raises NotDrawn.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            return _drawn(content)
        except NotDrawn:
            raise
        except Exception as fault:
            # A decoder's own errors are as many as its formats.
            raise NotDrawn from fault


def _drawn(content: bytes) -> bytes:
    image = Image.open(io.BytesIO(content), formats=FORMATS)
    width, height = image.size
    if not 0 < width * height <= MOST_POINTS:
        raise NotDrawn
    orientation = image.getexif().get(ORIENTATION, 1)
    image.draft("RGB", (SIDE, SIDE))  # a JPEG is decoded no larger than it is wanted
    whole = image.convert("RGBA")
    whole.thumbnail((SIDE, SIDE))
    paper = Image.new("RGB", whole.size, "white")
    paper.paste(whole, mask=whole.getchannel("A"))
    for turn in TURNED.get(orientation, ()):
        paper = paper.transpose(turn)
    out = io.BytesIO()
    paper.save(out, "JPEG", quality=QUALITY, optimize=True)
    return out.getvalue()


def bound() -> None:
    """Let this process have so much memory and time, no file to write and no child; as far as the system knows how."""
    for what, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, CPU_S),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(what, (most, most))


def main() -> int:
    """Read, draw, write; 1 where nothing could be drawn."""
    bound()
    try:
        picture = drawn(sys.stdin.buffer.read(LARGEST))
    except NotDrawn:
        return 1
    sys.stdout.buffer.write(picture)
    return 0


if __name__ == "__main__":
    sys.exit(main())
