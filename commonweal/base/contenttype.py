"""What a body is said to be. Of that claim only what our own pages send is believed."""

import re

_MEDIA = re.compile(r"[ \t]*([\w.+-]{1,60}/[\w.+-]{1,60})[ \t]*(?:;|$)", re.ASCII)
# RFC 2046 §5.1.1: at most 70 of these.
_BOUNDARY = re.compile(
    r""";[ \t]*boundary=(?:"([^"\\]{1,70})"|([\w'()+.:=?/-]{1,70}))[ \t]*(?:;|$)""", re.ASCII | re.I
)


def believed(claim: str) -> str:
    """The media type of a Content-Type header, and the boundary of one in parts; nothing where it cannot be read.

    A charset is left out: our pages are in UTF-8, and so is what comes back from them. Django would take the body, and
    the address too, for whatever a stranger's header names, and fail on some of it before any page could say so.
    """
    media = _MEDIA.match(claim)
    if media is None:
        return ""
    boundary = _BOUNDARY.search(claim)
    return f'{media[1].lower()}; boundary="{boundary[1] or boundary[2]}"' if boundary else media[1].lower()
