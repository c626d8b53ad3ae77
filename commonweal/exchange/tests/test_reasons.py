"""Reasons in words: two voices, several languages, and every code that matching can give."""

from typing import Any

import pytest
from django.utils import translation

from commonweal.exchange.models import Offer
from commonweal.exchange.needs import NEEDS
from commonweal.exchange.reasons import (
    ABOUT_HELPER,
    THEIR_VEHICLE,
    THEY_ARE_ABLE,
    TO_HELPER,
    YOUR_VEHICLE,
    distance_in_words,
    language_in_words,
    reasons_in_words,
)

ROSA: list[dict[str, Any]] = [
    {"code": "distance", "m": 600},
    {"code": "language", "language": "es"},
    {"code": "free", "weekday": 1},
    {"code": "week", "agreed": 1, "per_week": 3},
]


def test_the_words_of_the_brief():
    assert reasons_in_words(ROSA, "en") == [
        "600 m away",
        "speaks Spanish",
        "free on Tuesday",
        "has helped once this week",
        "says up to 3 times a week",
    ]


def test_the_same_said_to_her():
    assert reasons_in_words(ROSA, "en", to_helper=True) == [
        "600 m from you",
        "you speak Spanish",
        "you are free on Tuesday",
        "you have helped once this week",
        "you said up to 3 times a week",
    ]


@pytest.mark.parametrize(
    ("reason", "about", "to"),
    [
        ({"code": "distance", "m": 0}, ["close by"], ["close to you"]),
        ({"code": "distance", "m": 1100}, ["1.1 km away"], ["1.1 km from you"]),
        ({"code": "area_unknown"}, ["area unknown"], []),
        ({"code": "preferred"}, ["did it the last time"], ["you did it the last time"]),
        ({"code": "known"}, ["has helped here before"], []),
        (
            {"code": "interpreter"},
            ["no language in common, somebody must interpret"],
            ["you have no language in common, somebody must interpret"],
        ),
        (
            {"code": "week", "agreed": 0, "per_week": 1},
            ["has not helped yet this week", "says up to once a week"],
            ["you have not helped yet this week", "you said up to once a week"],
        ),
        (
            {"code": "week", "agreed": 2, "per_week": 4},
            ["has helped 2 times this week", "says up to 4 times a week"],
            ["you have helped 2 times this week", "you said up to 4 times a week"],
        ),
        (
            {"code": "able", "needs": ["stairs", "mask"]},
            ["climbs stairs", "wears a mask"],
            ["you said: Climb stairs", "you said: Wear a mask when asked"],
        ),
        ({"code": "vehicle", "vehicle": "cargo"}, ["has a cargo bike"], ["you have a cargo bike"]),
        (
            {"code": "carries", "load": 2},
            ["carries boxes, up stairs too"],
            ["you can carry boxes, up stairs too"],
        ),
        (
            {"code": "gives", "quantity": 6, "of": 6},
            ["has as many as are wanted"],
            ["you have as many as are wanted"],
        ),
        (
            {"code": "gives", "quantity": 3, "of": 6},
            ["has 3 of the 6 wanted"],
            ["you have 3 of the 6 wanted"],
        ),
        ({"code": "varies"}, ["days vary"], ["you said that your days vary"]),
        ({"code": "forgotten"}, [], []),
        ({"code": "able", "needs": ["forgotten"]}, [], ["you said: forgotten"]),
        ({"code": "vehicle", "vehicle": "forgotten"}, [], []),
    ],
)
def test_each_reason_in_both_voices(reason, about, to):
    assert reasons_in_words([reason], "en") == about
    assert reasons_in_words([reason], "en", to_helper=True) == to


def test_the_reader_s_own_language_is_the_one_that_is_active():
    with translation.override("es"):
        assert distance_in_words(1100) == "1,1 km"
        assert language_in_words("ht") == "criollo haitiano"
        assert any("español" in phrase for phrase in reasons_in_words(ROSA))
    with translation.override("ar"):
        assert language_in_words("es") == "الإسبانية"


def test_the_language_asked_for_wins_over_the_active_one():
    with translation.override("es"):
        assert "1.1 km away" in reasons_in_words([{"code": "distance", "m": 1100}], "en")
        assert translation.get_language() == "es"


@pytest.mark.parametrize(("language", "said"), [("en", "tlh-x"), ("en", "xx"), ("xx", "xx")])
def test_a_language_nobody_knows_is_said_by_its_code(language, said):
    with translation.override(language):
        assert language_in_words(said) == ("Klingon" if said.startswith("tlh") else said)


def test_without_a_language_it_is_said_in_english():
    with translation.override(None):
        assert distance_in_words(600) == "600 m"


def test_variants_of_a_language_are_named():
    with translation.override("en"):
        assert language_in_words("pt-BR") == "Brazilian Portuguese"


def test_every_need_vehicle_and_load_has_words():
    assert set(THEY_ARE_ABLE) == {need.code for need in NEEDS}
    assert set(THEIR_VEHICLE) == set(YOUR_VEHICLE) == set(Offer.Vehicle.values)


def test_only_what_gives_the_asker_away_is_kept_from_the_helper():
    assert set(ABOUT_HELPER) - set(TO_HELPER) == {"known", "area_unknown"}
    assert set(TO_HELPER) <= set(ABOUT_HELPER)
