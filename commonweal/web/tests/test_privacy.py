"""One's own page of what is held: all of one's own, nothing of anybody else's, to take away and to have erased."""

import json

import pytest

from commonweal.base import clock
from commonweal.base.eventlog import By
from commonweal.exchange import actions
from commonweal.exchange.models import LIVE, Ask, CallNote, Match, PassedOn
from commonweal.exchange.tests.cast import HOUR, MONDAY, WEEK, found_town, fresh
from commonweal.intake.actions import receive
from commonweal.intake.models import Inbound
from commonweal.members.contacts import Contact
from commonweal.members.models import ContactPoint, Member
from commonweal.members.tests.cast import sign_in
from commonweal.messaging.models import Message
from commonweal.web.privacy.holding import MOST, held_on_member

AMINAS = ("Amina", "amina@example.org", "2901 Guilford Avenue", "Third floor, no lift.")


@pytest.fixture
def hand():
    with clock.frozen(MONDAY) as hand:
        yield hand


@pytest.fixture
def town(db, hand):
    return found_town()


@pytest.fixture
def asked(town):
    """Amina asked by a link, and Rosa, who has an offer, agreed; Jo made a note."""
    town.offer(town.rosa, words="I drive a red van.", summary="Shopping")
    published = actions.publish_ask(network=town.network, draft=town.draft())
    match = town.agreed(published.ask, town.rosa)
    actions.call_note(ask=published.ask, dispatcher=town.jo, text="She sounded afraid.")
    PassedOn.objects.create(
        network=town.network, match=match, by="helper", via="page", words="I ring twice.", key="1",
        erase_at=MONDAY + WEEK,
    )  # fmt: skip
    return published


@pytest.fixture
def rosas(client, town):
    sign_in(client, town.rosa)
    return client


class TestMembersPage:
    def test_shows_all_of_ones_own_and_nothing_of_others(self, rosas, asked):
        page = rosas.get("/me/privacy/").content.decode()
        for own in ("Rosa", "rosa@example.org", "I drive a red van.", "I ring twice."):
            assert own in page
        for other in (*AMINAS, "She sounded afraid.", "Lee", "lee@example.org"):
            assert other not in page
        assert "So that people know whom they meet." in page
        assert "Who may read it:" in page
        assert "30 days after it was sent" in page

    def test_is_for_members_and_kept_by_no_browser(self, client, rosas, asked):
        assert "no-store" in rosas.get("/me/privacy/")["Cache-Control"]
        rosas.cookies.clear()
        for path in ("/me/privacy/", "/me/privacy/mine.json", "/me/privacy/erase/"):
            assert rosas.get(path)["Location"].startswith("/sign-in/")

    def test_as_data(self, rosas, asked):
        answer = rosas.get("/me/privacy/mine.json")
        assert answer["Content-Disposition"] == 'attachment; filename="what-is-held-on-me.json"'
        assert "no-store" in answer["Cache-Control"]
        assert answer["X-Content-Type-Options"] == "nosniff"
        said = json.loads(answer.content)
        names = [entry["name"] for thing in said["held"] for entry in thing["entries"] if "name" in entry]
        assert names == ["Rosa"]
        assert said["network"] == "Remington Neighbours"
        assert not [word for word in AMINAS if word in answer.content.decode()]

    def test_as_a_page_that_runs_nothing(self, rosas, asked, town):
        Member.objects.filter(pk=town.rosa.pk).update(name="<script>alert(1)</script>")
        answer = rosas.get("/me/privacy/mine.html")
        page = answer.content.decode()
        assert answer["Content-Type"].startswith("text/html")
        assert answer["Content-Disposition"].startswith("attachment")
        assert "&lt;script&gt;" in page
        assert "<script" not in page
        assert "http" not in page.lower()

    def test_there_is_no_third_kind_of_file(self, rosas):
        assert rosas.get("/me/privacy/mine.csv").status_code == 404

    def test_more_than_fits_is_counted(self, town):
        ContactPoint.objects.bulk_create(
            ContactPoint(network=town.network, member=town.rosa, kind="email", value=f"r{number}@example.org")
            for number in range(MOST + 5)
        )
        held = {thing.what: thing for thing in held_on_member(town.rosa)}
        assert held["How to reach you"].count == MOST + 6
        assert len(held["How to reach you"].entries) == MOST

    def test_costs_a_query_for_each_kind_and_no_more_for_many(
        self, town, asked, django_assert_max_num_queries
    ):
        with django_assert_max_num_queries(70):
            held_on_member(town.rosa)


class TestErasingOneself:
    def test_says_first_what_goes_what_stays_and_who_is_told(self, rosas, asked):
        page = rosas.get("/me/privacy/erase/").content.decode()
        assert "What stays:" in page
        assert "Groceries" in page
        assert fresh(asked.ask).is_open

    def test_then_does_it(self, rosas, town, asked, django_capture_on_commit_callbacks):
        own = actions.publish_ask(network=town.network, draft=town.draft(), by=town.rosa).ask
        with django_capture_on_commit_callbacks(execute=True):
            answer = rosas.post("/me/privacy/erase/")
        assert answer.status_code == 200
        rosa = fresh(town.rosa)
        assert (rosa.name, rosa.state) == ("", "left")
        own = fresh(own)
        assert (own.words, own.called, own.contact, own.by) == ("", "", "", None)
        assert fresh(asked.ask).is_searching  # somebody else is looked for
        assert rosas.get("/me/privacy/").status_code == 302

    def test_waits_for_what_is_lent(self, rosas, town, asked):
        Match.objects.filter(ask=asked.ask).update(state=Match.State.LENT)
        answer = rosas.post("/me/privacy/erase/")
        assert answer.status_code == 409
        assert "lent and not back" in answer.content.decode()
        assert fresh(town.rosa).name == "Rosa"


class TestAskersPage:
    def test_shows_what_was_said_to_whoever_has_the_link(self, client, asked):
        page = client.get(f"/a/{asked.token}/kept/").content.decode()
        for own in AMINAS:
            assert own in page
        for other in ("Rosa", "rosa@example.org", "I ring twice.", "I drive a red van."):
            assert other not in page
        # The phone may be in other hands than hers: notes about her are counted, not shown.
        assert "She sounded afraid." not in page
        assert "Notes that a person on shift made about a call with you" in page

    def test_of_a_made_up_link_there_is_none(self, client, town):
        for path in ("kept/", "kept/mine.json", "kept/erase/"):
            assert client.get(f"/a/made-up/{path}").status_code == 404

    def test_the_occurrences_of_a_series_share_it(self, client, town):
        published = actions.publish_ask(network=town.network, draft=town.draft(repeat_days=4))
        first = published.ask
        other = Ask.objects.get(pk=first.pk)
        other.pk, other.code, other.called = None, "QQQQQQ", "Nadia"
        other.occurs_at, other.occurs_until = MONDAY + WEEK, MONDAY + WEEK + HOUR
        other.save(force_insert=True)
        page = client.get(f"/a/{published.token}/kept/").content.decode()
        assert "Amina" in page
        assert "Nadia" in page

    def test_as_a_file(self, client, asked):
        said = json.loads(client.get(f"/a/{asked.token}/kept/mine.json").content)
        called = [
            entry["called"] for thing in said["held"] for entry in thing["entries"] if "called" in entry
        ]
        assert called == ["Amina"]


class TestErasingAnAsk:
    def test_says_first_what_it_means(self, client, asked):
        assert "What stays:" in client.get(f"/a/{asked.token}/kept/erase/").content.decode()
        assert fresh(asked.ask).called == "Amina"

    def test_then_does_it_with_letters_and_messages(
        self, client, town, asked, django_capture_on_commit_callbacks
    ):
        ask = asked.ask
        written = receive(
            network=town.network, channel="simulator", provider_id="1", text="I need groceries",
            sender=Contact(kind="phone", value="+14105550177"),
        ).inbound  # fmt: skip
        Inbound.objects.filter(pk=written.pk).update(
            ask=ask, state="answered", due_at=None, handled_at=MONDAY
        )
        assert Message.objects.filter(to_index=ask.contact_index).exists()

        with django_capture_on_commit_callbacks(execute=True):
            answer = client.post(f"/a/{asked.token}/kept/erase/", {"of": ask.code})

        assert "It is erased" in answer.content.decode()
        left = fresh(ask)
        assert (left.called, left.contact, left.words, left.place, left.state) == (
            "",
            "",
            "",
            {},
            "withdrawn",
        )
        assert (left.area, left.category) == (ask.area, ask.category)
        assert not Message.objects.filter(to_index=ask.contact_index).exists()
        assert not CallNote.objects.exists()
        assert fresh(written).text == ""
        assert Match.objects.get().state not in LIVE  # Rosa knows
        assert client.get(f"/a/{asked.token}/kept/").status_code == 404

    def test_of_another_occurrence_nothing_is_done(self, client, asked):
        assert client.post(f"/a/{asked.token}/kept/erase/", {"of": "OTHER1"}).status_code == 302
        assert fresh(asked.ask).called == "Amina"

    def test_waits_for_what_is_lent(self, client, town, hand):
        published = actions.publish_ask(
            network=town.network, draft=town.draft(category=town.borrow.pk, returns_at=MONDAY + 2 * WEEK)
        )
        match = town.agreed(published.ask, town.rosa)
        hand.move_to(match.meets_until)
        actions.report_handover(match=match, outcome="done", said_by=By.HELPER)
        answer = client.post(f"/a/{published.token}/kept/erase/", {"of": published.ask.code})
        assert answer.status_code == 409
        assert fresh(published.ask).called == "Amina"
