"""Danger to life: what sounds like it goes to a person at once. Rather once too often than once too few.

A phrase counts in whichever language it stands, since people mix them. "Not" before it takes it back only where that
cannot cost a life; a wish to die is never taken back by a word.
"""

from collections.abc import Iterator
from functools import cache

from commonweal.intake.found import Found
from commonweal.intake.triage.phrases import Hit, Lexicon, Word, data, phrase_of, said, words_of
from commonweal.intake.triage.saying import Labels

# By how little time there is.
DANGERS = ("suicide", "trapped", "drowning", "fire", "gas", "violence", "medical")
# How far before a phrase a "not" still belongs to it.
REACH = 3
LIKELY = 0.5


@cache
def _signs() -> Lexicon[tuple[str, bool]]:
    """Each phrase with the kind of danger, and whether it is firm."""
    lists = data("danger.toml")
    return Lexicon(
        ((kind, sort == "firm"), phrase_of(text))
        for kind in DANGERS
        for by_sort in lists[kind].values()
        for sort, texts in by_sort.items()
        for text in texts
    )


@cache
def _nots() -> frozenset[str]:
    return frozenset(word for words in data("danger.toml")["not"].values() for word in words)


@cache
def _harmless() -> Lexicon[None]:
    """What says one of the words and means no harm."""
    return Lexicon(
        (None, phrase_of(text)) for texts in data("danger.toml")["harmless"].values() for text in texts
    )


def find_danger(text: str, labels: Labels | None = None) -> Found[str] | None:
    """The kind of danger to life (one of ``DANGERS``) that a text sounds like, with the words; None for none.

    ``labels`` is what the model says of the text; it finds what no phrase names, and says so without words. The
    confidence is .95 for a phrase as it stands, .75 for one that may be misspelt, the model's chance for its guess.
    """
    words = words_of(text)
    harmless = [hit for _, hit in _harmless().found(words)]
    best: tuple[float, int, str, str] | None = None
    for kind, hit in _found(words, harmless):
        found = (hit.sureness, -DANGERS.index(kind), kind, said(text, words, hit))
        best = max(best, found) if best else found
    if best:
        return Found(value=best[2], confidence=0.95 if best[0] == 1 else 0.75, words=best[3])
    return _guessed(labels) if labels else None


def _found(words: list[Word], harmless: list[Hit]) -> Iterator[tuple[str, Hit]]:
    for (kind, firm), hit in _signs().found(words):
        covered = any(hit.first <= other.last and other.first <= hit.last for other in harmless)
        if firm or not (covered or _taken_back(words, hit)):
            yield kind, hit


def _taken_back(words: list[Word], hit: Hit) -> bool:
    """Whether a "not" stands shortly before, in the same sentence."""
    for word in reversed(words[max(0, hit.first - REACH) : hit.first]):
        if not word.plain[0].isalnum():
            return False
        if word.plain in _nots():
            return True
    return False


def _guessed(labels: Labels) -> Found[str] | None:
    """Somebody asks, and the model thinks of a rescue, or of a body that needs help now."""
    asks = labels.chance("request")
    if asks < LIKELY:
        return None
    for label, kind in (("search_and_rescue", "trapped"), ("medical_help", "medical")):
        if labels.chance(label) >= LIKELY:
            return Found(value=kind, confidence=min(asks, labels.chance(label)))
    return None
