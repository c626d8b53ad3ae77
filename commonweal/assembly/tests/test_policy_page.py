"""A steward changes the rules, and members see who holds which role."""

from datetime import timedelta

import pytest

from commonweal.assembly.actions import give_mandate
from commonweal.assembly.models import Mandate
from commonweal.members.tests.cast import sign_in
from commonweal.networks.actions import change_policy
from commonweal.networks.models import Network, PolicyVersion
from commonweal.networks.policy import settings_by_name
from commonweal.networks.tests.cast import HILLS_HOST, NOON

pytestmark = pytest.mark.django_db

PAGE = "/policy/change/"


def mandate(member, role):
    give_mandate(member=member, role=role, until=NOON + timedelta(days=30), reason="Assembly, 4 May")


@pytest.fixture
def steward(client, alma):
    """A browser in which Alma is signed in, who is a steward."""
    mandate(alma, Mandate.Role.STEWARD)
    sign_in(client, alma)
    return client


@pytest.fixture
def typed(harbor):
    """The form as it stands when nothing is changed but the reason."""
    policy = harbor.policy
    now = {name: getattr(policy, name) for name in settings_by_name()}
    return {**now, "number": harbor.policy_number, "reason": "Assembly, 4 May"}


def in_force(network):
    return Network.objects.get(pk=network.pk)


def test_steward_changes_rules_and_everybody_reads_why(steward, alma, harbor, typed):
    assert steward.get(PAGE).status_code == 200

    response = steward.post(PAGE, {**typed, "near_m": "900", "mode": "board"}, follow=True)

    body = response.content.decode()
    assert response.redirect_chain == [("/policy/", 302)]
    assert "The new rules are in force." in body
    assert "Assembly, 4 May" in body
    assert in_force(harbor).policy_values == {"near_m": 900, "mode": "board"}
    assert PolicyVersion.objects.get(number=1).made_by == alma.pk


def test_others_change_nothing(client, harbor, hills, alma, ben, cleo, typed):
    mandate(ben, Mandate.Role.DISPATCHER)
    mandate(cleo, Mandate.Role.STEWARD)
    for member, status in ((None, 302), (alma, 403), (ben, 403), (cleo, 302)):
        if member:
            sign_in(client, member)
        assert client.get(PAGE).status_code == status
        assert client.post(PAGE, {**typed, "near_m": "900"}).status_code == status

    assert in_force(harbor).policy_number == 0


def test_steward_changes_their_own_network_only(client, harbor, hills, cleo, typed):
    mandate(cleo, Mandate.Role.STEWARD)
    sign_in(client, cleo)

    client.post(PAGE, {**typed, "near_m": "900"}, headers={"host": HILLS_HOST})

    assert in_force(harbor).policy_number == 0
    assert in_force(hills).policy.near_m == 900


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"near_m": "99"}, "near_m"),
        ({"near_m": "50001"}, "near_m"),
        ({"near_m": "a mile"}, "near_m"),
        ({"near_m": ""}, "near_m"),
        ({"near_m": "9" * 60}, "near_m"),
        ({"near_m": "\x00"}, "near_m"),
        ({"mode": "chaos"}, "mode"),
        ({"mode": "\x00"}, "mode"),
        ({"reason": ""}, "reason"),
        ({"reason": " "}, "reason"),
        ({"reason": "a" * 301}, "reason"),
        ({"number": ""}, "number"),
        ({"number": "-1"}, "number"),
        ({"number": "9" * 60}, "number"),
    ],
)
def test_unclear_rules_are_said_at_the_field_and_change_nothing(steward, harbor, typed, wrong, field):
    response = steward.post(PAGE, {**typed, "near_hours": "5", **wrong})

    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert response.context["form"]["near_hours"].value() == "5"
    assert in_force(harbor).policy_number == 0


def test_a_change_of_nothing_is_said(steward, harbor, typed):
    response = steward.post(PAGE, typed)

    assert response.status_code == 422
    assert "Nothing is different" in response.content.decode()


def test_stale_page_shows_the_rules_as_they_are_and_keeps_the_reason(steward, harbor, typed):
    change_policy(network=harbor, changes={"near_m": 700}, reason="Somebody was faster")

    response = steward.post(PAGE, {**typed, "near_m": "900", "reason": "Mine"})

    assert response.status_code == 409
    form = response.context["form"]
    assert (form["near_m"].value(), form["number"].value(), form["reason"].value()) == (700, 1, "Mine")
    assert in_force(harbor).policy.near_m == 700


def test_pressing_twice_changes_once(steward, harbor, typed):
    changed = {**typed, "near_m": "900"}

    assert steward.post(PAGE, changed).status_code == 302
    assert steward.post(PAGE, changed).status_code == 409

    assert in_force(harbor).policy_number == 1


def test_members_see_who_holds_which_role_and_why(client, alma, ben, cleo, django_assert_max_num_queries):
    mandate(alma, Mandate.Role.STEWARD)
    mandate(cleo, Mandate.Role.DISPATCHER)
    sign_in(client, ben)

    with django_assert_max_num_queries(
        5
    ):  # network, session, member, mandates, and the frame's look for a role
        body = client.get("/mandates/").content.decode()

    assert "Alma" in body
    assert "Assembly, 4 May" in body
    assert "Cleo" not in body


def test_names_of_who_holds_a_role_are_for_members_of_the_network(client, alma, cleo):
    mandate(alma, Mandate.Role.STEWARD)
    assert client.get("/mandates/").status_code == 302
    sign_in(client, cleo)

    assert client.get("/mandates/").status_code == 302
    assert "Nobody holds a role" in client.get("/mandates/", headers={"host": HILLS_HOST}).content.decode()
