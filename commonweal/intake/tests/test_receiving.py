"""Taking messages in at the door."""

import base64
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError

from commonweal.base import clock
from commonweal.intake.actions import Media, receive
from commonweal.intake.models import Attachment, Inbound
from commonweal.members.contacts import Contact
from commonweal.networks.actions import create_network

NOW = datetime(2026, 11, 18, 15, 0, tzinfo=UTC)
SAM = Contact(kind="phone", value="+14105550101")


@pytest.fixture(autouse=True)
def stopped():
    with clock.frozen(NOW) as hand:
        yield hand


@pytest.fixture
def elm(db):
    return create_network(slug="elm", name="Elm Street")


def take(elm, text="We need food", **more):
    more = {"channel": "sms_twilio", "provider_id": "SM1", "sender": SAM, **more}
    return receive(network=elm, text=text, **more)


class TestReceiving:
    def test_it_stands_there_and_waits(self, elm):
        inbound = take(elm, ours="+14105550100", at=NOW - timedelta(minutes=1)).inbound
        inbound.refresh_from_db()
        assert (inbound.text, inbound.sender, inbound.ours) == ("We need food", SAM.value, "+14105550100")
        assert (inbound.state, inbound.due_at, inbound.said_at) == (
            "waiting",
            NOW,
            NOW - timedelta(minutes=1),
        )
        assert inbound.erase_at == NOW + timedelta(days=elm.policy.erase_days)

    def test_a_replay_is_the_same_message(self, elm):
        first = take(elm)
        again = take(elm, text="changed on the way")
        assert (first.is_new, again.is_new) == (True, False)
        assert again.inbound == first.inbound
        assert again.inbound.text == "We need food"

    def test_the_same_id_elsewhere_is_another_message(self, elm, db):
        take(elm)
        assert take(elm, channel="sms_android").is_new
        assert take(create_network(slug="oak", name="Oak Street")).is_new

    def test_without_an_id_each_is_new(self, elm):
        assert take(elm, provider_id="").is_new
        assert take(elm, provider_id="").is_new

    def test_another_fault_is_not_taken_for_a_replay(self, elm, monkeypatch):
        def refuse(*_args, **_more):
            raise IntegrityError

        monkeypatch.setattr(Inbound, "save", refuse)
        with pytest.raises(IntegrityError):
            take(elm)

    @pytest.mark.parametrize(
        ("sent", "kept"),
        [("", ""), ("a\x00b", "ab"), ("\ud83d", "?"), ("🙏", "🙏"), ("x" * 12_000, "x" * 10_000)],
    )
    def test_odd_texts_are_taken_as_far_as_they_can_be(self, elm, sent, kept):
        inbound = take(elm, text=sent, subject=f" {sent[:3]}\n").inbound
        inbound.refresh_from_db()
        assert inbound.text == kept

    def test_a_very_long_id_is_known_again(self, elm):
        assert take(elm, provider_id="x" * 900).is_new
        assert not take(elm, provider_id="x" * 900).is_new
        assert take(elm, provider_id="x" * 899 + "y").is_new

    def test_it_costs_one_statement(self, elm, django_assert_num_queries):
        with django_assert_num_queries(3):  # with the beginning and the end of a savepoint
            take(elm)

    def test_a_clock_that_runs_ahead_is_set_right(self, elm):
        assert take(elm, at=NOW + timedelta(days=3)).inbound.said_at == NOW

    def test_what_came_with_it_is_kept_apart_and_closed(self, elm):
        media = [
            Media(kind="image", url="https://example.org/1", name="hall.jpg"),
            Media(kind="audio", content=b"hello", length_s=12),
            Media(kind="audio", content=b"x" * 5_000_001),
        ]
        inbound = take(elm, media=media).inbound
        inbound.refresh_from_db()
        assert [entry["kind"] for entry in inbound.media] == ["image", "audio", "audio"]
        assert inbound.media[1]["length_s"] == 12
        kept = Attachment.objects.get()
        assert (kept.position, base64.b64decode(kept.content)) == (1, b"hello")
