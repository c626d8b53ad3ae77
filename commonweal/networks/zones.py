"""Which time zones a country has, by the tz database."""

from functools import cache
from importlib.resources import files
from pathlib import Path

MACHINE = Path("/etc/localtime")


@cache
def _by_country() -> dict[str, list[str]]:
    zones: dict[str, list[str]] = {}
    for line in (files("tzdata") / "zoneinfo" / "zone.tab").read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            country, _where, zone = line.split("\t")[:3]
            zones.setdefault(country, []).append(zone)
    return zones


def zones_of(country: str) -> list[str]:
    """The zones of a country (ISO 3166 alpha-2) in the order of the database; none for what is no country."""
    return list(_by_country().get(country, []))


def usual_zone(country: str) -> str:
    """The zone of this machine if it is one of the country's, else the country's first, else UTC."""
    zones = zones_of(country)
    here = str(MACHINE.resolve()).partition("/zoneinfo/")[2]
    return here if here in zones else next(iter(zones), "UTC")
