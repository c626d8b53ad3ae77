"""Whole conversations by text: asking, what is missing, reading back, the code, and what follows."""

from datetime import timedelta

import pytest

from commonweal.base import clock
from commonweal.exchange.models import Ask, Match, Offer
from commonweal.exchange.tests.cast import fresh
from commonweal.intake.models import Inbound
from commonweal.intake.tests.conftest import member_phone
from commonweal.intake.tests.talking import phone_of
from commonweal.members.models import ContactPoint, Member


class TestAsking:
    def test_only_what_is_missing_is_asked(self, phone):
        assert "where is it?" in phone.text("we need food for 4")
        assert "when is it needed?" in phone.text("Abell")
        said = phone.text("tomorrow")
        assert "4 people, Abell, tomorrow" in said
        code = Ask.objects.count()
        assert code == 0
        said = phone.text("YES")
        ask = Ask.objects.get()
        assert ask.shown_code in said
        assert (ask.source, ask.people, ask.area.slug, ask.contact) == ("sms", 4, "abell", phone.number)
        assert phone.talk.state == "idle"
        assert Inbound.objects.order_by("-id")[0].ask == ask

    def test_all_at_once_is_read_back_at_once(self, phone):
        assert phone.templates("food for 3 in Waverly tomorrow") == ["say_read_back"]
        assert phone.templates("1") == ["ask_received"]

    def test_a_bare_need_is_asked_for(self, phone):
        assert "what do you need? For example Groceries" in phone.text("I need help")
        assert phone.templates("food in Abell today") == ["say_read_back"]

    def test_nothing_is_asked_twice(self, phone):
        phone.text("food")
        phone.text("I don't know")
        said = phone.templates("no idea")
        assert said == ["say_read_back"]
        assert phone.templates("yes") == ["ask_received"]
        ask = Ask.objects.get()
        assert ask.area is None
        assert ask.ends_at - ask.starts_at == timedelta(days=7)

    def test_a_place_that_nobody_knows_is_kept_as_it_was_put(self, phone):
        phone.text("food today")
        phone.text("behind the old mill")
        phone.text("yes")
        assert Ask.objects.get().place == {"text": "behind the old mill"}

    def test_an_unclear_answer_to_what_goes_to_a_person(self, phone, drafts):
        phone.text("need")
        assert phone.templates("the blue thing") == ["say_person"]
        assert drafts() == ["unclear"]
        assert phone.talk.state == "idle"

    def test_what_was_read_back_can_be_put_right(self, phone):
        phone.text("food for 3 in Abell tomorrow")
        assert "Waverly" in phone.text("no wait, it is Waverly")
        assert phone.templates("change") == ["say_change"]
        assert "for 5 people" in phone.text("for 5")
        phone.text("correct")
        assert Ask.objects.get().people == 5

    def test_what_nobody_understands_of_it_goes_to_a_person(self, phone, drafts):
        phone.text("food in Abell today")
        assert phone.templates("the one we talked about on Sunday") == ["say_person"]
        assert drafts() == ["unclear"]

    @pytest.mark.parametrize("word", ["no", "2", "not needed", "can't"])
    def test_it_can_be_dropped(self, phone, word):
        phone.text("food in Abell today")
        assert phone.templates(word) == ["say_forgotten"]
        assert not Ask.objects.exists()

    def test_another_number_than_one_or_two_goes_to_a_person(self, phone, drafts):
        phone.text("food in Abell today")
        phone.text("7")
        assert drafts() == ["unclear"]

    def test_a_member_asks_as_themselves(self, town, rosas):
        rosas.text("food in Abell today")
        rosas.text("yes")
        assert Ask.objects.get().by == town.rosa

    def test_a_listening_ear_has_no_place(self, town, phone, monkeypatch):
        from commonweal.networks.models import Category

        listening = Category.objects.filter(network=town.network, nature="listening").first()
        monkeypatch.setitem(
            __import__("commonweal.intake.tests.talking", fromlist=["KNOWN"]).KNOWN, "talk", listening.slug
        )
        assert phone.templates("I want to talk with somebody") == ["say_when"]

    def test_the_same_text_twice_makes_one_ask(self, phone):
        phone.text("food in Abell today")
        phone.text("yes")
        assert phone.templates("yes") == ["say_nothing_open"]
        assert Ask.objects.count() == 1


class TestLanguages:
    def test_spanish_from_the_first_word_to_the_code(self, phone):
        assert "¿dónde es?" in phone.text("Necesito comida para 4")
        assert "¿para cuándo?" in phone.text("Abell")
        assert "¿Correcto?" in phone.text("hoy")
        assert "tu pedido" in phone.text("Sí")
        assert Ask.objects.get().language == "es"

    def test_arabic(self, phone):
        assert "أين؟" in phone.text("أحتاج طعام")
        phone.text("Abell")
        phone.text("أي وقت")
        said = phone.text("نعم")
        assert Ask.objects.get().shown_code in said

    def test_a_language_that_was_chosen_stays(self, phone):
        assert "en español" in phone.text("español")
        assert "¿dónde es?" in phone.text("food for 4")


class TestHelping:
    @pytest.fixture
    def asked(self, town, rosas):
        ask = town.ask()
        match = town.invited(ask, town.rosa)
        return ask, match

    def test_one_is_yes(self, town, rosas, asked):
        assert "Reply 1 yes, 2 no" in rosas.read()
        assert "amina@example.org" in rosas.text("1")
        assert fresh(asked[1]).state == "accepted"
        assert rosas.templates("yes") == ["say_agreed"]

    def test_two_is_no(self, rosas, asked):
        rosas.read()
        assert rosas.templates("2") == ["say_declined"]
        assert fresh(asked[1]).state == "declined"

    def test_who_is_a_moment_late_is_told_so(self, town, rosas, asked):
        lee = town.invited(asked[0], town.lee)
        from commonweal.exchange.actions import accept_invitation

        accept_invitation(match=lee)
        rosas.read()
        assert rosas.templates("1") == ["say_over"]

    def test_too_late_is_over(self, town, rosas, asked, hand):
        rosas.read()
        Match.objects.filter(pk=asked[1].pk).update(state="lapsed", ended_at=clock.now())
        assert rosas.templates("yes") == ["agreed_helper"]

    @pytest.mark.parametrize(
        ("state", "word", "reply"),
        [
            ("taken_back", "no", "say_over"),
            ("taken_back", "1", "say_over"),
            ("declined", "2", "say_declined"),
            ("declined", "yes", "say_over"),
            ("accepted", "no", "say_person"),
            ("done", "1", "say_agreed"),
        ],
    )
    def test_what_is_over_is_told_so(self, rosas, asked, state, word, reply):
        rosas.read()
        Match.objects.filter(pk=asked[1].pk).update(state=state, answered_at=clock.now())
        assert rosas.templates(word) == [reply]

    def test_a_place_that_was_taken_this_moment(self, town, rosas, asked):
        Ask.objects.filter(pk=asked[0].pk).update(hands_taken=1)
        rosas.read()
        assert rosas.templates("1") == ["say_taken"]

    def test_a_third_answer_to_an_invitation_goes_to_a_person(self, rosas, asked, drafts):
        rosas.read()
        rosas.text("3")
        assert drafts() == ["unclear"]

    def test_no_to_one_of_several_is_settled_by_the_choice(self, town, rosas, asked, drafts):
        town.invited(town.ask(called="Bea"), town.rosa)
        assert rosas.templates("no")[-1] == "say_which"
        assert rosas.templates("no") == ["say_person"]
        assert drafts() == ["unclear"]

    def test_a_text_of_its_own_in_place_of_a_choice_begins_anew(self, town, rosas, asked):
        town.invited(town.ask(called="Bea"), town.rosa)
        rosas.text("1")
        assert rosas.templates("food in Abell today") == ["say_read_back"]

    def test_a_choice_that_is_gone_is_over(self, town, rosas, asked):
        town.invited(town.ask(called="Bea"), town.rosa)
        rosas.text("1")
        Match.objects.update(state="taken_back")
        assert rosas.templates("2") == ["say_over"]

    def test_a_full_week_is_kept(self, town, rosas, asked):
        Member.objects.filter(pk=town.rosa.pk).update(per_week=0)
        rosas.read()
        assert rosas.templates("yes") == ["say_week_full"]

    def test_which_of_two_is_asked_once(self, town, rosas, asked):
        other = town.invited(town.ask(category=town.ride.pk, called="Bea"), town.rosa)
        rosas.read()
        said = rosas.text("yes")
        assert "1 A ride" in said or "1 Rides" in said or "; 2" in said
        listed = rosas.talk.held["choices"]
        chosen = [choice[1] for choice in listed].index(str(other.pk)) + 1
        rosas.text(str(chosen))
        assert (fresh(other).state, fresh(asked[1]).state) == ("accepted", "invited")

    def test_by_code_and_by_name(self, town, rosas, asked):
        other = town.invited(town.ask(category=town.ride.pk, called="Bea"), town.rosa)
        rosas.read()
        assert rosas.templates(f"no {asked[0].shown_code}") == ["say_declined"]
        assert fresh(asked[1]).state == "declined"
        third = town.invited(town.ask(called="Cleo"), town.rosa)
        rosas.text("1")
        rosas.text("the one for Bea")
        assert (fresh(other).state, fresh(third).state) == ("accepted", "invited")

    def test_a_choice_out_of_range_goes_to_a_person(self, town, rosas, asked, drafts):
        town.invited(town.ask(called="Bea"), town.rosa)
        rosas.text("1")
        rosas.text("9")
        assert drafts() == ["unclear"]

    def test_an_ask_that_changed_meanwhile_is_not_agreed_to_unread(self, town, rosas, asked):
        town.invited(town.ask(called="Bea"), town.rosa)
        rosas.text("1")
        Ask.objects.update(version=7)
        assert "say_not_now" in rosas.templates("1")
        assert Match.objects.filter(state="accepted").count() == 0

    def test_cant_after_all(self, town, rosas, asked):
        rosas.text("1")
        rosas.read()
        assert rosas.templates("I can't come") == ["say_dropped"]
        assert fresh(asked[1]).state == "dropped"

    @pytest.mark.parametrize(("word", "state"), [("1", "done"), ("done", "done"), ("2", "partly"), ("3", "missed"),
                                                 ("nobody came", "missed"), ("half", "partly")])  # fmt: skip
    def test_how_it_went(self, town, rosas, asked, hand, word, state):
        rosas.text("yes")
        hand.advance(timedelta(days=3))
        rosas.read()
        rosas.text(word)
        assert fresh(asked[1]).state == state

    def test_the_asker_says_it_too(self, town, phone, hand):
        ask = town.ask(contact_kind="phone", contact=phone.number)
        match = town.agreed(ask, town.rosa)
        hand.advance(timedelta(days=3))
        assert phone.templates("done")[-1] == "say_reported"
        assert (fresh(match).state, fresh(ask).state) == ("done", "done")

    def test_a_fourth_answer_to_how_it_went_goes_to_a_person(self, rosas, asked, hand, drafts):
        rosas.text("yes")
        hand.advance(timedelta(days=3))
        rosas.text("4")
        assert drafts() == ["unclear"]

    def test_a_lent_thing_comes_back(self, town, rosas, hand):
        ask = town.ask(category=town.borrow.pk, returns_at=clock.now() + timedelta(days=4))
        match = town.agreed(ask, town.rosa)
        rosas.text("done")
        assert fresh(match).state == "lent"
        assert rosas.templates("2")[-1:] == ["say_person"]
        rosas.text("it's done")
        assert fresh(match).state == "done"

    def test_a_break_and_its_end(self, town, rosas, asked):
        assert "until" in rosas.text("not this week")
        assert fresh(town.rosa).state == "paused"
        assert rosas.templates("back")[-1] == "say_back"
        assert fresh(town.rosa).state == "active"

    def test_who_is_no_member_has_no_break(self, phone):
        assert phone.templates("pause") == ["say_not_member"]
        assert phone.templates("back") == ["say_not_member"]


class TestOffering:
    def test_somebody_new_becomes_a_member(self, town, phone):
        assert phone.templates("I want to help") == ["say_offer_what"]
        assert phone.templates("groceries") == ["say_name"]
        assert phone.templates("Dee") == ["say_where"]
        assert "you can help with Groceries, Abell" in phone.text("Abell")
        assert phone.templates("yes") == ["say_offered"]
        offer = Offer.objects.get()
        assert (offer.member.name, offer.source, offer.area.slug) == ("Dee", "sms", "abell")

    def test_a_name_in_a_sentence_is_a_name(self, phone):
        phone.text("I want to help")
        phone.text("groceries")
        phone.text("hello, I am Dee")
        assert phone.talk.held["said"]["called"] == "Dee"

    def test_a_free_text_does_too(self, phone):
        assert phone.templates("I can shop for groceries in Abell, this is Dee") == ["say_offer_back"]
        assert phone.templates("1") == ["say_offered"]
        assert Member.objects.filter(offers__isnull=False).get().name == "Dee"

    def test_a_member_is_not_asked_who_they_are(self, town, rosas):
        rosas.text("I can help")
        assert rosas.templates("groceries") == ["say_where"]
        rosas.text("skip")
        rosas.text("yes")
        assert Offer.objects.get().member == town.rosa

    @pytest.mark.parametrize("word", ["2", "no", "not needed"])
    def test_it_can_be_dropped(self, phone, word):
        phone.text("I can shop for groceries in Abell, this is Dee")
        assert phone.templates(word) == ["say_forgotten"]
        assert not Offer.objects.exists()

    def test_what_is_not_understood_goes_to_a_person(self, phone, drafts):
        phone.text("I can help")
        assert phone.templates("with this and that") == ["say_person"]
        assert drafts() == ["unclear"]

    def test_from_offering_to_asking_and_back(self, phone):
        phone.text("I can help")
        assert phone.templates("need") == ["say_what"]
        assert phone.templates("offer") == ["say_offer_what"]

    @pytest.mark.parametrize(
        ("word", "state", "reply"), [("1", "open", "say_stands"), ("no", "withdrawn", "say_gone")]
    )
    def test_does_it_still_stand(self, town, rosas, hand, word, state, reply):
        offer = town.offer(town.rosa)
        hand.advance(timedelta(days=175))
        assert rosas.templates(word)[-1] == reply
        assert fresh(offer).state == state

    def test_a_third_answer_about_an_offer_goes_to_a_person(self, town, rosas, hand, drafts):
        town.offer(town.rosa)
        hand.advance(timedelta(days=175))
        rosas.text("3")
        assert drafts() == ["unclear"]


class TestOwnAsks:
    @pytest.fixture
    def ask(self, town, phone):
        ask = town.ask(contact_kind="phone", contact=phone.number)
        phone.read()
        return ask

    def test_status(self, phone, ask):
        assert f"{ask.shown_code} Groceries: Asking near by" in phone.text("STATUS")
        assert ask.shown_code in phone.text(ask.shown_code)

    def test_nothing_is_open(self, phone):
        assert phone.templates("status") == ["say_nothing_open"]

    def test_a_helper_hears_what_they_have_agreed_to(self, town, rosas):
        town.agreed(town.ask(), town.rosa)
        assert "for Amina" in rosas.text("status")

    def test_not_needed(self, phone, ask):
        assert phone.templates("not needed") == ["say_withdrawn"]
        assert fresh(ask).state == "withdrawn"

    def test_still_needed(self, phone, ask, hand):
        hand.advance(timedelta(days=4))
        assert phone.templates("1")[-1] == "say_kept"
        assert phone.templates("still needed")[-1] == "say_kept"
        assert fresh(ask).state == "near"

    def test_not_needed_by_number(self, phone, ask, hand):
        hand.advance(timedelta(days=4))
        phone.text("2")
        assert fresh(ask).state == "withdrawn"

    def test_a_third_answer_goes_to_a_person(self, phone, ask, hand, drafts):
        hand.advance(timedelta(days=4))
        phone.text("3")
        assert drafts() == ["unclear"]

    def test_change(self, phone, ask):
        assert "what should be different" in phone.text("CHANGE")
        assert "Waverly" in phone.text("it is in Waverly tomorrow for 3")
        changed = fresh(ask)
        assert (changed.people, changed.area.slug, changed.version) == (3, "waverly", 2)

    def test_a_change_that_nobody_understands_goes_to_a_person(self, phone, ask, drafts):
        phone.text("change")
        assert phone.templates("like last time, with the other one") == ["say_person"]
        assert drafts() == ["unclear"]

    def test_a_change_that_comes_too_late_is_said_so_and_kept(self, phone, ask, drafts):
        phone.text("change")
        Ask.objects.update(version=9)
        assert phone.templates("tomorrow") == ["say_not_now"]
        assert drafts() == ["unclear"]

    def test_no_change_after_all(self, phone, ask):
        phone.text("change")
        assert phone.templates("no") == ["say_forgotten"]

    def test_two_asks_of_one_phone_by_name(self, town, phone, ask):
        other = town.ask(contact_kind="phone", contact=phone.number, called="Bea")
        phone.read()
        assert phone.templates("not needed") == ["say_which"]
        assert phone.templates("Bea's") == ["say_withdrawn"]
        assert (fresh(other).state, fresh(ask).state) == ("withdrawn", "near")

    def test_two_asks_of_one_phone_by_code(self, town, phone, ask):
        other = town.ask(contact_kind="phone", contact=phone.number, called="Bea")
        phone.text(f"not needed {other.shown_code}")
        assert (fresh(other).state, fresh(ask).state) == ("withdrawn", "near")

    def test_of_somebody_else_nothing_can_be_withdrawn(self, town, phone, ask):
        stranger = phone_of(town, "+14105550999")
        assert stranger.templates(f"not needed {ask.shown_code}") == ["say_nothing_open"]
        assert fresh(ask).state == "near"


class TestSharedPhones:
    def test_who_says_another_name_is_somebody_else(self, town, rosas):
        rosas.text("this is Noor, we need food in Abell today")
        rosas.text("yes")
        ask = Ask.objects.get()
        assert (ask.by, ask.called) == (None, "Noor")

    def test_two_members_of_one_phone(self, town, rosas):
        ContactPoint.objects.create(
            network=town.network, member=town.lee, kind="phone", value=rosas.number, confirmed_at=None
        )
        one = town.invited(town.ask(), town.lee)
        assert rosas.templates("yes")[-1] == "say_agreed"
        assert fresh(one).state == "accepted"
        assert "Lee" not in rosas.text("pause Lee")
        assert (fresh(town.lee).state, fresh(town.rosa).state) == ("paused", "active")

    def test_several_phones_of_one_member(self, town, rosas, reader):
        second = member_phone(town, town.rosa, "+14105550178")
        match = town.invited(town.ask(), town.rosa)
        assert rosas.templates("1") == ["say_agreed"]
        assert fresh(match).state == "accepted"
        assert "amina@example.org" in second.read()
