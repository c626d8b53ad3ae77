"""Many asks and helpers as arrays: any that Hypothesis can think of, and the slow telling of who can meet whom."""

import math
from typing import Any

import numpy as np
from hypothesis import strategies as st

from commonweal.algorithms.matching.instance import FULL, NOBODY, Asks, Helpers, Instance
from commonweal.algorithms.matching.rules import EngineRules
from commonweal.algorithms.places import distance_m_points

# Fells Point and round it, the poles, both sides of the date line, and nowhere.
LATS = st.one_of(st.floats(39.2, 39.4), st.sampled_from([-90.0, 90.0, 89.99, -89.99, 0.0, 39.283]))
LONS = st.one_of(st.floats(-76.7, -76.5), st.sampled_from([-180.0, 180.0, 179.99, -179.99, 0.0, -76.59]))
PLACES = st.one_of(st.just((math.nan, math.nan)), st.tuples(LATS, LONS))
BITS = st.integers(0, 7)
SLOTS = st.one_of(st.just(FULL), st.integers(0, 15))


def columns(rows: list[dict[str, Any]], names: list[str]) -> dict[str, Any]:
    return {name: np.array([row[name] for row in rows]) for name in names} if rows else {}


def row_of(places: Any, **others: Any) -> Any:
    return st.tuples(places, st.fixed_dictionaries(others)).map(
        lambda drawn: {"lat": drawn[0][0], "lon": drawn[0][1], **drawn[1]}
    )


ASK_ROWS = row_of(
    PLACES,
    in_person=st.sampled_from([True, True, False]),
    within_m=st.sampled_from([0, 0, 500, 5000, 20_000_000]),
    category=st.integers(0, 2),
    skills=st.sampled_from([0, 0, 1, 2]),
    slots=SLOTS,
    languages=BITS,
    talk=st.booleans(),
    needs=st.sampled_from([0, 0, 1, 3]),
    load=st.integers(0, 3),
    vehicles=st.sampled_from([0, 0, 24]),
    gender=st.sampled_from([0, 0, 1, 2]),
    vouched=st.sampled_from([0, 0, 1]),
    hands=st.integers(1, 3),
    urgency=st.integers(0, 2),
    waiting_d=st.integers(0, 90),
    ahead=st.integers(0, 2),
    repeats=st.booleans(),
    person=st.integers(NOBODY, 3),
)
HELPER_ROWS = row_of(
    PLACES,
    radius_m=st.sampled_from([0, 700, 1500, 5000, 25_000, 400_000, 10_000_000, 20_000_000, 2**31 - 1]),
    categories=BITS,
    skills=st.sampled_from([0, 3]),
    slots=SLOTS,
    languages=BITS,
    able=st.sampled_from([0, 1, 3]),
    carries=st.integers(0, 3),
    vehicle=st.integers(0, 4),
    gender=st.integers(0, 3),
    vouched=st.integers(0, 2),
    capacity=st.sampled_from([0, 1, 2, 1000]),
    per_week=st.integers(0, 4),
    rested_h=st.sampled_from([NOBODY, NOBODY, 0, 19, 20, 200, 400]),
    resting=st.sampled_from([False, False, False, True]),
    person=st.integers(0, 5),
)


@st.composite
def crowds(draw: Any, most: int = 12) -> Instance:
    """An instance with places and numbers that are hard on an index."""
    asks, helpers = (
        draw(st.lists(ASK_ROWS, max_size=most)),
        draw(st.lists(HELPER_ROWS, max_size=most)),
    )
    n, m = len(asks), len(helpers)
    between = st.lists(st.tuples(st.integers(0, max(n - 1, 0)), st.integers(0, max(m - 1, 0))), max_size=6)
    if not (n and m):
        between = st.just([])
    preferred = draw(st.lists(st.integers(NOBODY, m - 1), min_size=n, max_size=n))
    return Instance.of(
        Asks.of(n, **columns(asks, list(asks[0]) if asks else []), preferred=np.array(preferred, np.int32)),
        Helpers.of(m, **columns(helpers, list(helpers[0]) if helpers else [])),
        blocked=draw(between),
        known=draw(between),
    )


RULES = st.builds(
    EngineRules,
    served=st.integers(0, 2000),
    urgent=st.integers(0, 200),
    waiting=st.integers(0, 20),
    waiting_most_d=st.integers(0, 60),
    ahead=st.integers(0, 60),
    per_100_m=st.sampled_from([0, 1, 4, 1_000_000]),
    unknown_m=st.sampled_from([0, 3000, 3050]),
    language=st.integers(0, 100),
    interpreter=st.integers(0, 200),
    interpreters=st.booleans(),
    tired=st.integers(0, 200),
    week=st.integers(0, 200),
    preferred=st.sampled_from([0, 10_000]),
    known=st.integers(0, 50),
    new_tie=st.integers(0, 50),
    comfort=st.integers(0, 50),
)


def naive_metres(crowd: Instance, a: int, h: int) -> float | None:
    """The metres between the two, None where there is no distance."""
    asks, helpers = crowd.asks, crowd.helpers
    if not asks.in_person[a] or math.isnan(asks.lat[a]) or math.isnan(helpers.lat[h]):
        return None
    return distance_m_points(asks.lat[a], asks.lon[a], helpers.lat[h], helpers.lon[h])


def naive_failed(crowd: Instance, rules: EngineRules, a: int, h: int) -> set[str]:
    """The rules told a second time, one pair and one rule after the other."""
    ask = {name: getattr(crowd.asks, name)[a].item() for name in crowd.asks.__slots__}
    helper = {name: getattr(crowd.helpers, name)[h].item() for name in crowd.helpers.__slots__}
    metres = naive_metres(crowd, a, h)
    placed = ask["in_person"] and not math.isnan(ask["lat"])
    favourite = ask["preferred"] == h
    ringed = placed and ask["within_m"] > 0 and not favourite
    wordless = ask["languages"] and helper["languages"] and not ask["languages"] & helper["languages"]
    is_so = {
        "own_ask": ask["person"] >= 0 and ask["person"] == helper["person"],
        "blocked": [a, h] in crowd.blocked.tolist(),
        "paused": helper["resting"],
        "other_category": not helper["categories"] >> ask["category"] & 1,
        "skills_missing": bool(ask["skills"] & ~helper["skills"]),
        "too_far": metres is not None and metres > helper["radius_m"] + 1e-5,
        "outside_ring": ringed and (metres is None or metres > ask["within_m"] + 1e-5),
        "no_common_time": not ask["slots"] & helper["slots"],
        "week_full": helper["capacity"] <= 0,
        "resting": 0 <= helper["rested_h"] < rules.rest_hours and not favourite,
        "needs_not_met": bool(ask["needs"] & ~helper["able"]),
        "no_language": ask["talk"] and bool(wordless) and not rules.interpreters,
        "too_heavy": ask["load"] > helper["carries"],
        "no_vehicle": ask["vehicles"] != 0 and not ask["vehicles"] >> helper["vehicle"] & 1,
        "other_gender": ask["gender"] != 0 and not ask["gender"] & helper["gender"],
        "not_vouched": ask["vouched"] > helper["vouched"],
    }
    return {code for code, holds in is_so.items() if holds}


def naive_weight(crowd: Instance, rules: EngineRules, a: int, h: int) -> int:
    """The points told a second time."""
    ask = {name: getattr(crowd.asks, name)[a].item() for name in crowd.asks.__slots__}
    helper = {name: getattr(crowd.helpers, name)[h].item() for name in crowd.helpers.__slots__}
    points = rules.served + rules.urgent * ask["urgency"] + rules.ahead * ask["ahead"]
    points += rules.waiting * min(ask["waiting_d"], rules.waiting_most_d)
    if ask["in_person"]:
        metres = naive_metres(crowd, a, h)
        hundreds = rules.unknown_m // 100 if metres is None else int(metres / 100 + 0.5)
        points -= rules.per_100_m * hundreds
    if ask["languages"] and helper["languages"]:
        common = ask["languages"] & helper["languages"]
        points += rules.language if common else -rules.interpreter
    if helper["rested_h"] >= 0:
        points -= rules.tired * max(rules.rested_after_h - helper["rested_h"], 0) // rules.rested_after_h
    given = max(helper["per_week"] - helper["capacity"], 0)
    points -= rules.week * given // max(helper["per_week"], 1)
    points += rules.preferred * (ask["preferred"] == h)
    met = [a, h] in crowd.known.tolist()
    if ask["repeats"] or ask["talk"]:
        points += rules.known * met
    else:
        points += rules.new_tie * (not met)
    if ask["load"] >= 2:
        points += rules.comfort * ((helper["carries"] > ask["load"]) + (helper["vehicle"] >= 2))
    return min(max(points, 1), 2**30)


def naive_rows(crowd: Instance, rules: EngineRules) -> list[list[tuple[int, int]]]:
    """For each ask everyone who can as (-weight, helper), in order."""
    return [
        sorted(
            (-naive_weight(crowd, rules, a, h), h)
            for h in range(len(crowd.helpers))
            if not naive_failed(crowd, rules, a, h)
        )
        for a in range(len(crowd.asks))
    ]
