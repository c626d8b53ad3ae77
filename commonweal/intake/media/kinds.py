"""What a file is, by its own first bytes. What its sender or its name says counts for nothing."""

PICTURES = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp"})
#: What a picture is once it was drawn anew.
DRAWN = "image/jpeg"
SOUNDS = {
    "audio/mpeg": "mp3", "audio/aac": "aac", "audio/wav": "wav", "audio/ogg": "ogg", "audio/mp4": "m4a",
    "audio/amr": "amr", "audio/webm": "webm",
}  # fmt: skip
ENDINGS = {**SOUNDS, DRAWN: "jpg"}
_BEGINNINGS = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"ID3", "audio/mpeg"),
    (b"OggS", "audio/ogg"),
    (b"#!AMR", "audio/amr"),
    (b"\x1aE\xdf\xa3", "audio/webm"),
)
_RIFF = {b"WEBP": "image/webp", b"WAVE": "audio/wav"}
# ISO 14496-12 §4.3. Of its many families those that telephones record sound in; pictures (heic, avif) are none.
_RECORDED = {b"M4A ", b"M4B ", b"mp42", b"mp41", b"isom", b"iso2", b"3gp4", b"3gp5", b"3gp6", b"3g2a"}


def kind_of(content: bytes) -> str:
    """The media type of a picture or a recording, "" for anything else: text, SVG, HTML, archives, documents."""
    for beginning, kind in _BEGINNINGS:
        if content.startswith(beginning):
            return kind
    if content.startswith(b"RIFF"):
        return _RIFF.get(content[8:12], "")
    if content[4:8] == b"ftyp":
        return "audio/mp4" if content[8:12] in _RECORDED else ""
    return _by_frame(content[:2])


def _by_frame(head: bytes) -> str:
    """MPEG audio begins with eleven ones (ISO 11172-3 §2.4.1.3); layer 0 is AAC in ADTS."""
    if len(head) < 2 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:
        return ""
    return "audio/mpeg" if head[1] & 0x06 else "audio/aac" if head[1] & 0xF0 == 0xF0 else ""
