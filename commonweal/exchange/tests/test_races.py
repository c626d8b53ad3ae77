"""Many at once: fifty for one place, two hands, one helper's week, one thing, one hold. Real threads, real commits.

Both databases are raced, each as it is when the program runs.
"""

import threading
from collections import Counter

import pytest
from django.db import connection, connections

from commonweal.base import clock
from commonweal.base.errors import Refused
from commonweal.base.eventlog import By
from commonweal.exchange import actions
from commonweal.exchange.drafts import Candidate
from commonweal.exchange.lifecycle import State
from commonweal.exchange.models import Ask, Match
from commonweal.exchange.tests.cast import MONDAY, found_town, fresh, member_of, verbs

S = Match.State


@pytest.fixture
def town(shared_database):
    """The cast, committed, under a stopped clock."""
    with clock.frozen(MONDAY):
        yield found_town()


def at_once(*attempts):
    """Make all attempts in threads that start together; what each came to, by the name of its class."""
    gate = threading.Barrier(len(attempts))
    outcomes = []

    def attempt(verb):
        gate.wait()
        try:
            outcomes.append(type(verb()).__name__)
        except Refused as refusal:
            outcomes.append(type(refusal).__name__)
        except Exception as error:  # noqa: BLE001 - whatever it is, the test must show it
            outcomes.append(repr(error))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=attempt, args=(verb,)) for verb in attempts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not any(thread.is_alive() for thread in threads)
    return Counter(outcomes)


def picks(ask, members):
    return [lambda member=member: actions.pick_from_board(ask=ask, member=member) for member in members]


def test_the_database_is_shared_by_threads(town):
    """The races below would prove nothing if every thread had a database of its own."""
    seen = at_once(lambda: list(Ask.objects.all()), town.ask)
    assert seen == {"list": 1, "Ask": 1}
    assert Ask.objects.count() == 1
    assert connection.vendor != "sqlite" or "memory" not in str(connection.settings_dict["NAME"])


def test_fifty_for_one_place(town):
    ask = town.ask()
    members = [member_of(town.network, f"Neighbour{number}") for number in range(50)]
    assert at_once(*picks(ask, members)) == {"Match": 1, "AlreadyMet": 49}
    assert (fresh(ask).state, fresh(ask).hands_taken) == (State.AGREED, 1)
    assert Match.objects.filter(state=S.ACCEPTED).count() == 1


def test_eight_for_two_hands(town):
    ask = town.ask(hands=2)
    members = [member_of(town.network, f"Neighbour{number}") for number in range(8)]
    assert at_once(*picks(ask, members)) == {"Match": 2, "AlreadyMet": 6}
    assert fresh(ask).hands_taken == 2


def test_one_yes_pressed_eight_times(town):
    match = town.invited(town.ask(), town.rosa)
    assert at_once(*[lambda: actions.accept_invitation(match=match)] * 8) == {"Match": 8}
    assert fresh(match.ask).hands_taken == 1


def test_a_helper_s_week_is_not_overbooked_by_many_asks(town):
    asks = [town.ask() for _number in range(8)]
    seen = at_once(*(lambda ask=ask: actions.pick_from_board(ask=ask, member=town.rosa) for ask in asks))
    assert seen == {"Match": 3, "WeekIsFull": 5}
    assert Match.objects.filter(member=town.rosa, state=S.ACCEPTED).count() == 3


def test_a_thing_is_not_promised_twice(town):
    offer = town.offer(town.rosa, categories=(town.things.pk,), quantity=2)
    asks = [town.ask(category=town.things.pk) for _number in range(3)]
    seen = at_once(
        *(lambda ask=ask: actions.pick_from_board(ask=ask, member=town.rosa, offer=offer) for ask in asks)
    )
    assert seen == {"Match": 2, "InvitationOver": 1}
    assert fresh(offer).quantity_left == 0


def test_the_program_and_itself_ask_one_person_at_a_time(town):
    ask = town.ask()
    members = [town.rosa, town.lee, town.sam, town.jo]
    candidates = [Candidate(member_id=member.pk) for member in members]
    seen = at_once(*(lambda who=who: actions.invite(ask=ask, candidate=who) for who in candidates))
    assert seen == {"Match": 1, "NoneType": 3}


def test_yes_and_withdrawing_at_once_end_the_same_for_both(town):
    ask = town.ask()
    match = town.invited(ask, town.rosa)
    at_once(lambda: actions.accept_invitation(match=match), lambda: actions.withdraw_ask(ask=ask))
    assert fresh(ask).state == State.WITHDRAWN
    assert fresh(match).state == S.TAKEN_BACK
    assert fresh(ask).hands_taken == 0


def test_two_dispatchers_hold_one_ask_once(town):
    ask = town.ask()
    seen = at_once(
        *(lambda who=who: actions.take_hold(ask=ask, dispatcher=who) for who in (town.jo, town.sam, town.lee))
    )
    assert seen == {"Ask": 1, "HeldByAnother": 2}


def test_one_form_sent_eight_times_is_one_ask(town):
    draft = town.draft()
    send = [lambda: actions.publish_ask(network=town.network, draft=draft, source_key="form-1")] * 8
    assert at_once(*send) == {"PublishedAsk": 8}
    assert Ask.objects.count() == 1


def test_a_date_of_a_series_opens_once(town):
    ask = town.ask(repeat_days=1 << 2)
    match = town.agreed(ask, town.rosa)
    at_once(
        lambda: actions.report_handover(match=match, outcome="done", said_by=By.HELPER),
        lambda: actions.report_handover(match=match, outcome="done", said_by=By.ASKER),
        lambda: actions.report_handover(match=match, outcome="done", said_by=By.DISPATCHER),
    )
    assert Ask.objects.filter(series=ask.series).count() == 2


def test_a_series_withdrawn_from_both_ends_is_no_deadlock(town):
    ask = town.ask(repeat_days=1 << 2)
    actions.withdraw_ask(ask=ask, only_this=True)
    actions.withdraw_ask(ask=ask)
    first, second = Ask.objects.filter(series=ask.series).order_by("occurs_at")
    seen = at_once(*[lambda: actions.withdraw_ask(ask=first), lambda: actions.withdraw_ask(ask=second)] * 3)
    assert seen == {"Ask": 6}
    assert fresh(second).state == State.WITHDRAWN


def test_a_step_is_taken_once_by_many_workers(town):
    ask = town.ask()
    match = town.invited(ask, town.rosa)
    with clock.frozen(fresh(match).answer_by):
        at_once(*[lambda: actions.advance_ask(ask_id=ask.pk, network_id=ask.network_id)] * 6)
    assert fresh(match).state == S.LAPSED
    assert verbs(ask).count("lapsed") == 1


def test_two_who_merge_crosswise_make_one_of_them(town):
    first, second = town.ask(), town.ask()
    came = at_once(
        lambda: actions.merge_asks(ask=first, into=second, by=town.jo),
        lambda: actions.merge_asks(ask=second, into=first, by=town.jo),
    )
    assert came == {"Ask": 1, "NotPossibleNow": 1}
    assert Ask.objects.filter(merged_into__isnull=False).count() == 1


def test_who_agrees_while_it_is_merged_keeps_it_or_is_told(town):
    first, second = town.ask(), town.ask()
    invited = town.invited(second, town.rosa)
    came = at_once(
        lambda: actions.merge_asks(ask=second, into=first, by=town.jo),
        lambda: actions.accept_invitation(match=invited),
    )
    assert came in ({"Ask": 1, "InvitationOver": 1}, {"SomebodyAgreed": 1, "Match": 1})
    assert (fresh(second).merged_into_id is None) == (fresh(invited).state == S.ACCEPTED)
