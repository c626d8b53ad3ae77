"""What the doctor finds of what came in."""

from datetime import timedelta

from commonweal.base import pulse
from commonweal.intake import invariants


def findings(check):
    return [finding.what for finding in check()]


def test_what_waits_is_found_while_a_worker_lives(phone, hand):
    phone.send("help")
    pulse.beat("one")
    assert findings(invariants.nothing_waits_for_long) == []
    hand.advance(timedelta(minutes=16))
    assert findings(invariants.nothing_waits_for_long) == []
    pulse.beat("one")
    assert "1 messages" in findings(invariants.nothing_waits_for_long)[0]


def test_what_is_kept_for_too_long_is_found(phone, hand):
    phone.text("help")
    hand.advance(timedelta(days=31))
    assert findings(invariants.nothing_is_kept_for_too_long) == []
    hand.advance(timedelta(days=3))
    assert "2 messages" in findings(invariants.nothing_is_kept_for_too_long)[0]
