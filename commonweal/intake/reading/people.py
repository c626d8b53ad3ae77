"""For how many people something is wanted."""

import re

from commonweal.intake.reading.folding import Folded
from commonweal.intake.reading.model import Found
from commonweal.intake.reading.numbers import NUMBER, value_of

MOST = 99
N = rf"(?P<n>{NUMBER})"
_ADULT = (
    r"people|persons?|adults?|grown-?ups|of us|seniors?|elders?|personas?|adultos?|mayores|adultes?"
    r"|personnes?|gran ?moun|moun|اشخاص|شخص|افراد|فرد|بالغين|بالغ|كبار|نفر|انفار"
)
_CHILD = (
    r"kids?|child(?:ren)?|bab(?:y|ies)|toddlers?|sons?|daughters?|ninos?|ninas?|hijos?|hijas?|bebes?"
    r"|chicos|enfants?|bebes?|timoun|pitit|ti bebe|اطفال|طفل|اولاد|ولد|بنات|ابناء|رضع"
)
_NOT_PEOPLE = (
    r"(?!\s*(?:[ap]\.?m\b|:\d|o'?clock|hours?|hrs?|h\b|days?|weeks?|months?|years?|nights?"
    r"|minutes?|min\b|miles?|blocks?|bags?|boxes|dollars|th\b|st\b|nd\b|rd\b|dias?|horas?"
    r"|semanas?|meses|anos?|cuadras|bolsas?|cajas?|jours?|heures?|semaines?|mois|ans\b|ايام|يوم"
    r"|ساعات|ساعه|شهر|اسابيع|\d|[a-z]+ (?:st|street|ave|avenue|rd|road)\b))"
)
# Patterns that name the whole household, with how sure they are.
_WHOLE = tuple(
    (re.compile(pattern, re.IGNORECASE), sure)
    for pattern, sure in (
        (rf"\b(?:family|household|group|party) of {N}\b", 0.95),
        (rf"\b{N}[ -](?:person|people|member) (?:family|household)\b", 0.95),
        (
            (
                rf"\b(?:we(?:'re| are|re)|there(?:'s| are| is)) (?:a (?:family"
                rf"|group) of )?{N}(?: of us)?\b{_NOT_PEOPLE}"
            ),
            0.9,
        ),
        (rf"\b{N} of us\b", 0.95),
        (rf"\b(?:familia|hogar|grupo) de {N}\b", 0.95),
        (rf"\b(?:somos|seriamos|estamos|vivimos) (?:una familia de )?{N}\b", 0.95),
        (rf"\b(?:famille|foyer|groupe) de {N}\b", 0.95),
        (rf"\b(?:nous sommes|on est) (?:une famille de )?{N}\b", 0.92),
        (rf"\bfanmi (?:m |mwen )?(?:se |gen )?{N}(?: moun)?\b", 0.92),
        (rf"\bnou (?:se |gen )?{N}(?: moun)?\b", 0.88),
        (rf"(?:عايله|عائله|اسره|عيله)(?: مكونه)?(?: من)? {N}\b", 0.95),
        (rf"(?:نحن|احنا|عددنا)(?: عايله من| عائله من| اسره من)? {N}\b", 0.92),
    )
)
_COUNTED = re.compile(rf"\b[لبو]?{N} (?:\w+ )?(?P<what>{_ADULT}|{_CHILD})\b", re.IGNORECASE)
_FOR = re.compile(rf"\b(?:for|para|pour|pou|ل|لـ) ?{N}\b{_NOT_PEOPLE}", re.IGNORECASE)
_AND_MINE = re.compile(
    rf"\b(?:me|myself|i|yo|moi|mwen|انا)(?:,)? (?:and|y|et|ak|و) ?(?:(?:my|mis"
    rf"|mes) )?{N} (?:\w+ )?(?P<what>{_CHILD})\b"
)
_CHILD_WORD = re.compile(rf"(?:{_CHILD})\Z")
_ALONE = re.compile(
    r"\b(?:just|only) (?:for )?me\b|\bfor myself\b|\bi live alone\b|\bsolo (?:para )?(?:yo|mi)\b"
    r"|\bvivo sol[oa]\b"
    r"|\bje (?:suis|vis) seule?\b|\bm'? ?ap viv pou kont mwen\b|\bلوحدي\b|\bوحدي\b"
)
_DUAL = re.compile(r"\b(?:شخصين|فردين|نفرين)\b")


def find_people(folded: Folded) -> Found[int] | None:
    """How many people a message is about, or None. Adults and children are added up."""
    plain = folded.plain
    for pattern, sure in _WHOLE:
        for match in pattern.finditer(plain):
            if found := _found(folded, match, value_of(match["n"]), sure):
                return found
    mine = _AND_MINE.search(plain)
    if mine:
        return _found(folded, mine, value_of(mine["n"]) + 1, 0.85)
    return _counted(folded) or _plainly(folded)


def _counted(folded: Folded) -> Found[int] | None:
    matches = list(_COUNTED.finditer(folded.plain))[:4]
    if not matches:
        return None
    sorts = [bool(_CHILD_WORD.match(match["what"])) for match in matches]
    total = 0
    # The same sort said twice is the same people ("5 people … 5 people need water").
    for is_child in (False, True):
        total += max(
            (value_of(match["n"]) for match, child in zip(matches, sorts) if child == is_child), default=0
        )
    first, last = matches[0], matches[-1]
    words = folded.said(first.start(), last.end()) if last.end() - first.start() < 60 else folded.found(first)
    sure = 0.9 if not all(sorts) else 0.55  # children alone are seldom all of the household
    return Found(value=total, confidence=sure, words=words) if 1 <= total <= MOST else None


def _plainly(folded: Folded) -> Found[int] | None:
    if match := _DUAL.search(folded.plain):
        return _found(folded, match, 2, 0.85)
    for match in _FOR.finditer(folded.plain):
        # "for one" and "para un" begin many another phrase.
        value = value_of(match["n"])
        if (match["n"].isdecimal() or value > 1) and (found := _found(folded, match, value, 0.75)):
            return found
    match = _ALONE.search(folded.plain)
    return _found(folded, match, 1, 0.8) if match else None


def _found(folded: Folded, match: re.Match[str], value: int, sure: float) -> Found[int] | None:
    return Found(value=value, confidence=sure, words=folded.found(match)) if 1 <= value <= MOST else None
