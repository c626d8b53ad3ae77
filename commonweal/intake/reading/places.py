"""A place of the network that a message names: an area, or a street of its own map."""

import re
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from commonweal.algorithms.places import Cell, cell_of
from commonweal.intake.reading.folding import Folded, fold
from commonweal.intake.reading.model import Found
from commonweal.networks.models import Area, Network
from commonweal.networks.places.gazetteer import Place
from commonweal.networks.places.words import is_generic
from commonweal.networks.places.words import words as name_words
from commonweal.networks.queries import areas_of, find_places

MOST_LOOKED_UP = 3
LEAST_LIKE = 86
LEAST_SAID = 78
SHORTEST_FUZZY = 6
_SORT = (
    r"st|str|street|ave|avenue|av|road|rd|drive|dr|lane|ln|court|ct|place|pl|blvd|boulevard|way|square"
    r"|sq|terrace|alley|parkway"
)
_NAME = r"[^\W\d_][\w'.-]*"
_NOISE = (
    r"(?!(?:pm|am|de|people|persons?|personas?|kids|children|days?|hours?|bags?|of|adults?|ninos|hijos"
    r"|moun|and|y|o|or|to|a|for|para|anos|years?|weeks?|months?|dias|horas|semanas|enfants|personnes"
    r"|cuadras|blocks|times|packs?|boxes|in|on|at)\b)"
)
# Half of a crossing: a numbered street, or a name with its sort; "bread and milk" is none.
_NUMBERED = r"\d{1,3}(?:st|nd|rd|th)"
_AND = r"(?:and|&|at|y|con|x|@)"
_HALF = (
    rf"(?:{_NUMBERED}(?: (?:{_SORT})\b)?|{_NAME}(?: {_NAME})? (?:{_SORT})\b|{_NAME}(?= {_AND} {_NUMBERED}))"
)
# From the surest way of naming a street to the faintest.
_STREETS = tuple(
    re.compile(pattern)
    for pattern in (
        (
            rf"\b\d{{1,5}}[a-z]? (?:(?:[nsew]|north|south|east|west|{_NAME}|\d{{1,3}}(?:st|nd|rd"
            rf"|th))\.? ){{1,3}}?(?:{_SORT})\b\.?"
        ),
        rf"\b(?:corner of |at |on |near )?{_HALF} {_AND} {_HALF}",
        rf"\b(?:calle|avenida|rue|avenue) (?:{_NAME}|\d+)(?: {_NAME})?(?: (?:no\.? ?|#)?\d{{1,5}})?",
        (
            rf"\b(?:(?:[nsew]|north|south|east|west)\.? )?(?:{_NAME}|\d{{1,3}}(?:st|nd|rd"
            rf"|th))(?: {_NAME})? (?:{_SORT})\b"
        ),
        rf"\b\d{{2,5}} {_NOISE}{_NAME}(?: {_NOISE}{_NAME})?",
        (
            rf"\b(?:near|by|off|on|at|next to|around|cerca de(?:l)?|junto a|al lado de|en|sur|pres de|a cote de"
            rf"|bo kote|nan|قرب|بجانب|شارع|في) (?:the |la |el |le )?(?P<name>{_NAME}(?: {_NAME})?)"
        ),
    )
)
_CUE = re.compile(
    r"^(?:near|by|off|on|at|next to|around|in|the|cerca del?|junto a|al lado de|en|i live|live|apt) "
)
# Words that stand where a street may stand, and are none.
_COMMON = frozenset(
    [
        "home",
        "house",
        "work",
        "school",
        "church",
        "hospital",
        "doctor",
        "clinic",
        "store",
        "market",
        "the",
        "my",
        "me",
        "us",
        "you",
        "them",
        "him",
        "her",
        "it",
        "night",
        "noon",
        "once",
        "all",
        "least",
        "most",
        "first",
        "last",
        "time",
        "today",
        "tomorrow",
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
        "morning",
        "afternoon",
        "evening",
        "phone",
        "bus",
        "foot",
        "own",
        "behalf",
        "way",
        "need",
        "help",
        "food",
        "water",
        "call",
        "text",
        "casa",
        "la",
        "el",
        "mi",
        "los",
        "las",
        "que",
        "favor",
        "total",
        "un",
        "una",
    ]
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """What was found: the area, the words for the place, and its coarse cell."""

    area: Found[uuid.UUID] | None = None
    place: Found[str] | None = None
    cell: Cell | None = None


def find_where(folded: Folded, network: Network) -> Where:
    """The place that a message names, looked up in the network's own areas and its own map; nobody else is asked."""
    areas = areas_of(network)
    area = _area(folded, areas)
    street = _street(folded, network, areas, area)
    return street or Where(area=area)


def _area(folded: Folded, areas: Sequence[Area]) -> Found[uuid.UUID] | None:
    named = [(fold(area.name).plain, area) for area in areas]
    # The longest name first: "Charles Village" is not "Village".
    for name, area in sorted(named, key=lambda pair: -len(pair[0])):
        match = re.search(rf"(?<!\w){re.escape(name)}(?!\w)", folded.plain) if name else None
        if match:
            return Found(value=area.pk, confidence=0.95, words=folded.found(match))
    return _nearly(folded, named)


def _nearly(folded: Folded, named: Sequence[tuple[str, Area]]) -> Found[uuid.UUID] | None:
    """An area whose name is written with a slip or two."""
    words = list(re.finditer(r"[^\W_]+(?:['.-][^\W_]+)*", folded.plain))[:60]
    best: tuple[float, Found[uuid.UUID]] | None = None
    names = [name for name, _area in named if len(name) >= SHORTEST_FUZZY]
    areas = [area for name, area in named if len(name) >= SHORTEST_FUZZY]
    widths = sorted({name.count(" ") + 1 for name in names})
    for width in widths:
        for first in range(len(words) - width + 1):
            start, end = words[first].start(), words[first + width - 1].end()
            window = folded.plain[start:end]
            if len(window) < SHORTEST_FUZZY:
                continue
            found = process.extractOne(window, names, scorer=fuzz.ratio, score_cutoff=LEAST_LIKE)
            if found and (best is None or found[1] > best[0]):
                sure = 0.55 + 0.3 * (found[1] - LEAST_LIKE) / (100 - LEAST_LIKE)
                best = (
                    found[1],
                    Found(value=areas[found[2]].pk, confidence=round(sure, 2), words=folded.said(start, end)),
                )
    return best[1] if best else None


def _street(
    folded: Folded, network: Network, areas: Sequence[Area], area: Found[uuid.UUID] | None
) -> Where | None:
    if not network.map_name:
        return _as_written(folded, area)
    by_slug = {one.slug: one for one in areas}
    name = next((one.name for one in areas if area and one.pk == area.value), "")
    for sure, words in _candidates(folded):
        place = _looked_up(network, words, name)
        if place is None or (area and place.kind == "area"):
            continue
        here = by_slug.get(place.area_slug)
        confidence = round(sure if place.exact else sure - 0.25, 2)
        inside = Found(value=here.pk, confidence=confidence, words=words) if here else area
        text = words if place.kind == "address" else place.label
        if place.kind == "area":
            return Where(area=inside)
        return Where(
            area=area if area and area.confidence > confidence else inside,
            place=Found(value=text, confidence=confidence, words=words),
            cell=cell_of(place.lat, place.lon),
        )
    return _as_written(folded, area)


def _as_written(folded: Folded, area: Found[uuid.UUID] | None) -> Where | None:
    """A house and street that our map does not have, or where there is no map: as it stands, for whoever goes there."""
    match = _STREETS[0].search(folded.plain)
    if not match:
        return None
    words = folded.found(match)
    return Where(area=area, place=Found(value=words, confidence=0.7, words=words))


def _candidates(folded: Folded) -> Iterator[tuple[float, str]]:
    """The words that may be a street, the surest first, each with how sure it would be."""
    seen: set[str] = set()
    for pattern, sure in zip(_STREETS, (0.95, 0.85, 0.85, 0.85, 0.8, 0.6), strict=True):
        for match in list(pattern.finditer(folded.plain))[:2]:
            words = folded.found(match, "name" if "name" in match.groupdict() else 0)
            plain = fold(words).plain
            while cue := _CUE.match(plain):
                words, plain = words[cue.end() :], plain[cue.end() :]
            if not plain or plain in seen or plain.split()[0] in _COMMON or len(seen) >= MOST_LOOKED_UP:
                continue
            seen.add(plain)
            yield sure, words


def _looked_up(network: Network, words: str, area: str) -> Place | None:
    """The one place these words mean, in that area where one was named; None where the map has none like it."""
    asked = fold(words).plain.split()
    places = [place for place in find_places(network, words, 4) if _is_named(place, asked)]
    here = [place for place in places if area and place.area_name == area]
    return next(iter(here or places), None)


def _is_named(place: Place, asked: Sequence[str]) -> bool:
    """Whether every telling word of the street was said, a slip or two apart: "Light" alone is not Lighthouse Lane."""
    telling = [word for word in name_words(place.label.partition(",")[0]) if not is_generic(word)]
    telling = [word for word in telling if not word[:1].isdecimal() or place.kind != "address"]
    likes = [max(fuzz.ratio(word, said.strip(".,&")) for said in asked) for word in telling]
    return min(likes, default=100.0 if place.exact else 0.0) >= LEAST_SAID
