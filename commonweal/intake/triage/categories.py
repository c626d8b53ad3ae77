"""Which of a network's own categories a text is about: the words of every day, the network's own words, the model.

Each speaks for categories with a strength from 0 to 1. What speaks for one category is joined as if independent
(1 − Π(1 − strength)); the categories then compete, with "none of them" among them, on a log scale to which the
network's own corrections add.
"""

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from uuid import UUID

from commonweal.intake.found import Found
from commonweal.intake.triage.phrases import Hit, Lexicon, data, phrase_of, said, words_of
from commonweal.intake.triage.saying import Labels
from commonweal.networks.models import Category, Network

# From this confidence on nobody has to look at the category before it is used; below it a person does.
SURE = 0.6
STRONG, WEAK = 0.85, 0.4
NAME, HINT = 0.75, 0.45
# So high that one weak word alone stays below SURE.
NONE_OF_THEM = 0.35
FAINTEST = 0.02
SHARPNESS = 2.0
# Shorter words of a name or a hint ("a", "to", "de") speak for nothing.
LEAST_LETTERS = 4

Strengths = dict[str, tuple[float, str]]
NOTHING = (0.0, "")


@cache
def _everyday() -> Lexicon[tuple[str, float]]:
    return Lexicon(
        ((slug, STRONG if sort == "strong" else WEAK), phrase_of(text))
        for slug, languages in data("everyday.toml").items()
        if slug not in {"labels", "times"}
        for by_sort in languages.values()
        for sort, texts in by_sort.items()
        for text in texts
    )


@cache
def _label_map() -> Mapping[str, Mapping[str, float]]:
    labels: Mapping[str, Mapping[str, float]] = data("everyday.toml")["labels"]
    return labels


@cache
def _times() -> frozenset[str]:
    """Words of a hint that only say how long: "an afternoon" speaks for nothing."""
    return frozenset(data("everyday.toml")["times"]["words"])


def _own_words(categories: list[Category]) -> Lexicon[tuple[str, float]]:
    """The names and hints of the network's own categories, in every language it wrote them in."""
    return Lexicon(
        ((category.slug, strength), phrase_of(piece))
        for category in categories
        for strength, texts in ((NAME, category.names), (HINT, category.hints))
        for text in texts.values()
        for piece in _pieces(text)
    )


def _pieces(text: str) -> Iterator[str]:
    for part in text.replace("،", ",").replace("/", ",").split(","):
        words = part.split()
        long_enough = [word for word in words if len(word) >= LEAST_LETTERS]
        if long_enough and len(words) <= 3 and not set(long_enough) <= _times():
            yield " ".join(words)
        if len(long_enough) == 1 and long_enough[0] not in _times():
            yield long_enough[0]


def _strengths(labels: Labels, categories: list[Category]) -> Strengths:
    words = words_of(labels.text)
    spoken: dict[str, dict[str, float]] = defaultdict(dict)
    hits = [found for lexicon in (_everyday(), _own_words(categories)) for found in lexicon.found(words)]
    for (slug, strength), hit in hits:
        if not any(_within(hit, other) for _, other in hits):
            piece = said(labels.text, words, hit)
            spoken[slug][piece] = max(spoken[slug].get(piece, 0.0), strength * hit.sureness)
    for label, slugs in _label_map().items():
        for slug, weight in slugs.items():
            spoken[slug][""] = max(spoken[slug].get("", 0.0), weight * labels.chance(label))
    joined = {}
    for slug, pieces in spoken.items():
        strength = 1 - math.prod(1 - part for part in pieces.values())
        joined[slug] = (strength, ", ".join(piece for piece in pieces if piece))
    return joined


def _within(hit: Hit, other: Hit) -> bool:
    """Whether ``hit`` is a part of a longer phrase, which says more: a hot meal is no longer a meal like any other."""
    longer = other.last - other.first > hit.last - hit.first
    return longer and other.first <= hit.first and hit.last <= other.last


def odds_of(labels: Labels, categories: list[Category]) -> dict[UUID | None, float]:
    """The log-odds of each category before anybody's corrections; None stands for none of them."""
    return _odds(_strengths(labels, categories), categories)


def _odds(strengths: Strengths, categories: list[Category]) -> dict[UUID | None, float]:
    odds: dict[UUID | None, float] = {None: SHARPNESS * math.log(NONE_OF_THEM)}
    for category in categories:
        odds[category.pk] = SHARPNESS * math.log(strengths.get(category.slug, NOTHING)[0] + FAINTEST)
    return odds


def open_categories(network: Network) -> list[Category]:
    """The categories a text can be about: the open ones but "something else", in the network's order."""
    return list(Category.objects.filter(network=network, is_open=True).exclude(slug="other"))


def find_category(network: Network, labels: Labels) -> Found[Category] | None:
    """The likeliest category with its probability and the words that speak for it; None where none is likelier."""
    categories = open_categories(network)
    strengths = _strengths(labels, categories)
    odds = _odds(strengths, categories)
    for key, more in labels.own.items():
        if key in odds:
            odds[key] += more
    best = max(categories, key=lambda category: odds[category.pk], default=None)
    if best is None or odds[best.pk] <= odds[None]:
        return None
    total = sum(math.exp(value - odds[best.pk]) for value in odds.values())
    return Found(value=best, confidence=1 / total, words=strengths.get(best.slug, NOTHING)[1])


def category_for(network: Network, labels: Labels) -> tuple[Category, float] | None:
    """The same without the words."""
    found = find_category(network, labels)
    return (found.value, found.confidence) if found else None
