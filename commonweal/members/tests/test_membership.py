"""Joining, changing a profile, keeping apart, and leaving."""

import pytest

from commonweal.base import bus
from commonweal.base.eventlog import story_of
from commonweal.base.ids import new_id
from commonweal.members import queries
from commonweal.members.actions import (
    Profile,
    add_contact,
    block,
    change_profile,
    join,
    leave,
    pause,
    record_sign_in,
    sign_out_everywhere,
    start_confirmation,
    unblock,
)
from commonweal.members.apart import blocked_ids
from commonweal.members.contacts import EMAIL, Contact
from commonweal.members.errors import ContactTaken, HasLeft, MemberNotFound
from commonweal.members.events import MemberJoined, MemberLeft
from commonweal.members.models import Block, Confirmation, ContactPoint, Member
from commonweal.members.tests import cast
from commonweal.members.tests.cast import ALMA, BEN, CLEO, HERE
from commonweal.networks.tests import cast as networks

pytestmark = pytest.mark.django_db


def verbs(member):
    return list(story_of(member).values_list("verb", flat=True))


def test_whoever_joins_is_reached_by_what_they_confirmed(
    harbor, monkeypatch, django_capture_on_commit_callbacks
):
    heard: list[object] = []
    monkeypatch.setitem(bus._subscribers, MemberJoined, [heard.append])

    with django_capture_on_commit_callbacks(execute=True):
        member = join(network=harbor, name="Alma", contact=ALMA, languages=["es"], language="es")

    assert queries.member_for_contact(harbor, ALMA) == member
    assert cast.reach(member).as_contact == ALMA
    assert member.per_week == harbor.policy.week_cap
    assert verbs(member) == ["joined"]
    assert heard == [MemberJoined(network=harbor.pk, member=member.pk)]


def test_nobody_joins_by_somebody_elses_contact(alma, harbor):
    with pytest.raises(ContactTaken):
        join(network=harbor, name="Mallory", contact=ALMA, languages=[])

    assert Member.objects.filter(network=harbor).count() == 1


def test_one_contact_may_belong_to_two_networks(alma, hills):
    other = join(network=hills, name="Alma", contact=ALMA, languages=[])

    assert other.pk != alma.pk
    assert queries.member_for_contact(hills, ALMA) == other


def test_a_sheet_may_know_no_contact_and_confirms_none(harbor):
    nobody = join(network=harbor, name="Dot", contact=None, languages=[], imported_as=new_id())
    known = join(network=harbor, name="Eve", contact=BEN, languages=[], imported_as=new_id(), per_week=1)

    assert queries.reach_of(nobody) is None
    assert cast.reach(known).confirmed_at is None
    assert known.per_week == 1


def test_confirmed_contact_goes_before_an_imported_one(harbor, ben):
    join(network=harbor, name="Ben B.", contact=BEN, languages=[], imported_as=new_id())

    assert queries.member_for_contact(harbor, BEN) == ben


def test_profile_is_changed_as_a_whole(alma, harbor):
    abell = networks.areas(harbor)["abell"]
    Member.objects.filter(pk=alma.pk).update(cell_y=1, cell_x=1)

    changed = change_profile(
        member=alma,
        profile=Profile(name="Alma R.", languages=("ar",), language="ar", per_week=0, area=abell),
    )

    changed.refresh_from_db()
    assert (changed.name, changed.languages, changed.language, changed.per_week) == (
        "Alma R.",
        ["ar"],
        "ar",
        0,
    )
    assert (changed.area, changed.cell_y, changed.cell_x) == (abell, abell.cell_y, abell.cell_x)
    assert verbs(alma) == ["joined", "profile_changed"]


def test_exact_place_stays_while_the_area_does(alma, harbor):
    abell = networks.areas(harbor)["abell"]
    alma.area, alma.place, alma.cell_y, alma.cell_x = abell, {"text": "100 E 32nd St"}, 7, 8
    alma.save()

    same = change_profile(
        member=alma, profile=Profile(name="A", languages=(), language="en", per_week=2, area=abell)
    )
    assert (same.place, same.cell_y) == ({"text": "100 E 32nd St"}, 7)
    gone = change_profile(
        member=alma, profile=Profile(name="A", languages=(), language="en", per_week=2, area=None)
    )
    assert (gone.place, gone.cell_y, gone.area) == ({}, None, None)


def test_sign_in_is_put_on_record(alma):
    record_sign_in(member=alma)

    assert verbs(alma) == ["joined", "signed_in"]


def test_signing_out_everywhere_begins_a_new_epoch(alma):
    assert sign_out_everywhere(member=alma).epoch == alma.epoch + 1
    assert verbs(alma)[-1] == "signed_out_everywhere"


def test_two_who_are_kept_apart_are_found_both_ways(alma, ben, harbor):
    block(member=alma, blocked=ben)
    block(member=alma, blocked=ben)

    assert blocked_ids(harbor, alma.pk) == {ben.pk}
    assert blocked_ids(harbor, ben.pk) == {alma.pk}
    assert [entry.blocked.name for entry in queries.blocks_of(alma)] == ["Ben"]
    assert queries.blocks_of(ben) == []
    assert verbs(alma) == ["joined", "blocked"]
    assert str(ben.pk) not in str(list(story_of(alma).values_list("data", flat=True)))


def test_nobody_is_kept_apart_from_themselves_or_from_another_network(alma, cleo):
    for other in (alma, cleo):
        with pytest.raises(MemberNotFound):
            block(member=alma, blocked=other)

    assert not Block.objects.exists()


def test_keeping_apart_is_taken_back_once(alma, ben, harbor):
    block(member=alma, blocked=ben)

    unblock(member=alma, blocked=ben.pk)
    unblock(member=alma, blocked=ben.pk)

    assert blocked_ids(harbor, alma.pk) == set()
    assert verbs(alma) == ["joined", "blocked", "unblocked"]


def test_leaving_erases_all_that_is_personal_and_keeps_what_happened(
    alma, ben, harbor, codes, monkeypatch, django_capture_on_commit_callbacks
):
    heard: list[object] = []
    monkeypatch.setitem(bus._subscribers, MemberLeft, [heard.append])
    change_profile(
        member=alma,
        profile=Profile(
            name="Alma", languages=("en",), language="es", per_week=2, area=networks.areas(harbor)["abell"]
        ),
    )
    block(member=alma, blocked=ben)
    block(member=ben, blocked=alma)
    start_confirmation(network=harbor, contact=ALMA, purpose="sign_in", language="en", remote=HERE)
    start_confirmation(
        network=harbor, contact=CLEO, purpose="contact", language="en", remote=HERE, member=alma
    )
    start_confirmation(network=harbor, contact=BEN, purpose="sign_in", language="en", remote=HERE)
    pause(member=alma)

    with django_capture_on_commit_callbacks(execute=True):
        leave(member=alma)

    gone = Member.objects.get(pk=alma.pk)
    assert (gone.name, gone.languages, gone.place, gone.area, gone.cell_y) == ("", [], {}, None, None)
    assert (gone.state, gone.paused_until) == (Member.State.LEFT, None)
    assert gone.left_at is not None
    assert gone.epoch == alma.epoch + 1
    assert list(ContactPoint.objects.values_list("member", flat=True)) == [ben.pk]
    assert [one.contact for one in Confirmation.objects.all()] == [BEN.value]
    assert not Block.objects.exists()
    assert verbs(alma)[-1] == "left"
    assert heard == [MemberLeft(network=harbor.pk, member=alma.pk)]


def test_who_has_left_can_do_nothing_and_join_anew(alma, ben, harbor):
    leave(member=alma)

    other = Contact(kind=EMAIL, value="alma2@example.org")
    for action in (
        lambda: leave(member=alma),
        lambda: pause(member=alma),
        lambda: block(member=alma, blocked=ben),
        lambda: add_contact(member=alma, contact=other),
        lambda: sign_out_everywhere(member=alma),
    ):
        with pytest.raises(HasLeft):
            action()
    assert join(network=harbor, name="Alma", contact=ALMA, languages=[]).pk != alma.pk


def test_member_is_known_to_logs_by_id_only(alma):
    assert str(alma) == str(alma.pk)
