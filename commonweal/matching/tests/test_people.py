"""Who is read for an ask: the box and the radius, what is left out early, and never more than so many queries."""

import random
from datetime import timedelta

import pytest
from django.db import connection

from commonweal.algorithms.places import distance_m
from commonweal.base.eventlog import By
from commonweal.base.ids import new_id
from commonweal.exchange.actions import decline_invitation, report_handover
from commonweal.exchange.models import Ask, Match, Offer, OfferCategory
from commonweal.exchange.tests.cast import DAY, HOUR, MONDAY, fresh, member_of
from commonweal.matching import people
from commonweal.matching.actions import search_for
from commonweal.matching.need import need_of
from commonweal.matching.people import asker_of, people_for
from commonweal.matching.search import look
from commonweal.members.actions import leave, pause
from commonweal.members.models import ContactPoint, Member
from commonweal.networks.models import Category

NEAR = (15731, -24515)


def read(ask, *, within_m=None, ready=True, only=None):
    """Who is read, by name."""
    ask = Ask.objects.select_related("network", "category", "by").get(pk=ask.pk)
    need = need_of(ask, at=MONDAY, asker=str(asker_of(ask) or ""), within_m=within_m)
    names = {str(member.pk): member.name for member in Member.objects.all()}
    return {
        names[one.id]: one for one in people_for(ask, need, at=MONDAY, ready=ready, among=only and {only})
    }


def test_an_offer_is_read_as_it_stands(town):
    town.rosa.languages = ["es", "en"]
    town.rosa.save()
    offer = town.offer(
        town.rosa, cell=NEAR, radius_m=900, slots=5, vehicle="cargo", carries=2, able=("stairs",), quantity=4,
        languages=("es", "en"), per_week=3,
    )  # fmt: skip
    rosa = read(town.ask(starts_at=MONDAY, ends_at=MONDAY + 7 * DAY))["Rosa"]
    assert (rosa.offer, rosa.cell, rosa.radius_m, rosa.slots) == (str(offer.pk), NEAR, 900, 5)
    assert (rosa.vehicle, rosa.carries, rosa.able, rosa.quantity_left) == ("cargo", 2, {"stairs"}, 4)
    assert (rosa.languages, rosa.per_week, rosa.agreed_this_week, rosa.last_asked_h) == (
        ("es", "en"),
        3,
        0,
        None,
    )
    assert not any((rosa.blocked, rosa.paused, rosa.unreachable, rosa.rests_category, rosa.helped_asker))


def test_their_own_word_for_themselves_is_read_and_the_asker_s_wish(town):
    town.rosa.goes_as = "woman"
    town.rosa.save()
    town.offer(town.rosa, cell=NEAR)
    town.offer(town.lee, cell=NEAR)
    ask = town.ask(wish="woman")
    assert need_of(ask, at=MONDAY).wish == "woman"
    assert {name: one.goes_as for name, one in read(ask).items()} == {"Rosa": "woman", "Lee": ""}


def test_where_an_offer_has_no_place_the_member_s_own_counts(town):
    town.offer(town.rosa, cell=None, area=None)
    town.offer(town.lee, cell=None, area=None)
    Member.objects.filter(pk=town.rosa.pk).update(cell_y=NEAR[0] + 1, cell_x=NEAR[1])
    found = read(town.ask())
    assert (found["Rosa"].cell, found["Lee"].cell) == ((NEAR[0] + 1, NEAR[1]), None)


def test_who_wants_to_be_asked_for_nothing_has_no_room_in_any_week(town):
    town.offer(town.rosa, cell=NEAR)
    Member.objects.filter(pk=town.rosa.pk).update(per_week=0)
    (refusal,) = look(town.ask(), at=MONDAY, ready=False).refusals
    assert "week_full" in refusal.codes


def scattered(town):
    """Three hundred offers of one member, about five kilometres around, by id: where and how far."""
    chance = random.Random(7)
    made = {
        new_id(): (
            (NEAR[0] + chance.randint(-20, 20), NEAR[1] + chance.randint(-20, 20)),
            chance.choice([500, 1500, 4000]),
        )
        for _number in range(300)
    }
    common = {"network": town.network}
    Offer.objects.bulk_create(
        Offer(id=key, member=town.rosa, cell_y=y, cell_x=x, radius_m=radius, check_at=MONDAY + DAY, **common)
        for key, ((y, x), radius) in made.items()
    )
    OfferCategory.objects.bulk_create(
        OfferCategory(offer_id=key, category=town.groceries, cell_y=y, cell_x=x, **common)
        for key, ((y, x), _radius) in made.items()
    )
    return made


def test_the_database_leaves_out_nobody_in_reach_and_hands_over_few_others(town):
    made = scattered(town)
    need = need_of(town.ask(), at=MONDAY, within_m=3000)
    offers = people._offered(town.ask(), need, MONDAY, set())
    handed_over = {row["offer"] for row in people._rows(offers, 1000)}
    far = {key: distance_m(NEAR, place) for key, (place, _radius) in made.items()}
    in_reach = {key for key, (_place, radius) in made.items() if far[key] <= min(radius, 3000)}
    nearly = {
        key for key, (_place, radius) in made.items() if far[key] <= min(1.1 * radius + 300, 3000 * 1.5)
    }
    assert 20 < len(in_reach) < 200
    assert in_reach <= handed_over <= nearly


@pytest.mark.parametrize(
    ("cells", "radius_m", "within_m", "is_read"),
    [
        (0, 500, None, True),
        (5, 1500, None, True),
        (9, 1500, None, False),
        (9, 4000, None, True),
        (9, 4000, 1500, False),
        (3, 4000, 1500, True),
    ],
)
def test_the_radius_and_the_ring(town, cells, radius_m, within_m, is_read):
    town.offer(town.rosa, cell=(NEAR[0] + cells, NEAR[1]), radius_m=radius_m)
    town.offer(town.lee, cell=None, area=None)
    assert ("Rosa" in read(town.ask(), within_m=within_m)) is is_read
    assert "Lee" in read(town.ask(), within_m=within_m)


def test_beside_the_date_line_nobody_is_lost(town):
    last = 180 * 320 - 1
    town.offer(town.rosa, cell=(0, -180 * 320), radius_m=4000)
    ask = town.ask(cell=(0, last))
    assert set(read(ask)) == {"Rosa"}
    assert set(read(ask, within_m=1500)) == {"Rosa"}


def test_for_a_call_distance_is_nothing(town):
    listening = Category.objects.get(network=town.network, slug="listening")
    town.offer(town.rosa, cell=(0, 0), radius_m=500, categories=(listening.pk,))
    assert set(read(town.ask(category=listening.pk), within_m=1500)) == {"Rosa"}


def test_what_the_search_could_not_invite_is_left_out_early_and_kept_for_the_desk(town):
    cast = {
        name: member_of(town.network, name, languages=["en"]) for name in ("Ann", "Bea", "Cas", "Dov", "Eve")
    }
    for member in cast.values():
        town.offer(member, cell=NEAR)
    ask = town.ask()
    pause(member=cast["Ann"])
    decline_invitation(match=town.invited(ask, cast["Bea"]))
    town.invited(town.ask(), cast["Cas"])
    Offer.objects.filter(member=cast["Dov"]).update(slots=1 << 40)
    assert set(read(ask)) == {"Eve"}
    everybody = read(ask, ready=False)
    assert set(everybody) == set(cast)
    assert everybody["Ann"].paused
    assert everybody["Bea"].before == "said_no"
    assert everybody["Cas"].last_asked_h == 0
    assert set(read(ask, ready=False, only=cast["Dov"].pk)) == {"Dov"}


def test_who_left_is_gone_for_the_desk_too(town):
    town.offer(town.rosa, cell=NEAR)
    leave(member=town.rosa)
    assert read(town.ask(), ready=False) == {}


def test_who_left_no_way_to_be_reached(town):
    town.offer(town.rosa, cell=NEAR)
    ContactPoint.objects.filter(member=town.rosa).delete()
    assert read(town.ask())["Rosa"].unreachable


@pytest.mark.parametrize(
    ("state", "before"),
    [
        ("proposed", ""),
        ("invited", "being_asked"),
        ("accepted", "coming"),
        ("lent", "coming"),
        ("done", "helped"),
        ("partly", "helped"),
        ("missed", "missed"),
        ("silent", "silent"),
        ("declined", "said_no"),
        ("lapsed", "silent"),
        ("taken_back", ""),
        ("dropped", "dropped"),
    ],
)
def test_what_passed_between_a_member_and_this_ask(town, state, before):
    town.offer(town.rosa, cell=NEAR)
    ask = town.ask()
    Match.objects.create(network=town.network, ask=ask, member=town.rosa, state=state)
    assert read(ask, ready=False)["Rosa"].before == before


def test_every_state_of_a_match_is_thought_of():
    silent_about_it = {Match.State.PROPOSED, Match.State.TAKEN_BACK}
    assert set(people.BEFORE) == set(Match.State) - silent_about_it


def test_what_is_alive_says_more_than_what_came_after_it(town):
    town.offer(town.rosa, cell=NEAR)
    ask = town.ask()
    for state, minutes in (("accepted", 0), ("lapsed", 5)):
        Match.objects.create(
            network=town.network,
            ask=ask,
            member=town.rosa,
            state=state,
            created_at=MONDAY + timedelta(minutes=minutes),
        )
    assert read(ask, ready=False)["Rosa"].before == "coming"


@pytest.mark.parametrize("how", ["contact", "member", "series"])
def test_who_has_helped_this_asker_before_is_known(town, hand, how):
    town.offer(town.rosa, cell=NEAR)
    town.offer(town.lee, cell=NEAR)
    by = {
        "contact": {},
        "member": {"contact": "", "contact_kind": ""},
        "series": {"contact": "", "contact_kind": ""},
    }
    first, second = town.ask(**by[how]), town.ask(**by[how])
    if how == "member":
        Ask.objects.update(by=town.jo)
    if how == "series":
        Ask.objects.update(series=first.pk)
    match = town.agreed(first, town.rosa)
    hand.advance(4 * DAY)
    report_handover(match=match, outcome="done", said_by=By.ASKER)
    found = read(fresh(second), ready=False)
    assert (found["Rosa"].helped_asker, found["Lee"].helped_asker) == (True, False)


def test_a_stranger_s_ask_makes_nobody_known(town, hand):
    town.offer(town.rosa, cell=NEAR)
    match = town.agreed(town.ask(), town.rosa)
    assert match.state == "accepted"
    assert not read(town.ask(contact="other@example.org"), ready=False)["Rosa"].helped_asker


def test_a_long_stretch_agreed_on_keeps_nobody_from_anything(town):
    town.offer(town.rosa, cell=NEAR)
    town.agreed(town.ask(), town.rosa, meets_at=MONDAY, meets_until=MONDAY + 6 * HOUR)
    town.agreed(town.ask(), town.rosa, meets_at=MONDAY, meets_until=MONDAY + 7 * HOUR)
    rosa = read(town.ask(starts_at=MONDAY + HOUR, ends_at=MONDAY + 2 * DAY), ready=False)["Rosa"]
    begins = int(MONDAY.timestamp()) // 60
    assert rosa.busy == ((begins, begins + 360),)
    assert rosa.agreed_this_week == 2


def test_where_every_week_is_full_it_is_the_week_that_says_no(town):
    town.offer(town.rosa, cell=NEAR, per_week=1)
    Member.objects.filter(pk=town.rosa.pk).update(per_week=1)
    town.agreed(town.ask(), town.rosa, meets_at=MONDAY, meets_until=MONDAY + 24 * HOUR)
    rosa = read(town.ask(), ready=False)["Rosa"]
    assert (rosa.agreed_this_week, rosa.per_week, rosa.busy) == (1, 1, ())


def test_the_nearest_are_read_where_there_are_too_many(town, monkeypatch):
    monkeypatch.setattr(people, "MOST_JUDGED", 2)
    for distance in (3, 1, 2, 0):
        member = member_of(town.network, f"Neighbour{distance}", languages=["en"])
        town.offer(member, cell=(NEAR[0] + distance, NEAR[1]))
    assert set(read(town.ask())) == {"Neighbour0", "Neighbour1"}


def test_without_a_place_those_are_read_who_were_asked_longest_ago(town, monkeypatch):
    monkeypatch.setattr(people, "MOST_JUDGED", 2)
    for name, days in (("Rosa", 3), ("Lee", 30), ("Sam", None)):
        member = getattr(town, name.lower())
        town.offer(member, cell=NEAR)
        asked = None if days is None else MONDAY - days * DAY
        Member.objects.filter(pk=member.pk).update(last_asked_at=asked)
    assert set(read(town.ask(cell=None))) == {"Sam", "Lee"}


def test_the_preferred_helper_is_read_with_their_offer_or_without(town):
    ask = town.ask(needs=("stairs",))
    Ask.objects.filter(pk=ask.pk).update(preferred=town.rosa)
    rosa = read(ask)["Rosa"]
    assert (rosa.offer, rosa.able, rosa.radius_m) == ("", {"stairs"}, people.ANYWHERE)
    offer = town.offer(town.rosa, cell=(NEAR[0] + 90, NEAR[1]), radius_m=500)
    rosa = read(ask)["Rosa"]
    assert (rosa.offer, rosa.radius_m) == (str(offer.pk), 500)
    assert read(ask, only=town.lee.pk) == {}
    leave(member=town.rosa)
    assert read(ask) == {}


def test_a_preferred_driver_comes_with_the_car(town):
    ask = town.ask(category=town.ride.pk)
    Ask.objects.filter(pk=ask.pk).update(preferred=town.rosa)
    assert read(ask)["Rosa"].vehicle == "car"


@pytest.mark.parametrize("helpers", [2, 12])
def test_a_search_costs_ten_queries_at_most_however_many_offer(
    town, hand, django_assert_max_num_queries, helpers
):
    for number in range(helpers):
        member = member_of(town.network, f"Neighbour{number}", languages=["en"])
        town.offer(member, cell=NEAR)
        pause(member=member)
    town.offer(town.rosa, cell=(NEAR[0] + 9, NEAR[1]), radius_m=500)
    ask = town.ask(contact="jo@example.org", repeat_days=1)
    Ask.objects.filter(pk=ask.pk).update(preferred=town.lee, next_step_at=MONDAY + DAY)
    pause(member=town.lee)
    with django_assert_max_num_queries(10):
        search_for(network_id=ask.network_id, ask_id=ask.pk, at=MONDAY)
    assert not Match.objects.exists()


def test_the_search_by_place_uses_its_index(town):
    plan = OfferCategory.objects.filter(
        network=town.network, category=town.groceries, is_open=True, cell_y__gte=1, cell_y__lte=2
    ).explain()
    assert "offer_near" in plan or connection.vendor != "sqlite"
