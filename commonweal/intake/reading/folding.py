"""A text as it is compared, with the way back to the words as they stand in the message."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

# Whoever writes more says it in the first of it; the rest is for a person.
LONGEST = 2000
_ALIKE = {
    "ى": "ي",
    "ة": "ه",
    "ک": "ك",
    "ی": "ي",
    "ٱ": "ا",
    "’": "'",
    "ʼ": "'",
    "`": "'",
    "´": "'",
    "–": "-",
    "—": "-",
}


@dataclass(frozen=True, slots=True)
class Folded:
    """``plain``: small letters without accents, one form of each Arabic letter, digits as 0–9, one blank for many.

    ``at`` says for each sign of it where it stands in ``text``.
    """

    text: str
    plain: str
    at: tuple[int, ...]

    def said(self, start: int, end: int) -> str:
        """The words of the message between two places of ``plain``."""
        return self.text[self.at[start] : self.at[end - 1] + 1].strip() if end > start else ""

    def found(self, match: re.Match[str], group: int | str = 0) -> str:
        """The words of the message that a pattern, or a group of it, has found."""
        return self.said(match.start(group), match.end(group))


def fold(text: str) -> Folded:
    """Fold the first LONGEST signs of a text; any text can be folded."""
    signs: list[str] = []
    at: list[int] = []
    for place, sign in enumerate(text[:LONGEST]):
        plain = _plain(sign)
        if not plain or (plain == " " and (not signs or signs[-1] == " ")):
            continue
        signs.append(plain)
        at.append(place)
    return Folded(text=text, plain="".join(signs), at=tuple(at))


@lru_cache(maxsize=4096)
def _plain(sign: str) -> str:
    """One sign or none: marks and what can't be seen go."""
    if sign.isspace():
        return " "
    if sign in _ALIKE:
        return _ALIKE[sign]
    digit = unicodedata.digit(sign, None)
    if digit is not None:
        return str(digit)
    base = "".join(part for part in unicodedata.normalize("NFKD", sign) if not unicodedata.combining(part))[
        :1
    ]
    if not base or unicodedata.category(base) in ("Cc", "Cf", "Cs", "Mn"):
        return ""
    return _ALIKE.get(base, base.lower()[:1])
