"""An ask and a helper who can meet it, and any others that Hypothesis can think of."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from commonweal.algorithms.matching import Before, Helper, Need, week_parts

MONDAY = datetime(2026, 11, 23, tzinfo=UTC)
START = int(MONDAY.timestamp()) // 60
PARTS = week_parts(MONDAY, MONDAY + timedelta(days=7), UTC)
HOME = (15712, -24510)  # Fells Point, Baltimore: a cell is 278 m high and 269 m wide
NEEDS = ("stairs", "wheelchair", "mask")
LANGUAGES = ("es", "en", "ar", "ht")
VEHICLES = ("foot", "bicycle", "cargo", "car", "van")

ASK = Need(category="groceries", parts=PARTS, cell=HOME, languages=("es", "en"))
ROSA = Helper(id="rosa", offer="rosa-1", categories=frozenset({"groceries"}), cell=HOME, languages=("es",))


def north(cells: int) -> tuple[int, int]:
    """A cell so many cells north of home, each 278 m."""
    return HOME[0] + cells, HOME[1]


def like(helper: Helper, key: str, **changes: Any) -> Helper:
    """The same in all but these."""
    return replace(helper, id=key, offer=f"{key}-1", **changes)


cells = st.one_of(
    st.none(), st.tuples(st.integers(HOME[0] - 20, HOME[0] + 20), st.integers(HOME[1] - 20, HOME[1] + 20))
)
windows = st.builds(
    lambda start, length: week_parts(
        MONDAY + timedelta(hours=start), MONDAY + timedelta(hours=start + length), UTC
    ),
    st.integers(0, 100),
    st.integers(1, 200),
)
tongues = st.lists(st.sampled_from(LANGUAGES), unique=True, max_size=3).map(tuple)

needs = st.builds(
    Need,
    category=st.sampled_from(["groceries", "ride"]),
    parts=windows,
    minutes=st.sampled_from([10, 30, 180]),
    cell=cells,
    in_person=st.booleans(),
    within_m=st.one_of(st.none(), st.integers(100, 6000)),
    languages=tongues,
    talk=st.booleans(),
    needs=st.frozensets(st.sampled_from(NEEDS), max_size=2),
    load=st.integers(0, 3),
    vehicles=st.sampled_from([frozenset(), frozenset({"car", "van"})]),
    quantity=st.integers(0, 9),
    urgency=st.integers(0, 2),
    wish=st.sampled_from(["", "woman"]),
    asker=st.sampled_from(["", "a", "b"]),
    preferred=st.sampled_from(["", "a", "b"]),
    repeats=st.booleans(),
)

helpers = st.builds(
    Helper,
    id=st.sampled_from(["a", "b", "c", "d"]),
    offer=st.sampled_from(["", "1", "2"]),
    categories=st.frozensets(st.sampled_from(["groceries", "ride"]), min_size=1),
    cell=cells,
    radius_m=st.integers(0, 8000),
    slots=st.integers(0, (1 << 42) - 1),
    busy=st.lists(
        st.tuples(st.integers(START, START + 9000), st.integers(1, 600)).map(lambda b: (b[0], b[0] + b[1])),
        max_size=2,
    ).map(tuple),
    languages=tongues,
    per_week=st.integers(0, 5),
    agreed_this_week=st.integers(0, 5),
    last_asked_h=st.one_of(st.none(), st.integers(0, 500)),
    vehicle=st.sampled_from(VEHICLES),
    carries=st.integers(0, 3),
    able=st.frozensets(st.sampled_from(NEEDS)),
    quantity_left=st.one_of(st.none(), st.integers(0, 12)),
    before=st.sampled_from(Before),
    rests_category=st.booleans(),
    blocked=st.booleans(),
    unreachable=st.booleans(),
    helped_asker=st.booleans(),
    paused=st.booleans(),
    goes_as=st.sampled_from(["", "woman", "man"]),
)

# Hypothesis seldom thinks of a pair that fits; these fit more often than not.
easy_needs = st.builds(
    replace,
    needs,
    category=st.just("groceries"),
    within_m=st.none(),
    load=st.integers(0, 2),
    needs=st.frozensets(st.sampled_from(NEEDS), max_size=1),
    vehicles=st.just(frozenset()),
    asker=st.just(""),
    wish=st.just(""),
    talk=st.just(False),
    parts=st.just(PARTS),
)
willing = st.builds(
    replace,
    helpers,
    categories=st.just(frozenset({"groceries"})),
    radius_m=st.just(20_000),
    before=st.just(Before.NOTHING),
    per_week=st.just(6),
    able=st.just(frozenset(NEEDS)),
    carries=st.integers(2, 3),
    last_asked_h=st.one_of(st.none(), st.integers(20, 500)),
    quantity_left=st.one_of(st.none(), st.integers(1, 12)),
    rests_category=st.just(False),
    blocked=st.just(False),
    unreachable=st.just(False),
    paused=st.just(False),
    slots=st.just((1 << 42) - 1),
)
