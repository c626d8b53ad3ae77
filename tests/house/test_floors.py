from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

from tests.house import floors as house
from tests.house.floors import missing_readme, upward_strings
from tests.house.places import floors, rooms

HERE = Path("models.py")


def test_the_project_keeps_its_floors():
    assert [str(finding) for finding in house.check()] == []


def test_every_room_has_a_floor():
    assert set(rooms()) <= set(floors())


def relations():
    """Every relation that a room's model has to another room's, as (from, to)."""
    for model in apps.get_models():
        for field in model._meta.get_fields():
            other = field.related_model
            if field.concrete and isinstance(other, type) and other._meta.app_label != model._meta.app_label:
                yield model._meta, other._meta


def test_every_relation_of_every_model_leads_down():
    """The same as the strings say, seen from the models as Django has put them together."""
    floor = floors()
    upward = [
        f"{here.label} -> {there.label}"
        for here, there in relations()
        if here.app_label in floor and there.app_label in floor
        if floor[there.app_label] >= floor[here.app_label]
        # The one exception has a setting of its own, so that base need not name a room above it.
        if there.label != settings.TENANT_MODEL
    ]
    assert upward == []


@pytest.mark.parametrize(
    "source",
    [
        'x = TenantFK("exchange.Ask", models.CASCADE)',
        'x = models.ForeignKey(on_delete=models.CASCADE, to="exchange.Ask")',
        'x = apps.get_model("exchange", "Ask")',
        'dependencies = [("exchange", "0001_initial")]',
        'x = models.ManyToManyField("crisis.Incident")',
    ],
)
def test_a_string_that_reaches_up_or_across_is_found(source):
    (finding,) = upward_strings(HERE, source, "assembly")
    assert finding.message.startswith("assembly reaches up or across")


@pytest.mark.parametrize(
    "source",
    [
        'x = TenantFK("members.Member", models.CASCADE)',
        'x = TenantFK("assembly.Proposal", models.CASCADE)',
        'x = TenantFK("self", models.CASCADE)',
        'x = _("exchange. Asks")',
        'dependencies = [("networks", "0001_initial")]',
    ],
)
def test_a_string_that_leads_down_or_stays_is_left_alone(source):
    assert list(upward_strings(HERE, source, "assembly")) == []


def test_a_room_without_a_readme_is_found(tmp_path):
    assert len(list(missing_readme(tmp_path))) == 1
    (tmp_path / "README.md").write_text("One line.\n")
    assert len(list(missing_readme(tmp_path))) == 1
    (tmp_path / "README.md").write_text("A line.\n" * 10)
    assert list(missing_readme(tmp_path)) == []
