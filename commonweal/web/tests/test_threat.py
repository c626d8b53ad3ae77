"""Worse times: as little as can be is kept, from the switch on, and the bytes of the rest are gone."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command

from commonweal.assembly.actions import give_mandate
from commonweal.base import clock, scrubbing
from commonweal.base.eventlog import By
from commonweal.base.models import Event
from commonweal.base.worker import Worker
from commonweal.exchange import actions
from commonweal.exchange.models import Look
from commonweal.exchange.tests.cast import DAY, MONDAY, found_town, fresh
from commonweal.intake.actions.correcting import record_correction
from commonweal.intake.models import Correction
from commonweal.members.tests.cast import sign_in
from commonweal.messaging.models import Message
from commonweal.networks.threat import begin_threat, end_threat
from commonweal.web.threat import shortening


@pytest.fixture
def hand():
    with clock.frozen(MONDAY) as hand:
        yield hand


@pytest.fixture
def town(db, hand):
    return found_town()


def seen(town, ask):
    actions.record_look(
        ask=ask, by=By.DISPATCHER, actor=town.jo.pk, what=["phone"], why=Look.Why.OTHER, words="A worry."
    )
    return Look.objects.latest("at")


def begin(town, commits):
    with commits(execute=True):
        assert begin_threat(network=town.network)
    town.network.refresh_from_db()


def test_what_waits_for_its_days_goes_at_once(town, django_capture_on_commit_callbacks):
    over, going_on = town.ask(), town.ask(called="Nadia")
    actions.withdraw_ask(ask=over)
    Message.objects.filter(about_id=over.pk).update(
        state="sent", due_at=None, sent_at=MONDAY, erase_at=MONDAY + 30 * DAY
    )
    record_correction(network=town.network, text="milk please", category=town.groceries)
    look = seen(town, going_on)

    begin(town, django_capture_on_commit_callbacks)

    assert (fresh(over).called, fresh(going_on).called) == ("", "Nadia")
    assert not Message.objects.filter(about_id=over.pk).exclude(to="").exists()
    assert not Correction.objects.exists()
    assert (fresh(look).actor, fresh(look).words) == (None, "")


def test_what_comes_afterwards_is_kept_for_as_long_as_it_is_needed(
    town, hand, django_capture_on_commit_callbacks
):
    begin(town, django_capture_on_commit_callbacks)
    ask = fresh(town.ask())
    look = seen(town, ask)
    assert (look.actor, look.words, look.at) == (None, "", MONDAY.replace(hour=0))
    assert Event.objects.get(verb="looked").actor is None
    assert record_correction(network=town.network, text="milk please", category=town.groceries) is None

    actions.withdraw_ask(ask=ask)
    assert fresh(ask).erase_at == clock.now()
    shortening.erase_now()
    left = fresh(ask)
    assert (left.called, left.words, left.closed_at) == ("", "", MONDAY.replace(hour=0))


def test_it_is_over_when_somebody_says_so(town, django_capture_on_commit_callbacks):
    assert not shortening.is_anywhere()
    begin(town, django_capture_on_commit_callbacks)
    assert not begin_threat(network=town.network)
    assert (town.network.policy.erase_days, shortening.is_anywhere()) == (0, True)

    assert end_threat(network=town.network)
    assert not end_threat(network=town.network)
    town.network.refresh_from_db()
    assert town.network.policy.erase_days == 30
    assert list(Event.objects.filter(verb__startswith="threat").values_list("verb", flat=True).order_by("id")) == [
        "threat_began", "threat_ended",
    ]  # fmt: skip


def test_the_worker_goes_on_with_it(town, hand, django_capture_on_commit_callbacks):
    begin(town, django_capture_on_commit_callbacks)
    Worker().run_once()
    ask = town.ask()
    actions.withdraw_ask(ask=ask)
    hand.advance(timedelta(minutes=11))
    worker = Worker()
    worker.run_once()
    assert worker.failed == 0
    assert fresh(ask).called == ""


class TestSwitch:
    @pytest.fixture
    def jos(self, client, town):
        give_mandate(member=town.jo, role="steward", until=MONDAY + 90 * DAY, reason="Assembly")
        sign_in(client, town.jo)
        return client

    def test_a_steward_switches_it_on_and_off(self, jos, town):
        assert "Keep as little as can be" in jos.get("/worse-times/").content.decode()
        page = jos.post("/worse-times/", {"to": "on"}, follow=True).content.decode()
        assert "As little as can be is kept since" in page
        assert Event.objects.get(verb="threat_began").actor == town.jo.pk
        jos.post("/worse-times/", {"to": "sideways"})
        assert fresh(town.network).threat_since is not None
        assert "Keep as little" in jos.post("/worse-times/", {"to": "off"}, follow=True).content.decode()
        assert fresh(town.network).threat_since is None

    def test_nobody_else_does(self, client, town):
        sign_in(client, town.rosa)
        assert client.post("/worse-times/", {"to": "on"}).status_code == 403
        assert fresh(town.network).threat_since is None


def test_by_the_command(town):
    def threat(*words):
        out = StringIO()
        call_command("threat", *words, stdout=out)
        return out.getvalue()

    assert "remington: off; " in threat("status")
    assert "remington: on since 2026-11-23" in threat("on", "--network", "remington")
    (said,) = json.loads(threat("status", "--json"))
    assert said["since"].startswith("2026-11-23")
    assert said["rows"]["members.member"] == 4
    assert "remington: off; " in threat("off")


def test_scrubbing_waits_for_the_end_of_a_transaction(db):
    assert scrubbing.scrub() is False
