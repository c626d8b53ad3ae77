"""What the desk reads of candidates, and which asks a new offer could meet."""

import pytest
from django.utils import translation

from commonweal.base import clock
from commonweal.exchange.actions import decline_invitation, pause_offer
from commonweal.exchange.models import Ask, Match
from commonweal.exchange.tests.cast import HOUR, MONDAY, member_of
from commonweal.matching.actions import search_for
from commonweal.matching.queries import (
    CandidateRow,
    RefusalRow,
    asks_for_offer,
    candidates_for,
    open_offers_of,
    who_could,
    why_not,
)
from commonweal.members.actions import block, pause
from commonweal.networks.actions import change_policy

NEAR = (15731, -24515)


def test_candidates_are_named_best_first_with_their_reasons_in_words(town):
    ask = town.ask()
    town.offer(town.rosa, cell=(NEAR[0] + 2, NEAR[1]))
    town.offer(town.lee, cell=NEAR)
    assert candidates_for(ask) == [
        CandidateRow(
            member_id=town.lee.pk,
            name="Lee",
            reasons=["close by", "days vary", "has not helped yet this week", "says up to 3 times a week"],
            score=20,
            match_id=None,
        ),
        CandidateRow(
            member_id=town.rosa.pk,
            name="Rosa",
            reasons=["600 m away", "days vary", "has not helped yet this week", "says up to 3 times a week"],
            score=-4,
            match_id=None,
        ),
    ]


def test_reasons_are_in_the_reader_s_language(town):
    ask = town.ask(languages=("ht",))
    town.offer(member_of(town.network, "Dev", languages=["ht"]), cell=NEAR)
    with translation.override("es"):
        [row] = candidates_for(ask)
    assert "criollo haitiano" in row.reasons[1]


def test_no_more_are_shown_than_wanted_and_how_many_there_are_is_said(town):
    ask = town.ask()
    for number in range(4):
        town.offer(member_of(town.network, f"Neighbour{number}", languages=["en"]), cell=NEAR)
    could = who_could(ask, 3)
    assert (len(could.candidates), could.more) == (3, 1)


def test_who_was_suggested_has_their_match(town):
    change_policy(network=town.network, changes={"mode": "dispatcher"}, reason="We know one another.")
    ask = town.ask()
    town.offer(town.rosa, cell=NEAR)
    search_for(network_id=ask.network_id, ask_id=ask.pk, at=MONDAY)
    assert [row.match_id for row in candidates_for(ask)] == [Match.objects.get().pk]


def test_why_not_is_grouped_in_words_and_names_two(town):
    ask = town.ask()
    tired = [member_of(town.network, f"Neighbour{number}", languages=["en"]) for number in range(4)]
    for distance, member in enumerate(tired):
        town.offer(member, cell=(NEAR[0] + distance, NEAR[1]))
        pause(member=member)
    town.offer(town.rosa, cell=NEAR)
    decline_invitation(match=town.invited(ask, town.rosa))
    assert why_not(ask) == [
        RefusalRow(words="taking a break", names=["Neighbour0", "Neighbour1"], others=2),
        RefusalRow(words="said no to this one", names=["Rosa"], others=0),
    ]


def test_in_the_night_nobody_is_asked_and_the_desk_reads_why(town):
    town.offer(town.rosa, cell=NEAR)
    night = MONDAY + 14 * HOUR  # midnight in the network
    ask = town.ask(starts_at=night, ends_at=night + 5 * HOUR)
    search_for(network_id=ask.network_id, ask_id=ask.pk, at=MONDAY)
    assert not Match.objects.exists()
    assert [(row.words, row.names) for row in why_not(ask)] == [("not free at that time", ["Rosa"])]


def test_a_block_is_never_told(town):
    ask = town.ask()
    Ask.objects.filter(pk=ask.pk).update(by=town.jo)
    ask.refresh_from_db()
    town.offer(town.jo, cell=NEAR)
    town.offer(town.rosa, cell=NEAR)
    block(member=town.rosa, blocked=town.jo)
    [row] = why_not(ask)
    assert (row.words, sorted(row.names)) == ("can't be asked for this one", ["Jo", "Rosa"])


def test_the_desk_s_page_costs_the_same_however_many_offer(town, django_assert_max_num_queries):
    ask = town.ask()
    for number in range(12):
        member = member_of(town.network, f"Neighbour{number}", languages=["en"])
        town.offer(member, cell=NEAR)
        if number % 2:
            pause(member=member)
    with django_assert_max_num_queries(12):
        could = who_could(Ask.objects.select_related("network", "category").get(pk=ask.pk))
    assert (len(could.candidates), could.more) == (5, 1)


@pytest.fixture
def offer(town):
    """Rosa's: groceries and things, two kilometres around."""
    return town.offer(town.rosa, cell=NEAR, categories=(town.groceries.pk, town.things.pk), radius_m=2000)


def found(offer):
    """The asks that are searched for once more because of an offer."""
    return asks_for_offer(offer.network_id, offer.pk, at=clock.now())


def test_asks_in_reach_and_of_the_kind_are_found(town, offer):
    near = town.ask()
    nowhere = town.ask(cell=None)
    of_another_kind = town.ask(category=town.ride.pk)
    in_the_corner = town.ask(cell=(NEAR[0] + 7, NEAR[1] + 7))
    far = town.ask(cell=(NEAR[0] + 30, NEAR[1]))
    assert found(offer) == [near.pk, nowhere.pk]
    assert {of_another_kind.pk, in_the_corner.pk, far.pk}.isdisjoint(found(offer))


def test_an_offer_from_nowhere_could_meet_any(town):
    ask = town.ask()
    offer = town.offer(town.rosa, cell=None, area=None)
    assert found(offer) == [ask.pk]


def test_what_is_met_or_over_is_not_searched_for(town, offer, hand):
    town.agreed(town.ask(), town.lee)
    over = town.ask(starts_at=MONDAY, ends_at=MONDAY + HOUR)
    assert found(offer) == [over.pk]
    hand.advance(HOUR)
    assert found(offer) == []


def test_those_ahead_and_those_that_wait_longest_come_first_and_no_more_than_twenty(town, offer, hand):
    asks = []
    for _number in range(22):
        asks.append(town.ask().pk)
        hand.advance(HOUR / 60)
    Ask.objects.filter(pk=asks[-1]).update(ahead=1)
    assert found(offer) == [asks[-1], *asks[:19]]


def test_an_offer_that_is_not_open_meets_nothing(town, offer, bo):
    town.ask()
    pause_offer(offer=offer)
    assert found(offer) == []
    assert asks_for_offer(bo.network_id, offer.pk, at=MONDAY) == []


def test_the_open_offers_of_a_member(town, offer, bo):
    paused = town.offer(town.rosa, cell=NEAR)
    pause_offer(offer=paused)
    town.offer(town.lee, cell=NEAR)
    assert open_offers_of(town.network.pk, town.rosa.pk) == [offer.pk]
    assert open_offers_of(bo.network_id, town.rosa.pk) == []
