"""Recordings that strangers send: written anew with nothing but their sound, or not kept."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commonweal.intake.media.cleaning import NOTHING, cleaned
from commonweal.intake.media.kinds import SOUNDS
from commonweal.intake.media.sound import _crc, rewritten

PLANTED = b"qqTitle by qqName at qqPlace"
WORDS = [b"qqTitle", b"qqName", b"qqPlace", b"qqProgram"]
OLD_TAG = b"TAG" + PLANTED.ljust(125)
NEW_TAG = b"ID3\x04\x00\x00\x00\x00\x00" + bytes([len(PLANTED)]) + PLANTED


def mpeg(second=0xFB, third=0x90, length=417, speech=b"\x11", number=3):
    """So many frames of MPEG audio."""
    return (bytes((0xFF, second, third, 0x64)) + speech * (length - 4)) * number


def adts(length=40, number=3):
    """So many frames of AAC."""
    return (
        b"\xff\xf1\x50\x80" + bytes((length >> 3, (length & 7) << 5 | 0x1F, 0xFC)) + b"\x22" * (length - 7)
    ) * number


def chunk(name, data):
    return name + len(data).to_bytes(4, "little") + data + bytes(len(data) % 2)


def wav(
    sort=b"\x01\x00\x01\x00\x40\x1f\x00\x00\x80\x3e\x00\x00\x02\x00\x10\x00", data=b"\x33" * 101, around=b""
):
    body = b"WAVE" + around + chunk(b"fmt ", sort) + around + chunk(b"data", data) + around
    return chunk(b"RIFF", body)


def page(body, number, kind=0, serial=b"abcd", last=None):
    """One page of an Ogg file; ``last`` is the length of its last piece, if its packet goes on."""
    sizes = [255] * (len(body) // 255) + ([] if last == 255 else [len(body) % 255])
    head = b"OggS\0" + bytes([kind]) + bytes(8) + serial + number.to_bytes(4, "little")
    rest = bytes([len(sizes)]) + bytes(sizes) + body
    return head + _crc(head + bytes(4) + rest).to_bytes(4, "little") + rest


HEAD = b"OpusHead\x01\x01" + bytes(9)
EMPTY_TAGS = b"OpusTags" + bytes(8)


def opus(tags=b"OpusTags" + PLANTED, *further):
    """A recording as telephones make it: its head, its tags, two pages of sound."""
    return b"".join(
        [page(HEAD, 0, 2), page(tags, 1), *further, page(b"\x44" * 300, 2), page(b"\x45" * 20, 3, 4)]
    )


def box(name, *inside):
    data = b"".join(inside)
    return (8 + len(data)).to_bytes(4, "big") + name + data


STCO = box(b"stco", b"\0\0")
ROOM = box(b"free", bytes(28))


def hdlr(sort=b"soun", name=b""):
    return box(b"hdlr", bytes(8), sort, bytes(12), name, b"\0")


def m4a(*, dates=bytes(8), name=b"\0" * 9, further=ROOM, sort=b"soun", large=False):
    """A recording in boxes, and what telephones add to it."""
    track = box(
        b"trak",
        box(b"tkhd", bytes(4), dates, b"track"),
        box(
            b"mdia",
            box(b"mdhd", bytes(4), dates),
            hdlr(sort, name),
            box(b"minf", box(b"stbl", box(b"stco", b"\0\0"))),
        ),
        further,
    )
    data = b"\x55" * 50
    sound = (
        (1).to_bytes(4, "big") + b"mdat" + (16 + len(data)).to_bytes(8, "big") + data
        if large
        else box(b"mdat", data)
    )
    head = box(b"ftyp", b"M4A \0\0\0\0")
    return head + box(b"moov", box(b"mvhd", b"\0" * 4, dates, b"movie"), track, further) + further + sound


SPOKEN = b"\x3c" + b"\x66" * 31
UDTA = box(b"udta", b"qqTitle qqPlace ".ljust(28, b"q"))
DIRTY = {
    "mp3": ("audio/mpeg", NEW_TAG + NEW_TAG + mpeg() + PLANTED + mpeg() + OLD_TAG, mpeg(number=6)),
    "mp3, layer II": ("audio/mpeg", NEW_TAG + mpeg(0xFD, 0x90, 522) + OLD_TAG, mpeg(0xFD, 0x90, 522)),
    "mp3, slow": ("audio/mpeg", NEW_TAG + mpeg(0xF3, 0x80, 208) + OLD_TAG, mpeg(0xF3, 0x80, 208)),
    "mp3, slowest": ("audio/mpeg", NEW_TAG + mpeg(0xE3, 0x80, 417) + OLD_TAG, mpeg(0xE3, 0x80, 417)),
    "mp3, its program": ("audio/mpeg", mpeg(speech=b"XingqqProgram", number=1)[:417] + mpeg(), mpeg()),
    "mp3, cut off": ("audio/mpeg", mpeg() + mpeg(speech=b"q")[:300], mpeg()),
    "aac": ("audio/aac", adts() + OLD_TAG + adts() + PLANTED, adts(number=6)),
    "amr": ("audio/amr", b"#!AMR\n" + SPOKEN * 2 + PLANTED, b"#!AMR\n" + SPOKEN * 2),
    "amr, wide": ("audio/amr", b"#!AMR-WB\n\x04" + b"\x66" * 17 + PLANTED, b"#!AMR-WB\n\x04" + b"\x66" * 17),
    "wav": ("audio/wav", wav(around=chunk(b"LIST", b"INFO" + PLANTED + b"q")) + PLANTED, wav()),
    "wav, more of its sort": ("audio/wav", wav(wav()[20:36] + PLANTED), wav()),
    "opus": ("audio/ogg", opus(), opus(EMPTY_TAGS)),
    "opus, long tags": (
        "audio/ogg",
        b"".join([page(HEAD, 0, 2), page(b"OpusTags" + b"qqTitle" * 71 + b"qqqqq", 1, last=255), page(PLANTED, 2, 1),
                  page(b"\x44" * 300, 3), page(PLANTED, 0, serial=b"else"), page(b"\x45" * 20, 4, 4), PLANTED]),
        opus(EMPTY_TAGS),
    ),
    "m4a": ("audio/mp4", m4a(dates=b"qqPlace8", name=b"qqProgram", further=UDTA), m4a()),
    "m4a, large": ("audio/mp4", m4a(dates=b"qqPlace8", further=UDTA, large=True), m4a(large=True)),
}  # fmt: skip


@pytest.mark.parametrize(("kind", "dirty", "clean"), DIRTY.values(), ids=DIRTY)
def test_nothing_but_the_sound_is_left_of_a_recording(kind, dirty, clean):
    result = cleaned(dirty)

    assert result.kind == kind
    assert not [word for word in WORDS if word in result.content]
    assert result.content == clean
    assert rewritten(kind, clean) == clean, "what is clean stays as it is"


NONE = {
    "a tag alone": b"ID3",
    "a tag without a sound": b"ID3\x04\x00\x00\x7f\x7f\x7f\x7f" + b"x" * 50,
    "one frame and words": mpeg(number=1) + b"words",
    "free format": mpeg(third=0x00),
    "no such rate": mpeg(third=0x9C),
    "no such version": b"ID3" + mpeg(second=0xEB),
    "half an aac": adts(number=1)[:-1],
    "an aac of no length": b"\xff\xf1\x50\x80\x00\xff\xfc" * 3,
    "amr without speech": b"#!AMR\n",
    "amr of another sort": b"#!AMR_MC1.0\n" + b"x" * 50,
    "wav without sound": wav(data=b""),
    "wav of a sort not known": wav(b"\x55\x00" + bytes(16)),
    "wav cut short": wav()[:30],
    "ogg that is no opus": page(b"\x01vorbis" + bytes(23), 0, 2) + page(b"\x03vorbis", 1),
    "ogg without a page": b"OggS\x00" + b"\x00" * 50,
    "ogg with a long head": page(HEAD + b"q" * 300, 0, 2) + page(EMPTY_TAGS, 1) + page(b"x", 2),
    "opus without tags": page(HEAD, 0, 2) + page(b"sound", 1) + page(b"sound", 2),
    "opus without sound": page(HEAD, 0, 2) + page(EMPTY_TAGS, 1),
    "opus cut in its tags": opus()[:60],
    "boxes with pictures": m4a(sort=b"vide"),
    "boxes without a track": box(b"ftyp", b"M4A \0\0\0\0") + box(b"mdat", b"x" * 50),
    "a box that is too long": m4a()[:-1],
    "a box that is too short": m4a() + b"\0\0\0\x04free",
    "webm": b"\x1aE\xdf\xa3" + b"x" * 50,
}


@pytest.mark.parametrize("content", NONE.values(), ids=NONE)
def test_what_is_no_recording_known_here_is_not_kept(content):
    assert cleaned(content) == NOTHING


def test_the_sum_of_a_page_is_the_one_of_the_standard():
    """CRC-32 by 0x04C11DB7 that begins and ends with nothing (RFC 3533 §6): the check over nine digits."""
    assert _crc(b"123456789") == 0x89A1897F


@given(kind=st.sampled_from(sorted(SOUNDS)), content=st.binary(max_size=400))
def test_whatever_came_it_ends_and_once_is_enough(kind, content):
    once = rewritten(kind, content)

    assert len(once) <= len(content) + 1
    assert rewritten(kind, once) == once


@given(
    one=st.sampled_from(sorted(DIRTY)),
    cut=st.integers(0, 1200),
    byte=st.integers(0, 255),
    end=st.integers(0, 1500),
)
def test_a_recording_with_a_fault_in_it_is_none_or_a_clean_one(one, cut, byte, end):
    kind, dirty, _clean = DIRTY[one]
    content = dirty[:cut] + bytes([byte]) + dirty[cut + 1 : end]

    once = rewritten(kind, content)

    assert rewritten(kind, once) == once
