"""Reading networks, areas, categories, places and the policy."""

import uuid
from collections.abc import Sequence

from commonweal.networks.errors import NetworkUnclear
from commonweal.networks.memory import remembered
from commonweal.networks.models import Area, Category, Network
from commonweal.networks.places import maps
from commonweal.networks.places.gazetteer import Place


def network_for_host(host: str) -> Network | None:
    """The network whose domain this is, else the oldest network without a domain, else None."""
    name = host.lower()
    if not name.endswith("]"):
        name = name.rpartition(":")[0] or name
    found = Network.objects.filter(domain__in=[name, ""]).order_by("-domain", "created_at")[:1]
    return next(iter(found), None)


def network_called(slug: str) -> Network:
    """The network of this short name, or the only one where none is said; raises NetworkUnclear."""
    networks = {network.slug: network for network in Network.objects.order_by("slug")}
    if slug in networks:
        return networks[slug]
    if not slug and len(networks) == 1:
        return next(iter(networks.values()))
    raise NetworkUnclear(", ".join(networks))


def areas_of(network: Network) -> Sequence[Area]:
    """The areas of a network by name, without their outlines; as of at most ten seconds ago."""
    return remembered(
        "areas", network.pk, lambda: tuple(Area.objects.filter(network=network).defer("outline"))
    )


def categories_of(network: Network) -> Sequence[Category]:
    """All categories of a network, in the members' order; as of at most ten seconds ago."""
    return remembered("categories", network.pk, lambda: tuple(Category.objects.filter(network=network)))


def category_with(network: Network, key: uuid.UUID) -> Category:
    """The network's category of this id, closed ones too; raises Category.DoesNotExist."""
    found = next((category for category in categories_of(network) if category.pk == key), None)
    return found or Category.objects.get(network=network, pk=key)


def area_with(network: Network, key: uuid.UUID) -> Area:
    """The network's area of this id; raises Area.DoesNotExist."""
    found = next((area for area in areas_of(network) if area.pk == key), None)
    return found or Area.objects.get(network=network, pk=key)


def open_categories(network: Network) -> Sequence[Category]:
    """The categories that may be asked for and offered, in the members' order; as of at most ten seconds ago."""
    return tuple(category for category in categories_of(network) if category.is_open)


def find_places(network: Network, text: str, limit: int = 8) -> list[Place]:
    """The streets, addresses, postcodes and areas of the network's map that a text may mean, the likeliest first.

    ``area_slug`` of a place is the slug of an Area, if the network has that area.
    """
    index = maps.gazetteer(network.map_name)
    return index.search(text, limit) if index else []
