"""Whatever one founder does, in whatever order: alone they do nothing that takes two."""

import contextlib
from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from commonweal.assembly import actions
from commonweal.assembly.models import Decision, Deed, Mandate
from commonweal.assembly.queries import founders_of
from commonweal.base import clock
from commonweal.base.errors import Refused
from commonweal.networks.tests.cast import NOON

pytestmark = pytest.mark.django_db

YEAR = timedelta(days=365)
Role, What = Mandate.Role, Deed.What
DOINGS = st.tuples(
    st.sampled_from(["ask", "agree", "call_off", "use", "stand", "give", "end", "give_back", "wait"]),
    st.sampled_from([What.EXPORT, What.KEY, What.ERASE]),
    st.sampled_from([Role.FOUNDER, Role.STEWARD, Role.CARE_GIVER]),
)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(doings=st.lists(DOINGS, max_size=14))
def test_one_alone_does_nothing_that_takes_two(founders, doings):
    """Alma does what she likes for some days; Ben, the other founder, is away."""
    alma, ben = founders
    with clock.frozen(NOON) as hand, transaction.atomic():
        for doing, what, role in doings:
            with contextlib.suppress(Refused):
                _try(doing, what, role, alma, ben, hand)

        assert not Decision.objects.exclude(way=Decision.Way.KEEPER).exists()
        assert not Deed.objects.exclude(state__in=[Deed.State.ASKED, Deed.State.CANCELLED]).exists()
        assert not Mandate.objects.exclude(role=Role.FOUNDER).exists()
        assert founders_of(alma.network) == {alma.pk, ben.pk}
        transaction.set_rollback(True)


def _try(doing, what, role, alma, ben, hand):
    deed = Deed.objects.order_by("-id").first()
    mandate = Mandate.objects.get(member=ben)
    tries = {
        "ask": lambda: actions.ask_deed(what=what, by=alma, reason="Because."),
        "agree": lambda: deed and actions.agree_deed(deed=deed, by=alma),
        "call_off": lambda: deed and actions.cancel_deed(deed=deed, by=alma),
        "use": lambda: actions.use_deed(network=alma.network, what=what, code=deed.code if deed else ""),
        "stand": lambda: actions.stand(member=alma, role=role),
        "give": lambda: actions.ask_mandate(
            by=alma, member=alma, role=role, until=clock.now() + YEAR, reason="Because."
        ),
        "end": lambda: actions.ask_end(by=alma, mandate=mandate, reason="Because."),
        "give_back": lambda: actions.give_back(mandate=mandate, by=alma),
        "wait": lambda: hand.advance(timedelta(hours=12)),
    }
    tries[doing]()
