"""An ask that a machine may have written."""

import pytest

from commonweal.exchange.actions import publish_ask
from commonweal.exchange.actions.unchecked import UNCHECKED, publish_unchecked
from commonweal.exchange.lifecycle import State
from commonweal.exchange.models import Ask

pytestmark = pytest.mark.django_db


def test_it_waits_for_a_person(town):
    published = publish_unchecked(network=town.network, draft=town.draft(), source_key="k")
    assert (published.ask.source, Ask.objects.get().state) == (UNCHECKED, State.DESK)


def test_sent_twice_it_is_one(town):
    first, second = (
        publish_unchecked(network=town.network, draft=town.draft(), source_key="k").ask for _press in range(2)
    )
    assert first == second


def test_what_was_sent_before_in_calmer_times_stays_what_it_became(town):
    calm = publish_ask(network=town.network, draft=town.draft(), source="web", source_key="k")
    again = publish_unchecked(network=town.network, draft=town.draft(), source_key="k")
    assert (again.ask, again.token) == (calm.ask, calm.ask.token_box)
    assert Ask.objects.get().state != State.DESK


def test_without_a_key_each_is_its_own(town):
    for _press in range(2):
        publish_unchecked(network=town.network, draft=town.draft())
    assert Ask.objects.count() == 2
