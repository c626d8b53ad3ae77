"""Reading whole messages: against the network's own areas, its map and its clock. Never raising on any text."""

import time
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from commonweal.exchange.tests.cast import MONDAY, found_town
from commonweal.intake.reading import read_message, storing
from commonweal.intake.reading.model import Found, Reading

MESSAGE = (
    "Hello, my name is Maria Lopez. We are a family of five in Abell and need groceries tomorrow morning. "
    "We live at 2400 Boston Street, third floor. Thank you!"
)


@pytest.fixture
def mapped(town):
    """The network with the map of its city."""
    town.network.map_name = "baltimore"
    town.network.save()
    return town


def test_everything_that_a_message_says(mapped):
    reading = read_message(mapped.network, MESSAGE, at=MONDAY)
    assert reading.language.value == "en"
    assert reading.is_offer.value is False
    assert reading.category.value == mapped.groceries.pk
    assert (reading.people.value, reading.people.words) == (5, "family of five")
    assert reading.area.value == mapped.abell.pk
    assert reading.place.value.startswith("2400 Boston")
    assert reading.cell is not None
    assert reading.span.words == "tomorrow morning"
    assert reading.called.value == "Maria Lopez"
    assert reading.danger is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("I live near Boston Street", "Boston Street"),
        ("pick me up near Odonnell", "Odonnell"),
        ("2400 boston st, door on the left", "2400 boston st"),
        ("we are at 2400 Boston", "2400 Boston"),
        ("on Eastern Avenue by the church", "Eastern Avenue"),
        ("Eastren Avenue, top floor", "Eastren Avenue"),
        ("Fleet Street and Boston Street", "Fleet Street and Boston Street"),
    ],
)
def test_a_street_of_the_networks_own_map(mapped, text, words):
    reading = read_message(mapped.network, text, at=MONDAY)
    assert reading.place.words == words
    assert reading.cell is not None


@pytest.mark.parametrize(
    "text", ["I need food for 20 people", "near me", "we need 12 eggs", "at home on Monday"]
)
def test_no_place_where_none_is_named(mapped, text):
    reading = read_message(mapped.network, text, at=MONDAY)
    assert (reading.place, reading.cell, reading.area) == (None, None, None)


def test_an_area_by_its_name_and_with_a_slip(town):
    assert read_message(town.network, "in Waverly please", at=MONDAY).area.confidence > 0.9
    slipped = read_message(town.network, "in Waverley please", at=MONDAY).area
    assert slipped.value == town.waverly.pk
    assert (slipped.words, slipped.confidence < 0.9) == ("Waverley", True)


def test_without_a_map_an_address_stands_as_it_is_written(town):
    reading = read_message(town.network, "bring it to 12 Elm Street", at=MONDAY)
    assert (reading.place.value, reading.cell) == ("12 Elm Street", None)


def test_danger_is_heard(town):
    assert read_message(town.network, "my house is on fire", at=MONDAY).danger.value == "fire"


def test_a_language_that_was_chosen_stands(town):
    language = read_message(town.network, "hello", language="ar", at=MONDAY).language
    assert (language.value, language.confidence) == ("ar", 1.0)


def test_a_reading_is_kept_as_json_and_read_back(mapped):
    reading = read_message(mapped.network, MESSAGE, at=MONDAY)
    assert storing.from_json(storing.to_json(reading)) == reading


def test_a_reading_that_was_erased_reads_as_nothing():
    nothing = Found(value="", confidence=0.0)
    assert storing.from_json({}) == Reading(language=nothing, is_offer=Found(value=False, confidence=0.0))


class AnyText(TestCase):
    """Whatever comes in, reading it gives a reading."""

    @given(st.text(max_size=300))
    @settings(max_examples=60)
    def test_no_text_raises(self, text):
        network = found_town().network
        network.map_name = "baltimore"
        reading = read_message(network, text, at=datetime(2026, 3, 8, 6, 59, tzinfo=UTC))
        assert 0 <= reading.language.confidence <= 1
        if reading.span:
            starts, ends = reading.span.value
            assert starts < ends
        assert storing.from_json(storing.to_json(reading)) == reading

    def test_a_text_of_ten_thousand_signs_is_read_quickly(self):
        network = found_town().network
        began = time.process_time()
        read_message(network, "we need 3 " * 1000, at=MONDAY)
        assert time.process_time() - began < 5
