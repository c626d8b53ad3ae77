"""Where a visitor comes from."""

import pytest
from django.test import RequestFactory

from commonweal.base.remote import address_of


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("::1", "::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", "unknown"),
        ("unix:", "unknown"),
    ],
)
def test_address_is_counted_by_network(address, counted):
    assert address_of(RequestFactory().get("/", REMOTE_ADDR=address)) == counted


def test_forwarded_address_is_ignored_without_a_proxy():
    request = RequestFactory().get("/", REMOTE_ADDR="203.0.113.9", HTTP_X_FORWARDED_FOR="198.51.100.1")

    assert address_of(request) == "203.0.113.9"


@pytest.mark.parametrize(
    ("forwarded", "counted"),
    [("198.51.100.1", "198.51.100.1"), ("10.0.0.1, 198.51.100.1", "198.51.100.1"), ("", "203.0.113.9")],
)
def test_behind_a_proxy_only_its_own_hop_is_believed(settings, forwarded, counted):
    settings.COMMONWEAL_BEHIND_PROXY = True
    request = RequestFactory().get("/", REMOTE_ADDR="203.0.113.9", HTTP_X_FORWARDED_FOR=forwarded)

    assert address_of(request) == counted
