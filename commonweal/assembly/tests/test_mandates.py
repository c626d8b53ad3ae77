"""Roles that end."""

from datetime import timedelta
from typing import Any, cast

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpResponse
from django.test import RequestFactory

from commonweal.assembly import actions, queries
from commonweal.assembly.access import holds_mandate, require_mandate
from commonweal.assembly.errors import MandateHeld, MandateOver, MandateTooLong, MandateUnexplained, NoMandate
from commonweal.assembly.events import MandateEnded, MandateGiven
from commonweal.assembly.models import Mandate
from commonweal.base import bus
from commonweal.base.eventlog import By, story_of
from commonweal.members.actions import leave, shut_out
from commonweal.members.errors import HasLeft
from commonweal.members.requests import MemberRequest
from commonweal.networks.tests.cast import NOON

pytestmark = pytest.mark.django_db

YEAR = timedelta(days=365)
DISPATCHER, STEWARD = Mandate.Role.DISPATCHER, Mandate.Role.STEWARD


def give(member, role=DISPATCHER, until=NOON + YEAR, **more):
    return actions.give_mandate(member=member, role=role, until=until, reason="Assembly, 4 May", **more)


def test_mandate_is_held_until_its_date(alma, ben, hand, monkeypatch, django_capture_on_commit_callbacks):
    heard: list[object] = []
    monkeypatch.setitem(bus._subscribers, MandateGiven, [heard.append])

    with django_capture_on_commit_callbacks(execute=True):
        mandate = give(alma)

    assert holds_mandate(alma, DISPATCHER)
    assert not holds_mandate(alma, STEWARD)
    assert not holds_mandate(ben, DISPATCHER)
    assert not holds_mandate(None, DISPATCHER)
    assert holds_mandate(alma, DISPATCHER, NOON + YEAR - timedelta(seconds=1))
    assert not holds_mandate(alma, DISPATCHER, NOON - timedelta(seconds=1))
    hand.advance(YEAR)
    assert not holds_mandate(alma, DISPATCHER)
    event = story_of(mandate).get()
    assert (event.verb, event.by, event.actor) == ("given", By.PROGRAM, None)
    assert event.data == {"role": "dispatcher"}
    assert heard == [MandateGiven(network=alma.network_id, member=alma.pk, role="dispatcher")]


def test_mandate_of_one_network_opens_nothing_in_another(alma, cleo):
    give(alma)

    assert not holds_mandate(cleo, DISPATCHER)
    assert queries.mandates_in_force(cleo.network) == []


@pytest.mark.parametrize("until", [NOON, NOON - timedelta(days=1), NOON + timedelta(days=733)])
def test_mandate_ends_within_two_years(alma, until):
    with pytest.raises(MandateTooLong):
        give(alma, until=until)

    assert not Mandate.objects.exists()


@pytest.mark.parametrize("reason", ["", "  ", "a" * 301])
def test_mandate_has_a_reason(alma, reason):
    with pytest.raises(MandateUnexplained):
        actions.give_mandate(member=alma, role=DISPATCHER, until=NOON + YEAR, reason=reason)

    assert not Mandate.objects.exists()


def test_nobody_holds_one_role_twice_at_a_time(alma, hand):
    give(alma)
    with pytest.raises(MandateHeld):
        give(alma)
    give(alma, STEWARD)

    hand.advance(YEAR)
    give(alma, until=NOON + 2 * YEAR)

    assert Mandate.objects.filter(member=alma, role=DISPATCHER).count() == 2


def test_who_has_left_is_given_nothing(alma):
    leave(member=alma)

    with pytest.raises(HasLeft):
        give(alma)


def test_mandate_ends_early_once(alma, monkeypatch, django_capture_on_commit_callbacks):
    heard: list[object] = []
    monkeypatch.setitem(bus._subscribers, MandateEnded, [heard.append])
    mandate = give(alma)

    with django_capture_on_commit_callbacks(execute=True):
        assert actions.end_mandate(mandate=mandate).ended_at == NOON

    assert not holds_mandate(alma, DISPATCHER)
    with pytest.raises(MandateOver):
        actions.end_mandate(mandate=mandate)
    assert heard == [MandateEnded(network=alma.network_id, member=alma.pk, role="dispatcher")]
    assert [event.by for event in story_of(mandate)] == [By.PROGRAM, By.PROGRAM]


def test_mandate_that_ran_out_is_over(alma, hand):
    mandate = give(alma)
    hand.advance(YEAR)

    with pytest.raises(MandateOver):
        actions.end_mandate(mandate=mandate)


def test_who_leaves_holds_nothing(alma, ben, django_capture_on_commit_callbacks):
    given = give(alma), give(alma, STEWARD), give(ben)

    with django_capture_on_commit_callbacks(execute=True):
        leave(member=alma)

    alma.refresh_from_db()
    assert not holds_mandate(alma, DISPATCHER)
    assert [Mandate.objects.get(pk=one.pk).ended_at for one in given] == [NOON, NOON, None]
    assert [mandate.member for mandate in queries.mandates_in_force(ben.network)] == [ben]


def test_role_of_who_has_left_opens_nothing_before_anybody_ended_it(alma):
    give(alma)
    leave(member=alma)
    alma.refresh_from_db()

    assert Mandate.objects.filter(ended_at=None).exists()
    assert not holds_mandate(alma, DISPATCHER)


def test_list_costs_one_query(alma, ben, django_assert_num_queries):
    give(alma, until=NOON + 2 * YEAR)
    give(ben)

    with django_assert_num_queries(1):
        names = [mandate.member.name for mandate in queries.mandates_in_force(alma.network)]

    assert names == ["Ben", "Alma"]


@require_mandate(STEWARD)
def rules(request: MemberRequest) -> HttpResponse:
    """A page for stewards."""
    return HttpResponse("rules")


def visit(member: Any) -> HttpResponse:
    request = cast(MemberRequest, RequestFactory().get("/rules/"))
    request.member, request.session = member, SessionStore()
    return rules(request)


def test_page_behind_a_mandate_opens_to_who_holds_it_only(alma, ben, cleo):
    give(alma, STEWARD)
    give(ben, DISPATCHER)

    assert visit(alma).content == b"rules"
    assert visit(None).headers["Location"] == "/sign-in/?next=%2Frules%2F"
    for member in (ben, cleo):
        with pytest.raises(NoMandate):
            visit(member)


def test_who_is_shut_out_holds_nothing_until_they_are_back(alma, hand):
    give(alma)
    member = shut_out(member=alma, until=NOON + timedelta(days=9))

    assert not holds_mandate(member, DISPATCHER)
    assert queries.roles_of(member) == set()
    hand.advance(timedelta(days=9))
    assert holds_mandate(member, DISPATCHER)
