"""Never again, and vouching for one another, on the pages of a helper and of an asker."""

import pytest
from django.urls import reverse

from commonweal.exchange.models import Ask, Match
from commonweal.exchange.tests.cast import fresh
from commonweal.members.models import Block
from commonweal.members.tests.cast import sign_in
from commonweal.members.trusting import ContactBlock, Vouch

S = Match.State


@pytest.fixture
def ask(town):
    return town.ask()


@pytest.fixture
def match(town, ask):
    return town.agreed(ask, town.rosa)


def done(match, by=None):
    Match.objects.filter(pk=match.pk).update(state=S.DONE)
    Ask.objects.filter(pk=match.ask_id).update(by=by)


def test_a_helper_never_wants_to_meet_the_asker_again(client, match):
    url = reverse("exchange:never_asker", args=[match.token_box])
    assert "Amina" in client.get(url).content.decode()
    assert client.post(url).url == reverse("exchange:invitation", args=[match.token_box])
    assert (ContactBlock.objects.get().by_member, fresh(match).state) == (True, S.DROPPED)


def test_who_was_only_asked_does_not_learn_the_asker_s_name(client, town, ask):
    match = town.invited(ask, town.lee)
    page = client.get(reverse("exchange:never_asker", args=[match.token_box])).content.decode()
    assert "Amina" not in page


def test_an_asker_by_link_never_wants_this_helper_again(client, ask, match):
    url = reverse("exchange:never_helper", args=[ask.token_box, match.pk])
    page = client.get(reverse("exchange:status", args=[ask.token_box])).content.decode()
    assert url in page
    assert "Rosa" in client.get(url).content.decode()
    client.post(url)
    assert (ContactBlock.objects.get().by_member, Block.objects.count()) == (False, 0)


def test_an_asker_can_t_keep_away_whom_they_have_not_seen(client, town, ask):
    match = town.invited(ask, town.lee)
    assert client.post(reverse("exchange:never_helper", args=[ask.token_box, match.pk])).status_code == 404
    assert not ContactBlock.objects.exists()


def test_both_may_vouch_once_it_is_done(client, town, ask, match):
    helper_url = reverse("exchange:vouch_asker", args=[match.token_box])
    asker_url = reverse("exchange:vouch_helper", args=[ask.token_box, match.pk])
    sign_in(client, town.rosa)
    assert client.get(helper_url).status_code == 404
    done(match, by=town.jo)
    assert helper_url in client.get(reverse("exchange:invitation", args=[match.token_box])).content.decode()
    assert "Jo" in client.get(helper_url).content.decode()
    assert client.post(helper_url, {"how": "?"}).status_code == 422
    assert client.post(helper_url, {"how": "helped"}).url == reverse("members:vouches")
    assert client.get(asker_url).status_code == 404
    sign_in(client, town.jo)
    assert asker_url in client.get(reverse("exchange:status", args=[ask.token_box])).content.decode()
    client.post(asker_url, {"how": "helped"})
    assert set(Vouch.objects.values_list("giver", "taker")) == {
        (town.rosa.pk, town.jo.pk),
        (town.jo.pk, town.rosa.pk),
    }


def test_who_has_no_account_is_not_vouched_for(client, town, match):
    done(match)
    sign_in(client, town.rosa)
    assert client.get(reverse("exchange:vouch_asker", args=[match.token_box])).status_code == 404
