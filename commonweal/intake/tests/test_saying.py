"""An ask while it is being said: what a reading adds, and what is made of it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from commonweal.base import clock
from commonweal.intake.conversations import saying
from commonweal.intake.reading.model import Found, Reading
from commonweal.members.contacts import Contact

NOTHING = Reading(language=Found(value="en", confidence=0.9), is_offer=Found(value=False, confidence=0.9))
AMINA = Contact(kind="phone", value="+14105550123")


def found(value, confidence=0.9):
    return Found(value=value, confidence=confidence)


class TestHearing:
    def test_a_place_and_its_cell_are_kept(self, town):
        said = saying.heard(
            {}, replace(NOTHING, place=found("2901 Guilford Avenue"), cell=(15731, -24515)), "there"
        )
        assert (said["place"], said["cell"]) == ("2901 Guilford Avenue", [15731, -24515])
        assert saying.placed(said, town.network, "Abell") == said

    def test_what_is_a_guess_is_not_said(self, town):
        said = saying.heard({}, replace(NOTHING, category=found(town.ride.pk, 0.2)), "hm")
        assert said == {"words": "hm"}

    @pytest.mark.parametrize(("text", "key"), [("abell!", "area"), ("the mill", "place"), ("...", "")])
    def test_where_is_an_area_or_the_place_as_it_was_put(self, town, text, key):
        assert set(saying.placed({}, town.network, text)) == ({key} if key else set())


class TestDrafting:
    def test_a_time_that_went_by_meanwhile_gives_way(self, town):
        past = [(clock.now() - timedelta(hours=hours)).isoformat() for hours in (3, 1)]
        said = {"category": str(town.groceries.pk), "starts": past[0], "ends": past[1], "urgency": 2}
        draft = saying.ask_draft(said, network=town.network, contact=AMINA, language="es", now=clock.now())
        assert (draft.starts_at, draft.ends_at) == (clock.now(), clock.now() + timedelta(days=1))
        assert (draft.language, draft.contact) == ("es", AMINA.value)

    def test_every_thing_can_be_changed(self, town):
        ask = town.ask()
        day = clock.now() + timedelta(days=1)
        said = {
            "category": str(town.ride.pk), "starts": day.isoformat(), "ends": (day + timedelta(hours=1)).isoformat(),
            "area": str(town.waverly.pk), "place": "the mill", "cell": [1, 2], "people": 3,
        }  # fmt: skip
        draft = saying.changed(saying.draft_of(ask), said, network=town.network, text="all of it")
        assert (draft.category, draft.area, draft.cell, draft.people) == (
            town.ride.pk,
            town.waverly.pk,
            (1, 2),
            3,
        )
        assert draft.place == {"text": "the mill"}
        assert draft.words.endswith("all of it")

    def test_where_nothing_is_understood_nothing_is_changed(self, town):
        assert (
            saying.changed(saying.draft_of(town.ask()), {"words": "x"}, network=town.network, text="x")
            is None
        )
