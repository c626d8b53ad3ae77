"""The settings, their limits, and the page about them."""

import dataclasses
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from commonweal.networks.policy import Policy, is_valid, settings_by_name
from commonweal.networks.reference import policy_page

PAGE = Path(__file__).resolve().parents[3] / "docs" / "reference" / "policy.md"


@pytest.mark.parametrize("name", settings_by_name())
def test_every_setting_is_explained_and_its_default_within_its_limits(name):
    setting, default = settings_by_name()[name], getattr(Policy(), name)

    assert is_valid(name, default)
    assert str(setting.label)
    assert str(setting.reason)
    assert setting.shown(default)
    if not setting.choices:
        assert is_valid(name, setting.least)
        assert is_valid(name, setting.most)
        assert not is_valid(name, setting.least - 1)
        assert not is_valid(name, setting.most + 1)


def test_stored_values_that_make_no_sense_fall_back_to_the_default():
    stored = {"mode": "chaos", "near_m": -1, "wide_hours": 12, "gone_since_version_2": 7, "at_once": True}

    policy = Policy.read(stored)

    assert dataclasses.replace(policy, wide_hours=6) == Policy()
    assert policy.wide_hours == 12


def test_spans_follow_the_unit_in_the_name():
    policy = Policy()

    assert policy.span("answer_minutes") == timedelta(minutes=120)
    assert policy.span("near_hours") == timedelta(hours=4)
    assert policy.span("erase_days") == timedelta(days=30)
    with pytest.raises(TypeError):
        policy.span("near_m")


def test_the_page_of_the_documentation_is_what_the_program_says():
    out = StringIO()
    call_command("policy", stdout=out)

    assert out.getvalue() == policy_page()
    assert PAGE.read_text("utf-8") == policy_page(), (
        "write it anew: commonweal policy > docs/reference/policy.md"
    )
