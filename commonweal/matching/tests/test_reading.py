"""A network as arrays: what stands in them, that it is what the search for one ask reads, and how many queries."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from commonweal.algorithms.matching import week_parts
from commonweal.algorithms.matching.instance import NOBODY
from commonweal.algorithms.places import cell_centre
from commonweal.exchange import actions
from commonweal.exchange.models import Ask
from commonweal.exchange.tests.cast import DAY, HOUR, MONDAY, fresh, member_of
from commonweal.matching.need import need_of
from commonweal.matching.reading.codes import Bits
from commonweal.matching.reading.network import read_network, read_past
from commonweal.matching.reading.weeks import Week, minutes
from commonweal.members.actions import block, pause
from commonweal.networks.actions import change_policy, go_in_pairs
from commonweal.networks.models import Category

NEAR = (15731, -24515)
WEEK = {"starts_at": MONDAY, "ends_at": MONDAY + 7 * DAY}


def read(town, at=MONDAY):
    """The network, with the offers' members in order."""
    reading = read_network(town.network, at=at)
    return reading, reading.instance.asks, reading.instance.helpers


def of(reading, member):
    """The index of a member's only offer."""
    [place] = np.flatnonzero(reading.instance.helpers.person == reading.members.index(member.pk))
    return int(place)


def test_a_network_without_anybody_is_an_instance_too(town):
    reading, asks, helpers = read(town)
    assert (len(asks), len(helpers), reading.asks, reading.offers) == (0, 0, [], [])


def test_an_ask_is_read_as_it_stands(town):
    ask = town.ask(languages=("es",), needs=("stairs",), urgency=2, hands=3, wish="woman", **WEEK)
    town.offer(town.rosa, languages=("es",), able=("stairs",))
    reading, asks, _helpers = read(town)
    lat, lon = cell_centre(*NEAR)
    assert reading.asks == [ask.pk]
    assert (asks.lat[0], asks.lon[0]) == pytest.approx((lat, lon))
    assert (asks.urgency[0], asks.hands[0], asks.at_least[0], asks.gender[0], asks.load[0]) == (2, 3, 1, 1, 1)
    assert reading.areas[asks.area[0]] == town.abell.pk
    assert [reading.languages[bit] for bit in range(64) if int(asks.languages[0]) >> bit & 1] == ["es"]
    assert [reading.needs[bit] for bit in range(64) if int(asks.needs[0]) >> bit & 1] == ["stairs"]
    assert (asks.within_m[0], asks.person[0], asks.preferred[0]) == (
        town.network.policy.near_m,
        NOBODY,
        NOBODY,
    )


@pytest.mark.parametrize("offset", range(0, 200, 23))
@pytest.mark.parametrize("length", [0.4, 1, 9, 70, 400])
def test_the_parts_of_the_week_are_those_of_the_search_for_one_ask(town, offset, length):
    """The arrays say of all asks at once what `need_of` says of each, as far as the week to come goes."""
    ask = town.ask(starts_at=MONDAY + offset * HOUR, ends_at=MONDAY + (offset + length) * HOUR)
    _reading, asks, _helpers = read(town)
    if offset >= 7 * 24:
        assert len(asks) == 0
        return
    last = int((MONDAY + 7 * DAY).timestamp()) // 60
    parts = [part for part in need_of(fresh_ask(ask), at=MONDAY).parts if part.starts < last]
    long = {part.bit for part in parts if min(part.ends, last) - part.starts >= 30}
    expected = long or {part.bit for part in parts}
    assert {bit for bit in range(42) if int(asks.slots[0]) >> bit & 1} == expected


def fresh_ask(ask):
    """The ask with its network and category."""
    return Ask.objects.select_related("network", "category", "by").get(pk=ask.pk)


def test_an_offer_is_read_as_it_stands(town):
    town.rosa.languages, town.rosa.goes_as = ["es"], "woman"
    town.rosa.save()
    offer = town.offer(
        town.rosa, cell=NEAR, radius_m=900, slots=5, vehicle="car", carries=2, able=("stairs",),
        categories=(town.groceries.pk, town.ride.pk),
    )  # fmt: skip
    town.ask(needs=("stairs",))
    town.ask(category=town.ride.pk)
    reading, asks, helpers = read(town)
    assert (reading.offers, reading.members) == ([offer.pk], [town.rosa.pk])
    assert (helpers.radius_m[0], helpers.slots[0], helpers.vehicle[0], helpers.carries[0]) == (900, 5, 3, 2)
    assert (helpers.gender[0], helpers.able[0], helpers.capacity[0], helpers.per_week[0]) == (1, 1, 3, 3)
    assert helpers.categories[0] == (1 << asks.category[0]) | (1 << asks.category[1])
    assert (helpers.rested_h[0], helpers.resting[0]) == (NOBODY, False)


def test_where_an_offer_has_no_place_the_member_s_own_counts(town):
    town.rosa.cell_y, town.rosa.cell_x = NEAR
    town.rosa.save()
    town.offer(town.rosa, cell=None)
    town.offer(town.lee, cell=None)
    reading, _asks, helpers = read(town)
    assert np.isnan(helpers.lat[of(reading, town.lee)])
    assert not np.isnan(helpers.lat[of(reading, town.rosa)])


def test_who_rests_or_takes_a_break(town, hand):
    town.offer(town.rosa)
    town.offer(town.lee)
    town.invited(town.ask(), town.rosa)
    pause(member=town.lee)
    hand.advance(timedelta(hours=5))
    reading, _asks, helpers = read(town, MONDAY + 5 * HOUR)
    assert helpers.rested_h[of(reading, town.rosa)] == 5
    assert helpers.resting.tolist() == [one == town.lee.pk for one in members_of(reading)]


def members_of(reading):
    """Whose each offer is."""
    return [reading.members[person] for person in reading.instance.helpers.person]


def test_who_left_no_way_to_be_reached_is_left_out(town):
    town.offer(town.rosa)
    town.rosa.contact_points.all().delete()
    assert read(town)[0].offers == []


def test_a_week_holds_what_is_agreed_and_its_time_is_taken(town):
    town.offer(town.rosa)
    ask = town.ask()
    town.agreed(ask, town.rosa, meets_at=ask.starts_at, meets_until=ask.ends_at)
    town.ask(**WEEK)
    _reading, _asks, helpers = read(town)
    assert helpers.capacity[0] == 2
    # Wednesday between two and six, New York time: the part from three to six is gone, the one before is not.
    taken = ~int(helpers.slots[0]) & ((1 << 42) - 1)
    assert [bit for bit in range(42) if taken >> bit & 1] == [2 * 6 + 3]


def test_a_full_calendar_week_leaves_the_days_of_the_next(town):
    town.rosa.per_week = 1
    town.rosa.save()
    town.offer(town.rosa)
    ask = town.ask()
    town.agreed(ask, town.rosa, meets_at=MONDAY + HOUR, meets_until=MONDAY + 2 * HOUR)
    at = MONDAY + 4 * DAY
    town.ask(starts_at=at, ends_at=at + 6 * DAY)
    _reading, _asks, helpers = read(town, at)
    free = {bit // 6 for bit in range(42) if int(helpers.slots[0]) >> bit & 1}
    assert helpers.capacity[0] == 1
    assert free == {0, 1, 2, 3, 4}  # the rest of Friday to Sunday is of the week that is full
    assert [bit for bit in range(4 * 6, 5 * 6) if int(helpers.slots[0]) >> bit & 1] == [24, 25]


def test_pairs_that_must_not_meet_and_those_who_have_met(town, hand):
    for member in (town.rosa, town.lee, town.sam):
        town.offer(member)
    town.ask()
    first = actions.publish_ask(network=town.network, draft=town.draft(), by=town.jo).ask
    hand.advance(timedelta(hours=1))
    met = town.agreed(first, town.sam)
    actions.report_handover(match=met, outcome="done", said_by="asker")
    ask = actions.publish_ask(network=town.network, draft=town.draft(), by=town.jo).ask
    actions.decline_invitation(match=town.invited(ask, town.rosa))
    block(member=town.lee, blocked=town.jo)
    reading, _asks, _helpers = read(town, MONDAY + HOUR)
    place = reading.asks.index(ask.pk)
    blocked = {members_of(reading)[helper] for which, helper in reading.instance.blocked if which == place}
    known = {members_of(reading)[helper] for which, helper in reading.instance.known if which == place}
    assert (blocked, known) == ({town.rosa.pk, town.lee.pk}, {town.sam.pk})


def test_who_wants_to_be_left_alone_with_a_kind_of_thing_does_not_offer_it(town):
    town.offer(town.rosa, categories=(town.groceries.pk, town.ride.pk))
    town.ask(category=town.ride.pk)
    ask = town.ask()
    actions.decline_invitation(match=town.invited(ask, town.rosa), rest="category")
    reading, asks, helpers = read(town)
    assert int(helpers.categories[0]) == 1 << int(asks.category[reading.asks.index(ask.pk)]) ^ 0b11


def test_where_helpers_go_in_pairs_it_is_all_or_nothing(town):
    go_in_pairs(network=town.network, slug="groceries", pairs=True)
    town.ask()
    _reading, asks, _helpers = read(town)
    assert (asks.hands[0], asks.at_least[0]) == (2, 2)


def test_the_asker_of_an_ask_by_contact_is_known_and_the_preferred_helper(town):
    town.offer(town.jo)
    town.offer(town.rosa)
    ask = town.ask(contact="jo@example.org", starts_at=MONDAY + DAY, ends_at=MONDAY + DAY + HOUR)
    Ask.objects.filter(pk=ask.pk).update(preferred=town.rosa)
    reading, asks, _helpers = read(town)
    assert reading.members[asks.person[0]] == town.jo.pk
    assert members_of(reading)[asks.preferred[0]] == town.rosa.pk


def test_only_where_the_program_invites_the_search_has_a_ring(town):
    change_policy(network=town.network, changes={"mode": "board"}, reason="We know one another.")
    town.ask()
    assert read(town)[1].within_m[0] == 0


def test_of_too_many_categories_the_least_used_are_left_to_the_search_for_one(town):
    made = Category.objects.bulk_create(
        Category(network=town.network, slug=f"kind-{number}", names={"en": "x"}) for number in range(65)
    )
    for category in made:
        town.ask(category=category.pk)
    town.ask(category=made[-1].pk)
    reading, asks, _helpers = read(town)
    assert len(asks) == 65
    assert len(set(asks.category.tolist())) == 64
    assert Ask.objects.filter(pk__in=reading.asks, category=made[-1]).count() == 2


def test_the_past_is_read_without_what_was_agreed(town, hand):
    town.offer(town.rosa)
    ask = town.ask()
    town.agreed(ask, town.rosa)
    actions.withdraw_ask(ask=fresh(ask))
    reading, rows = read_past(
        town.network, since=MONDAY - DAY, until=MONDAY + DAY, policy=town.network.policy
    )
    assert [row.id for row in rows] == reading.asks == [ask.pk]
    assert (reading.instance.helpers.capacity[0], reading.instance.helpers.rested_h[0]) == (3, NOBODY)
    assert len(reading.instance.blocked) == 0


def test_however_many_there_are_it_takes_as_many_queries(town, django_assert_max_num_queries):
    for number in range(4):
        town.offer(member_of(town.network, f"Neighbour{number}", languages=["en"]))
        town.ask()
    with django_assert_max_num_queries(13):
        read(town)


@pytest.mark.parametrize(
    "day", [datetime(2026, 3, 7, 15, tzinfo=UTC), datetime(2026, 10, 31, 15, tzinfo=UTC)]
)
@pytest.mark.parametrize("zone", ["America/New_York", "Australia/Lord_Howe", "Africa/Casablanca"])
def test_a_change_of_the_clocks_moves_no_part_of_the_week(day, zone):
    here = ZoneInfo(zone)
    week = Week.of(day, here)
    starts = [day + number * timedelta(minutes=47) for number in range(200)]
    ends = [start + timedelta(minutes=95) for start in starts]
    touched = week.touched(minutes(starts), minutes(ends)).tolist()
    last = day + 7 * DAY
    for start, end, bits in zip(starts, ends, touched, strict=True):
        parts = week_parts(start, min(end, last), here)
        long = {part.bit for part in parts if part.ends - part.starts >= 30} or {part.bit for part in parts}
        assert {bit for bit in range(42) if bits >> bit & 1} == long


def test_windows_in_the_past_and_without_end_are_read(town):
    ask = town.ask(starts_at=MONDAY - 40 * DAY, ends_at=MONDAY + 400 * DAY)
    over = town.ask(**WEEK)
    Ask.objects.filter(pk=over.pk).update(starts_at=MONDAY - 3 * DAY, ends_at=MONDAY - DAY)
    reading, asks, _helpers = read(town)
    assert reading.asks == [ask.pk]
    assert int(asks.slots[0]) == (1 << 42) - 1


def test_of_too_many_words_the_commonest_have_a_bit():
    words = [f"w{number:02}" for number in range(70)]
    bits = Bits.of([*words, *words[:60], *words[66:]])
    assert len(bits.words) == 64
    assert set(words[:60]) | set(words[66:]) == set(bits.words)
    assert (bits(["w00", "w65"]), bits(["w65"]), bits(["w00", "w00"])) == (1, 0, 1)
