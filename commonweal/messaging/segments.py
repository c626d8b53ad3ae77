"""How a text message is encoded, and over how many parts it goes: what a provider counts and charges.

The rules are those of 3GPP TS 23.038 (alphabets) and TS 23.040 (parts): 140 octets, of which each part of a longer
message gives up six to say which part it is. A character that people see as one (a letter with its accents, a flag, a
family of emoji) is never torn apart, as providers' own counters have it.
"""

from dataclasses import dataclass
from typing import Literal

import regex

PART_BITS = 140 * 8
HEADER_BITS = 6 * 8
_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
_ESCAPED = frozenset("\f^{}\\[~]|€")  # an escape and a second septet
# What a good printer sets and GSM-7 does not have, and what a typewriter puts in its place.
_PLAIN = str.maketrans(
    {"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‘": "'", "’": "'", "‚": "'", "`": "'"}
    | {"–": "-", "—": "-", "‑": "-", "−": "-", "…": "...", "•": "-", "×": "x", "\t": " "}
    | dict.fromkeys("\u00a0\u2002\u2003\u2009\u202f", " ")
    | dict.fromkeys("\u00ad\u200b\u2060\ufeff", None)
)
_CLUSTER = regex.compile(r"\X")
# Newer rules keep an Indic conjunct in one; counters of providers end a character at its virama.
_CONJUNCT = regex.compile(r"(?V1)(?<=[\p{M}\u200d])(?=\p{Lo})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Segments:
    """How one text travels.

    ``parts`` is how many messages it is charged as, at least 1; ``encoding`` what it is written in. ``message_bits``
    are those of the text, ``total_bits`` with the headers of the parts. ``foreign`` are the characters, as people see
    them and in order, that GSM-7 does not have: one of them makes the whole text UCS-2.
    """

    encoding: Literal["GSM-7", "UCS-2"]
    parts: int
    message_bits: int
    total_bits: int
    foreign: tuple[str, ...]


def segments(text: str) -> Segments:
    """Count the parts of a text; an empty one is one part. Takes time in proportion to its length."""
    seen = _characters(text)
    foreign = tuple(one for one in seen if one not in _BASIC and one not in _ESCAPED)
    if foreign:
        return _counted("UCS-2", [16 * _code_units(one) for one in seen], foreign)
    return _counted("GSM-7", [14 if one in _ESCAPED else 7 for one in seen], foreign)


def plainly(text: str) -> str:
    """The text with typewriter's quotes and dashes where that makes it GSM-7; any other stays as it is.

    Letters are never changed: to leave out an accent is to misspell somebody's language, or name.
    """
    plain = text.translate(_PLAIN)
    return plain if all(char in _BASIC or char in _ESCAPED for char in plain) else text


def _counted(encoding: Literal["GSM-7", "UCS-2"], sizes: list[int], foreign: tuple[str, ...]) -> Segments:
    bits = sum(sizes)
    parts = 1 if bits <= PART_BITS else _parts(sizes)
    return Segments(
        encoding=encoding,
        parts=parts,
        message_bits=bits,
        total_bits=bits + (HEADER_BITS * parts if parts > 1 else 0),
        foreign=foreign,
    )


def _parts(sizes: list[int]) -> int:
    """Fill one part after the other; what fits into no part at all goes over as many as it needs."""
    room = PART_BITS - HEADER_BITS
    parts, free = 1, room
    for size in sizes:
        if size > free:
            # Only accents heaped on one letter are longer than a whole part; those have to be torn.
            torn, rest = divmod(size - 1, room)
            parts, free, size = parts + (free < room) + torn, room, rest + 1
        free -= size
    return parts


def _characters(text: str) -> list[str]:
    """The characters as people see them; a line break of two signs is two."""
    found: list[str] = []
    for cluster in _CLUSTER.findall(text):
        if cluster == "\r\n":
            found += ["\r", "\n"]
        elif len(cluster) > 1:
            found += _CONJUNCT.split(cluster)
        else:
            found.append(cluster)
    return found


def _code_units(character: str) -> int:
    return sum(2 if ord(point) > 0xFFFF else 1 for point in character)
