"""What an asker and a helper see behind their links, and what each must not see yet."""

import pytest

from commonweal.assembly.actions import give_mandate
from commonweal.assembly.models import Mandate
from commonweal.base import clock
from commonweal.base.eventlog import By
from commonweal.exchange import actions
from commonweal.exchange.models import Match
from commonweal.exchange.queries import (
    ask_status,
    asks_of,
    commitments_of,
    invitation,
    offers_of,
)
from commonweal.exchange.tests.cast import DAY, HOUR, MONDAY, WEEK, fresh
from commonweal.gatherings.actions import start_shift


@pytest.fixture
def week_long(town):
    """An ask without a date, asked at ten in the morning."""
    return town.ask(starts_at=MONDAY, ends_at=MONDAY + WEEK)


@pytest.fixture
def advance(hand):
    def advance(ask):
        hand.move_to(max(clock.now(), fresh(ask).next_step_at))
        actions.advance_ask(ask_id=ask.pk, network_id=ask.network_id)
        return fresh(ask)

    return advance


def shape(status):
    return [(step.state, step.title) for step in status.steps]


class TestWhereItStands:
    def test_looking_near_by(self, week_long):
        status = ask_status(week_long)
        assert shape(status) == [
            ("done", "We have it"),
            ("now", "We are asking near by"),
            ("later", "You meet"),
            ("later", "You say how it went"),
        ]
        assert status.steps[0].detail == "today 10:00"
        assert status.next_sentence == "If nobody near by can, the whole network is asked today 14:00."
        assert (status.backstop_title, status.backstop) == (
            "Nobody by today 20:00?",
            "Then a person on shift looks after it. You don't have to do anything.",
        )
        assert status.may == {"change", "pause", "withdraw", "call"}

    def test_who_is_on_shift_is_named(self, town, week_long):
        give_mandate(member=town.jo, role=Mandate.Role.DISPATCHER, until=MONDAY + WEEK, reason="Chosen.")
        start_shift(member=town.jo, until=MONDAY + 8 * HOUR)
        assert "right now that is Jo" in ask_status(week_long).backstop

    def test_somebody_was_asked(self, town, week_long, hand):
        town.invited(week_long, town.rosa)
        status = ask_status(fresh(week_long))
        assert shape(status)[1] == ("now", "A neighbour was asked today 10:00")
        assert (
            status.next_sentence
            == "If no answer comes, the next is asked today 12:00, without you doing anything."
        )
        assert "Rosa" not in repr(status)
        hand.advance(HOUR)
        town.invited(week_long, town.lee)
        assert shape(ask_status(fresh(week_long)))[1][1].startswith("Another neighbour was asked")

    def test_each_ring(self, town, week_long):
        actions.report_search(ask=week_long, found=False)
        status = ask_status(fresh(week_long))
        assert shape(status)[1] == ("now", "We are asking the whole network")
        assert status.next_sentence == "If nobody can, a person on shift takes it up today 16:00."
        actions.report_search(ask=week_long, found=False)
        status = ask_status(fresh(week_long))
        assert shape(status)[1] == ("now", "A person on shift takes it up")
        assert status.next_sentence == "A person looks at it by today 11:00, without you doing anything."
        assert (status.backstop, "call" in status.may) == ("", False)

    def test_beyond(self, week_long, advance):
        actions.send_to_desk(ask=week_long, said_by=By.ASKER)
        advance(week_long)
        advance(week_long)
        actions.report_search(ask=week_long, found=False)
        status = ask_status(fresh(week_long))
        assert shape(status)[1] == ("now", "We are looking beyond the network")
        assert status.next_sentence == "We look again tomorrow 10:00, and every day."

    def test_a_work_party_fills(self, town):
        ask = town.ask(hands=3)
        town.agreed(ask, town.rosa)
        status = ask_status(fresh(ask))
        assert shape(status)[1] == ("now", "1 of 3 has said yes")
        assert [entry.reach.name for entry in status.commitments] == ["Rosa"]

    def test_its_time_has_gone_by(self, town, advance, hand):
        ask = town.ask()
        hand.move_to(ask.ends_at)
        ask = advance(ask)
        status = ask_status(ask)
        assert "still needed" in status.next_sentence
        assert {"keep", "withdraw"} <= status.may

    def test_agreed(self, town):
        ask = town.ask()
        town.agreed(ask, town.rosa)
        status = ask_status(fresh(ask))
        assert shape(status)[1:3] == [("done", "1 neighbour was asked"), ("now", "You meet")]
        (rosa,) = status.commitments
        assert (rosa.reach.name, rosa.reach.contact.value) == ("Rosa", "rosa@example.org")
        assert (rosa.when, rosa.is_due, rosa.is_lent) == ("Wednesday 14:00–18:00", False, False)
        assert status.to_report == []
        assert status.next_sentence == "Afterwards, Wednesday 20:00, we ask you both how it went."

    def test_picked_from_the_board_nobody_was_asked(self, town):
        ask = town.ask()
        actions.pick_from_board(ask=ask, member=town.rosa)
        assert shape(ask_status(fresh(ask)))[1] == ("done", "Somebody came forward")

    def test_afterwards(self, town, advance):
        ask = town.ask()
        town.agreed(ask, town.rosa)
        status = ask_status(advance(ask))
        assert shape(status)[3] == ("now", "You say how it went")
        assert [entry.reach.name for entry in status.to_report] == ["Rosa"]
        assert "Please say how it went" in status.next_sentence

    def test_silence_can_still_be_broken(self, town, advance):
        ask = town.ask()
        town.agreed(ask, town.rosa)
        for _step in range(3):
            ask = advance(ask)
        status = ask_status(ask)
        assert (status.commitments, [entry.reach.contact for entry in status.to_report]) == ([], [None])

    def test_lent(self, town):
        ask = town.ask(category=town.borrow.pk, returns_at=MONDAY + 5 * DAY)
        actions.report_handover(match=town.agreed(ask, town.rosa), outcome="done", said_by=By.HELPER)
        status = ask_status(fresh(ask))
        assert shape(status)[3] == ("now", "It goes back")
        assert status.commitments[0].is_lent
        assert status.may == frozenset()

    def test_done(self, town):
        ask = town.ask()
        actions.report_handover(match=town.agreed(ask, town.rosa), outcome="done", said_by=By.HELPER)
        status = ask_status(fresh(ask))
        assert shape(status)[3] == ("done", "It is done")
        assert (status.next_sentence, status.is_over, status.commitments) == ("", True, [])

    @pytest.mark.parametrize(
        ("verb", "title", "may"),
        [
            (actions.pause_ask, "You paused it", {"resume", "withdraw", "keep"}),
            (actions.withdraw_ask, "You took it back", set()),
        ],
    )
    def test_paused_or_withdrawn(self, town, verb, title, may):
        status = ask_status(verb(ask=town.ask()))
        assert shape(status) == [("done", "We have it"), ("now", title)]
        assert status.may == may

    def test_resting(self, town, advance):
        ask = actions.pause_ask(ask=town.ask())
        while ask.is_open:
            ask = advance(ask)
        status = ask_status(ask)
        assert (shape(status)[1], status.may) == (("now", "It rests"), {"wake"})


class TestLooks:
    def test_are_there_for_the_asker_to_read(self, town, hand):
        ask = town.ask()
        match = town.agreed(ask, town.rosa)
        seen = ("email", "place")
        actions.record_look(ask=ask, by=By.HELPER, actor=town.rosa.pk, match=match, what=seen)
        hand.advance(HOUR)
        actions.record_look(
            ask=ask, by=By.DISPATCHER, actor=town.jo.pk, what=["phone"], why="worry", words="Ill?"
        )
        actions.record_look(ask=ask, by=By.ASKER, actor=None, match=match, what=["email"])
        assert [(look.at, look.words, look.further) for look in ask_status(fresh(ask)).who_looked] == [
            (
                MONDAY + HOUR,
                "Jo, on shift, saw your phone number today, because somebody was worried.",
                "Ill?",
            ),
            (
                MONDAY,
                "Rosa saw your e-mail address and your exact place today, to help with “Groceries”.",
                "",
            ),
        ]


class TestInvitation:
    def test_says_what_and_roughly_where_and_nothing_of_who(self, town):
        match = town.invited(town.ask(needs=("stairs",)), town.rosa, reasons=({"code": "near", "m": 600},))
        shown = invitation(match)
        assert (shown.title, shown.where, shown.when) == ("Groceries", "Abell", "Wednesday 14:00–18:00")
        assert shown.needs == ["There are stairs up to my door"]
        assert (shown.answer_by, shown.is_open, shown.reach) == ("today 12:00", True, None)
        for secret in ("Amina", "amina@", "Guilford", "lift"):
            assert secret not in repr(shown)

    def test_after_the_yes_it_says_who(self, town):
        shown = invitation(town.agreed(town.ask(destination="The clinic"), town.rosa))
        reach = shown.reach
        assert (reach.name, reach.contact.value) == ("Amina", "amina@example.org")
        assert (reach.place, reach.words, reach.destination) == (
            "2901 Guilford Avenue",
            "Third floor, no lift.",
            "The clinic",
        )
        assert (shown.is_on, shown.is_due, shown.is_open) == (True, False, False)

    def test_without_a_name_it_is_a_neighbour(self, town):
        ask = town.ask(called="", contact="", contact_kind="")
        reach = invitation(town.agreed(ask, town.rosa)).reach
        assert (reach.name, reach.contact) == ("A neighbour", None)

    def test_a_member_who_asks_is_called_by_their_name(self, town):
        ask = actions.publish_ask(
            network=town.network, draft=town.draft(called="", contact="", contact_kind=""), by=town.lee
        ).ask
        reach = invitation(town.agreed(ask, town.rosa)).reach
        assert (reach.name, reach.contact.value) == ("Lee", "lee@example.org")

    def test_when_others_were_faster(self, town):
        ask = town.ask()
        slow = town.invited(ask, town.lee)
        town.agreed(ask, town.rosa)
        shown = invitation(Match.objects.select_related("ask", "member", "network").get(pk=slow.pk))
        assert (shown.is_open, shown.is_met_by_others) == (False, True)

    def test_how_much_of_a_counted_thing(self, town):
        ask = town.ask(category=town.things.pk, quantity=40, unit="packs")
        match = town.invited(ask, town.rosa)
        assert (invitation(match).quantity, invitation(match).unit) == (40, "packs")
        assert invitation(actions.accept_invitation(match=match)).quantity == 40

    def test_its_time_has_come(self, town, hand):
        match = town.agreed(town.ask(), town.rosa)
        hand.move_to(MONDAY + 2 * DAY + 4 * HOUR)
        assert invitation(match).is_due

    def test_a_lent_thing(self, town):
        ask = town.ask(category=town.borrow.pk, returns_at=MONDAY + 5 * DAY)
        match = actions.report_handover(match=town.agreed(ask, town.rosa), outcome="done", said_by=By.HELPER)
        shown = invitation(match)
        assert (shown.is_lent, shown.is_on, shown.returns) == (True, True, "Saturday 10:00")


class TestMine:
    def test_my_asks_offers_and_commitments(self, town):
        mine = actions.publish_ask(network=town.network, draft=town.draft(), by=town.rosa).ask
        over = actions.publish_ask(network=town.network, draft=town.draft(), by=town.rosa).ask
        actions.withdraw_ask(ask=over)
        offer, gone = town.offer(town.rosa), town.offer(town.rosa)
        actions.withdraw_offer(offer=gone)
        late = town.agreed(town.ask(starts_at=MONDAY + WEEK, ends_at=MONDAY + WEEK + HOUR), town.rosa)
        soon = town.agreed(town.ask(), town.rosa)
        actions.decline_invitation(match=town.invited(town.ask(), town.rosa))
        assert [ask.pk for ask in asks_of(town.rosa)] == [mine.pk]
        assert [found.pk for found in offers_of(town.rosa)] == [offer.pk]
        assert [match.pk for match in commitments_of(town.rosa)] == [soon.pk, late.pk]

    def test_cost_the_same_however_many(self, town, django_assert_max_num_queries):
        for _number in range(3):
            town.offer(town.rosa, categories=(town.groceries.pk, town.ride.pk))
        with django_assert_max_num_queries(3):
            filed = [
                {link.category.slug for link in offer.categories.all()} for offer in offers_of(town.rosa)
            ]
        assert filed == [{"groceries", "ride"}] * 3
