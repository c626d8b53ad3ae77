"""What the desk puts right is kept for a while, teaches at night, and is forgotten."""

from datetime import UTC, datetime, timedelta

import pytest

from commonweal.base import clock
from commonweal.base.models import Event
from commonweal.intake.actions import erase_corrections, record_correction
from commonweal.intake.models import Correction, OwnTriage
from commonweal.intake.triage import category_for, network_labels, own, tasks
from commonweal.members.actions import join
from commonweal.networks.actions import add_category, create_network
from commonweal.networks.models import Category

NOW = datetime(2026, 11, 18, 15, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _now():
    with clock.frozen(NOW):
        yield


@pytest.fixture
def network(db):
    return create_network(slug="elm", name="Elm Street")


def category(network, slug):
    return Category.objects.get(network=network, slug=slug)


def correct(network, text, slug, times=40):
    for number in range(times):
        record_correction(network=network, text=f"{text} {number}", category=category(network, slug))


def slug_of(network, text):
    found = category_for(network, network_labels(network, text))
    return found[0].slug if found else ""


class TestRecording:
    def test_a_correction_keeps_the_text_locked_and_ends(self, network):
        ride, errand = category(network, "ride"), category(network, "errand")
        bo = join(network=network, name="Bo", contact=None, languages=["en"])
        kept = record_correction(
            network=network, text=" to the\x00 vet  ", category=ride, supposed=errand, by=bo
        )
        assert Correction.objects.get().text == "to the vet"
        assert kept.erase_at == NOW + timedelta(days=network.policy.erase_days)
        event = Event.objects.get(thing="correction")
        assert (event.by, event.actor, event.data) == (
            "dispatcher",
            bo.pk,
            {"category": "ride", "supposed": "errand"},
        )

    @pytest.mark.parametrize("text", ["", " \n", "\x00", "🙂", "..."])
    def test_a_text_without_words_is_not_kept(self, network, text):
        assert record_correction(network=network, text=text, category=category(network, "ride")) is None
        assert not Correction.objects.exists()

    def test_a_very_long_text_is_cut(self, network):
        kept = record_correction(network=network, text="word " * 9000, category=category(network, "ride"))
        assert len(kept.text) == 2000

    def test_it_is_deleted_when_its_time_is_over_and_not_before(self, network):
        correct(network, "zolber", "ride", times=2)
        with clock.frozen(NOW + timedelta(days=network.policy.erase_days - 1)):
            assert erase_corrections() == 0
        with clock.frozen(NOW + timedelta(days=network.policy.erase_days)):
            assert tasks.erase() == 2
        assert not Correction.objects.exists()


class TestLearning:
    def test_a_word_of_its_own_is_learnt_and_outlives_the_corrections(self, network):
        assert slug_of(network, "zolber please") == ""
        correct(network, "zolber please", "childcare")
        assert tasks.learn() == 1
        assert slug_of(network, "zolber please") == "childcare"
        Correction.objects.all().delete()
        assert slug_of(network, "zolber please, today") == "childcare"
        kept = OwnTriage.objects.get()
        assert kept.taught > 0
        assert kept.right_with >= kept.right_without

    def test_everyday_words_are_still_understood(self, network):
        correct(network, "zolber please", "childcare")
        tasks.learn()
        assert slug_of(network, "can I borrow a drill") == "borrow"

    def test_what_is_none_of_them_is_learnt_too(self, network):
        assert slug_of(network, "the milk run newsletter") == "groceries"
        correct(network, "the milk run newsletter", "other")
        tasks.learn()
        assert slug_of(network, "the milk run newsletter") == ""

    def test_a_lesson_teaches_once(self, network):
        correct(network, "zolber please", "childcare")
        tasks.learn()
        before = bytes(OwnTriage.objects.get().weights)
        assert tasks.learn() == 0
        assert not own.learn(network=network).taken
        assert bytes(OwnTriage.objects.get().weights) == before

    def test_a_few_wait_until_they_are_more(self, network):
        correct(network, "zolber please", "childcare", times=5)
        assert tasks.learn() == 0
        assert not OwnTriage.objects.exists()
        assert Correction.objects.filter(taught_at=None).count() == 5

    def test_networks_learn_nothing_of_each_other(self, network):
        oak = create_network(slug="oak", name="Oak Street")
        correct(network, "zolber please", "childcare")
        tasks.learn()
        assert slug_of(oak, "zolber please") == ""
        assert network_labels(oak, "zolber please").own == {}

    def test_a_new_category_begins_with_nothing_and_old_ones_keep_what_they_learnt(self, network):
        correct(network, "zolber please", "childcare")
        tasks.learn()
        add_category(network=network, slug="bees", names={"en": "Bees"}, nature=Category.Nature.TASK)
        correct(network, "the wobbly mirtok", "bees")
        tasks.learn()
        assert slug_of(network, "wobbly mirtok") == "bees"
        assert slug_of(network, "zolber please") == "childcare"

    def test_what_was_learnt_of_a_category_that_is_closed_now_is_let_go(self, network):
        correct(network, "zolber please", "childcare")
        tasks.learn()
        Category.objects.filter(slug="childcare").update(is_open=False)
        assert slug_of(network, "zolber please") == ""
        correct(network, "the wobbly mirtok", "borrow")
        tasks.learn()
        assert slug_of(network, "wobbly mirtok") == "borrow"
        assert str(category(network, "childcare").pk) not in OwnTriage.objects.get().choices

    def test_a_correction_to_a_closed_category_teaches_nothing(self, network):
        correct(network, "zolber please", "childcare")
        Category.objects.filter(slug="childcare").update(is_open=False)
        assert tasks.learn() == 0

    def test_what_is_learnt_holds_no_words_and_is_small(self, network):
        correct(network, "zolber please", "childcare")
        tasks.learn()
        kept = OwnTriage.objects.get()
        assert b"zolber" not in bytes(kept.weights)
        assert len(kept.weights) < 200_000
        data = Event.objects.get(thing="owntriage").data
        assert set(data) == {"taught", "held"}

    def test_neither_leaves_with_an_export(self):
        assert not Correction.travels
        assert not OwnTriage.travels

    def test_rows_say_nothing_of_themselves(self, network):
        correct(network, "zolber please", "childcare")
        tasks.learn()
        for row in (Correction.objects.first(), OwnTriage.objects.get()):
            assert str(row) == str(row.pk)
