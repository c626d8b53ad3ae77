"""Distance by the streets: a river, an island, and the slow telling of shortest ways."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commonweal.algorithms.matching import travel
from commonweal.algorithms.matching.candidates import codes_of, find_pairs, why_not
from commonweal.algorithms.matching.instance import Asks, Helpers, Instance
from commonweal.algorithms.matching.rules import EngineRules
from commonweal.algorithms.matching.travel import BadStreets, Streets, find_pairs_by_street, why_not_by_street
from commonweal.algorithms.places import distance_m_points

RULES = EngineRules()
STEP = 0.005  # degrees: 556 m to the north


def both_ways(edges):
    return [*edges, *((b, a) for a, b in edges)]


def streets_of(points, edges, longer=1.0) -> Streets:
    lengths = [longer * distance_m_points(*points[a], *points[b]) for a, b in edges]
    lat, lon = np.array(points).reshape(-1, 2).T
    return Streets.of(lat, lon, edges, lengths)


# Two banks, three crossings each, one bridge at the north end.
BANKS = [(39 + STEP * row, -76 + STEP * side) for side in (0, 1) for row in (0, 1, 2)]
RIVER = streets_of(BANKS, both_ways([(0, 1), (1, 2), (3, 4), (4, 5), (2, 5)]))


def crowd_at(asks, helpers, **more) -> Instance:
    ask_at, helper_at = np.array(asks, float).reshape(-1, 2), np.array(helpers, float).reshape(-1, 2)
    ask_more = {name: more.pop(name) for name in ("within_m", "preferred", "in_person") if name in more}
    return Instance.of(
        Asks.of(len(ask_at), lat=ask_at[:, 0], lon=ask_at[:, 1], **ask_more),
        Helpers.of(
            len(helper_at),
            lat=helper_at[:, 0],
            lon=helper_at[:, 1],
            categories=1,
            **{"radius_m": 5000} | more,
        ),
    )


def test_over_the_river_is_as_far_as_the_bridge():
    crowd = crowd_at([BANKS[0]], [BANKS[3]])
    crow, walked = find_pairs(crowd, RULES), find_pairs_by_street(crowd, RULES, RIVER)
    assert crow.metres.tolist() == [432]
    assert walked.metres.tolist() == [2 * 2 * 556 + 432]
    assert crow.weight[0] - walked.weight[0] == 4 * (27 - 4)


@pytest.mark.parametrize(("radius_m", "found"), [(2600, 0), (2700, 1)])
def test_a_radius_is_along_the_streets(radius_m, found):
    assert (
        len(find_pairs_by_street(crowd_at([BANKS[0]], [BANKS[3]], radius_m=radius_m), RULES, RIVER)) == found
    )


@pytest.mark.parametrize(("preferred", "found"), [(-1, 0), (0, 1)])
def test_the_ring_is_along_the_streets_but_not_for_the_preferred(preferred, found):
    crowd = crowd_at([BANKS[0]], [BANKS[3]], within_m=1000, preferred=preferred)
    assert len(find_pairs_by_street(crowd, RULES, RIVER)) == found


def test_there_is_no_way_to_an_island():
    island = streets_of([*BANKS, (39.001, -76.0)], [(0, 1), (1, 0)])
    assert not len(find_pairs_by_street(crowd_at([BANKS[0]], [(39.001, -76.0)]), RULES, island))


def test_an_unknown_place_and_a_call_have_no_way():
    crowd = crowd_at([(np.nan, np.nan), BANKS[0]], [BANKS[3]], in_person=[True, False])
    assert find_pairs_by_street(crowd, RULES, RIVER).metres.tolist() == [-1, -1]


def test_nobody_asks():
    assert find_pairs_by_street(crowd_at([], [BANKS[0]]), RULES, RIVER).indptr.tolist() == [0]


@pytest.mark.parametrize(
    ("lat", "lon", "edges", "metres", "words"),
    [
        ([91], [0], [], [], "nowhere on earth"),
        ([np.nan], [0], [], [], "nowhere on earth"),
        ([0, 0], [0], [], [], "nowhere on earth"),
        ([0], [0], [(0, 1)], [5], "isn't there"),
        ([0, 0], [0, 0], [(0, 1)], [], "isn't there"),
        ([0, 1], [0, 0], [(0, 1)], [100_000], "shorter than the crow"),
        ([0, 0], [0, 0], [(0, 1)], [-5], "shorter than the crow"),
        ([0, 0], [0, 0], [(0, 1)], [np.nan], "shorter than the crow"),
    ],
)
def test_streets_that_cannot_be_walked(lat, lon, edges, metres, words):
    with pytest.raises(BadStreets, match=words):
        Streets.of(lat, lon, edges, metres)


def test_without_streets_nobody_walks():
    with pytest.raises(BadStreets, match="no streets"):
        find_pairs_by_street(crowd_at([BANKS[0]], [BANKS[1]]), RULES, Streets.of([], [], [], []))


places = st.tuples(st.integers(0, 6), st.integers(0, 6)).map(lambda p: (39 + p[0] * STEP, -76 + p[1] * STEP))
graphs = st.lists(places, min_size=1, max_size=8, unique=True).flatmap(
    lambda points: st.tuples(
        st.just(points),
        st.lists(st.tuples(*[st.integers(0, len(points) - 1)] * 2), max_size=14),
        st.floats(1, 2),
    )
)


def naive_lengths(points, edges, longer):
    """Bellman and Ford: every street, as often as there are crossings."""
    lengths = np.where(np.eye(len(points)), 0.0, np.inf)
    for _ in points:
        for a, b in edges:
            step = longer * distance_m_points(*points[a], *points[b])
            lengths[:, b] = np.minimum(lengths[:, b], lengths[:, a] + step)
    return lengths


@settings(deadline=None)
@given(
    graphs,
    st.lists(places, max_size=5),
    st.lists(places, max_size=5),
    st.integers(500, 6000),
    st.integers(1, 3),
)
def test_every_way_is_the_shortest(graph, asks, helpers, radius_m, most):
    points, edges, longer = graph
    crowd = crowd_at(asks, helpers, radius_m=radius_m)
    lengths = naive_lengths(points, edges, longer)
    # Ways are measured from the crossing that the index chose: which of two equally near ones is chance.
    streets = streets_of(points, edges, longer)
    (start, to_street), (goal, from_street) = (
        streets.near(side.lat, side.lon) for side in (crowd.asks, crowd.helpers)
    )
    expected = {}
    for a, one in enumerate(asks):
        for h, other in enumerate(helpers):
            metres = lengths[start[a], goal[h]] + to_street[a] + from_street[h]
            if metres <= radius_m and distance_m_points(*one, *other) <= radius_m:
                expected[a, h] = int(metres + 0.5)
    pairs = find_pairs_by_street(crowd, RULES, streets)
    assert dict(zip(zip(pairs.ask, pairs.helper, strict=True), pairs.metres, strict=True)) == expected
    few = find_pairs_by_street(crowd, RULES, streets, most=most)
    rows = [pairs.weight[a:b][:most].tolist() for a, b in zip(pairs.indptr, pairs.indptr[1:], strict=False)]
    assert [few.weight[a:b].tolist() for a, b in zip(few.indptr, few.indptr[1:], strict=False)] == rows


def test_many_asks_go_piece_by_piece(monkeypatch):
    crowd = crowd_at([BANKS[0], BANKS[4], BANKS[2]], [BANKS[3], BANKS[1]])
    crowd = Instance.of(crowd.asks, crowd.helpers, blocked=[(1, 0), (2, 1)], known=[(2, 0)])
    whole = find_pairs_by_street(crowd, RULES, RIVER)
    monkeypatch.setattr(travel, "ASKS_AT_ONCE", 1)
    pieces = find_pairs_by_street(crowd, RULES, RIVER)
    for name in ("indptr", "helper", "weight", "metres"):
        assert getattr(whole, name).tolist() == getattr(pieces, name).tolist()
    assert len(whole) == 4


def test_why_not_is_told_along_the_streets():
    # The other bank is 432 m away as the crow flies, and 2,656 m over the bridge; nothing leads to an island.
    streets = streets_of([*BANKS, (39.001, -76.0)], both_ways([(0, 1), (1, 2), (3, 4), (4, 5), (2, 5)]))
    crowd = crowd_at([BANKS[0], BANKS[1]], [BANKS[3], BANKS[3], (39.001, -76.0), (np.nan, np.nan)],
                     radius_m=[2600, 2700, 5000, 5000])  # fmt: skip
    told = [codes_of(bits) for bits in why_not_by_street(crowd, RULES, streets, 0, np.arange(4))]
    assert told == [("too_far",), (), ("too_far",), ()]
    assert [codes_of(bits) for bits in why_not(crowd, RULES, 0, np.arange(4))] == [(), (), (), ()]


def test_why_not_by_street_agrees_with_who_is_found():
    crowd = crowd_at(BANKS, BANKS, radius_m=1300, within_m=[0, 600, 1200, 0, 600, 1200])
    found = find_pairs_by_street(crowd, RULES, RIVER)
    for ask in range(6):
        row = found.helper[found.indptr[ask] : found.indptr[ask + 1]]
        allowed = why_not_by_street(crowd, RULES, RIVER, ask, np.arange(6)) == 0
        assert sorted(row.tolist()) == np.flatnonzero(allowed).tolist()


def test_without_streets_nobody_can_say_why_not():
    with pytest.raises(BadStreets, match="no streets"):
        why_not_by_street(
            crowd_at([BANKS[0]], [BANKS[1]]), RULES, Streets.of([], [], [], []), 0, np.arange(1)
        )
