"""Where a visitor comes from, as far as limits against abuse need to know."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest

UNKNOWN = "unknown"
# Whoever holds an IPv6 address holds at least these many bits of network around it.
IPV6_PREFIX = 64


def address_of(request: HttpRequest) -> str:
    """The visitor's address in a form to count by: an IPv4 address, the /64 network of an IPv6 address, or "unknown".

    Behind a proxy (``COMMONWEAL_BEHIND_PROXY``) it is the last hop of ``X-Forwarded-For``, the only one that our own
    proxy wrote; everything before it is whatever the visitor likes to claim.
    """
    raw = request.META.get("REMOTE_ADDR", "")
    if settings.COMMONWEAL_BEHIND_PROXY:
        raw = request.META.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2] or raw
    try:
        address = ipaddress.ip_address(raw.strip())
    except ValueError:
        return UNKNOWN
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ipaddress.IPv6Network((int(address), IPV6_PREFIX), strict=False))
