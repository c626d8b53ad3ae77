"""Numbers as people write them: digits, and the number words of the languages that are read."""

import re

_TENS = {
    "en": ["twenty", "thirty", "forty", "fifty", "sixty"],
    "es": ["veinte", "treinta", "cuarenta", "cincuenta", "sesenta"],
}
_LISTS = (
    # en, es, fr, ht, ar: from one on, folded.
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen",
    "un dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince",
    "un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze",
    "youn de twa kat senk sis set uit nef dis onz douz trez katoz kenz",
    "واحد اثنان ثلاثه اربعه خمسه سته سبعه ثمانيه تسعه عشره",
    "واحده اثنين ثلاث اربع خمس ست سبع ثماني تسع عشر",
    "شخص اتنين تلاته اربعه خمسه سته سبعه تمانيه تسعه عشره",
)
VALUES: dict[str, int] = {
    **{word: (at + 2) * 10 for words in _TENS.values() for at, word in enumerate(words)},
    **{
        word: at
        for words in reversed(_LISTS)
        for at, word in enumerate(words.split(), 1)
        if word != "شخص"
    },
    "uno": 1, "una": 1, "une": 1, "yon": 1, "a": 1, "couple": 2, "dozen": 12,
}  # fmt: skip
# Longest first, so that "seventeen" is not read as "seven".
NUMBER = (
    r"(?:\d{1,4}|"
    + "|".join(sorted((re.escape(word) for word in VALUES if word != "a"), key=len, reverse=True))
    + ")"
)


def value_of(word: str) -> int:
    """The number that a folded word or row of digits stands for; 0 for what is none."""
    return int(word) if word.isdecimal() else VALUES.get(word, 0)
