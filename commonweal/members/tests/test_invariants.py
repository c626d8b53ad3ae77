"""What the doctor says of members."""

from datetime import timedelta

import pytest

from commonweal.members import invariants
from commonweal.members.actions import keep_sign_in, leave, pause, start_confirmation
from commonweal.members.entrances import Passkey
from commonweal.members.models import ContactPoint, Member
from commonweal.members.tests.cast import ALMA, HERE
from commonweal.networks.tests.cast import NOON

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def test_sound_members_give_no_cause(alma, ben, codes, hand):
    pause(member=alma, until=NOON + DAY)
    start_confirmation(network=alma.network, contact=ALMA, purpose="sign_in", language="en", remote=HERE)
    leave(member=ben)
    hand.advance(DAY + timedelta(hours=1))

    for check in (invariants.who_left_is_erased, invariants.pauses_end, invariants.codes_are_forgotten):
        assert list(check()) == []


def test_a_name_or_a_contact_of_who_left_is_found(alma, ben):
    for member in (alma, ben):
        leave(member=member)
    alma.refresh_from_db()
    alma.name = "Alma"
    alma.save()
    ContactPoint.objects.create(network=ben.network, member=ben, kind="email", value="ben@example.org")
    keep_sign_in(member=ben, place=None, user_agent="")
    Passkey.objects.create(network=ben.network, member=ben, credential="x", name="Ring")

    assert "4 rows" in next(iter(invariants.who_left_is_erased())).what


def test_breaks_and_codes_that_nobody_ended_are_found(alma, codes, hand):
    pause(member=alma, until=NOON + DAY)
    start_confirmation(network=alma.network, contact=ALMA, purpose="sign_in", language="en", remote=HERE)
    hand.advance(2 * DAY)

    assert "1 members" in next(iter(invariants.pauses_end())).what
    assert "1 codes" in next(iter(invariants.codes_are_forgotten())).what
    assert Member.objects.get().state == Member.State.PAUSED
