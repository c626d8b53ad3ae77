"""A recording in boxes (ISO 14496-12: M4A, 3GP), with all blanked that does not belong to its sound.

Players find the sound by where it stands in the file. So nothing is moved: what goes becomes empty room of the same
size, and times and names become zeros.
"""

from collections.abc import Iterator

_HEAD = 8
#: What is kept, by the box in which it stands; "" is the file itself. What of these is named here as well is gone into.
_KEPT = {
    b"": {b"ftyp", b"moov", b"mdat", b"moof", b"styp", b"sidx", b"mfra"},
    b"moov": {b"mvhd", b"trak", b"mvex"},
    b"trak": {b"tkhd", b"mdia", b"edts"},
    b"mdia": {b"mdhd", b"hdlr", b"minf"},
    b"minf": {b"smhd", b"dinf", b"stbl"},
    b"stbl": {b"stsd", b"stts", b"stsc", b"stsz", b"stco", b"co64", b"sgpd", b"sbgp"},
    b"moof": {b"mfhd", b"traf"},
    b"traf": {b"tfhd", b"tfdt", b"trun", b"sgpd", b"sbgp"},
}
_DATED = {b"mvhd", b"tkhd", b"mdhd"}
_SOUND, _SORT_AT, _NAME_AT = b"soun", 16, 32


def rewritten(content: bytes) -> bytes:
    """The same file with nothing in it but sound; empty where it is not made of whole boxes, or shows pictures too."""
    written = bytearray(content)
    try:
        sorts = list(_blanked(written, b"", 0, len(content)))
    except ValueError:
        return b""
    return bytes(written) if sorts and set(sorts) == {_SOUND} and b"mdat" in content else b""


def _blanked(written: bytearray, parent: bytes, at: int, end: int) -> Iterator[bytes]:
    """Blank what is not kept between two places; gives what each track is. Raises ValueError for what is no box."""
    while at < end:
        begin, after, name = _box(written, at, end)
        if name not in _KEPT[parent]:
            written[at + 4 : at + 8] = b"free"
            written[begin:after] = bytes(after - begin)
        elif name in _KEPT:
            yield from _blanked(written, name, begin, after)
        elif name in _DATED:
            dates = 16 if written[begin : begin + 1] == b"\x01" else 8
            last = min(begin + 4 + dates, after)
            written[begin + 4 : last] = bytes(last - begin - 4)
        elif name == b"hdlr":
            yield bytes(written[at + _SORT_AT : at + _SORT_AT + 4])
            named = min(at + _NAME_AT, after)
            written[named:after] = bytes(after - named)
        at = after


def _box(written: bytearray, at: int, end: int) -> tuple[int, int, bytes]:
    """Where the box at a place begins to hold something, where it ends, and its name."""
    size, name, begin = int.from_bytes(written[at : at + 4]), bytes(written[at + 4 : at + 8]), at + _HEAD
    if size == 1:
        size, begin = int.from_bytes(written[begin : begin + 8]), begin + 8
    after = at + size if size else end
    if not begin <= after <= end or len(name) < 4:
        raise ValueError(name)
    return begin, after, name
