"""Opting out by law, help, a person, danger, wrong numbers."""

from datetime import timedelta

import pytest

from commonweal.exchange.tests.cast import fresh
from commonweal.intake.conversations.meanings import LANGUAGES, Meaning, heard_in, words_of
from commonweal.intake.models import Inbound
from commonweal.messaging.queries import is_stopped

LAW = [
    "STOP",
    "STOPALL",
    "UNSUBSCRIBE",
    "END",
    "QUIT",
    "REVOKE",
    "OPTOUT",
    "CANCEL",
    "ARRET",
    "OPT-OUT",
    "REMOVE",
]
REASONABLE = [
    "please stop texting me", "Stop texting me!!", "STOP STOP STOP", "pls stop", "Stop, please.",
    "unsubscribe me please", "take me off your list", "don't text me again", "Do not contact me anymore",
    "no more messages please", "quit texting me", "opt out", "I want to opt out", "leave me alone", "arrêt",
    "remove me from this list", "lose my number",
    "no me escriban más por favor", "dejen de escribirme... deje de mandar mensajes", "ya no me escriban",
    "BAJA", "alto", "quítenme de la lista", "توقف", "لا تراسلوني", "الرجاء توقفوا عن الإرسال", "إلغاء الاشتراك", "أوقف",
]  # fmt: skip
NOT_MEANT = [
    "Stop by at five and bring food", "the bus stop on 33rd", "Remove snow from my steps please",
    "at the end of the street", "cancel the ride on Tuesday, keep the food", "I had to quit my job and need food",
    "what ends today?",
]  # fmt: skip


class TestOptingOut:
    @pytest.mark.parametrize(
        "word", [form for word in LAW for form in (word, word.lower(), f" {word.title()}. ", f"{word}!!")]
    )
    @pytest.mark.parametrize("language", LANGUAGES)
    def test_each_word_of_the_law(self, word, language):
        assert heard_in(word, language).meaning == Meaning.STOP

    @pytest.mark.parametrize("wording", REASONABLE)
    def test_any_reasonable_wording(self, wording):
        assert heard_in(wording, "en").meaning == Meaning.STOP

    @pytest.mark.parametrize("text", NOT_MEANT)
    def test_what_only_has_such_a_word_in_it_does_not(self, text):
        assert heard_in(text, "en").meaning != Meaning.STOP

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_no_such_word_means_anything_else(self, language):
        meanings = words_of(language).whole
        clashes = {word.lower().replace("-", " ") for word in LAW} & set(meanings)
        assert {meanings[word] for word in clashes} <= {Meaning.STOP}

    @pytest.mark.parametrize("before", ["", "I need help", "food in Abell today", "I can help", "not needed"])
    def test_one_confirmation_and_then_silence(self, town, phone, before):
        town.ask(contact_kind="phone", contact=phone.number)
        if before:
            phone.text(before)
        phone.read()
        assert phone.templates("STOP") == ["stopped"]
        assert is_stopped(town.network, phone.contact)
        assert phone.talk.state == "idle"
        for text in ("STOP", "HELP", "status", "hello?", "1"):
            assert phone.templates(text) == []

    def test_what_they_write_afterwards_is_still_read_by_a_person(self, phone, drafts):
        phone.text("STOP")
        phone.text("we have no water")
        assert drafts() == ["stopped"]

    @pytest.mark.parametrize("word", ["START", "unstop", "Start!"])
    def test_start_undoes_it(self, town, phone, word):
        phone.text("QUIT")
        assert phone.templates(word) == ["say_started"]
        assert not is_stopped(town.network, phone.contact)
        assert phone.templates("HELP") == ["say_help"]
        assert phone.templates("stop") == ["stopped"]

    def test_in_the_middle_of_an_ask(self, phone):
        phone.text("food")
        assert phone.templates("stop") == ["stopped"]
        phone.text("START")
        assert phone.templates("Abell") == ["say_person"]


class TestHelp:
    @pytest.mark.parametrize("word", ["HELP", "info", "who is this?", "ayuda", "مساعدة", "hello"])
    def test_who_we_are_and_how_a_person_is_reached(self, phone, word):
        assert phone.templates(word) == ["say_help"]

    def test_it_names_the_phone(self, town, phone):
        town.network.phone = "+1 410-555-0100"
        town.network.save()
        assert "+1 410-555-0100" in phone.text("help")

    def test_a_person(self, phone, drafts):
        assert "within 60 minutes" in phone.text("I want to talk to a person")
        assert drafts() == ["wanted"]

    def test_an_unclear_text_is_read_by_a_person_and_said_so_once(self, phone, drafts, hand):
        assert phone.templates("the thing from last week is back") == ["say_person"]
        assert phone.templates("you know, the blue one") == []
        assert drafts() == ["unclear", "unclear"]
        hand.advance(timedelta(hours=13))
        assert phone.templates("are you there at all") == ["say_person"]

    @pytest.mark.parametrize("text", ["", "🎉🎉", "...", "cancel my ride"])
    def test_nothing_in_words_too(self, phone, drafts, text):
        assert phone.templates(text) == ["say_person"]
        assert drafts() == ["unclear"]

    @pytest.mark.parametrize("text", ["thanks", "gracias", "شكرا", "🙏🙏", "❤️", "OK thanks"])
    def test_thanks_need_no_answer(self, phone, text):
        assert phone.templates(text) == []
        assert Inbound.objects.get().state == "read"


class TestDanger:
    @pytest.mark.parametrize("before", ["", "food", "food in Abell today", "I can help"])
    def test_a_person_at_once_and_the_emergency_number(self, town, phone, drafts, before):
        town.network.emergency = "If a life is in danger, call 911 first."
        town.network.save()
        if before:
            phone.text(before)
        assert "call 911 first" in phone.text("my mother can't breathe")
        assert drafts() == ["danger"]

    def test_where_no_number_is_set_there_are_words(self, phone):
        assert "emergency number" in phone.text("there is a fire")

    def test_after_opting_out_a_person_still_reads_it(self, phone, drafts):
        phone.text("STOP")
        assert phone.text("there is a fire") == ""
        assert drafts() == ["stopped"]


class TestWrongNumbers:
    def test_nothing_is_sent_there_any_more(self, town, rosas, drafts):
        town.invited(town.ask(), town.rosa)
        rosas.read()
        assert rosas.templates("wrong number") == ["stopped"]
        assert drafts() == ["wrong number"]
        assert is_stopped(town.network, rosas.contact)

    def test_of_somebody_nobody_knows_there_is_nothing_to_see_to(self, phone, drafts):
        phone.text("se equivocó de número")
        assert drafts() == []

    def test_who_is_this_is_answered_and_then_it_may_be_wrong(self, town, phone):
        ask = town.ask(contact_kind="phone", contact=phone.number)
        phone.read()
        assert phone.templates("who is this") == ["say_help"]
        assert phone.templates("not me") == ["stopped"]
        assert fresh(ask).state == "near"
