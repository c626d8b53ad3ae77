"""Where a member wants to be told: switching it on, moving it, and all that switches it off."""

import uuid
from datetime import timedelta

import pytest
from django.db import IntegrityError

from commonweal.base import crypto
from commonweal.base.models import Event
from commonweal.base.portable.tables import tables
from commonweal.members import actions, invariants, queries
from commonweal.members.actions import push_devices
from commonweal.members.actions.push_devices import MOST
from commonweal.members.contacts import PUSH, Contact
from commonweal.members.errors import HasLeft, PushDeviceNotFound, TooManyPushDevices
from commonweal.members.models import PushDevice
from commonweal.members.words import told_of

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
HERE, THERE = uuid.UUID(int=1), uuid.UUID(int=2)


def browser(name="one"):
    return Contact(kind=PUSH, value=f'{{"auth":"a","endpoint":"https://push.example/{name}","p256dh":"k"}}')


def add(member, name="one", place=HERE):
    return actions.add_push_device(member=member, contact=browser(name), place=place)


def verbs(member):
    return [event.verb for event in Event.objects.filter(thing_id=member.pk).order_by("id")][1:]


def test_switched_on_once_however_often(alma):
    device = add(alma)

    assert add(alma, place=THERE) == device
    assert queries.push_devices(alma) == [device]
    assert PushDevice.objects.get().place == THERE
    assert PushDevice.objects.get().as_contact == browser()
    assert verbs(alma) == ["push_switched_on"]


def test_it_is_no_way_to_reach_or_let_in_anybody(alma, harbor):
    points = queries.contact_points(alma)
    add(alma)

    assert queries.contact_points(alma) == points
    assert queries.reach_of(alma) == points[0]
    assert queries.member_for_contact(harbor, browser()) is None


def test_a_device_tells_who_is_signed_in_there_now(alma, ben):
    add(alma)

    moved = add(ben)

    assert queries.push_devices(alma) == []
    assert queries.push_devices(ben) == [moved]
    assert verbs(alma) == ["push_switched_on", "push_switched_off"]
    assert Event.objects.get(thing_id=alma.pk, verb="push_switched_off").actor is None


def test_one_that_somebody_switches_on_in_the_same_moment_moves_too(alma, ben, monkeypatch):
    read = push_devices.read_device

    def read_and_be_overtaken(user_agent):
        monkeypatch.setattr(push_devices, "read_device", read)
        add(ben)
        return read(user_agent)

    monkeypatch.setattr(push_devices, "read_device", read_and_be_overtaken)

    device = add(alma)

    assert queries.push_devices(alma) == [device]
    assert queries.push_devices(ben) == []


def test_nobody_has_more_than_they_look_at(alma, ben):
    add(ben, "mine")
    for number in range(MOST):
        add(alma, str(number))

    with pytest.raises(TooManyPushDevices):
        add(alma, "mine")

    assert len(queries.push_devices(alma)) == MOST
    assert len(queries.push_devices(ben)) == 1, "what could not move stays"


def test_one_is_taken_away_by_its_owner_alone(alma, ben, cleo):
    device = add(alma)

    for other in (ben, cleo):
        with pytest.raises(PushDeviceNotFound):
            actions.remove_push_device(member=other, device=device.pk)
    actions.remove_push_device(member=alma, device=device.pk)

    assert queries.push_devices(alma) == []
    assert verbs(alma) == ["push_switched_on", "push_switched_off"]
    story = [line.text for line in told_of(queries.story_of_member(alma))]
    assert story[:2] == ["A device of yours is not told any more.", "You asked to be told on a device."]


def test_what_its_browser_gave_up_is_forgotten_once(alma):
    device = add(alma)

    actions.forget_push_device(device=device)
    actions.forget_push_device(device=device)

    assert not PushDevice.objects.exists()
    assert verbs(alma) == ["push_switched_on", "push_switched_off"]


def test_a_browser_says_by_itself_what_it_gives_out_now(alma, harbor, hills):
    device = add(alma)

    assert not actions.renew_push_device(network=hills, before=browser(), after=browser("new"))
    assert not actions.renew_push_device(network=harbor, before=browser("x"), after=browser("new"))
    assert actions.renew_push_device(network=harbor, before=browser(), after=browser("new"))
    assert actions.renew_push_device(network=harbor, before=browser("new"), after=browser("new"))

    kept = PushDevice.objects.get()
    assert (kept.pk, kept.as_contact) == (device.pk, browser("new"))
    assert kept.value_index == crypto.blind_index(browser("new").value, "contact")


def test_what_it_gives_out_now_was_said_already(alma, harbor):
    add(alma)
    kept = add(alma, "new")

    assert actions.renew_push_device(network=harbor, before=browser(), after=browser("new"))
    assert list(PushDevice.objects.all()) == [kept]


def test_what_it_gives_out_now_is_said_elsewhere_in_the_same_moment(alma, harbor, monkeypatch):
    device = add(alma)

    def overtaken(*_what, **_how):
        raise IntegrityError

    monkeypatch.setattr(PushDevice, "save", overtaken)

    assert not actions.renew_push_device(network=harbor, before=browser(), after=browser("new"))
    assert PushDevice.objects.get().value == device.value


def test_the_devices_of_one_person_are_found_by_any_of_them(alma, ben, harbor, hills, hand):
    first, since = add(alma), hand.advance(HOUR)
    hand.advance(HOUR)
    second = add(alma, "two")
    add(ben, "three")

    def beside(name, network=harbor, since=None):
        return queries.devices_beside(network=network.pk, contact=browser(name), since=since)

    assert beside("one") == beside("two") == [first, second]
    assert beside("one", since=since) == [first]
    assert beside("two", since=since) == []
    assert beside("one", network=hills) == beside("none") == []


def test_the_same_browser_may_be_known_to_two_networks(alma, cleo):
    add(alma), add(cleo)

    assert PushDevice.objects.count() == 2


def test_who_leaves_is_told_nothing(alma):
    add(alma)
    actions.leave(member=alma)

    assert not PushDevice.objects.exists()
    with pytest.raises(HasLeft):
        add(alma)


def test_the_doctor_finds_what_was_left_behind(alma):
    actions.leave(member=alma)
    PushDevice.objects.create(network_id=alma.network_id, member=alma, place=HERE, value=browser().value)

    assert "1 rows" in next(iter(invariants.who_left_is_erased())).what


def test_none_of_it_travels():
    assert PushDevice not in tables()


def test_it_ends_with_the_sign_in_it_belongs_to(alma):
    add(alma, "here"), add(alma, "there", THERE)

    actions.close_sign_in(network_id=alma.network_id, place=THERE)

    assert [device.place for device in queries.push_devices(alma)] == [HERE]


def test_whom_a_member_signs_out_from_afar_is_told_nothing(as_alma, alma):
    (place,) = queries.sign_ins_of(alma)
    add(alma, place=place.pk), add(alma, "there", THERE)

    actions.end_sign_in(member=alma, place=place.pk)

    assert [device.place for device in queries.push_devices(alma)] == [THERE]


@pytest.mark.parametrize(("but", "left"), [(HERE, [HERE]), (None, [])])
def test_signing_out_everywhere_else_leaves_this_browser(alma, ben, but, left):
    add(alma, "here"), add(alma, "there", THERE), add(ben, "ben", THERE)

    actions.sign_out_everywhere(member=alma, but=but)

    assert [device.place for device in queries.push_devices(alma)] == left
    assert len(queries.push_devices(ben)) == 1
