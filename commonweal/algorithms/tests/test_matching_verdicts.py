"""The engine and the judge of one pair: whatever both know, they say the same."""

from dataclasses import fields, replace

import numpy as np
from hypothesis import given, settings

from commonweal.algorithms.matching import Fit, Helper, Need, Part, Rules, judge
from commonweal.algorithms.matching.candidates import codes_of, failed, find_pairs, weights
from commonweal.algorithms.matching.instance import NOBODY, Instance
from commonweal.algorithms.matching.pairwise import ask_terms, total_of
from commonweal.algorithms.matching.rules import EngineRules
from commonweal.algorithms.places import cell_centre, cell_of
from commonweal.algorithms.tests.matching_crowd import RULES, crowds

GENDERS = ("", "woman", "man")
VEHICLES = ("foot", "bicycle", "cargo", "car", "van")


def bits(number: int) -> tuple[str, ...]:
    return tuple(str(place) for place in range(64) if number >> place & 1)


def cell(lat: float, lon: float) -> tuple[int, int] | None:
    return None if np.isnan(lat) else cell_of(lat, lon)


def tamed(crowd: Instance) -> Instance:
    """The same people in the middles of their cells, one offer each, without what the judge doesn't know."""
    asks, helpers = crowd.asks, crowd.helpers

    def middles(side):
        cells = [cell(lat, lon) for lat, lon in zip(side.lat, side.lon, strict=True)]
        points = [(np.nan, np.nan) if each is None else cell_centre(*each) for each in cells]
        return dict(zip(("lat", "lon"), np.array(points, float).reshape(-1, 2).T, strict=True))

    asks = replace(
        asks, **middles(asks), skills=asks.skills * 0, gender=asks.gender * 0, vouched=asks.vouched * 0
    )
    helpers = replace(
        helpers,
        **middles(helpers),
        person=np.arange(len(helpers), dtype=np.int32),
        gender=helpers.gender % 3,  # the judge knows one word for each, or none
        per_week=np.maximum(helpers.per_week, helpers.capacity),
    )
    return Instance.of(asks, helpers, blocked=crowd.blocked, known=crowd.known)


def need_of(crowd: Instance, a: int) -> Need:
    asks = crowd.asks
    slots = [slot for slot in range(42) if int(asks.slots[a]) >> slot & 1]
    return Need(
        category=str(asks.category[a]),
        parts=tuple(Part(bit=slot, starts=200 * slot, ends=200 * slot + 180) for slot in slots),
        cell=cell(asks.lat[a], asks.lon[a]),
        in_person=bool(asks.in_person[a]),
        within_m=int(asks.within_m[a]) or None,
        languages=bits(int(asks.languages[a])),
        talk=bool(asks.talk[a]),
        needs=frozenset(bits(int(asks.needs[a]))),
        load=int(asks.load[a]),
        vehicles=frozenset(VEHICLES[int(bit)] for bit in bits(int(asks.vehicles[a]))),
        urgency=int(asks.urgency[a]),
        wish=GENDERS[asks.gender[a]],
        asker=f"p{asks.person[a]}" if asks.person[a] != NOBODY else "",
        preferred=f"p{asks.preferred[a]}" if asks.preferred[a] != NOBODY else "",
        repeats=bool(asks.repeats[a]),
    )


def helper_of(crowd: Instance, a: int, h: int) -> Helper:
    helpers = crowd.helpers
    return Helper(
        id=f"p{h}",
        categories=frozenset(bits(int(helpers.categories[h]))),
        cell=cell(helpers.lat[h], helpers.lon[h]),
        radius_m=int(helpers.radius_m[h]),
        slots=int(helpers.slots[h]),
        languages=bits(int(helpers.languages[h])),
        per_week=int(helpers.per_week[h]),
        agreed_this_week=int(helpers.per_week[h] - helpers.capacity[h]),
        last_asked_h=int(helpers.rested_h[h]) if helpers.rested_h[h] != NOBODY else None,
        vehicle=VEHICLES[helpers.vehicle[h]],
        goes_as=GENDERS[helpers.gender[h]],
        carries=int(helpers.carries[h]),
        able=frozenset(bits(int(helpers.able[h]))),
        blocked=[a, h] in crowd.blocked.tolist(),
        helped_asker=[a, h] in crowd.known.tolist(),
        paused=bool(helpers.resting[h]),
    )


def rules_of(rules: EngineRules) -> Rules:
    shared = {entry.name for entry in fields(Rules)} & {entry.name for entry in fields(EngineRules)}
    given = {name: getattr(rules, name) for name in shared}
    return Rules(**given, wait_calm=0, wait_soon=0, wait_today=0)


@settings(deadline=None)
@given(crowds(6).map(tamed), RULES)
def test_the_engine_says_what_the_judge_says(crowd, rules):
    rules = replace(rules, interpreters=False)
    found = find_pairs(crowd, rules)
    allowed = set(zip(found.ask.tolist(), found.helper.tolist(), strict=True))
    for a in range(len(crowd.asks)):
        of_ask = int(total_of(ask_terms(crowd.asks.take(np.array([a])), rules))[0])
        for h in range(len(crowd.helpers)):
            said = judge(need_of(crowd, a), helper_of(crowd, a, h), rules_of(rules))
            one, other = np.array([a]), np.array([h])
            assert ((a, h) in allowed) == isinstance(said, Fit)
            if isinstance(said, Fit):
                assert weights(crowd, rules, one, other)[0][0] == min(max(of_ask + said.score, 1), 2**30)
            else:
                assert set(codes_of(int(failed(crowd, rules, one, other)[0]))) == set(said.codes)
