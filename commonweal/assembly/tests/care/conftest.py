"""Those who care."""

import pytest

from commonweal.assembly.tests.care.cast import Role, person


@pytest.fixture
def carol(harbor):
    return person(harbor, "Carol", Role.CARE_GIVER)


@pytest.fixture
def dora(harbor):
    return person(harbor, "Dora", Role.CARE_GIVER)


@pytest.fixture
def fran(harbor):
    return person(harbor, "Fran", Role.FOUNDER, Role.STEWARD)
