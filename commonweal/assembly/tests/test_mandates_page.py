"""Members see who holds which role."""

from datetime import timedelta

import pytest

from commonweal.assembly.actions import give_mandate
from commonweal.assembly.models import Mandate
from commonweal.members.tests.cast import sign_in
from commonweal.networks.tests.cast import HILLS_HOST, NOON

pytestmark = pytest.mark.django_db


def mandate(member, role):
    give_mandate(member=member, role=role, until=NOON + timedelta(days=30), reason="Assembly, 4 May")


def test_members_see_who_holds_which_role_and_why(client, alma, ben, cleo, django_assert_max_num_queries):
    mandate(alma, Mandate.Role.STEWARD)
    mandate(cleo, Mandate.Role.DISPATCHER)
    sign_in(client, ben)

    with django_assert_max_num_queries(
        8
    ):  # network, session and sign-in, member, mandates, who stands, founders, and the frame's look for a role
        body = client.get("/mandates/").content.decode()

    assert "Alma" in body
    assert "Assembly, 4 May" in body
    assert "Cleo" not in body


def test_names_of_who_holds_a_role_are_for_members_of_the_network(client, alma, cleo):
    mandate(alma, Mandate.Role.STEWARD)
    assert client.get("/mandates/").status_code == 302
    sign_in(client, cleo)

    assert client.get("/mandates/").status_code == 302
    assert "Nobody holds this role" in client.get("/mandates/", headers={"host": HILLS_HOST}).content.decode()
