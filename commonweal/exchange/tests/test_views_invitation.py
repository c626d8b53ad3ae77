"""What a helper's link leads to, before the answer and after it."""

import pytest
from django.urls import reverse

from commonweal.base import clock
from commonweal.exchange import actions
from commonweal.exchange.lifecycle import State
from commonweal.exchange.models import Match
from commonweal.exchange.tests.cast import DAY, WEEK, fresh, letters, verbs

S = Match.State


def url(match, name="invitation"):
    return reverse(f"exchange:{name}", args=[match.token_box])


@pytest.fixture
def ask(town):
    return town.ask()


@pytest.fixture
def match(town, ask):
    reasons = ({"code": "near", "m": 600}, {"code": "language", "language": "es"})
    return town.invited(ask, town.rosa, reasons=reasons)


class TestQuestion:
    def test_it_says_what_where_when_and_why_and_not_who(self, client, match, ask):
        page = client.get(url(match))

        text = page.content.decode()
        assert page.status_code == 200
        assert text.count("<h1") == 1
        for shown in ("Groceries", "Abell", "Third floor, no lift.", "Please answer by"):
            assert shown in text
        for hidden in ("Amina", "amina@example.org", "2901 Guilford"):
            assert hidden not in text

    def test_it_costs_few_queries(self, client, match, django_assert_max_num_queries):
        with django_assert_max_num_queries(6):
            client.get(url(match))

    def test_looking_is_no_answer(self, client, match):
        for name in ("invitation", "accept", "decline"):
            assert client.get(url(match, name)).status_code == 200
            assert client.head(url(match, name)).status_code == 200

        assert fresh(match).state == S.INVITED

    def test_the_link_in_the_letter_leads_to_one_press(self, client, match):
        text = client.get(url(match, "accept")).content.decode()

        assert f'action="{url(match, "accept")}"' in text
        assert text.count('class="button primary"') == 1

    @pytest.mark.parametrize("token", ["x", "x" * 200, "%00", "é"])
    def test_a_forged_link_leads_nowhere(self, client, match, token):
        for answer in ("", "yes/", "no/", "cannot/", "went/"):
            assert client.get(f"/i/{token}/{answer}").status_code == 404
        for answer in ("yes/", "no/", "cannot/", "went/", "back/"):
            assert client.post(f"/i/{token}/{answer}").status_code == 404

    def test_nothing_of_it_is_kept(self, client, match):
        assert "no-store" in client.get(url(match)).headers["Cache-Control"]


class TestYes:
    def test_after_it_they_see_how_to_reach_one_another(self, client, match, ask):
        answer = client.post(url(match, "accept"), {"version": ask.version})

        assert answer.url == url(match)
        assert fresh(match).state == S.ACCEPTED
        text = client.get(url(match)).content.decode()
        for shown in ("Amina", "mailto:amina@example.org", "2901 Guilford Avenue", "Third floor, no lift."):
            assert shown in text

    def test_pressed_twice_it_is_one_yes(self, client, match):
        for _ in range(2):
            assert client.post(url(match, "accept")).url == url(match)

        assert letters("agreed_helper").count() == 1

    def test_looking_is_on_record_once_an_hour(self, client, match, ask):
        client.post(url(match, "accept"))
        client.get(url(match))
        client.get(url(match))

        assert verbs(ask).count("looked") == 1

    def test_an_asker_without_contact_is_not_made_up(self, client, town):
        match = town.agreed(town.ask(contact="", contact_kind=""), town.rosa)

        assert b"They left no contact" in client.get(url(match)).content

    def test_a_page_older_than_the_ask_shows_it_as_it_is_now(self, client, match, ask, town):
        actions.change_ask(ask=ask, version=ask.version, draft=town.draft(words="Ten crates now"))
        match = town.invited(fresh(ask), town.lee)

        page = client.post(url(match, "accept"), {"version": ask.version})

        assert page.status_code == 409
        assert b"Ten crates now" in page.content
        assert fresh(match).state == S.INVITED

    @pytest.mark.parametrize("version", ["", "x", "-1", "9" * 5000, "٣"])
    def test_a_made_up_version_is_no_fault(self, client, match, version):
        assert client.post(url(match, "accept"), {"version": version}).status_code in (302, 409)

    def test_who_comes_too_late_is_thanked(self, client, match, ask, town):
        lee = town.invited(ask, town.lee)
        client.post(url(lee, "accept"))

        page = client.post(url(match, "accept"))
        assert page.status_code == 409
        assert b"Somebody was faster" in page.content
        assert fresh(match).state == S.TAKEN_BACK

    def test_a_full_week_is_said_and_the_question_stays(self, client, match, town):
        for _ in range(town.rosa.per_week):
            town.agreed(town.ask(), town.rosa)

        page = client.post(url(match, "accept"))
        assert page.status_code == 409
        assert b"as many this week as you wanted" in page.content
        assert fresh(match).state == S.INVITED


class TestNo:
    @pytest.mark.parametrize(
        ("sent", "kept"), [("this", "this"), ("category", "category"), ("junk", "this"), ("", "this")]
    )
    def test_a_no_is_taken_without_a_reason(self, client, match, sent, kept):
        for _ in range(2):
            assert client.post(url(match, "decline"), {"rest": sent}).url == url(match)

        now = fresh(match)
        assert (now.state, now.rest) == (S.DECLINED, kept)
        assert b"You said no, and that is fine" in client.get(url(match)).content

    def test_a_no_after_the_yes_is_not_one(self, client, match):
        client.post(url(match, "accept"))

        assert client.post(url(match, "decline")).status_code == 409
        assert fresh(match).state == S.ACCEPTED


class TestAfterTheYes:
    @pytest.fixture
    def agreed(self, town, ask):
        return town.agreed(ask, town.rosa)

    def test_i_cant_come_after_all_asks_once_more(self, client, agreed):
        assert client.get(url(agreed, "drop_out")).status_code == 200
        assert fresh(agreed).state == S.ACCEPTED

    def test_somebody_else_is_looked_for_at_once(self, client, agreed, ask):
        for _ in range(2):
            assert client.post(url(agreed, "drop_out")).url == url(agreed)

        assert (fresh(agreed).state, fresh(ask).state) == (S.DROPPED, State.NEAR)
        page = client.get(url(agreed)).content
        assert b"You are not expected any more" in page
        assert b"amina@example.org" not in page

    def test_who_never_agreed_cant_drop_out(self, client, match):
        assert client.post(url(match, "drop_out")).status_code == 409

    @pytest.mark.parametrize(
        ("outcome", "state", "said"),
        [("done", S.DONE, b"Thank you"), ("partly", S.PARTLY, b"Thank you"), ("missed", S.MISSED, b"happen")],
    )
    def test_how_it_went(self, client, agreed, ask, hand, outcome, state, said):
        hand.move_to(ask.ends_at)
        assert b"How did it go?" in client.get(url(agreed)).content
        for _ in range(2):
            assert client.post(url(agreed, "went"), {"outcome": outcome}).url == url(agreed)

        assert fresh(agreed).state == state
        page = client.get(url(agreed)).content
        assert said in page
        assert (b"amina@example.org" in page) == (outcome != "missed")  # a word of thanks is still possible
        hand.advance(DAY)
        page = client.get(url(agreed)).content
        assert said in page
        assert b"amina@example.org" not in page
        assert b"2901 Guilford" not in page

    def test_how_it_went_wants_an_answer(self, client, agreed, ask, hand):
        hand.move_to(ask.ends_at)

        assert client.get(url(agreed, "went")).status_code == 200
        assert client.post(url(agreed, "went")).status_code == 422

    def test_how_it_went_is_not_asked_of_who_said_no(self, client, match):
        client.post(url(match, "decline"))

        assert client.post(url(match, "went"), {"outcome": "done"}).status_code == 409

    def test_a_lent_thing_comes_back(self, client, town, hand):
        lent = town.ask(category=town.borrow.pk, returns_at=clock.now() + WEEK)
        match = town.agreed(lent, town.rosa)
        hand.move_to(lent.ends_at)
        client.post(url(match, "went"), {"outcome": "done"})

        assert b"It came back" in client.get(url(match)).content
        for _ in range(2):
            assert client.post(url(match, "came_back")).url == url(match)
        assert (fresh(match).state, fresh(lent).state) == (S.DONE, State.DONE)

    def test_nothing_that_is_not_lent_comes_back(self, client, agreed):
        assert client.get(url(agreed, "came_back")).status_code == 405
        assert client.post(url(agreed, "came_back")).status_code == 409

    def test_silence_can_still_be_broken(self, client, agreed):
        Match.objects.filter(pk=agreed.pk).update(state=S.SILENT)

        assert b"heard from either of you" in client.get(url(agreed)).content

    def test_what_was_partly_done_is_counted(self, client, town, hand):
        ask = town.ask(category=town.things.pk, quantity=10, unit="packs")
        match = town.agreed(ask, town.rosa)
        hand.move_to(ask.ends_at)

        assert b"How many were given?" in client.get(url(match, "went")).content
        client.post(url(match, "went"), {"outcome": "partly", "quantity": "4"})
        assert fresh(ask).quantity_taken == 4

    def test_for_how_many_it_was_enough(self, client, town, hand):
        ask = town.ask(people=5)
        match = town.agreed(ask, town.rosa)
        hand.move_to(ask.ends_at)

        assert b"For how many people was it enough?" in client.get(url(match, "went")).content
        client.post(url(match, "went"), {"outcome": "partly", "quantity": "2"})
        assert fresh(ask).people == 3

    def test_another_time_is_agreed_by_saying_it(self, client, agreed, ask, hand):
        hand.move_to(ask.ends_at)
        day = (clock.now() + DAY).date().isoformat()

        client.post(url(agreed, "went"), {"outcome": "rescheduled", "day": day, "part": "evening"})

        assert fresh(agreed).meets_at > clock.now()


def test_an_invitation_that_was_taken_back_is_over_kindly(client, match, ask):
    actions.withdraw_ask(ask=ask)

    page = client.get(url(match))
    assert page.status_code == 200
    assert b"This invitation is over" in page.content
