"""Writes a recording anew, frame by frame or box by box, with nothing but its sound.

Nothing is decoded: what is read are lengths, all of it in Python, within the bytes that came, always forwards. What is
kept is what the format needs to be played. Titles, names, places, times, programs, pictures and whatever stands before,
between or after the frames goes; what is no whole recording of a format that is known here becomes nothing.
"""

from collections.abc import Callable

from commonweal.intake.media import boxes

# ISO 11172-3 §2.4.2.3 and 13818-3: kbit/s by index, for layers II and III; Hz by version.
_LAYER_3 = (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_LAYER_2 = (32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384)
_LOW = (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
_RATES = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}
_VERSION_1 = 3
# 3GPP TS 26.101 and 26.201 (RFC 4867 §5.3): bytes of speech after the head of a frame, by its type.
_NARROW = dict(zip((*range(9), 15), (12, 13, 15, 17, 19, 20, 26, 31, 5, 0), strict=True))
_WIDE = dict(zip((*range(10), 14, 15), (17, 23, 32, 36, 40, 46, 50, 58, 60, 5, 0, 0), strict=True))
# RFC 2361: PCM, floats, A-law, µ-law, ADPCM, GSM, and the extended form of those; with how much of "fmt " is theirs.
_WAVE = {0x01: 16, 0x03: 18, 0x06: 18, 0x07: 18, 0x11: 20, 0x31: 20, 0xFFFE: 40}
_PAGE, _CRC_AT = 27, 22  # RFC 3533 §6
_LONGEST_HEAD = 21 + 255  # RFC 7845 §5.1
_NO_TAGS = b"OpusTags" + bytes(8)  # RFC 7845 §5.2: no vendor, no comments
Measure = Callable[[bytes, int], tuple[int, bytes]]


def rewritten(kind: str, content: bytes) -> bytes:
    """The recording alone, of the media type ``kind``; empty where it is none, or of a format not known here."""
    write = _WRITERS.get(kind)
    return write(content) if write else b""


def _frames(measure: Measure) -> Callable[[bytes], bytes]:
    """Keeps the frames, each as long as its head says. The first of a run counts if another of its sort follows it."""

    def write(content: bytes) -> bytes:
        kept, at, before = bytearray(), 0, -1
        while at < len(content):
            length, sort = measure(content, at)
            end = at + length
            if length and end <= len(content):
                follows = end == len(content) or measure(content, end)[1] == sort
                if before == at or follows:
                    kept += b"" if not kept and _is_index(content[at:end]) else content[at:end]
                    at = before = end
                    continue
            at = content.find(b"\xff", at + 1) % (len(content) + 1)
        return bytes(kept)

    return write


def _is_index(frame: bytes) -> bool:
    """Whether a first frame holds no sound, but how long the recording is and which program made it."""
    return any(name in frame[4:48] for name in (b"Xing", b"Info", b"VBRI"))


def _mpeg(content: bytes, at: int) -> tuple[int, bytes]:
    """How long the frame of MPEG audio is that begins here, and its sort; 0 where none does."""
    head = content[at : at + 4]
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:
        return 0, b""
    version, layer = head[1] >> 3 & 3, head[1] >> 1 & 3
    rate, index = head[2] >> 2 & 3, head[2] >> 4
    if version == 1 or layer not in (1, 2) or rate == 3 or not 0 < index < 15:
        return 0, b""
    bits = _LOW if version != _VERSION_1 else _LAYER_3 if layer == 1 else _LAYER_2
    samples = 72 if layer == 1 and version != _VERSION_1 else 144
    length = samples * bits[index - 1] * 1000 // _RATES[version][rate] + (head[2] >> 1 & 1)
    return length, bytes((head[1] & 0xFE, head[2] & 0x0C))


def _adts(content: bytes, at: int) -> tuple[int, bytes]:
    """The same of AAC (ISO 13818-7 §6.2)."""
    head = content[at : at + 7]
    if len(head) < 7 or head[0] != 0xFF or head[1] & 0xF6 != 0xF0 or head[2] >> 2 & 15 > 12:
        return 0, b""
    length = (head[3] & 3) << 11 | head[4] << 3 | head[5] >> 5
    return (length, bytes((head[1], head[2]))) if length > 7 else (0, b"")


def _amr(content: bytes) -> bytes:
    """The head and the frames, up to the first that is none."""
    magic, sizes = (b"#!AMR\n", _NARROW)
    if content.startswith(b"#!AMR-WB\n"):
        magic, sizes = b"#!AMR-WB\n", _WIDE
    if not content.startswith(magic):
        return b""
    at = len(magic)
    while at < len(content):
        size = sizes.get(content[at] >> 3 & 15)
        if size is None or content[at] & 0x83 or at + 1 + size > len(content):
            break
        at += 1 + size
    return content[:at] if at > len(magic) else b""


def _wav(content: bytes) -> bytes:
    """The chunks "fmt " and "data", and no other."""
    found: dict[bytes, bytes] = {}
    at = 12
    while at + 8 <= len(content):
        name, size = content[at : at + 4], int.from_bytes(content[at + 4 : at + 8], "little")
        if name in (b"fmt ", b"data"):
            found.setdefault(name, content[at + 8 : at + 8 + size])
        at += 8 + size + size % 2
    sort, data = found.get(b"fmt ", b""), found.get(b"data", b"")
    length = _WAVE.get(int.from_bytes(sort[:2], "little"), 0)
    if len(sort) < 16 or not length or not data:
        return b""
    body = b"WAVE" + b"".join(_chunk(*one) for one in ((b"fmt ", sort[:length]), (b"data", data)))
    return _chunk(b"RIFF", body)


def _chunk(name: bytes, data: bytes) -> bytes:
    return name + len(data).to_bytes(4, "little") + data + bytes(len(data) % 2)


def _opus(content: bytes) -> bytes:
    """The pages of the first stream, if it is Opus, with empty tags in place of its own (RFC 7845 §3)."""
    pages = [page for page in _pages(content) if page[14:18] == content[14:18]]
    if not pages or not _body(pages[0]).startswith(b"OpusHead") or len(_body(pages[0])) > _LONGEST_HEAD:
        return b""
    # The tags are a packet of their own, which ends with its page: the first one whose last piece is not full.
    ends = [number for number, page in enumerate(pages) if number and page[_PAGE + page[26] - 1] < 255]
    if not ends or not _body(pages[1]).startswith(b"OpusTags") or ends[0] + 1 == len(pages):
        return b""
    tags = pages[1][:26] + bytes((1, len(_NO_TAGS))) + _NO_TAGS
    kept = [pages[0], tags[:5] + bytes(9) + tags[14:], *pages[ends[0] + 1 :]]
    return b"".join(_numbered(page, number) for number, page in enumerate(kept))


def _pages(content: bytes) -> list[bytes]:
    """The whole pages of an Ogg file, up to the first that is none."""
    found, at = [], 0
    while content[at : at + 5] == b"OggS\0" and at + _PAGE < len(content) and content[at + 26]:
        begin = at + _PAGE + content[at + 26]
        end = begin + sum(content[at + _PAGE : begin])
        if end > len(content):
            break
        found.append(content[at:end])
        at = end
    return found


def _body(page: bytes) -> bytes:
    return page[_PAGE + page[26] :]


def _numbered(page: bytes, number: int) -> bytes:
    blank = page[:18] + number.to_bytes(4, "little") + bytes(4) + page[26:]
    return blank[:_CRC_AT] + _crc(blank).to_bytes(4, "little") + blank[26:]


def _crc_table() -> tuple[int, ...]:
    table = []
    for byte in range(256):
        rest = byte << 24
        for _bit in range(8):
            rest = rest << 1 ^ (0x04C11DB7 if rest & 0x80000000 else 0)
        table.append(rest & 0xFFFFFFFF)
    return tuple(table)


_TABLE = _crc_table()


def _crc(page: bytes) -> int:
    rest = 0
    for byte in page:
        rest = rest << 8 & 0xFFFFFFFF ^ _TABLE[rest >> 24 ^ byte]
    return rest


_WRITERS: dict[str, Callable[[bytes], bytes]] = {
    "audio/mpeg": _frames(_mpeg),
    "audio/aac": _frames(_adts),
    "audio/amr": _amr,
    "audio/wav": _wav,
    "audio/ogg": _opus,
    "audio/mp4": boxes.rewritten,
}
