"""What must be true of networks."""

import zoneinfo
from collections.abc import Iterator

from commonweal.base.invariants import Finding, invariant
from commonweal.networks.models import Network, PolicyVersion
from commonweal.networks.places.maps import area_map


@invariant("networks.policy", "The policy in force is the last one of its history")
def policy_is_the_last_of_its_history() -> Iterator[Finding]:
    """Each network's settings stand in its newest version."""
    for network in Network.objects.order_by("slug"):
        last = PolicyVersion.objects.filter(network=network).order_by("-number").first()
        if last is None or (last.number, last.values) != (network.policy_number, network.policy_values):
            yield Finding(
                what=f"The rules of {network.slug} are not those that its history ends with.",
                do="Put the right ones in force again on the page of the rules, with the reason.",
            )


@invariant("networks.zone", "Every network's time zone is one that this machine knows")
def zones_are_known() -> Iterator[Finding]:
    """Without its zone, no page of a network can be shown."""
    known = zoneinfo.available_timezones()
    for slug, zone in Network.objects.exclude(time_zone__in=known).values_list("slug", "time_zone"):
        yield Finding(
            what=f"This machine does not know {zone}, the time zone of {slug}.",
            do="Install the package tzdata anew.",
        )


@invariant("networks.map", "Every network's map is there")
def maps_are_there() -> Iterator[Finding]:
    """Without its map a network still works; streets are not found then."""
    for slug, name in Network.objects.exclude(map_name="").values_list("slug", "map_name"):
        if area_map(name) is None:
            yield Finding(
                what=f"The map {name} of {slug} is not there.",
                do=f"Make it again: `commonweal map build REGION.osm.pbf --name {name}`.",
                grave=False,
            )
