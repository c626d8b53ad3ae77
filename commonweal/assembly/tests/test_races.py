"""Many at once: one mandate, one change of the rules."""

from datetime import timedelta

import pytest

from commonweal.assembly.actions import (
    agree_deed,
    ask_deed,
    ask_mandate,
    cancel_deed,
    end_mandate,
    give_mandate,
    make_known,
    use_deed,
)
from commonweal.assembly.models import Decision, Mandate
from commonweal.base.tests.racing import CROWD, all_at_once
from commonweal.messaging.models import Message
from commonweal.networks.actions import change_policy
from commonweal.networks.models import Network, PolicyVersion
from commonweal.networks.tests.cast import NOON

pytestmark = pytest.mark.usefixtures("on_disk")


def test_a_role_is_given_and_ended_once(on_disk, alma):
    until = NOON + timedelta(days=9)

    given = all_at_once(
        lambda: give_mandate(member=alma, role=Mandate.Role.STEWARD, until=until, reason="Assembly")
    )
    mandate = Mandate.objects.get()
    ended = all_at_once(lambda: end_mandate(mandate=mandate))

    assert given == {"done": 1, "MandateHeld": CROWD - 1}
    assert ended == {"done": 1, "MandateOver": CROWD - 1}


def test_many_presses_agree_once_and_do_it_once(on_disk, founders, dora):
    alma, ben = founders
    role = ask_mandate(
        by=alma, member=dora, role="treasurer", until=NOON + timedelta(days=9), reason="Assembly"
    )
    agreed = all_at_once(lambda: agree_deed(deed=role, by=ben))
    export = ask_deed(what="export", by=alma, reason="We move.")
    agree_deed(deed=export, by=ben)
    done = all_at_once(lambda: use_deed(network=alma.network, what="export", code=export.code))

    assert agreed == {"done": 1, "DeedOver": CROWD - 1}
    assert Mandate.objects.filter(role="treasurer").count() == 1
    assert done == {"done": 1, "DeedNeeded": CROWD - 1}


def test_agreeing_and_calling_off_at_once_comes_to_one_of_them(on_disk, founders):
    alma, ben = founders
    deed = ask_deed(what="erase", by=alma, reason="We close.")
    turn = iter(range(CROWD))

    def one():
        if next(turn) % 2:
            agree_deed(deed=deed, by=ben)
        else:
            cancel_deed(deed=deed, by=alma)

    outcome = all_at_once(one)
    deed.refresh_from_db()

    # Called off once it was agreed to, or before: in the end it is off, and nobody agreed twice.
    assert deed.state == "cancelled"
    assert Decision.objects.filter(does="allows").count() == outcome["done"] - 1


def test_an_end_is_made_known_once_by_many_workers(on_disk, dora, hand):
    mandate = give_mandate(member=dora, role="steward", until=NOON + timedelta(days=30), reason="Assembly")
    hand.advance(timedelta(days=20))

    all_at_once(lambda: make_known(network=mandate.network_id, mandate=mandate.pk))

    assert Message.objects.filter(template="mandate_ends").count() == 1


def test_who_asks_for_the_same_at_once_asks_once(on_disk, founders):
    outcome = all_at_once(lambda: ask_deed(what="key", by=founders[0], reason="A laptop is gone."))

    assert outcome == {"done": 1, "AlreadyAsked": CROWD - 1}


def test_of_many_stewards_at_one_page_one_changes_the_rules(on_disk, harbor):
    outcomes = all_at_once(
        lambda: change_policy(
            network=Network.objects.get(pk=harbor.pk), changes={"near_m": 900}, reason="Assembly", number=0
        )
    )

    assert outcomes == {"done": 1, "PolicyChangedMeanwhile": CROWD - 1}
    assert PolicyVersion.objects.count() == 2
