"""One ask at the desk: it is held by who opens it, acted on by its holder only, and shows one best next step."""

import re
import uuid

import pytest

from commonweal.base.eventlog import By, story_of
from commonweal.exchange import actions
from commonweal.exchange.drafts import Candidate
from commonweal.exchange.lifecycle import State
from commonweal.exchange.models import Ask, CallNote, Match
from commonweal.exchange.queries import looks_at_ask
from commonweal.exchange.tests.cast import DAY, HOUR, MONDAY, WEEK, fresh, letters, verbs
from commonweal.networks.actions import change_policy
from commonweal.web.desk.tests.conftest import Desk, dispatcher, url, words

S = Match.State
NOBODY = str(uuid.UUID(int=7))
BUSY = {"slots": 1}


def on_desk(town, **changes):
    return actions.send_to_desk(ask=town.ask(**changes), said_by=By.ASKER)


def filled(answer):
    """What the filled buttons of a page say."""
    page = words(answer)
    return re.findall(r'class="button primary"[^>]*>(?:<svg.*?</svg>)?([^<]+)<', page)


def note(**changes):
    return {"text": "Nobody picked up.", "again": "due", **changes}


class TestOpening:
    def test_holds_it_and_says_until_when(self, town, jo):
        ask = on_desk(town)
        page = words(jo.open(ask))
        assert "You are on it until today 10:15" in page
        assert fresh(ask).held_by == town.jo

    def test_the_second_sees_who_holds_it_and_has_nothing_to_press(self, town, jo, sam):
        ask = on_desk(town)
        town.offer(town.rosa)
        jo.open(ask)
        answer = sam.open(ask)
        page = words(answer)
        assert "Jo is working on this." in page
        assert filled(answer) == ["On to the next"]
        assert f'action="{url("hold", ask.code)}"' in page
        for verb in ("invite", "again", "reach", "close", "release"):
            assert f'action="{url(verb, ask.code)}"' not in page
        assert fresh(ask).held_by == town.jo

    def test_opening_another_lets_the_first_go(self, town, jo, sam):
        first, second = on_desk(town), on_desk(town)
        jo.open(first)
        jo.open(second)
        assert (fresh(first).held_by, fresh(second).held_by) == (None, town.jo)
        assert "You are on it" in words(sam.open(first))

    def test_letting_go_leaves_alone_what_was_taken_over(self, town, jo, sam):
        first, second = on_desk(town), on_desk(town)
        jo.open(first)
        sam.post("hold", first.code)
        jo.open(second)
        assert fresh(first).held_by == town.sam

    def test_a_hold_ends_by_itself(self, town, jo, sam, hand):
        ask = on_desk(town)
        jo.open(ask)
        hand.advance(HOUR / 4)
        assert "You are on it" in words(sam.open(ask))

    def test_what_is_over_is_read_and_held_by_nobody(self, town, jo):
        ask = actions.withdraw_ask(ask=town.ask())
        answer = jo.open(ask)
        assert answer.status_code == 200
        assert filled(answer) == ["On to the next"]
        assert fresh(ask).held_by is None

    def test_what_is_closed_between_two_looks_is_shown_as_it_is(self, town, jo, monkeypatch):
        ask = on_desk(town)
        still_open = fresh(ask)
        actions.withdraw_ask(ask=ask)
        read = iter([still_open])
        real = actions.take_hold
        monkeypatch.setattr(
            "commonweal.web.desk.holding.take_hold", lambda **held: real(**{**held, "ask": next(read)})
        )
        monkeypatch.setattr(Ask, "is_open", property(lambda ask: True))
        answer = jo.open(ask)
        assert answer.status_code == 200
        assert "Withdrawn" in words(answer)

    @pytest.mark.parametrize("code", ["ZZZZZZ", "zzz-zzz", "nothing", NOBODY, "%00", "💡" * 6, "A" * 500])
    def test_a_made_up_code_is_not_there(self, town, jo, code):
        assert jo.browser.get(f"/desk/ask/{code}/").status_code == 404

    def test_the_code_is_read_as_people_write_it(self, town, jo):
        ask = on_desk(town)
        assert jo.get("ask", ask.shown_code.lower()).status_code == 200

    def test_asks_of_another_network_are_not_there(self, town, jo, bo):
        ask = on_desk(town)
        assert bo.open(ask).status_code == 404
        assert bo.get("ask", str(ask.pk)).status_code == 404
        assert fresh(ask).held_by is None

    def test_what_was_held_in_a_past_before_a_restore_is_forgotten(self, town, jo):
        first, second = on_desk(town), on_desk(town)
        jo.open(first)
        session = jo.browser.session
        session["desk_ask"] = "ZZZZZZ"
        session.save()
        assert jo.open(second).status_code == 200
        assert jo.browser.session["desk_ask"] == second.code


class TestShowing:
    def test_says_what_is_wanted_and_not_by_whom(self, town, jo):
        ask = on_desk(
            town, people=4, summary="Shopping for four", languages=("es",), needs=("stairs",), destination="The clinic"
        )  # fmt: skip
        page = words(jo.open(ask))
        assert "Groceries · Wanted · open since today 10:00" in page
        assert "“Third floor, no lift.”" in page
        for fact in (
            "Abell",
            "for 4 people",
            "speaks Spanish",
            "There are stairs up to my door",
        ):
            assert fact in page
        assert "amina@example.org" not in page
        assert "The clinic" not in page
        assert "2901 Guilford" not in page

    def test_says_what_is_counted_and_when_a_thing_comes_back(self, town, jo):
        counted = on_desk(town, category=town.things.pk, quantity=60, unit="nappies")
        assert "0 of 60 nappies promised" in words(jo.open(counted))
        lent = on_desk(
            town, category=town.borrow.pk, returns_at=MONDAY + WEEK, area=None, cell=None, place={}
        )
        page = words(jo.open(lent))
        assert "comes back 30 November" in page
        assert "area not said" in page

    def test_those_who_could_with_reasons_and_why_the_others_cannot(self, town, jo):
        town.offer(town.rosa)
        town.offer(town.lee, **BUSY)
        answer = jo.open(on_desk(town))
        page = words(answer)
        assert filled(answer) == ["Ask Rosa"]
        assert "close by" in page
        assert "Why not the others?" in page
        assert re.search(r"<dt>Not free at that time</dt><dd[^>]*>Lee", page)

    def test_many_who_are_held_back_are_counted(self, town, jo):
        for person in (town.rosa, town.lee, town.sam):
            town.offer(person, **BUSY)
        assert re.search(
            r"<dt>Not free at that time</dt><dd[^>]*>\w+, \w+ and 1 other</dd>", words(jo.open(on_desk(town)))
        )

    def test_suggestions_of_the_program_come_first_to_be_confirmed(self, town, jo):
        change_policy(network=town.network, changes={"mode": "dispatcher"}, reason="So we chose.")
        town.offer(town.rosa)
        town.offer(town.lee, cell=(town.waverly.cell_y, town.waverly.cell_x), radius_m=9000)
        ask = town.ask()
        actions.propose(ask=ask, candidates=[Candidate(member_id=town.lee.pk)])
        answer = jo.open(ask)
        page = words(answer)
        assert filled(answer) == ["Confirm Lee"]
        assert page.index("Lee") < page.index("Rosa")
        jo.post("invite", ask.code, member=town.lee.pk)
        assert Match.objects.get().state == S.INVITED

    def test_who_is_being_asked_and_until_when(self, town, jo):
        town.offer(town.rosa)
        ask = on_desk(town)
        town.invited(ask, town.lee)
        answer = jo.open(ask)
        assert "Invited · may answer until today 12:00" in words(answer)
        assert filled(answer) == ["Write to the asker"]  # while somebody is asked, nobody else has to be

    @pytest.mark.parametrize(
        ("changes", "step"),
        [
            ({"contact_kind": "phone", "contact": "+14105550123"}, "Call the asker"),
            ({}, "Write to the asker"),
            ({"contact_kind": "", "contact": ""}, "How to reach the asker"),
        ],
    )
    def test_the_best_step_without_candidates_is_the_asker(self, town, jo, changes, step):
        assert filled(jo.open(on_desk(town, **changes))) == [step]

    def test_a_look_is_promised_or_the_next_step_said(self, town, jo):
        ask = town.ask()
        assert "The search goes on today 10:00" in words(jo.open(ask))
        actions.send_to_desk(ask=ask, said_by=By.ASKER)
        assert "A look is promised by today 11:00" in words(jo.open(ask))

    def test_the_board_is_named_where_members_pick(self, town, jo):
        change_policy(network=town.network, changes={"mode": "board"}, reason="So we chose.")
        assert "Put it on the board again" in words(jo.open(on_desk(town)))


class TestInviting:
    def test_asks_them_and_says_so(self, town, jo):
        town.offer(town.rosa)
        ask = on_desk(town)
        jo.open(ask)
        answer = jo.post("invite", ask.code, member=town.rosa.pk, version=ask.version)
        assert (answer.status_code, answer["Location"]) == (302, url("ask", ask.code))
        match = Match.objects.get()
        assert (match.state, match.origin, match.member) == (S.INVITED, Match.Origin.DISPATCHER, town.rosa)
        assert letters("invitation").count() == 1
        assert "Rosa is being asked." in words(jo.open(ask))

    def test_pressed_twice_asks_once(self, town, jo):
        town.offer(town.rosa)
        ask = on_desk(town)
        jo.post("invite", ask.code, member=town.rosa.pk)
        again = jo.post("invite", ask.code, member=town.rosa.pk)
        assert again.status_code == 409
        assert "They can't be asked just now" in words(again)
        assert Match.objects.count() == 1

    @pytest.mark.parametrize("member", ["", "rosa", NOBODY, "\x00", "0" * 5000])
    def test_a_made_up_member_is_nobody(self, town, jo, member):
        town.offer(town.rosa)
        answer = jo.post("invite", on_desk(town).code, member=member)
        assert answer.status_code == 409
        assert not Match.objects.exists()

    def test_a_member_of_another_network_is_nobody(self, town, jo, bo):
        stranger = bo.browser.session["member"]
        assert jo.post("invite", on_desk(town).code, member=stranger).status_code == 409
        assert not Match.objects.exists()

    def test_a_page_from_before_the_asker_changed_it_does_nothing(self, town, jo):
        town.offer(town.rosa)
        ask = on_desk(town)
        actions.change_ask(ask=ask, version=ask.version, draft=town.draft(people=5))
        answer = jo.post("invite", ask.code, member=town.rosa.pk, version=ask.version)
        assert answer.status_code == 409
        assert "Somebody changed this in the meantime" in words(answer)
        assert not Match.objects.exists()

    @pytest.mark.parametrize("version", ["", "x", "-1", "9" * 400])
    def test_a_made_up_version_does_nothing(self, town, jo, version):
        town.offer(town.rosa)
        assert jo.post("invite", on_desk(town).code, member=town.rosa.pk, version=version).status_code == 409
        assert not Match.objects.exists()

    def test_somebody_else_than_was_suggested_takes_a_word_why(self, town, jo):
        town.offer(town.rosa)
        town.offer(town.lee)
        ask = on_desk(town)
        actions.propose(ask=ask, candidates=[Candidate(member_id=town.lee.pk)])
        jo.open(ask)
        answer = jo.post("invite", ask.code, member=town.rosa.pk, version=ask.version)
        assert answer.status_code == 400
        assert "Ask Rosa instead?" in words(answer)
        assert not Match.objects.filter(state=S.INVITED).exists()
        said = {"member": town.rosa.pk, "version": ask.version}
        for wrong in ({"why": "other", "note": ""}, {"why": "", "note": ""}, {"why": "tree", "note": ""}):
            answer = jo.post("invite", ask.code, **said, **wrong)
            assert answer.status_code == 400
            assert answer.context["form"].errors
        answer = jo.post("invite", ask.code, **said, why="other", note="Her daughter lives there.")
        assert (answer.status_code, answer["Location"]) == (302, url("ask", ask.code))
        assert Match.objects.get(state=S.INVITED).member == town.rosa
        page = words(jo.open(ask))
        assert "Jo chose Rosa instead of whom the program suggested: Another reason" in page
        assert "Her daughter lives there." in page

    def test_what_was_closed_meanwhile_says_so(self, town, jo):
        town.offer(town.rosa)
        ask = on_desk(town)
        jo.open(ask)
        actions.withdraw_ask(ask=ask)
        answer = jo.post("invite", ask.code, member=town.rosa.pk, version=ask.version)
        assert answer.status_code == 409
        assert "Withdrawn" in words(answer)


class TestOnlyTheHolderActs:
    @pytest.fixture
    def ask(self, town, jo):
        town.offer(town.rosa)
        ask = on_desk(town)
        jo.open(ask)
        return ask

    @pytest.mark.parametrize(
        ("verb", "sent"),
        [
            ("invite", {}),
            ("again", {}),
            ("take", {}),
            ("reach", {}),
            ("note", note()),
            ("close", {"why": "not_needed"}),
        ],
    )
    def test_another_is_stopped_and_sees_whom_to_speak_to(self, town, sam, ask, verb, sent):
        before = (verbs(ask), Ask.objects.filter(pk=ask.pk).values().get())
        answer = sam.post(verb, ask.code, **{"member": town.rosa.pk, **sent})
        assert answer.status_code == 409
        assert "Jo is working on this." in words(answer)
        assert (verbs(ask), Ask.objects.filter(pk=ask.pk).values().get()) == before
        assert not CallNote.objects.exists()

    def test_a_note_that_was_typed_is_kept_and_may_be_sent_with_the_hold(self, town, sam, ask):
        answer = sam.post("note", ask.code, **note(text="She called me instead."))
        assert "She called me instead.</textarea>" in words(answer)
        assert 'name="over"' in words(answer)
        sam.post("note", ask.code, **note(text="She called me instead.", over="yes"))
        assert CallNote.objects.get().member == town.sam
        assert fresh(ask).held_by == town.sam

    def test_taking_over_is_on_purpose(self, town, jo, sam, ask):
        sam.post("hold", ask.code)
        assert fresh(ask).held_by == town.sam
        assert jo.post("again", ask.code).status_code == 409
        sam.post("invite", ask.code, member=town.rosa.pk)
        assert Match.objects.get().member == town.rosa

    def test_acting_on_what_nobody_holds_holds_it(self, town, jo, sam, ask):
        jo.post("release", ask.code)
        assert fresh(ask).held_by is None
        sam.post("invite", ask.code, member=town.rosa.pk)
        assert fresh(ask).held_by == town.sam

    def test_letting_go_of_another_one_keeps_ones_own(self, town, jo, sam, ask):
        other = on_desk(town)
        sam.open(other)
        jo.post("release", other.code)
        assert (fresh(ask).held_by, fresh(other).held_by) == (town.jo, town.sam)
        assert jo.browser.session["desk_ask"] == ask.code


class TestReaching:
    def test_shows_it_once_asked_for_and_puts_it_on_record(self, town, jo):
        ask = on_desk(town, contact_kind="phone", contact="+14105550123")
        answer = jo.post("reach", ask.code, why="call_back")
        page = words(answer)
        assert "Amina" in page
        assert 'href="tel:+14105550123"' in page
        assert "2901 Guilford Avenue" in page
        assert filled(answer) == ["+1 410-555-0123"]
        look = story_of(ask).get(verb="looked")
        assert (look.by, look.actor, look.data) == (
            By.DISPATCHER,
            town.jo.pk,
            {"match": "", "what": ["phone", "place"], "why": "call_back"},
        )
        assert looks_at_ask(ask)[0].words.startswith(
            "Jo, on shift, saw your phone number and your exact place today"
        )

    def test_nothing_is_shown_without_a_reason(self, town, jo):
        ask = on_desk(town, contact_kind="phone", contact="+14105550123", destination="The clinic")
        asked = jo.post("reach", ask.code)
        assert (asked.status_code, "What do you need it for?" in words(asked)) == (200, True)
        for said in ({"why": "because"}, {"why": "", "reason": "x"}, {"why": "other"}):
            answer = jo.post("reach", ask.code, **said)
            assert answer.status_code == 422
            for secret in ("+14105550123", "410-555-0123", "2901 Guilford", "The clinic"):
                assert secret not in words(answer) + words(asked) + words(jo.open(ask))
        assert "looked" not in verbs(ask)
        shown = words(jo.post("reach", ask.code, why="other", reason="She left her key here"))
        assert "The clinic" in shown
        assert looks_at_ask(ask)[0].further == "She left her key here"
        assert "key here" not in str([*story_of(ask).values()])

    def test_a_member_is_reached_as_always(self, town, jo):
        draft = town.draft(contact="", contact_kind="", called="")
        ask = actions.publish_ask(network=town.network, draft=draft, by=town.rosa).ask
        page = words(jo.post("reach", ask.code, why="set_up"))
        assert "Rosa" in page
        assert 'href="mailto:rosa@example.org"' in page

    def test_who_left_nothing_has_only_their_page(self, town, jo):
        page = words(jo.post("reach", on_desk(town, contact="", contact_kind="").code, why="worry"))
        assert "Only by their own page" in page

    def test_a_link_is_no_way_to_look(self, town, jo):
        ask = on_desk(town)
        assert jo.get("reach", ask.code).status_code == 405
        assert "looked" not in verbs(ask)

    def test_what_is_erased_is_seen_by_nobody(self, town, jo, hand):
        ask = actions.withdraw_ask(ask=town.ask())
        hand.advance(40 * DAY)
        actions.erase_closed()
        jo = Desk(dispatcher(town.jo))
        assert "How to reach" not in words(jo.open(ask))
        assert jo.post("reach", ask.code).status_code == 409
        assert "looked" not in verbs(ask)


class TestNoting:
    def test_keeps_the_words_and_the_promise(self, town, jo):
        ask = on_desk(town)
        answer = jo.post("note", ask.code, **note())
        assert answer.status_code == 302
        page = words(jo.open(ask))
        assert "Jo: “Nobody picked up.”" in page
        assert "Noted." in page
        assert fresh(ask).desk_at == MONDAY + DAY

    @pytest.mark.parametrize(
        ("again", "at"),
        [("hour", MONDAY + HOUR), ("evening", MONDAY + 8 * HOUR), ("tomorrow", MONDAY + 23 * HOUR)],
    )
    def test_a_person_looks_again_when_it_was_said(self, town, jo, again, at):
        ask = on_desk(town)
        jo.post("note", ask.code, **note(again=again))
        assert (fresh(ask).desk_at, fresh(ask).next_step_at) == (at, at)

    def test_in_the_evening_this_evening_is_no_choice(self, town, hand):
        ask = on_desk(town)
        hand.advance(9 * HOUR)
        jo = Desk(dispatcher(town.jo))
        assert "This evening" not in words(jo.open(ask))
        answer = jo.post("note", ask.code, **note(again="evening"))
        assert answer.status_code == 422
        assert "Please choose one of these." in words(answer)
        assert "Nobody picked up.</textarea>" in words(answer)

    @pytest.mark.parametrize("text", ["", "   ", "a" * 1001, "\x00"])
    def test_bad_words_are_told_at_the_field(self, town, jo, text):
        ask = on_desk(town)
        answer = jo.post("note", ask.code, **note(text=text))
        assert answer.status_code == 422
        assert 'class="field wrong"' in words(answer)
        assert not CallNote.objects.exists()

    def test_half_a_letter_is_kept_as_far_as_it_can_be_read(self, town, jo):
        ask = on_desk(town)
        sent = b"again=due&text=half+%ED%A0%80"
        jo.browser.post(url("note", ask.code), sent, content_type="application/x-www-form-urlencoded")
        assert CallNote.objects.get().text.startswith("half ")

    def test_words_that_would_be_markup_stay_words(self, town, jo):
        ask = on_desk(town)
        jo.post("note", ask.code, **note(text="<b onclick=x>"))
        assert "&lt;b onclick=x&gt;" in words(jo.open(ask))

    def test_what_is_over_can_still_be_noted(self, town, jo):
        ask = actions.withdraw_ask(ask=town.ask())
        assert 'name="again"' not in words(jo.open(ask))
        jo.post("note", ask.code, text="They say thanks.")
        assert CallNote.objects.get().text == "They say thanks."


class TestLookingAgain:
    def test_puts_it_back_into_the_search(self, town, jo):
        ask = on_desk(town)
        jo.post("again", ask.code, version=ask.version)
        assert (fresh(ask).state, fresh(ask).desk_at) == (State.NEAR, None)
        assert story_of(ask).get(verb="changed").actor == town.jo.pk

    def test_goes_on_with_what_was_paused(self, town, jo):
        ask = actions.pause_ask(ask=town.ask())
        assert filled(jo.open(ask)) == ["Go on looking for helpers"]
        jo.post("again", ask.code)
        assert fresh(ask).state == State.NEAR
        assert story_of(ask).get(verb="resumed").by == By.DISPATCHER

    def test_wakes_what_rests(self, town, jo):
        ask = town.ask()
        Ask.objects.filter(pk=ask.pk).update(
            state=State.RESTED, closed_at=MONDAY, next_step="", next_step_at=None
        )
        assert filled(jo.open(ask)) == ["It is needed again"]
        jo.post("again", ask.code)
        assert fresh(ask).state == State.NEAR

    def test_what_is_agreed_is_not_looked_for(self, town, jo):
        ask = town.ask()
        town.agreed(ask, town.rosa)
        answer = jo.post("again", ask.code)
        assert answer.status_code == 409
        assert "This can't be done any more, or not yet." in words(answer)

    def test_is_put_on_the_desk_by_a_person(self, town, jo):
        ask = town.ask()
        assert "Put it on the desk" in words(jo.open(ask))
        jo.post("take", ask.code, version=ask.version)
        assert (fresh(ask).state, fresh(ask).desk_at) == (State.DESK, MONDAY + HOUR)
        assert "Put it on the desk" not in words(jo.open(ask))


class TestClosing:
    def test_somebody_has_helped(self, town, jo):
        ask = on_desk(town)
        town.invited(ask, town.rosa)
        answer = jo.post("close", ask.code, why="met", version=ask.version)
        assert answer["Location"] == url("now")
        assert fresh(ask).state == State.DONE
        assert f"{ask.shown_code} is closed as done." in words(jo.get("now"))
        assert letters("invitation_taken_back").count() == 1

    @pytest.mark.parametrize("why", ["not_needed", "other"])
    def test_it_is_not_needed(self, town, jo, why):
        ask = on_desk(town)
        jo.post("close", ask.code, why=why)
        assert (fresh(ask).state, fresh(ask).closed_why) == (State.WITHDRAWN, why)
        assert f"{ask.shown_code} is taken back." in words(jo.get("now"))

    def test_of_a_series_it_ends_all_or_only_this(self, town, jo):
        weekly = {"repeat_days": 0b100}
        ask = on_desk(town, **weekly)
        assert "Only this time" in words(jo.open(ask))
        jo.post("close", ask.code, why="other", only_this="on")
        assert [
            each.state for each in Ask.objects.filter(series=ask.series).order_by("created_at", "id")
        ] == [
            State.WITHDRAWN,
            State.NEAR,
        ]
        following = Ask.objects.get(series=ask.series, state=State.NEAR)
        jo.post("close", following.code, why="other")
        assert not Ask.objects.filter(series=ask.series).exclude(state=State.WITHDRAWN).exists()

    def test_where_somebody_agreed_it_is_said_of_them(self, town, jo):
        ask = on_desk(town, hands=2)
        town.agreed(ask, town.rosa)
        answer = jo.post("close", ask.code, why="met")
        assert answer.status_code == 422
        assert "say beside their name how it went" in words(answer)
        assert fresh(ask).state == State.DESK

    def test_what_is_paused_is_taken_back(self, town, jo):
        ask = actions.pause_ask(ask=town.ask())
        jo.post("close", ask.code, why="met")
        assert (fresh(ask).state, fresh(ask).closed_why) == (State.WITHDRAWN, "found_help")

    def test_what_is_partly_lent_comes_back_first(self, town, jo):
        ask = town.ask(category=town.borrow.pk, hands=2, returns_at=MONDAY + 9 * DAY)
        match = town.agreed(ask, town.rosa)
        actions.report_handover(match=match, outcome="done", said_by=By.HELPER)
        jo.post("close", ask.code, why="other")
        assert fresh(ask).state == State.OUT
        assert "what was lent has to come back first" in words(jo.get("now"))
        assert "Close it for the asker" not in words(jo.open(ask))

    @pytest.mark.parametrize("why", ["", "because", "\x00", "met" * 500])
    def test_no_answer_or_a_made_up_one_is_told_at_the_field(self, town, jo, why):
        ask = on_desk(town)
        answer = jo.post("close", ask.code, why=why)
        assert answer.status_code == 422
        assert "<details open>" in words(answer)
        assert fresh(ask).is_open

    def test_pressed_twice_says_that_it_is_over(self, town, jo):
        ask = on_desk(town)
        jo.post("close", ask.code, why="met")
        answer = jo.post("close", ask.code, why="met")
        assert answer.status_code in (302, 409)
        assert verbs(ask).count("went_well") == 1
