"""The asker's private page: what it shows, to whom, and every button on it."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from commonweal.base import clock
from commonweal.base.ids import new_token
from commonweal.exchange import actions
from commonweal.exchange.lifecycle import State
from commonweal.exchange.models import Ask, Handover, Match
from commonweal.exchange.tests.cast import DAY, WEEK, fresh, letters

S = Match.State


def url(ask, name="status", **further):
    return reverse(f"exchange:{name}", kwargs={"token": ask.token_box, **further})


def changed(ask, **said):
    """What the form for changing sends when only this is said anew."""
    return {
        "category": "groceries", "words": ask.words, "people": "1", "area": "abell", "street": ask.place["text"],
        "when": "keep", "version": str(ask.version), "of": ask.code, **said,
    }  # fmt: skip


@pytest.fixture
def ask(town):
    return town.ask()


class TestPage:
    def test_it_shows_the_code_and_what_happens_next(self, client, ask):
        page = client.get(url(ask))

        text = page.content.decode()
        assert page.status_code == 200
        assert text.count("<h1") == 1
        assert ask.shown_code in text
        assert "We are asking near by" in text
        assert "without you doing anything" in text or "the whole network is asked" in text

    def test_it_costs_few_queries(self, client, ask, town, django_assert_max_num_queries):
        town.agreed(ask, town.rosa)

        with django_assert_max_num_queries(16):
            client.get(url(ask))

    def test_nothing_of_it_is_kept_or_passed_on(self, client, ask):
        page = client.get(url(ask))

        assert "no-store" in page.headers["Cache-Control"]
        assert page.headers["Referrer-Policy"] in ("no-referrer", "same-origin")
        assert "noindex" in page.headers["X-Robots-Tag"]

    def test_it_weighs_little(self, client, ask):
        assert len(client.get(url(ask)).content) < 12_000

    def test_a_helper_is_not_named_before_they_said_yes(self, client, ask, town):
        town.invited(ask, town.rosa)

        assert b"Rosa" not in client.get(url(ask)).content

    def test_after_the_yes_it_shows_who_comes_and_how_to_reach_them(self, client, ask, town):
        town.agreed(ask, town.rosa)

        page = client.get(url(ask)).content.decode()
        assert "Rosa is coming" in page
        assert "mailto:rosa@example.org" in page

    def test_the_helper_s_look_is_on_record_for_the_asker(self, client, ask, town):
        match = town.agreed(ask, town.rosa)
        client.get(reverse("exchange:invitation", args=[match.token_box]))

        said = b"Rosa saw your e-mail address, your exact place and your own words today, to help with"
        assert said in client.get(url(ask)).content

    @pytest.mark.parametrize("token", ["x", "x" * 500, "%00", "..", "é"])
    def test_a_forged_link_leads_nowhere(self, client, ask, token):
        assert client.get(f"/a/{token}/").status_code == 404

    def test_a_link_of_another_network_leads_nowhere(self, client, ask, bo):
        bo.network.domain = "hampden.example"
        bo.network.save()

        assert client.get(url(ask), headers={"host": "hampden.example"}).status_code in (400, 404)

    def test_the_hash_of_a_link_is_no_link(self, client, ask):
        assert client.get(reverse("exchange:status", args=[ask.token_hash])).status_code == 404


class TestChanging:
    def test_the_form_holds_what_was_said_and_no_contact(self, client, ask):
        page = client.get(url(ask, "change")).content.decode()

        assert "Third floor, no lift." in page
        assert "2901 Guilford Avenue" in page
        assert "amina@example.org" not in page
        assert "a…@example.org" in page

    def test_a_place_that_only_words_say_stays(self, client, town):
        ask = town.ask(place={"text": "the blue door"}, contact="", contact_kind="")

        client.post(url(ask, "change"), changed(ask, area="waverly"))

        now = fresh(ask)
        assert (now.place, now.area, now.cell_y) == (
            {"text": "the blue door"},
            town.waverly,
            town.waverly.cell_y,
        )

    def test_a_place_that_is_taken_away_is_gone(self, client, ask):
        client.post(url(ask, "change"), changed(ask, street=""))

        assert fresh(ask).place == {}

    def test_of_a_phone_number_only_the_end_is_shown(self, client, town):
        ask = town.ask(contact_kind="phone", contact="+14105550123")

        page = client.get(url(ask, "change")).content.decode()
        assert "… 0123" in page
        assert not re.search(r"\b410\b|4105550", page)  # three digits alone may stand in a key

    def test_what_is_not_said_anew_stays(self, client, ask):
        answer = client.post(url(ask, "change"), changed(ask, words="Second floor"))

        now = fresh(ask)
        assert answer.url == url(ask)
        assert now.words == "Second floor"
        assert (now.starts_at, now.ends_at, now.place) == (ask.starts_at, ask.ends_at, ask.place)
        assert (now.contact_kind, now.contact) == ("email", "amina@example.org")

    def test_another_time_and_contact(self, client, ask):
        client.post(url(ask, "change"), changed(ask, when="soon", contact="+1 410 555 0123"))

        now = fresh(ask)
        assert now.starts_at == clock.now()
        assert now.contact_kind == "phone"

    def test_how_to_reach_somebody_can_be_forgotten(self, client, ask):
        client.post(url(ask, "change"), changed(ask, forget_contact="on"))

        assert fresh(ask).contact == ""

    def test_a_stale_page_shows_what_was_typed_and_takes_it_on_the_next_press(self, client, ask, town):
        stale = changed(ask, words="From the old page")
        client.post(url(ask, "change"), changed(ask, words="From another window"))

        page = client.post(url(ask, "change"), stale)
        assert page.status_code == 409
        assert "From the old page" in page.content.decode()
        assert fresh(ask).words == "From another window"

        version = page.context["form"]["version"].value()
        assert client.post(url(ask, "change"), {**stale, "version": version}).status_code == 302
        assert fresh(ask).words == "From the old page"

    def test_pressed_twice_the_second_says_that_it_is_changed_already(self, client, ask):
        twice = changed(ask, words="Once")

        assert client.post(url(ask, "change"), twice).status_code == 302
        assert client.post(url(ask, "change"), twice).status_code == 409
        assert fresh(ask).words == "Once"

    @pytest.mark.parametrize("version", ["", "-1", "x", "9" * 5000])
    def test_a_made_up_version_changes_nothing(self, client, ask, version):
        assert client.post(url(ask, "change"), changed(ask, version=version, words="No")).status_code == 422
        assert fresh(ask).words == ask.words

    def test_bad_input_is_said_at_its_field(self, client, ask):
        page = client.post(url(ask, "change"), changed(ask, people="-1", words="Kept"))

        assert page.status_code == 422
        assert "Kept" in page.content.decode()
        assert fresh(ask).words == ask.words

    def test_find_it_keeps_everything(self, client, ask):
        page = client.post(url(ask, "change"), changed(ask, words="Kept", find="street"))

        assert page.status_code == 200
        assert "Kept" in page.content.decode()
        assert fresh(ask).words == ask.words

    def test_a_category_that_was_closed_since_is_still_its_own(self, client, ask, town):
        town.groceries.is_open = False
        town.groceries.save()

        assert client.post(url(ask, "change"), changed(ask, words="Still")).status_code == 302


class TestButtons:
    def test_pause_and_go_on(self, client, ask):
        client.post(url(ask, "pause"), {"of": ask.code})
        assert fresh(ask).state == State.PAUSED
        assert b"You paused it" in client.get(url(ask)).content

        client.post(url(ask, "resume"), {"of": ask.code})
        assert fresh(ask).state == State.NEAR

    @pytest.mark.parametrize("name", ["pause", "resume", "keep", "call"])
    def test_pressed_twice_nothing_more_happens(self, client, ask, name):
        first, second = (client.post(url(ask, name), {"of": ask.code}).status_code for _ in range(2))

        assert (first, second) == (302, 302)

    @pytest.mark.parametrize("name", ["pause", "resume", "keep", "call"])
    def test_looking_presses_nothing(self, client, ask, name):
        assert client.get(url(ask, name)).status_code == 405
        assert fresh(ask).state == State.NEAR

    def test_a_person_please(self, client, ask):
        client.post(url(ask, "call"), {"of": ask.code})

        assert fresh(ask).state == State.DESK

    def test_withdrawing_asks_once_more(self, client, ask):
        page = client.get(url(ask, "withdraw"), {"why": "found_help"})

        assert page.status_code == 200
        assert 'value="found_help"' in page.content.decode().split("checked")[0]
        assert fresh(ask).state == State.NEAR

    def test_found_help(self, client, ask, town):
        town.invited(ask, town.rosa)
        for _ in range(2):
            assert client.post(url(ask, "withdraw"), {"why": "found_help", "of": ask.code}).url == url(ask)

        now = fresh(ask)
        assert (now.state, now.closed_why) == (State.WITHDRAWN, "found_help")
        assert letters("invitation_taken_back").count() == 1
        assert b"Ask for something else" in client.get(url(ask)).content

    @pytest.mark.parametrize("why", ["", "nonsense", "\x00"])
    def test_a_made_up_reason_withdraws_nothing(self, client, ask, why):
        assert client.post(url(ask, "withdraw"), {"why": why}).status_code == 422
        assert fresh(ask).state == State.NEAR

    def test_what_the_life_of_an_ask_does_not_know_is_refused_with_words(self, client, ask):
        actions.withdraw_ask(ask=ask)

        page = client.post(url(ask, "pause"), {"of": ask.code})
        assert page.status_code == 409
        assert b"can&#x27;t be done any more" in page.content


class TestSeries:
    @pytest.fixture
    def weekly(self, town):
        return town.ask(repeat_days=0b100)

    def test_a_button_of_the_last_occurrence_does_not_touch_the_next(self, client, weekly):
        said = {"why": "not_needed", "only_this": "on", "of": weekly.code}
        client.post(url(weekly, "withdraw"), said)
        following = Ask.objects.exclude(pk=weekly.pk).get()

        assert client.post(url(weekly, "withdraw"), said).url == url(weekly)
        assert fresh(following).state == State.NEAR

    def test_the_link_leads_to_the_occurrence_that_waits_for_word(self, client, weekly, town, hand):
        match = town.agreed(weekly, town.rosa)
        hand.move_to(weekly.ends_at + timedelta(hours=3))
        actions.advance_ask(ask_id=weekly.pk, network_id=weekly.network_id)

        page = client.get(url(weekly)).content.decode()
        assert "How did it go with Rosa?" in page
        assert reverse("exchange:status_went", args=[weekly.token_box, match.pk]) in page


class TestHowItWent:
    @pytest.fixture
    def match(self, town, ask, hand):
        match = town.agreed(ask, town.rosa)
        hand.move_to(ask.ends_at)
        return match

    def went(self, ask, match):
        return url(ask, "status_went", match=match.pk)

    def test_it_asks_how_it_went(self, client, ask, match):
        assert b"How did it go with Rosa?" in client.get(url(ask)).content
        assert client.get(self.went(ask, match)).status_code == 200

    @pytest.mark.parametrize(
        ("outcome", "matched", "asked"),
        [("done", S.DONE, State.DONE), ("partly", S.PARTLY, State.NEAR), ("missed", S.MISSED, State.NEAR)],
    )
    def test_what_is_said_is_done_and_twice_is_once(self, client, ask, match, outcome, matched, asked):
        for _ in range(2):
            answer = client.post(self.went(ask, match), {"outcome": outcome, "of": ask.code, "note": "Fine"})
            assert answer.url == url(ask)

        assert (fresh(match).state, fresh(ask).state) == (matched, asked)
        assert Handover.objects.count() == 1
        assert Handover.objects.get().note == "Fine"

    def test_another_time(self, client, ask, match):
        day = (clock.now() + 2 * DAY).date().isoformat()

        client.post(self.went(ask, match), {"outcome": "rescheduled", "day": day, "part": "morning"})

        assert fresh(match).meets_at > clock.now()
        assert fresh(match).state == S.ACCEPTED

    @pytest.mark.parametrize(
        ("said", "at"),
        [
            ({}, "outcome"),
            ({"outcome": "wonderful"}, "outcome"),
            ({"outcome": "rescheduled"}, "day"),
            ({"outcome": "rescheduled", "day": "2026-02-31"}, "day"),
            ({"outcome": "rescheduled", "day": "2020-01-01"}, "day"),
            ({"outcome": "rescheduled", "day": "9999-12-31"}, "day"),
            ({"outcome": "partly", "quantity": "-1"}, "quantity"),
            ({"outcome": "partly", "quantity": "9" * 400}, "quantity"),
            ({"outcome": "done", "note": "x" * 601}, "note"),
        ],
    )
    def test_bad_input_is_said_at_its_field(self, client, ask, match, said, at):
        page = client.post(self.went(ask, match), said)

        assert page.status_code == 422
        assert list(page.context["form"].errors) == [at]
        assert fresh(match).state == S.ACCEPTED

    def test_a_match_of_another_ask_is_not_spoken_of_here(self, client, match, town):
        other = town.ask()

        answer = client.post(url(other, "status_went", match=match.pk), {"outcome": "done"})

        assert answer.url == url(other)
        assert fresh(match).state == S.ACCEPTED

    def test_rather_somebody_else(self, client, ask, town):
        match = town.agreed(ask, town.rosa)
        instead = url(ask, "status_instead", match=match.pk)

        assert b"Rosa" in client.get(instead).content
        for _ in range(2):
            assert client.post(instead, {"of": ask.code}).url == url(ask)

        assert fresh(match).state == S.DROPPED
        assert fresh(ask).state == State.NEAR


def test_a_lent_thing_goes_back(client, town, hand):
    ask = town.ask(category=town.borrow.pk, returns_at=clock.now() + WEEK)
    match = town.agreed(ask, town.rosa)
    hand.move_to(ask.ends_at)
    client.post(url(ask, "status_went", match=match.pk), {"outcome": "done", "of": ask.code})

    page = client.get(url(ask)).content.decode()
    assert "Lent by Rosa" in page
    for _ in range(2):
        assert client.post(url(ask, "status_back", match=match.pk), {"of": ask.code}).url == url(ask)
    assert (fresh(match).state, fresh(ask).state) == (S.DONE, State.DONE)


def test_a_rested_ask_is_woken_by_one_press(client, town):
    ask = town.ask()
    Ask.objects.filter(pk=ask.pk).update(
        state=State.RESTED, next_step="", next_step_at=None, closed_at=clock.now()
    )

    assert b"It is still needed" in client.get(url(ask)).content
    client.post(url(ask, "keep"), {"of": ask.code})
    assert fresh(ask).state == State.NEAR


class TestFindingTheLinkAgain:
    @pytest.fixture(autouse=True)
    def in_the_background(self, settings):
        """What is done in the background is done at once."""
        settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}

    def send(self, client, code, contact):
        return client.post("/code/", {"short_code": code, "contact": contact})

    def test_the_link_is_sent_to_the_contact_that_was_given(self, client, ask):
        page = self.send(client, ask.shown_code.lower(), "Amina@example.org")

        assert page.status_code == 200
        assert b"on its way" in page.content
        assert ask.token_box not in page.content.decode()
        assert letters("ask_link").get().to == "amina@example.org"

    @pytest.mark.parametrize("contact", ["lee@example.org", "+14105550123"])
    def test_to_anybody_else_the_answer_is_the_same_and_nothing_is_sent(self, client, ask, contact):
        assert b"on its way" in self.send(client, ask.code, contact).content
        assert not letters("ask_link").exists()

    def test_a_code_that_nobody_has_is_none(self, client, ask):
        Ask.objects.filter(pk=ask.pk).update(code="222222")

        assert b"on its way" in self.send(client, ask.code, "amina@example.org").content
        assert not letters("ask_link").exists()

    def test_an_ask_without_words_and_link_sends_none(self, client, town):
        erased = town.ask()
        Ask.objects.filter(pk=erased.pk).update(token_box="")

        self.send(client, erased.code, "amina@example.org")
        assert not letters("ask_link").exists()

    def test_it_is_sent_once_an_hour(self, client, ask, hand):
        for _ in range(3):
            self.send(client, ask.code, "amina@example.org")
        assert letters("ask_link").count() == 1

        hand.advance(timedelta(hours=1))
        self.send(client, ask.code, "amina@example.org")
        assert letters("ask_link").count() == 2

    @pytest.mark.parametrize(
        ("code", "contact", "at"),
        [
            ("", "amina@example.org", "short_code"),
            ("OOOOOO", "amina@example.org", "short_code"),
            ("K7F-2Q", "amina@example.org", "short_code"),
            ("x" * 21, "amina@example.org", "short_code"),
            ("K7F-2QM", "", "contact"),
            ("K7F-2QM", "nobody", "contact"),
        ],
    )
    def test_bad_input_is_said_at_its_field(self, client, ask, code, contact, at):
        page = self.send(client, code, contact)

        assert page.status_code == 422
        assert list(page.context["form"].errors) == [at]

    def test_trying_codes_out_is_stopped(self, client, ask, monkeypatch):
        monkeypatch.setattr("commonweal.exchange.views.lookup.MOST", 1)
        self.send(client, new_token()[:6], "amina@example.org")
        self.send(client, "K7F-2QM", "amina@example.org")

        page = self.send(client, "K7F-2QM", "amina@example.org")
        assert page.status_code == 429
        assert "K7F-2QM" in page.content.decode()
