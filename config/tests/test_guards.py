import pytest
from django.core.exceptions import ImproperlyConfigured

from config.guards import media_origin

PAGES = "https://mutual-aid.example"


@pytest.mark.parametrize(
    ("address", "origin"),
    [
        ("", ""),
        ("https://media.example.org", "https://media.example.org"),
        ("https://Media.Example.org/", "https://media.example.org"),
        ("https://media.example.org:8443", "https://media.example.org:8443"),
    ],
)
def test_the_media_host_is_an_origin(address, origin):
    assert media_origin(address, PAGES, ["mutual-aid.example"]) == origin


@pytest.mark.parametrize(
    "address",
    [
        "media.example.org",
        "ftp://media.example.org",
        "https://media.example.org/files",
        "https://media.example.org?a=1",
        "https://me@media.example.org",
        "https://",
        "http://media.example.org",
        "https://mutual-aid.example",
        "https://mutual-aid.example:8443",
        "https://also-pages.example",
    ],
)
def test_what_would_protect_nobody_stops_the_start(address):
    with pytest.raises(ImproperlyConfigured, match="COMMONWEAL_MEDIA_URL"):
        media_origin(address, PAGES, ["mutual-aid.example", "also-pages.example"])
