"""Many at once, for what only one may have."""

import itertools

import pytest

from commonweal.base.ids import new_token
from commonweal.base.tests.racing import CROWD, all_at_once
from commonweal.members import codes as rules
from commonweal.members import queries
from commonweal.members.actions import (
    add_contact,
    add_passkey,
    add_push_device,
    confirm_by_link,
    confirm_code,
    join,
    passkeys,
    push_devices,
    remove_contact,
    sign_in_by_passkey,
    start_confirmation,
)
from commonweal.members.contacts import PHONE, PUSH, Contact
from commonweal.members.entrances import Passkey
from commonweal.members.models import Confirmation, Member, PushDevice
from commonweal.members.passkeys import NewKey, Site, new_challenge, new_handle, read_answer, read_new
from commonweal.members.tests.authenticator import Device
from commonweal.members.tests.cast import ALMA, BEN, HERE

pytestmark = pytest.mark.usefixtures("on_disk")


@pytest.fixture
def started(on_disk, harbor, codes):
    """A code on its way to Alma: its token."""
    return start_confirmation(
        network=harbor, contact=ALMA, purpose="sign_in", language="en", remote=HERE
    ).token


def test_code_is_used_once_however_many_type_it(started, harbor, codes):
    code = codes[-1][1]

    outcomes = all_at_once(lambda: confirm_code(network=harbor, token=started, code=code, remote=HERE))

    assert outcomes == {"done": 1, "CodeUsed": CROWD - 1}


def test_a_link_is_used_once_however_many_press(started, harbor, codes):
    link = rules.link_of(Confirmation.objects.get().pk)

    outcomes = all_at_once(lambda: confirm_by_link(network=harbor, token=started, link=link, remote=HERE))

    assert outcomes == {"done": 1, "CodeUsed": CROWD - 1}


def test_nobody_has_more_passkeys_by_adding_at_once(on_disk, alma, monkeypatch):
    monkeypatch.setattr(passkeys, "MOST_ADDED", CROWD)
    monkeypatch.setattr(passkeys, "MOST_PASSKEYS", 3)

    outcomes = all_at_once(
        lambda: add_passkey(
            member=alma,
            new=NewKey(credential=new_token(), public_key="x", sign_count=0),
            handle="x",
            name="Ring",
        )
    )

    assert outcomes == {"done": 3, "TooManyPasskeys": CROWD - 3}
    assert Passkey.objects.count() == 3


def test_one_answer_of_a_key_that_counts_lets_in_once(on_disk, alma, harbor):
    device, site = Device(count=1), Site(name="testserver", origin="https://testserver")
    asked = {"challenge": new_challenge(), "user": {"id": new_handle()}}
    new = read_new(site, challenge=asked["challenge"], said=device.make(asked))
    add_passkey(member=alma, new=new, handle=asked["user"]["id"], name="Ring")
    answer = read_answer(device.sign(asked))

    outcomes = all_at_once(
        lambda: sign_in_by_passkey(
            network=harbor, site=site, challenge=asked["challenge"], answer=answer, remote=HERE
        )
    )

    assert outcomes == {"done": 1, "PasskeyCopied": CROWD - 1}


def test_nobody_gets_more_tries_by_trying_at_once(started, harbor, codes):
    wrong = f"{(int(codes[-1][1]) + 1) % 10**6:06}"

    outcomes = all_at_once(lambda: confirm_code(network=harbor, token=started, code=wrong, remote=HERE))

    assert outcomes == {"WrongCode": rules.MOST_TRIES - 1, "TooManyTries": CROWD - rules.MOST_TRIES + 1}
    assert Confirmation.objects.get().tries == rules.MOST_TRIES


def test_nobody_gets_more_codes_by_asking_at_once(on_disk, harbor, codes):
    outcomes = all_at_once(
        lambda: start_confirmation(
            network=harbor, contact=ALMA, purpose="sign_in", language="en", remote=HERE
        )
    )

    assert outcomes == {
        "done": rules.MOST_CODES_TO_ONE,
        "TooMany": CROWD - rules.MOST_CODES_TO_ONE,
    }
    assert Confirmation.objects.count() == len(codes) == rules.MOST_CODES_TO_ONE


def test_one_contact_joins_once(on_disk, harbor):
    outcomes = all_at_once(lambda: join(network=harbor, name="Alma", contact=ALMA, languages=[]))

    assert outcomes == {"done": 1, "ContactTaken": CROWD - 1}
    assert Member.objects.count() == 1


def test_the_last_way_in_stays_however_many_are_taken_away_at_once(on_disk, alma):
    add_contact(member=alma, contact=BEN)
    add_contact(member=alma, contact=Contact(kind=PHONE, value="+14105550199"))
    left = [point.pk for point in queries.contact_points(alma)] * 4
    turn = iter(left)

    outcomes = all_at_once(lambda: remove_contact(member=alma, contact_point=next(turn)), crowd=len(left))

    assert outcomes["done"] == 2
    assert len(queries.contact_points(alma)) == 1
    assert queries.contact_points(alma)[0].is_first


def test_a_device_is_one_member_s_however_many_switch_it_on(on_disk, alma, ben):
    device = Contact(kind=PUSH, value='{"endpoint":"https://push.example/one"}')
    turns = itertools.cycle((alma, ben))

    outcomes = all_at_once(lambda: add_push_device(member=next(turns), contact=device, place=alma.pk))

    assert outcomes == {"done": CROWD}
    assert PushDevice.objects.count() == 1


def test_two_who_swap_their_devices_don_t_wait_for_each_other(on_disk, alma, ben):
    one, other = (Contact(kind=PUSH, value=f'{{"endpoint":"https://push.example/{name}"}}') for name in "ab")
    turns = itertools.cycle(((alma, one), (ben, other), (alma, other), (ben, one)))

    def switch_on():
        member, device = next(turns)
        add_push_device(member=member, contact=device, place=alma.pk)

    assert all_at_once(switch_on) == {"done": CROWD}
    assert PushDevice.objects.count() == 2


def test_nobody_is_told_on_more_devices_by_adding_at_once(on_disk, alma):
    number = itertools.count()

    outcomes = all_at_once(
        lambda: add_push_device(
            member=alma,
            contact=Contact(kind=PUSH, value=f'{{"endpoint":"https://push.example/{next(number)}"}}'),
            place=alma.pk,
        )
    )

    assert outcomes == {"done": push_devices.MOST, "TooManyPushDevices": CROWD - push_devices.MOST}
