"""What the doctor says of channels."""

import pytest

from commonweal.channels.invariants import channels_are_known, channels_work
from commonweal.channels.models import ChannelSetup

pytestmark = pytest.mark.django_db


@pytest.fixture
def line(set_up):
    return set_up("sms_twilio", credentials={"auth_token": "secret"})


def test_channel_that_works_is_no_finding(line):
    assert not [*channels_work(), *channels_are_known()]


def test_channel_that_is_broken_is_worth_knowing_unless_it_is_off(line):
    rows = ChannelSetup.objects.filter(pk=line.pk)
    rows.update(failures_in_row=3)
    (finding,) = channels_work()
    assert (finding.grave, "failed 3 times" in finding.what) == (False, True)

    rows.update(is_on=False)
    assert not list(channels_work())


@pytest.mark.parametrize("odd", [{"adapter": "pigeon"}, {"carries": ["email"]}])
def test_channel_that_this_version_cannot_use_is_found(line, odd):
    ChannelSetup.objects.filter(pk=line.pk).update(**odd)

    (finding,) = channels_are_known()
    assert str(line.pk) in finding.what


def test_keys_that_cannot_be_read_are_found(line, settings):
    settings.COMMONWEAL_KEYS = ["another key of more than thirty-two letters"]

    (finding,) = channels_are_known()
    assert "can't be read" in finding.what
