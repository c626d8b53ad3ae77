"""The pages of the policy: reading, trying, proposing, putting in force and putting back."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from commonweal.assembly.actions import give_mandate
from commonweal.assembly.models import Mandate
from commonweal.base import clock
from commonweal.matching.models import PolicyProposal, PolicyTrial
from commonweal.matching.policy import actions
from commonweal.matching.tests.test_policy_trials import FEWER, figures
from commonweal.members.tests import cast
from commonweal.members.tests.cast import sign_in
from commonweal.networks.actions import change_policy
from commonweal.networks.models import Network, PolicyVersion
from commonweal.networks.policy import settings_by_name
from commonweal.networks.tests import cast as networks
from commonweal.networks.tests.cast import HILLS_HOST

pytestmark = pytest.mark.django_db

PAGE, CHANGE = "/policy/", "/policy/change/"


@pytest.fixture
def harbor(hand):
    return networks.harbor()


@pytest.fixture
def hills(harbor, settings):
    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, HILLS_HOST]
    return networks.hills()


@pytest.fixture
def alma(harbor, hand):
    """Alma is a steward of Harbor."""
    alma = cast.alma(harbor)
    mandate(alma)
    return alma


@pytest.fixture
def ben(harbor):
    return cast.ben(harbor)


def mandate(member):
    until = clock.now() + timedelta(days=30)
    give_mandate(member=member, role=Mandate.Role.STEWARD, until=until, reason="Assembly, 4 May")


@pytest.fixture
def steward(client, alma):
    sign_in(client, alma)
    return client


@pytest.fixture
def member(client, ben):
    sign_in(client, ben)
    return client


@pytest.fixture
def typed(harbor):
    """The form as it stands when nothing is changed."""
    policy = harbor.policy
    return {**{name: getattr(policy, name) for name in settings_by_name()}, "number": harbor.policy_number}


def tried(network, by, **changes):
    fresh = Network.objects.get(pk=network.pk)
    changes = changes or {"language": 200}
    return actions.try_change(network=fresh, by=by, changes=changes, number=fresh.policy_number)


def in_force(network):
    return Network.objects.get(pk=network.pk)


def page_of(trial, name="trial"):
    return reverse(f"matching:{name}", args=[trial.pk])


def test_rules_are_open_to_everybody(client, harbor, hand, django_assert_num_queries):
    change_policy(network=harbor, changes={"near_m": 900, "language": 100}, reason="Hills are steep here")

    with django_assert_num_queries(2):  # the network, the history
        response = client.get(PAGE)

    body = response.content.decode()
    assert response.status_code == 200
    assert "Hills are steep here" in body
    assert "at first 1500" in body
    assert "counts 100, as much as 2.5 km of way" in body
    assert "Put back" not in body


def test_every_setting_is_on_the_page_with_the_reason_it_began_so(client, harbor):
    shown = {rule.name for _section, rules in client.get(PAGE).context["rules"] for rule in rules}

    assert shown == set(settings_by_name())


def test_members_read_who_changed_and_who_proposes(member, harbor, alma, ben, django_assert_num_queries):
    change_policy(network=harbor, changes={"near_m": 900}, reason="Hills", by=alma.pk)
    for language in (100, 200, 300):
        actions.propose(trial=tried(harbor, ben, language=language), by=ben, reason=f"Up to {language}")

    with django_assert_num_queries(8):
        # network, session, member, history, its names, proposals, the mandate here, and that of the frame
        body = member.get(PAGE).content.decode()

    assert "Alma" in body
    assert "Up to 300" in body
    member.cookies.clear()
    shut = member.get(PAGE).content.decode()
    assert "Alma" not in shut
    assert "Up to 300" not in shut


def test_rules_of_one_network_are_not_those_of_another(client, harbor, hills):
    change_policy(network=harbor, changes={"near_m": 900}, reason="Hills are steep here")

    body = client.get(PAGE, headers={"host": HILLS_HOST}).content.decode()

    assert "Hill Neighbors" in body
    assert "Hills are steep here" not in body


def test_times_are_those_of_the_network(client, harbor, hills, hand):
    """One o'clock at night in UTC is still the day before in Baltimore."""
    hand.advance(timedelta(hours=10))
    change_policy(network=harbor, changes={"near_m": 900}, reason="At night")
    change_policy(network=hills, changes={"near_m": 900}, reason="At night")

    assert "Nov. 23, 2026" in client.get(PAGE).content.decode()
    assert "Nov. 24, 2026" in client.get(PAGE, headers={"host": HILLS_HOST}).content.decode()


def test_rules_are_only_read_there(client, harbor):
    assert client.post(PAGE, {"near_m": 900}).status_code == 405


def test_a_member_tries_a_change_and_sees_how_far_it_is(member, harbor, ben, typed):
    assert member.get(CHANGE).status_code == 200

    response = member.post(CHANGE, {**typed, "language": "200"}, follow=True)

    trial = PolicyTrial.objects.get()
    assert response.redirect_chain == [(page_of(trial), 302)]
    assert (trial.changes, trial.by, trial.state) == ({"language": 200}, ben, "waiting")
    body = response.content.decode()
    assert "counts 200, as much as 5 km of way" in body
    assert "waits for its turn" in body
    assert "hx-get" in body
    assert in_force(harbor).policy_number == 0


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ({"state": "running"}, "being played as it is"),
        ({"state": "running", "done": 1}, "as you tried it"),
        ({"state": "failed"}, "could not be worked out"),
        ({"state": "stopped"}, "This was stopped, and nothing of it is kept."),
        ({"state": "needless"}, "so there is nothing to compare"),
        ({"state": "done", "figures": {"before": figures(), "after": figures(served=20)}}, "8 more served"),
    ],
)
def test_a_trial_says_how_it_stands(member, harbor, ben, state, words):
    trial = tried(harbor, ben)
    PolicyTrial.objects.update(**state)

    assert words in member.get(page_of(trial)).content.decode()


def test_who_began_a_trial_stops_it(member, harbor, ben):
    trial = tried(harbor, ben)
    other = Client()
    sign_in(other, cast.cleo(harbor))
    assert page_of(trial, "stop_trial") not in other.get(page_of(trial)).content.decode()
    assert other.post(page_of(trial, "stop_trial")).status_code == 403
    assert PolicyTrial.objects.get().state == "waiting"

    assert page_of(trial, "stop_trial") in member.get(page_of(trial)).content.decode()
    for _press in range(2):
        body = member.post(page_of(trial, "stop_trial"), follow=True).content.decode()
        assert "This was stopped" in body
        assert page_of(trial, "try_again") in body
        assert page_of(trial, "stop_trial") not in body


def test_a_trial_names_what_was_not_played(member, harbor, ben):
    trial = tried(harbor, ben, language=200, covers=40)
    PolicyTrial.objects.update(state="done", figures={"before": figures(), "after": figures(served=20)})
    body = member.get(page_of(trial)).content.decode()
    assert "Not played, because it shows only when people are really asked:" in body
    assert "Whoever has enough of what is wanted" in body.split("Not played")[1]


def test_a_trial_whose_worker_was_stopped_can_be_tried_again(member, harbor, ben, hand):
    trial = tried(harbor, ben)
    hand.advance(timedelta(minutes=16))
    assert "could not be worked out" in member.get(page_of(trial)).content.decode()

    member.post(page_of(trial, "try_again"))

    assert PolicyTrial.objects.count() == 2


def test_the_page_of_a_trial_asks_little(member, harbor, ben, django_assert_num_queries):
    trial = tried(harbor, ben)
    PolicyTrial.objects.update(state="done", figures={"before": figures(), "after": figures()})

    with django_assert_num_queries(
        9
    ):  # network, session, member, trial, version, areas, answers, mandate, frame
        assert member.get(page_of(trial)).status_code == 200


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"near_m": "99"}, "near_m"),
        ({"near_m": "a mile"}, "near_m"),
        ({"near_m": ""}, "near_m"),
        ({"language": "-1"}, "language"),
        ({"language": "401"}, "language"),
        ({"language": "9" * 60}, "language"),
        ({"language": "\x00"}, "language"),
        ({"mode": "chaos"}, "mode"),
        ({"number": ""}, "number"),
        ({"number": "-1"}, "number"),
        ({"number": "9" * 60}, "number"),
    ],
)
def test_unclear_rules_are_said_at_the_field_and_try_nothing(member, harbor, typed, wrong, field):
    response = member.post(CHANGE, {**typed, "near_hours": "5", **wrong})

    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert response.context["form"]["near_hours"].value() == "5"
    assert not PolicyTrial.objects.exists()


def test_a_setting_that_nobody_knows_is_passed_over(member, harbor, typed):
    member.post(CHANGE, {**typed, "language": "200", "magic": "1"})

    assert PolicyTrial.objects.get().changes == {"language": 200}


def test_a_change_of_nothing_is_said(member, typed):
    response = member.post(CHANGE, typed)

    assert response.status_code == 422
    assert "Nothing is different" in response.content.decode()


def test_who_was_overtaken_sees_the_rules_as_they_are_with_their_own_changes(member, harbor, typed):
    change_policy(network=harbor, changes={"near_m": 700}, reason="Somebody was faster")

    response = member.post(CHANGE, {**typed, "language": "200"})

    assert response.status_code == 409
    form = response.context["form"]
    assert (form["near_m"].value(), form["language"].value(), form["number"].value()) == (700, 200, 1)
    assert not PolicyTrial.objects.exists()
    assert member.post(CHANGE, {**typed, "number": 5, "language": "200"}).status_code == 409


def test_a_value_between_two_steps_is_not_moved(member, harbor):
    assert 'step="10"' in str(member.get(CHANGE).context["form"]["language"])
    change_policy(network=harbor, changes={"language": 37}, reason="Exactly so")

    assert 'step="1"' in str(member.get(CHANGE).context["form"]["language"])


def test_a_steward_puts_in_force_what_was_tried(steward, harbor, alma):
    trial = tried(harbor, alma)
    assert "Put in force" in steward.get(page_of(trial)).content.decode()

    url, said = page_of(trial, "adopt_trial"), {"number": 0, "reason": "Assembly, 4 May"}
    response = steward.post(url, said, follow=True)

    body = response.content.decode()
    assert response.redirect_chain == [(PAGE, 302)]
    assert "The new rules are in force." in body
    assert in_force(harbor).policy_values == {"language": 200}
    assert PolicyVersion.objects.get(number=1).made_by == alma.pk
    assert steward.post(url, said).status_code == 409
    assert in_force(harbor).policy_number == 1


@pytest.mark.parametrize("reason", ["", " ", "a" * 301])
def test_what_is_saved_has_a_reason(steward, harbor, alma, reason):
    trial = tried(harbor, alma)
    proposal = actions.propose(trial=trial, by=alma, reason="So.")

    for url in (
        page_of(trial, "adopt_trial"), page_of(trial, "propose"), page_of(proposal, "adopt_proposal"),
    ):  # fmt: skip
        response = steward.post(url, {"number": 0, "reason": reason})
        assert response.status_code == 422
        assert list(response.context["form"].errors) == ["reason"]
    assert in_force(harbor).policy_number == 0


def test_others_put_nothing_in_force(client, harbor, hills, alma, ben):
    cleo = cast.cleo(hills)
    mandate(cleo)
    trial = tried(harbor, ben)
    proposal = actions.propose(trial=trial, by=ben, reason="So.")
    said = {"number": 0, "reason": "Mischief"}
    urls = [page_of(trial, "adopt_trial"), page_of(proposal, "adopt_proposal"), reverse("matching:put_back")]
    for person, host, statuses in (
        (None, "testserver", [302, 302, 302]),
        (ben, "testserver", [403, 403, 403]),
        (cleo, "testserver", [302, 302, 302]),
        (cleo, HILLS_HOST, [404, 404, 404]),
    ):
        if person:
            sign_in(client, person)
        assert [client.post(url, said, headers={"host": host}).status_code for url in urls] == statuses
    sign_in(client, alma)
    assert client.post(urls[0], said).status_code == 302


def test_pages_of_another_network_are_not_there(client, harbor, hills, ben):
    trial = tried(harbor, ben)
    proposal = actions.propose(trial=trial, by=ben, reason="So.")
    sign_in(client, cast.cleo(hills))

    for name, thing in (("trial", trial), ("proposal", proposal)):
        assert client.get(page_of(thing, name), headers={"host": HILLS_HOST}).status_code == 404
    for name, thing in (
        ("propose", trial),
        ("try_again", trial),
        ("stop_trial", trial),
        ("withdraw_proposal", proposal),
    ):
        said = {"number": 0, "reason": "Mischief"}
        assert client.post(page_of(thing, name), said, headers={"host": HILLS_HOST}).status_code == 404
    assert PolicyProposal.objects.get().state == "open"


def test_a_member_proposes_once_however_often_they_press(member, harbor, ben):
    trial = tried(harbor, ben)
    said = {"number": 0, "reason": "Spanish is spoken here"}

    first = member.post(page_of(trial, "propose"), said, follow=True)
    second = member.post(page_of(trial, "propose"), said)

    proposal = PolicyProposal.objects.get()
    assert first.redirect_chain == [(page_of(proposal, "proposal"), 302)]
    assert second.url == page_of(proposal, "proposal")
    body = first.content.decode()
    assert "Spanish is spoken here" in body
    assert "Put in force" not in body
    assert "Withdraw the proposal" in body


def test_a_steward_adopts_a_proposal(steward, harbor, ben):
    proposal = actions.propose(trial=tried(harbor, ben), by=ben, reason="So.")
    url, said = page_of(proposal, "adopt_proposal"), {"number": 0, "reason": "We met"}

    assert steward.post(url, said).url == PAGE
    assert in_force(harbor).policy_values == {"language": 200}
    again = steward.post(url, {**said, "number": 1})

    assert again.status_code == 409
    assert "adopted or withdrawn already" in again.content.decode()
    assert in_force(harbor).policy_number == 1


def test_a_steward_who_was_overtaken_looks_again_before_adopting(steward, harbor, ben):
    proposal = actions.propose(trial=tried(harbor, ben), by=ben, reason="So.")
    change_policy(network=harbor, changes={"near_m": 700}, reason="Somebody was faster")

    response = steward.post(page_of(proposal, "adopt_proposal"), {"number": 0, "reason": "We met"})

    assert response.status_code == 409
    form = response.context["form"]
    assert (form["reason"].value(), form["number"].value()) == ("We met", 1)
    assert "figures compare it with those of then" in response.content.decode()
    assert in_force(harbor).policy.language == 60


def test_who_proposed_withdraws_and_nobody_else(client, harbor, alma, ben):
    dora = cast.join(
        network=harbor,
        name="Dora",
        contact=cast.Contact(kind="email", value="d@example.org"),
        languages=["en"],
    )
    proposal = actions.propose(trial=tried(harbor, ben), by=ben, reason="So.")
    url = page_of(proposal, "withdraw_proposal")
    sign_in(client, dora)
    assert client.post(url).status_code == 403
    assert "Withdraw the proposal" not in client.get(page_of(proposal, "proposal")).content.decode()

    sign_in(client, ben)
    assert client.post(url).url == PAGE
    assert client.post(url).status_code == 409
    assert PolicyProposal.objects.get().state == "withdrawn"


def test_a_steward_puts_a_change_back_as_a_new_change(steward, harbor, alma):
    change_policy(network=harbor, changes={"near_m": 900, "language": 100}, reason="One", by=alma.pk)
    change_policy(network=harbor, changes={"week": 200}, reason="Two", by=alma.pk)
    assert "Put back" in steward.get(PAGE).content.decode()

    response = steward.post(reverse("matching:put_back"), {"number": "1"})

    trial = PolicyTrial.objects.get()
    assert response.url == page_of(trial)
    assert trial.changes == {"near_m": 1500, "language": 60}
    steward.post(page_of(trial, "adopt_trial"), {"number": 2, "reason": "It was better before"})
    policy = in_force(harbor).policy
    assert (policy.near_m, policy.language, policy.week) == (1500, 60, 200)


@pytest.mark.parametrize("number", ["", "0", "7", "-1", "x", "٣", "9" * 60, "\x00"])
def test_what_was_never_changed_is_not_put_back(steward, harbor, number):
    assert steward.post(reverse("matching:put_back"), {"number": number}).status_code == 404


def test_putting_back_what_is_back_already_is_said(steward, harbor):
    change_policy(network=harbor, changes={"near_m": 900}, reason="One")
    change_policy(network=harbor, changes={"near_m": 1500}, reason="Two")

    assert steward.post(reverse("matching:put_back"), {"number": "1"}).status_code == 400


@pytest.mark.parametrize("tongue", ["es", "ar"])
def test_the_pages_speak_the_readers_language(steward, harbor, alma, tongue):
    trial = tried(harbor, alma)
    PolicyTrial.objects.update(state="done", figures={"before": figures(), "after": figures(served=FEWER)})
    proposal = actions.propose(trial=trial, by=alma, reason="So.")
    steward.cookies["django_language"] = tongue

    for url in (PAGE, CHANGE, page_of(trial), page_of(proposal, "proposal")):
        body = steward.get(url).content.decode()
        assert f'lang="{tongue}"' in body
        assert not any(word in body for word in ("Try other", "Put in force", "fewer served", "counts "))
