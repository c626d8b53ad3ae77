"""The ways to reach a member."""

from datetime import timedelta

import pytest

from commonweal.base.eventlog import story_of
from commonweal.base.ids import new_id
from commonweal.members import courier, queries
from commonweal.members.actions import add_contact, join, put_first, remove_contact
from commonweal.members.actions.contact_points import MOST_CONTACTS
from commonweal.members.contacts import EMAIL, PHONE, Contact
from commonweal.members.errors import ContactNotFound, ContactTaken, LastContact, TooManyContacts
from commonweal.members.models import ContactPoint, Member
from commonweal.members.tests import cast
from commonweal.members.tests.cast import ALMA, BEN

pytestmark = pytest.mark.django_db

PHONE_OF_ALMA = Contact(kind=PHONE, value="+14105550199")


@pytest.fixture
def phone(alma, hand):
    hand.advance(timedelta(minutes=1))
    return add_contact(member=alma, contact=PHONE_OF_ALMA)


def test_further_contact_lets_in_and_is_not_first(alma, harbor, phone):
    assert queries.member_for_contact(harbor, PHONE_OF_ALMA) == alma
    assert cast.reach(alma).as_contact == ALMA
    assert [point.as_contact for point in queries.contact_points(alma)] == [ALMA, PHONE_OF_ALMA]


def test_adding_twice_changes_nothing(alma, phone):
    assert add_contact(member=alma, contact=PHONE_OF_ALMA) == phone
    assert ContactPoint.objects.count() == 2


def test_there_is_an_end_to_the_ways_to_reach_somebody(alma):
    for number in range(MOST_CONTACTS - 1):
        add_contact(member=alma, contact=Contact(kind=EMAIL, value=f"alma{number}@example.org"))

    with pytest.raises(TooManyContacts):
        add_contact(member=alma, contact=PHONE_OF_ALMA)
    assert add_contact(member=alma, contact=ALMA).is_first
    assert len(queries.contact_points(alma)) == MOST_CONTACTS


def test_every_other_confirmed_contact_is_told_and_never_the_one_it_is_about(alma, harbor, monkeypatch):
    told = []
    monkeypatch.setattr(
        courier,
        "_heralds",
        [lambda *, member, news, occasion, points: told.append((news, [point.value for point in points]))],
    )
    ContactPoint.objects.create(network=harbor, member=alma, kind=EMAIL, value="imported@example.org")

    point = add_contact(member=alma, contact=PHONE_OF_ALMA)
    add_contact(member=alma, contact=PHONE_OF_ALMA)
    remove_contact(member=alma, contact_point=point.pk)

    assert told == [("contact_added", [ALMA.value]), ("contact_removed", [ALMA.value])]


def test_somebody_elses_contact_is_refused(alma, ben):
    with pytest.raises(ContactTaken):
        add_contact(member=alma, contact=BEN)

    assert ContactPoint.objects.filter(member=alma).count() == 1


def test_adding_an_imported_contact_confirms_it(harbor):
    dot = join(network=harbor, name="Dot", contact=BEN, languages=[], imported_as=new_id())

    assert add_contact(member=dot, contact=BEN).confirmed_at
    assert ContactPoint.objects.filter(member=dot).count() == 1


def test_first_contact_of_somebody_imported_without_any_is_first(harbor):
    dot = join(network=harbor, name="Dot", contact=None, languages=[], imported_as=new_id())

    assert add_contact(member=dot, contact=BEN).is_first


def test_messages_go_where_the_member_puts_them_first(alma, phone):
    put_first(member=alma, contact_point=phone.pk)
    put_first(member=alma, contact_point=phone.pk)

    assert cast.reach(alma).as_contact == PHONE_OF_ALMA
    verbs = list(story_of(alma).values_list("verb", flat=True))
    assert verbs == ["joined", "contact_added", "contact_put_first"]


def test_removing_the_first_makes_another_one_first_and_signs_out(alma, phone):
    first = cast.reach(alma)

    left = remove_contact(member=alma, contact_point=first.pk)

    assert cast.reach(alma) == phone
    assert ContactPoint.objects.get(pk=phone.pk).is_first
    assert left.epoch == Member.objects.get(pk=alma.pk).epoch == 1


def test_removing_another_one_leaves_the_first_alone(alma, phone):
    remove_contact(member=alma, contact_point=phone.pk)

    assert cast.reach(alma).as_contact == ALMA
    assert cast.reach(alma).is_first


def test_the_last_way_in_stays(alma, harbor):
    unconfirmed = Contact(kind=EMAIL, value="old@example.org")
    ContactPoint.objects.create(network=harbor, member=alma, kind=EMAIL, value=unconfirmed.value)

    with pytest.raises(LastContact):
        remove_contact(member=alma, contact_point=cast.reach(alma).pk)

    assert cast.reach(alma).as_contact == ALMA


@pytest.mark.parametrize("action", [put_first, remove_contact])
def test_nobody_touches_the_contacts_of_others(alma, phone, ben, cleo, action):
    for stranger in (ben, cleo):
        with pytest.raises(ContactNotFound):
            action(member=stranger, contact_point=phone.pk)
    with pytest.raises(ContactNotFound):
        action(member=alma, contact_point=new_id())

    assert ContactPoint.objects.filter(member=alma).count() == 2
