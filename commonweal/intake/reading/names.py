"""What somebody calls themselves."""

import re

from commonweal.intake.reading.folding import Folded, fold
from commonweal.intake.reading.model import Found

LONGEST = 40
MOST_WORDS = 3
# After these words comes a name, whatever it looks like …
_SURE = re.compile(
    r"\b(?:my name is|my name's|name is|i am called|me llamo|mi nombre es|me dicen|je m'appelle"
    r"|mon nom est"
    r"|mwen rele|m rele|non mwen se|non m se)[: ]+|(?:\bاسمي(?: هو)? |\bانا اسمي )"
)
# … and after these only if it is written like one.
_MAYBE = re.compile(
    r"\b(?:call me|i am|i'm|im|this is|it's|soy|habla|le habla|je suis|c'est|ici|mwen se|se mwen|انا|معك|معكم) "
)
_WORD = re.compile(r"[^\W\d_](?:[^\W_]|['’.-](?=[^\W\d_]))*", re.UNICODE)
_NOT_NAMES = frozenset(
    [
        "a",
        "an",
        "the",
        "in",
        "on",
        "at",
        "from",
        "not",
        "so",
        "very",
        "just",
        "looking",
        "writing",
        "calling",
        "asking",
        "homeless",
        "sick",
        "hungry",
        "alone",
        "here",
        "at",
        "new",
        "old",
        "your",
        "her",
        "his",
        "our",
        "and",
        "urgent",
        "ok",
        "okay",
        "sorry",
        "disabled",
        "pregnant",
        "diabetic",
        "single",
        "en",
        "de",
        "la",
        "el",
        "un",
        "una",
        "y",
        "et",
        "le",
        "les",
        "ici",
        "monsieur",
        "i",
        "i'm",
        "im",
        "my",
        "we",
        "need",
        "please",
        "help",
        "llamo",
        "necesito",
        "quiero",
        "para",
        "con",
        "por",
    ]
)
# After "أنا" there is mostly a verb or what somebody is; no name begins so.
_NOT_ARABIC_NAMES = re.compile(
    r"(?:في|من|مع|عندي|لا|ما|لست|محتاج|بحاجه|احتاج|اريد|ام|مريض|حامل|وحيد|ساكن|اسكن|اعيش|استطيع|اقدر|ممكن"
    r"|وحدي|و.*|ب.*ه|هنا|لدي|رجل|امراه|طالب|ارمل|مطلق)\w*\Z"
)


def find_name(folded: Folded) -> Found[str] | None:
    """The name somebody gives for themselves, or None."""
    for match in _SURE.finditer(folded.plain):
        if name := _name_at(folded, match.end(), is_certain=True):
            return Found(value=name, confidence=0.9, words=_words(folded, match, name))
    for match in _MAYBE.finditer(folded.plain):
        if name := _name_at(folded, match.end(), is_certain=False):
            return Found(value=name, confidence=0.7, words=_words(folded, match, name))
    return None


def _name_at(folded: Folded, place: int, *, is_certain: bool) -> str:
    """Up to three words written like names; after a certain cue the first may be written any way."""
    if place >= len(folded.at):
        return ""
    start = folded.at[place]
    names: list[str] = []
    at = start
    while len(names) < MOST_WORDS:
        match = _WORD.match(folded.text, at)
        if not match or not _is_name(match.group(), is_certain=is_certain and not names):
            break
        names.append(match.group())
        at = match.end()
        if folded.text[at : at + 1] != " " or _is_arabic(match.group()):
            break
        at += 1
    return " ".join(names)[:LONGEST]


def _is_name(word: str, *, is_certain: bool) -> bool:
    plain = word.casefold()
    if plain in _NOT_NAMES:
        return False
    if _is_arabic(word):
        return is_certain or not _NOT_ARABIC_NAMES.match(_bare(word))
    if word.isupper() and len(word) > 1:
        return is_certain
    return is_certain or word[:1].isupper()


def _is_arabic(word: str) -> bool:
    return "\u0600" <= word[:1] <= "\u06ff"


def _bare(word: str) -> str:
    return fold(word).plain


def _words(folded: Folded, cue: re.Match[str], name: str) -> str:
    start = folded.at[cue.start()]
    end = folded.text.find(name.rsplit(maxsplit=1)[-1], folded.at[cue.end() - 1]) + len(
        name.rsplit(maxsplit=1)[-1]
    )
    return folded.text[start:end].strip()
