"""Mandates end by themselves, with notice."""

from datetime import timedelta

import pytest

from commonweal.assembly import actions, tasks
from commonweal.assembly.access import holds_mandate
from commonweal.assembly.events import MandateEnded
from commonweal.assembly.models import Mandate
from commonweal.base import bus
from commonweal.base.eventlog import story_of
from commonweal.messaging.models import Message
from commonweal.messaging.writing import write
from commonweal.networks.actions import change_policy
from commonweal.networks.tests.cast import NOON

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
Role = Mandate.Role


def give(member, days=30, role=Role.DISPATCHER, **more):
    return actions.give_mandate(
        member=member, role=role, until=NOON + days * DAY, reason="Assembly, 4 May", **more
    )


def letters(template):
    return sorted(
        letter.context.get("name", "") or letter.to for letter in Message.objects.filter(template=template)
    )


def test_holder_and_founders_are_told_two_weeks_and_one_day_before(founders, dora, hand):
    mandate = give(dora)
    assert tasks.make_ends_known() == 0
    hand.advance(16 * DAY)

    assert tasks._due(1)
    assert tasks.make_ends_known() == 1
    assert tasks.make_ends_known() == 0
    assert letters("mandate_ends") == ["dora@example.org"]
    assert letters("mandate_of_other_ends") == ["Dora", "Dora"]
    hand.advance(13 * DAY)
    assert tasks.make_ends_known() == 1
    assert tasks.make_ends_known() == 0

    assert len(letters("mandate_ends")) == 2
    assert len(letters("mandate_of_other_ends")) == 4
    assert list(story_of(mandate).values_list("verb", flat=True)) == ["given", "end_told", "end_told"]


def test_end_is_on_record_when_it_comes(dora, hand, monkeypatch, django_capture_on_commit_callbacks):
    heard: list[object] = []
    monkeypatch.setitem(bus._subscribers, MandateEnded, [heard.append])
    mandate = give(dora)
    hand.advance(30 * DAY)
    assert not holds_mandate(dora, Role.DISPATCHER)

    with django_capture_on_commit_callbacks(execute=True):
        assert tasks.make_ends_known() == 1

    assert tasks.make_ends_known() == 0
    assert letters("mandate_ends") == []
    assert list(story_of(mandate).values_list("verb", flat=True)) == ["given", "ran_out"]
    assert heard == [MandateEnded(network=dora.network_id, member=dora.pk, role="dispatcher")]


def test_a_short_mandate_is_made_known_on_its_last_day(dora, hand):
    give(dora, days=5)
    hand.advance(4 * DAY)

    assert tasks.make_ends_known() == 1
    assert letters("mandate_ends") == ["dora@example.org"]


def test_one_of_hours_ends_without_a_letter(dora, hand):
    actions.give_mandate(
        member=dora, role=Role.DISPATCHER, until=NOON + timedelta(hours=5), reason="For tonight."
    )
    hand.advance(timedelta(hours=5))

    assert tasks.make_ends_known() == 1
    assert letters("mandate_ends") == []


def test_how_long_before_is_the_members_to_say(dora, harbor, hand):
    change_policy(network=harbor, changes={"notice_days": 20}, reason="We meet once a month.")
    dora.network.refresh_from_db()
    give(dora)
    hand.advance(10 * DAY)

    assert tasks.make_ends_known() == 1


def test_who_gave_it_back_or_left_is_not_told(founders, dora, hand):
    mandate = give(dora)
    actions.give_back(mandate=mandate, by=dora)
    hand.advance(20 * DAY)

    assert tasks.make_ends_known() == 0
    assert not actions.make_known(network=mandate.network_id, mandate=mandate.pk)


def test_renewing_is_a_new_decision_and_ends_the_old_one(dora, hand):
    old = give(dora)
    hand.advance(20 * DAY)
    new = give(dora, days=300)

    old.refresh_from_db()
    assert (old.ended_at, old.tell_at) == (NOON + 20 * DAY, None)
    assert new.decision != old.decision
    assert story_of(new).get().verb == "renewed"
    assert holds_mandate(dora, Role.DISPATCHER)
    assert tasks.make_ends_known() == 0


def test_holder_without_a_way_to_be_reached_reads_it_on_the_page(founders, dora, hand):
    give(dora)
    dora.contact_points.all().delete()
    hand.advance(16 * DAY)

    assert tasks.make_ends_known() == 1
    assert letters("mandate_ends") == []
    assert letters("mandate_of_other_ends") == ["Dora", "Dora"]


@pytest.mark.parametrize("language", ["en", "es", "ar"])
@pytest.mark.parametrize(
    "template", ["mandate_given", "mandate_ends", "mandate_of_other_ends", "second_wanted"]
)
def test_letters_are_in_words(template, language):
    about = {"role": "Steward", "until": "4 May", "link": "https://x", "network": "Harbor"}
    if template == "second_wanted":
        about = {**about, "what": about.pop("role")}
    if template in ("mandate_of_other_ends", "second_wanted"):
        about["name"] = "Jo"

    written = write(template, language, about)

    assert "Steward" in written.subject + written.body
    assert "https://x" in written.text
