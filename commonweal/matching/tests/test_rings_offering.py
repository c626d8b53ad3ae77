"""Who is offered a ring, and what it changes: nothing but that they are written to."""

from itertools import pairwise

import pytest

from commonweal.base import crypto
from commonweal.base.eventlog import story_of
from commonweal.exchange import actions as exchange
from commonweal.exchange.models import Ask, Match
from commonweal.exchange.tests.cast import DAY, HOUR, MONDAY, fresh, letters, member_of, verbs
from commonweal.matching.models import Ring, RingPlace
from commonweal.matching.rings import actions
from commonweal.matching.rings.finding import choose_rings
from commonweal.matching.rings.pool import BETWEEN_RINGS, possible_gifts
from commonweal.matching.rings.queries import places_of
from commonweal.matching.rings.tasks import offer_rings, offer_rings_of_the_morning
from commonweal.matching.tests.ring_cast import found_circle, own_ask
from commonweal.members.actions import block, pause
from commonweal.networks.actions import change_policy

LATER = MONDAY + DAY


@pytest.fixture
def circle(town):
    """The three who could make a ring."""
    return found_circle(town)


def gifts(town, at=MONDAY):
    named = {town.rosa.pk: "Rosa", town.lee.pk: "Lee", town.sam.pk: "Sam", town.jo.pk: "Jo"}
    found = possible_gifts(town.network, at=at, answer_by=at + DAY)
    return {(named[giver], named[taker]) for giver, taker in found}


def letter_to(address):
    return letters("ring").get(to_index=crypto.blind_index(address, "contact"))


def decide(town, **changes):
    change_policy(network=town.network, changes=changes, reason="We said so.")
    town.network.refresh_from_db()


class TestWho:
    def test_each_could_do_what_the_next_needs(self, town, circle):
        assert gifts(town) == {("Rosa", "Sam"), ("Lee", "Rosa"), ("Sam", "Lee")}

    @pytest.mark.parametrize("name", ["Rosa", "Lee", "Sam"])
    def test_who_offers_nothing_any_more_is_out(self, town, circle, name):
        exchange.pause_offer(offer=circle.offers[name])
        assert not any(name in pair for pair in gifts(town))
        assert circle.offer() is None

    def test_who_takes_a_break_is_out(self, town, circle):
        pause(member=town.lee)
        assert gifts(town) == set()  # without one of them there is no circle

    @pytest.mark.parametrize("turned", [False, True])
    def test_a_block_holds_both_ways(self, town, circle, turned):
        one, other = (town.lee, town.rosa) if turned else (town.rosa, town.lee)
        block(member=one, blocked=other)
        assert ("Lee", "Rosa") not in gifts(town)
        assert circle.offer() is None

    def test_who_was_asked_a_short_while_ago_rests(self, town, circle):
        town.lee.last_asked_at = MONDAY - HOUR
        town.lee.save(update_fields=["last_asked_at"])
        assert gifts(town) == set()
        assert len(gifts(town, MONDAY + DAY)) == 3

    def test_who_is_being_asked_something_is_left_in_peace(self, town, circle):
        town.invited(town.ask(), town.lee)
        assert gifts(town, MONDAY + 2 * DAY) == set()

    def test_what_would_be_over_before_all_have_answered_is_out(self, town, circle):
        Ask.objects.filter(pk=circle.asks["Rosa"].pk).update(ends_at=MONDAY + DAY)
        assert gifts(town) == set()  # Rosa, who needs nothing else, is out with it, and so are all

    def test_what_takes_several_people_is_out(self, town, circle):
        Ask.objects.filter(pk=circle.asks["Rosa"].pk).update(hands=2)
        assert ("Lee", "Rosa") not in gifts(town)

    def test_a_full_week_is_full(self, town, circle):
        for number in range(3):
            town.agreed(town.ask(people=number + 1), town.lee)
        assert ("Lee", "Rosa") not in gifts(town, MONDAY + 2 * DAY)

    def test_an_ask_without_an_account_is_its_reader_s(self, town, circle):
        """Lee wrote the ask before signing in, with the address that is theirs."""
        exchange.withdraw_ask(ask=circle.asks["Lee"])
        own_ask(
            town,
            None,
            category=circle.asks["Lee"].category_id,
            contact="lee@example.org",
            contact_kind="email",
        )
        assert ("Sam", "Lee") in gifts(town)

    def test_whose_contact_nobody_has_confirmed_is_in_no_ring(self, town, circle):
        exchange.withdraw_ask(ask=circle.asks["Lee"])
        said = {
            "category": circle.asks["Lee"].category_id,
            "contact": "kim@example.org",
            "contact_kind": "email",
        }
        own_ask(town, None, **said)
        assert not any(taker == "Lee" for _giver, taker in gifts(town))

    def test_of_a_counted_thing_one_must_have_enough(self, town, circle):
        """Rosa has five boxes; Sam wants seven."""
        exchange.withdraw_ask(ask=circle.asks["Sam"])
        town.offer(town.rosa, categories=(town.things.pk,), quantity=5)
        few = own_ask(town, town.sam, category=town.things.pk, quantity=5)
        assert ("Rosa", "Sam") in gifts(town)
        Ask.objects.filter(pk=few.pk).update(quantity=7)
        assert ("Rosa", "Sam") not in gifts(town)

    def test_the_same_day_gives_the_same_rings(self, town, circle):
        found = possible_gifts(town.network, at=MONDAY, answer_by=LATER)
        chosen = [choose_rings(found, longest=3, seed=1) for _turn in range(2)]
        assert chosen[0] == chosen[1]
        assert {giver for giver, _gift in chosen[0][0]} == {town.rosa.pk, town.lee.pk, town.sam.pk}

    def test_it_costs_so_many_queries_an_ask(self, town, circle, django_assert_max_num_queries):
        with django_assert_max_num_queries(7 + 9 * 3):
            possible_gifts(town.network, at=MONDAY, answer_by=LATER)

    def test_whom_no_ring_could_hold_is_not_looked_into(self, town, circle, django_assert_max_num_queries):
        """Jo gives nobody anything; Kim gives what only Jo needs. Only the three are looked into."""
        kim = member_of(town.network, "Kim", per_week=3)
        own_ask(town, town.jo, category=town.borrow.pk)
        own_ask(town, kim, category=town.ride.pk)
        town.offer(town.jo, categories=(town.things.pk,), quantity=3)
        town.offer(kim, categories=(town.borrow.pk,))
        with django_assert_max_num_queries(7 + 9 * 3):
            assert gifts(town) == {("Rosa", "Sam"), ("Lee", "Rosa"), ("Sam", "Lee")}

    def test_those_that_wait_longest_are_looked_into(self, town, circle, monkeypatch):
        monkeypatch.setattr("commonweal.matching.rings.pool.MOST_LOOKS", 2)
        assert gifts(town) == {("Sam", "Lee"), ("Lee", "Rosa")}


class TestOffering:
    def test_each_is_written_to_once_and_sees_two_things_and_no_name(self, town, circle):
        ring = circle.offer()

        assert ring.state == Ring.State.WAITING
        assert ring.answer_by == LATER
        letter = letter_to("rosa@example.org")
        assert letter.context["title"] == "Groceries"
        assert letter.context["own_title"] == "A ride"
        assert letter.context["if_all"] == "If all three of you say yes"
        assert circle.place(ring, "Rosa").token_box in letter.context["link"]
        assert letters("ring").count() == 3
        for other in ("Lee", "Sam", "lee@example.org", "Guilford"):
            assert other not in str(letter.context)

    def test_nothing_else_changes(self, town, circle):
        """The search goes on as if there were no ring, and nobody counts as asked."""
        before = {
            name: (fresh(ask).state, fresh(ask).next_step_at, verbs(ask)) for name, ask in circle.asks.items()
        }
        circle.offer()
        after = {
            name: (fresh(ask).state, fresh(ask).next_step_at, verbs(ask)) for name, ask in circle.asks.items()
        }
        assert before == after
        assert fresh(town.rosa).last_asked_at is None
        assert not Match.objects.exists()
        assert town.invited(circle.asks["Sam"], town.rosa).state == Match.State.INVITED

    def test_it_is_on_record_without_names(self, town, circle):
        (event,) = story_of(circle.offer())
        assert (event.verb, event.data) == ("offered", {"people": 3})

    def test_nobody_is_in_two_rings_and_nobody_is_asked_again_soon(self, town, circle):
        ring = circle.offer()
        actions.say_no(place=circle.place(ring, "Rosa"))
        assert circle.offer(MONDAY + HOUR) == ring
        assert circle.offer(MONDAY + BETWEEN_RINGS + HOUR) == ring

    def test_who_only_did_not_answer_is_asked_again_after_a_week(self, town, circle, hand):
        ring = circle.offer()
        hand.advance(2 * DAY)
        actions.void_if_it_cannot_be(ring=ring)
        Ask.objects.update(ends_at=MONDAY + 30 * DAY)
        assert circle.offer(MONDAY + 6 * DAY) == ring
        assert circle.offer(MONDAY + BETWEEN_RINGS) != ring

    def test_a_ring_of_two(self, town):
        own_ask(town, town.rosa, category=town.ride.pk)
        own_ask(town, town.lee)
        town.offer(town.rosa)
        town.offer(town.lee, categories=(town.ride.pk,), vehicle="car")
        assert offer_rings(town.network, at=MONDAY) == 1
        assert [place.member.name for place in places_of(Ring.objects.get())] == ["Rosa", "Lee"]
        assert letters("ring").first().context["if_all"] == "If both of you say yes"

    def test_what_the_members_decided_holds(self, town, circle):
        decide(town, ring_longest=2)
        assert circle.offer() is None
        decide(town, ring_longest=3, ring_hours=48)
        assert circle.offer().answer_by == MONDAY + 2 * DAY

    @pytest.mark.parametrize(
        "meanwhile",
        [
            lambda circle: exchange.withdraw_ask(ask=circle.asks["Rosa"]),
            lambda circle: circle.town.agreed(circle.asks["Rosa"], circle.town.jo),
            lambda circle: Ask.objects.filter(pk=circle.asks["Rosa"].pk).update(version=2),
            lambda circle: pause(member=circle.town.sam),
            lambda circle: offer_rings(circle.town.network, at=MONDAY),
        ],
    )
    def test_what_changed_since_it_was_chosen_is_not_offered(self, town, circle, meanwhile):
        (chosen,) = choose_rings(possible_gifts(town.network, at=MONDAY, answer_by=LATER), longest=3, seed=0)
        meanwhile(circle)
        before = RingPlace.objects.count()
        assert actions.offer_ring(network=town.network, chosen=chosen, answer_by=LATER) is None
        assert RingPlace.objects.count() == before


class TestTimes:
    def test_nobody_gives_and_gets_in_the_same_hours(self, town, circle):
        places = places_of(circle.offer())
        times = sorted((place.meets_at, place.meets_until) for place in places)
        assert all(one[1] <= other[0] for one, other in pairwise(times))
        assert times[0][0] >= LATER
        assert max(place.meets_until for place in places) <= max(ask.ends_at for ask in circle.asks.values())

    def test_where_there_is_no_later_it_stays_as_it_was(self, town, circle):
        """After the answers there is half an hour left for all of it."""
        Ask.objects.update(starts_at=LATER + HOUR, ends_at=LATER + 1.5 * HOUR)
        places = places_of(circle.offer())
        assert len({place.meets_at for place in places}) == 1


class TestMorning:
    def test_rings_are_offered_in_the_morning_and_once(self, town, circle, hand):
        """It is ten o'clock in New York."""
        assert offer_rings_of_the_morning() == 1
        assert offer_rings_of_the_morning() == 0
        assert Ring.objects.count() == 1

    @pytest.mark.parametrize("hours", [1, 12, 22])
    def test_and_at_no_other_time(self, town, circle, hand, hours):
        hand.move_to(MONDAY + hours * HOUR)
        assert offer_rings_of_the_morning() == 0
        assert not Ring.objects.exists()

    def test_where_the_members_want_none_there_are_none(self, town, circle):
        decide(town, rings="off")
        assert offer_rings_of_the_morning() == 0

    def test_a_fault_in_one_network_stays_there(self, town, circle, bo, monkeypatch, caplog):
        def fails(network, *, at):
            if network == bo.network:
                raise RuntimeError
            return offer_rings(network, at=at)

        bo.network.time_zone = town.network.time_zone
        bo.network.save()
        monkeypatch.setattr("commonweal.matching.rings.tasks.offer_rings", fails)
        assert offer_rings_of_the_morning() == 1
        assert f"no rings were looked for in network {bo.network_id}" in caplog.text


def test_two_towns_make_no_ring(town, circle, bo):
    """Bo could close it, and lives in another network."""
    exchange.withdraw_ask(ask=circle.asks["Lee"])
    assert circle.offer() is None
    member_of(bo.network, "Kim")
    assert offer_rings(bo.network, at=MONDAY) == 0
