"""One person, one thing, or "we can't find that", which says as little to a stranger as to somebody mistaken."""

import uuid

import pytest

from commonweal.exchange import access, actions
from commonweal.exchange.errors import AskNotFound, InvitationNotFound, OfferNotFound
from commonweal.exchange.tests.cast import found_town

JUNK = [
    "",
    "x",
    "\x00",
    "\ud800",
    "é" * 10,
    "a" * 65,
    "a" * 10_000,
    "../..",
    "K7F-2QM",
    str(uuid.UUID(int=7)),
]


class TestAsks:
    def test_by_its_private_link(self, town):
        published = actions.publish_ask(network=town.network, draft=town.draft())
        found = access.ask_by_token(town.network, published.token)
        assert (found.pk, found.category.name) == (published.ask.pk, "Groceries")

    def test_not_by_a_link_of_another_network(self, town):
        published = actions.publish_ask(network=town.network, draft=town.draft())
        with pytest.raises(AskNotFound):
            access.ask_by_token(found_town("hampden").network, published.token)

    @pytest.mark.parametrize("token", JUNK)
    def test_not_by_junk(self, town, token):
        town.ask()
        with pytest.raises(AskNotFound):
            access.ask_by_token(town.network, token)

    def test_by_id_or_code_as_people_type_it(self, town):
        ask = town.ask()
        for key in (ask.pk, str(ask.pk), ask.code, ask.shown_code, ask.shown_code.lower()):
            assert access.ask_on_board(town.network, key).pk == ask.pk

    def test_on_the_board_while_it_is_there(self, town):
        ask = town.ask()
        assert access.ask_on_board(town.network, ask.shown_code).pk == ask.pk
        actions.withdraw_ask(ask=ask)
        with pytest.raises(AskNotFound):
            access.ask_on_board(town.network, ask.shown_code)

    def test_at_the_desk_any_of_its_own_network(self, town):
        ask = actions.withdraw_ask(ask=town.ask())
        assert access.ask_for_desk(town.network, ask.code).pk == ask.pk
        with pytest.raises(AskNotFound):
            access.ask_for_desk(found_town("hampden").network, ask.code)

    @pytest.mark.parametrize("key", JUNK)
    def test_not_by_a_code_that_is_none(self, town, key):
        with pytest.raises(AskNotFound):
            access.ask_for_desk(town.network, key)


class TestMatches:
    def test_by_the_helper_s_link(self, town):
        match = town.invited(town.ask(), town.rosa)
        assert access.match_by_token(town.network, match.token_box).pk == match.pk
        with pytest.raises(InvitationNotFound):
            access.match_by_token(found_town("hampden").network, match.token_box)

    @pytest.mark.parametrize("token", JUNK)
    def test_not_by_junk(self, town, token):
        town.invited(town.ask(), town.rosa)
        with pytest.raises(InvitationNotFound):
            access.match_by_token(town.network, token)

    def test_of_an_ask(self, town):
        match = town.invited(town.ask(), town.rosa)
        assert access.match_of_ask(match.ask, match.pk).pk == match.pk
        with pytest.raises(InvitationNotFound):
            access.match_of_ask(town.ask(), match.pk)


class TestOffers:
    def test_one_s_own(self, town, bo):
        offer = town.offer(town.rosa)
        assert access.own_offer(town.rosa, offer.pk).pk == offer.pk
        for stranger in (town.lee, bo):
            with pytest.raises(OfferNotFound):
                access.own_offer(stranger, offer.pk)

    @pytest.mark.parametrize("key", JUNK)
    def test_not_by_junk(self, town, key):
        with pytest.raises(OfferNotFound):
            access.own_offer(town.rosa, key)
