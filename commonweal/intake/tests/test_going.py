"""On the way and back by text: the same watch as on the page, and nobody goes alone who shouldn't."""

from datetime import timedelta

import pytest

from commonweal.exchange import actions, going
from commonweal.exchange.models import CheckIn, Match
from commonweal.exchange.tests.cast import DAY, HOUR, MONDAY, fresh, letters
from commonweal.intake.models import Inbound
from commonweal.members.models import ContactPoint
from commonweal.networks.actions import change_policy


@pytest.fixture
def visit(town, rosas):
    """Rosa goes to Amina, and has read what was written to her of it."""
    match = town.agreed(town.ask(), town.rosa)
    rosas.read()
    return match


@pytest.fixture
def in_pairs(town):
    change_policy(network=town.network, changes={"home_pairs": 1}, reason="Assembly")


def names_of_watched():
    return {
        row.match.member.name for row in CheckIn.objects.filter(over_at=None).select_related("match__member")
    }


class TestSettingOut:
    @pytest.mark.parametrize("words", ["on my way", "OMW!", "Voy de camino", "أنا في الطريق"])
    def test_a_word_is_enough(self, rosas, visit, words):
        assert rosas.templates(words) == ["say_on_way"]

        way = CheckIn.objects.get(match=visit)
        assert (way.watcher, way.back_by, way.over_at) == ("desk", MONDAY + 2 * HOUR, None)
        assert Inbound.objects.get().ask == visit.ask

    def test_said_again_it_is_put_off(self, rosas, visit, hand):
        rosas.text("on my way")
        hand.advance(HOUR)
        assert rosas.templates("on my way") == ["say_on_way"]
        assert CheckIn.objects.get().back_by == MONDAY + 3 * HOUR

    def test_who_is_not_back_is_asked_and_answers(self, rosas, visit, hand):
        rosas.text("on my way")
        rosas.read()
        hand.advance(timedelta(hours=2, minutes=30))
        actions.watch_late()
        assert "Text HOME" in rosas.read()
        assert rosas.templates("home") == ["say_home"]
        hand.advance(DAY)
        actions.watch_late()
        assert CheckIn.objects.get().alarmed_at is None

    def test_of_two_it_is_asked_which(self, town, rosas, visit):
        other = town.agreed(town.ask(called="Bea"), town.rosa)
        rosas.read()
        assert rosas.templates("on my way") == ["say_which"]
        assert rosas.templates("for Bea")[-1:] == ["say_on_way"]
        assert CheckIn.objects.get().match == other

    def test_who_is_expected_nowhere_is_told_so(self, rosas):
        assert rosas.templates("on my way") == ["say_nothing_open"]

    def test_the_asker_is_not_on_the_way(self, town, phone):
        town.agreed(town.ask(contact_kind="phone", contact=phone.number), town.rosa)
        assert phone.templates("on my way")[-1:] == ["say_nothing_open"]
        assert not CheckIn.objects.exists()

    def test_in_the_middle_of_an_ask_it_belongs_to_the_ask(self, rosas, visit):
        rosas.text("we need food")
        assert rosas.templates("home") != ["say_home"]
        assert not CheckIn.objects.exists()


class TestComingHome:
    @pytest.mark.parametrize(
        "words", ["home", "I'm home safe", "back", "I'm back", "en casa", "volvi", "في البيت"]
    )
    def test_nobody_is_missed_any_more(self, rosas, visit, words):
        rosas.text("on my way")
        assert rosas.templates(words) == ["say_home"]
        assert CheckIn.objects.get().over_at == MONDAY
        assert rosas.templates("done")[-1:] == ["say_reported"]

    def test_from_wherever_they_were(self, town, rosas, visit):
        for match in (visit, town.agreed(town.ask(), town.rosa)):
            actions.set_out(match=match, back_by=MONDAY + HOUR, watch=actions.Watch())
        assert rosas.templates("home")[-1:] == ["say_home"]
        assert names_of_watched() == set()

    def test_also_in_the_middle_of_a_choice(self, town, rosas, visit):
        actions.set_out(match=visit, back_by=MONDAY + HOUR, watch=actions.Watch())
        town.agreed(town.ask(called="Bea"), town.rosa)
        assert rosas.templates("on my way")[-1:] == ["say_which"]
        assert rosas.templates("home") == ["say_home"]
        assert (names_of_watched(), rosas.talk.state) == (set(), "idle")

    def test_of_two_who_share_a_phone_only_who_says_so(self, town, rosas, visit):
        ContactPoint.objects.create(
            network=town.network, member=town.lee, kind="phone", value=rosas.number, is_first=False
        )
        for match in (visit, town.agreed(town.ask(called="Bea"), town.lee)):
            actions.set_out(match=match, back_by=MONDAY + HOUR, watch=actions.Watch())
        assert rosas.templates("home")[-1:] == ["say_which"]
        assert names_of_watched() == {"Rosa", "Lee"}
        assert rosas.templates("Lee")[-1:] == ["say_home"]
        assert names_of_watched() == {"Rosa"}
        assert rosas.templates("I'm back")[-1:] == ["say_home"]
        assert names_of_watched() == set()

    def test_who_was_not_away_is_told_how_it_stands(self, rosas, visit):
        assert rosas.templates("home") == ["say_nothing_open"]

    def test_back_from_a_break_is_back_from_a_break(self, rosas, visit):
        assert rosas.templates("back") == ["say_back"]


@pytest.mark.usefixtures("in_pairs")
class TestGoingInTwos:
    def test_a_first_name_opens_the_way(self, rosas, visit):
        assert rosas.templates("on my way") == ["say_in_twos"]
        assert not CheckIn.objects.exists()
        assert rosas.talk.state == "naming"

        assert rosas.templates("Kim") == ["say_on_way"]
        assert going.buddy_of(visit).name == "Kim"
        assert CheckIn.objects.get().match == visit
        assert letters("buddy_comes").count() == 1
        assert rosas.talk.state == "idle"

    @pytest.mark.parametrize(
        "words",
        [
            "well nobody that I know of has the time for it today", "Nobody", "just me", "not sure yet", "nadie",
            "my sister Ana?", "Kim?", "Kim 410 555 0177", "voy sola", "لا أحد", "لوحدي", "K" * 41,
        ],
    )  # fmt: skip
    def test_what_is_no_name_is_read_by_a_person(self, rosas, visit, drafts, words):
        rosas.text("on my way")
        assert rosas.templates(words) == ["say_person"]
        assert drafts() == ["unclear"]
        assert going.buddy_of(visit) is None
        assert not CheckIn.objects.exists()

    @pytest.mark.parametrize("name", ["Kim", "Maria José", "أمينة", "my sister"])
    def test_what_may_be_one_is_taken(self, rosas, visit, name):
        rosas.text("on my way")
        rosas.text(name)
        assert going.buddy_of(visit).name == name

    @pytest.mark.parametrize(
        ("words", "reply"),
        [
            ("no", "say_forgotten"),
            ("not needed", "say_forgotten"),
            ("7", "say_person"),
            ("can't come", "say_dropped"),
        ],
    )
    def test_other_answers_say_what_they_say(self, rosas, visit, words, reply):
        rosas.text("on my way")
        assert rosas.templates(words) == [reply]
        assert going.buddy_of(visit) is None

    def test_what_is_over_meanwhile(self, rosas, visit):
        rosas.text("on my way")
        actions.drop_out(match=visit)
        assert rosas.templates("Kim") == ["say_over"]
        assert fresh(visit).state == "dropped"

    def test_what_went_by_meanwhile(self, rosas, visit):
        rosas.text("on my way")
        Match.objects.update(state="silent")
        assert rosas.templates("Kim") == ["say_not_now"]
        assert rosas.templates("on my way") == ["say_not_now"]
        assert not CheckIn.objects.exists()
