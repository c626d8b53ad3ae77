"""Publishing, changing, pausing, confirming and withdrawing an offer, and asking whether it still stands."""

import pytest

from commonweal.exchange import actions
from commonweal.exchange.errors import NotPossibleNow, PageWasStale
from commonweal.exchange.events import OfferPublished
from commonweal.exchange.models import Offer, OfferCategory
from commonweal.exchange.tests.cast import DAY, MONDAY, found_town, fresh, letters, verbs
from commonweal.networks.models import Area, Category

State = Offer.State


@pytest.fixture
def heard(monkeypatch):
    """What is told to the rooms above."""
    news = []
    monkeypatch.setattr("commonweal.base.bus.publish", news.append)
    return news


@pytest.fixture
def check(hand):
    """Let time pass until the offer is looked at again, and look."""

    def check(offer):
        hand.move_to(fresh(offer).check_at)
        actions.check_offer(offer_id=offer.pk, network_id=offer.network_id)
        return fresh(offer)

    return check


class TestPublishing:
    def test_is_filed_under_its_categories_with_its_cell(self, town, heard):
        offer = town.offer(town.rosa, categories=(town.groceries.pk, town.ride.pk))
        filed = OfferCategory.objects.filter(offer=offer)
        assert {
            (link.category_id, link.cell_y, link.area_id, link.is_open, link.on_board) for link in filed
        } == {(category.pk, 15731, town.abell.pk, True, True) for category in (town.groceries, town.ride)}
        assert fresh(offer).on_board is True
        assert heard == [OfferPublished(network=town.network.pk, offer=offer.pk)]

    def test_the_same_form_twice_is_one_offer(self, town):
        draft = town.offer_draft()
        first, second = (
            actions.publish_offer(network=town.network, member=town.rosa, draft=draft, source_key="form-1")
            for _press in range(2)
        )
        assert first.pk == second.pk

    def test_the_same_form_at_the_same_moment_is_one_offer(self, town, monkeypatch):
        draft = town.offer_draft()
        offer = actions.publish_offer(
            network=town.network, member=town.rosa, draft=draft, source_key="form-1"
        )

        class Late:
            """Finds nothing at the first look, and what came in meanwhile at the second."""

            answers = iter([None, offer])

            def first(self):
                return next(self.answers)

        monkeypatch.setattr(Offer.objects, "filter", lambda **by: Late())
        again = actions.publish_offer(
            network=town.network, member=town.rosa, draft=draft, source_key="form-1"
        )
        assert again.pk == offer.pk

    def test_what_is_not_to_be_seen_by_all_is_not_on_the_board(self, town):
        offer = town.offer(town.rosa, is_public=False)
        assert fresh(offer).on_board is False
        assert OfferCategory.objects.filter(offer=offer, is_open=True, on_board=False).exists()

    @pytest.mark.parametrize(
        ("field", "error"),
        [("category", Category.DoesNotExist), ("area", Area.DoesNotExist), ("none", Category.DoesNotExist)],
    )
    def test_refuses_what_belongs_to_another_network(self, town, field, error):
        other = found_town("hampden")
        theirs = {
            "category": {"categories": (town.groceries.pk, other.groceries.pk)},
            "area": {"area": other.abell.pk},
            "none": {"categories": ()},
        }[field]
        with pytest.raises(error):
            town.offer(town.rosa, **theirs)
        assert not Offer.objects.exists()

    def test_what_the_database_refuses_is_not_taken_for_a_double_press(self, town):
        with pytest.raises(Exception, match="offer_slots_in_week"):
            town.offer(town.rosa, slots=1 << 42)


class TestChanging:
    def test_says_it_anew(self, town, heard):
        offer = town.offer(town.rosa)
        heard.clear()
        changed = actions.change_offer(
            offer=offer, version=1, draft=town.offer_draft(categories=(town.ride.pk,), vehicle="car")
        )
        assert (changed.vehicle, changed.version) == ("car", 2)
        assert [link.category_id for link in changed.categories.all()] == [town.ride.pk]
        assert heard == [OfferPublished(network=town.network.pk, offer=offer.pk)]

    def test_refuses_a_stale_page(self, town):
        offer = town.offer(town.rosa)
        actions.change_offer(offer=offer, version=1, draft=town.offer_draft(summary="First"))
        with pytest.raises(PageWasStale):
            actions.change_offer(offer=offer, version=1, draft=town.offer_draft(summary="Second"))
        assert fresh(offer).summary == "First"

    def test_the_quantity_is_what_there_is_now(self, town):
        draft = {"categories": (town.things.pk,), "quantity": 10}
        offer = town.offer(town.rosa, **draft)
        town.agreed(town.ask(category=town.things.pk, quantity=10), town.rosa, offer_id=offer.pk)
        assert fresh(offer).state == State.USED_UP
        changed = actions.change_offer(
            offer=offer, version=1, draft=town.offer_draft(**{**draft, "quantity": 4})
        )
        assert (changed.quantity, changed.quantity_left, changed.state) == (14, 4, State.OPEN)

    def test_what_is_withdrawn_stays_so(self, town):
        offer = town.offer(town.rosa)
        actions.withdraw_offer(offer=offer)
        for change in (
            lambda: actions.change_offer(offer=offer, version=1, draft=town.offer_draft()),
            lambda: actions.resume_offer(offer=offer),
            lambda: actions.pause_offer(offer=offer),
        ):
            with pytest.raises(NotPossibleNow):
                change()
        assert fresh(offer).state == State.WITHDRAWN


class TestPausing:
    def test_takes_it_off_the_board_and_puts_it_back(self, town, heard):
        offer = town.offer(town.rosa)
        assert actions.pause_offer(offer=offer).state == State.PAUSED
        assert not OfferCategory.objects.filter(offer=offer, is_open=True).exists()
        actions.pause_offer(offer=offer)
        assert verbs(offer).count("paused") == 1
        heard.clear()
        assert actions.resume_offer(offer=offer).state == State.OPEN
        assert OfferCategory.objects.filter(offer=offer, is_open=True, on_board=True).exists()
        assert heard == [OfferPublished(network=town.network.pk, offer=offer.pk)]

    def test_of_what_is_withdrawn_no_words_are_kept(self, town):
        offer = town.offer(
            town.rosa, words="Mornings only.", summary="Haircuts at home", able=("woman",), unit="cuts"
        )
        actions.withdraw_offer(offer=offer)
        kept = fresh(offer)
        assert (kept.words, kept.summary, kept.able, kept.unit) == ("", "", [], "")
        assert (kept.cell_y, kept.cell_x) == (None, None)
        assert kept.categories.values_list("cell_y", "cell_x").get() == (None, None)

    def test_withdrawing_twice_is_once(self, town):
        offer = town.offer(town.rosa)
        actions.withdraw_offer(offer=offer)
        actions.withdraw_offer(offer=offer)
        assert verbs(offer).count("withdrawn") == 1


class TestStillStanding:
    def test_asked_a_week_and_a_day_before_it_rests(self, town, check):
        offer = town.offer(town.rosa)
        assert fresh(offer).check_at == MONDAY + 173 * DAY
        assert check(offer).check_at == MONDAY + 179 * DAY
        assert check(offer).check_at == MONDAY + 180 * DAY
        assert letters("offer_check").count() == 2
        assert check(offer).state == State.PAUSED
        assert verbs(offer)[-1] == "rested"
        assert not OfferCategory.objects.filter(offer=offer, is_open=True).exists()

    def test_a_yes_counts_from_now(self, town, check, hand):
        offer = town.offer(town.rosa)
        check(offer)
        assert actions.confirm_offer(offer=offer).check_at == MONDAY + (173 + 173) * DAY

    def test_a_late_yes_puts_it_up_again(self, town, check):
        offer = town.offer(town.rosa)
        for _time in range(3):
            check(offer)
        assert actions.confirm_offer(offer=offer).state == State.OPEN

    def test_what_is_paused_is_not_asked_about(self, town, check):
        offer = town.offer(town.rosa)
        actions.pause_offer(offer=offer)
        assert check(offer).state == State.PAUSED
        assert not letters("offer_check").exists()

    def test_too_early_is_nothing(self, town):
        offer = town.offer(town.rosa)
        actions.check_offer(offer_id=offer.pk, network_id=offer.network_id)
        assert verbs(offer) == ["published"]

    def test_who_can_t_be_reached_is_not_asked(self, town, check):
        offer = town.offer(town.rosa)
        town.rosa.contact_points.all().delete()
        assert check(offer).state == State.OPEN
        assert not letters("offer_check").exists()
