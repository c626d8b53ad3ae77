"""Reading networks, areas and categories."""

from collections.abc import Sequence

from commonweal.networks.models import Area, Category, Network


def network_for_host(host: str) -> Network | None:
    """The network whose domain this is; where none is, the oldest network without a domain; None on an empty database."""
    name = host.rsplit(":", 1)[0].lower() if not host.endswith("]") else host.lower()
    found = list(Network.objects.filter(domain__in=[name, ""]).order_by("-domain", "created_at")[:1])
    return found[0] if found else None


def areas_of(network: Network) -> Sequence[Area]:
    """The areas of a network by name."""
    return list(Area.objects.filter(network=network).defer("outline"))


def open_categories(network: Network) -> Sequence[Category]:
    """The categories that may be asked for and offered, in the members' order."""
    return list(Category.objects.filter(network=network, is_open=True))
