"""The networks of the tests. Harbor is ours; Hills is somebody else's, on the same machine."""

from datetime import UTC, datetime

from commonweal.algorithms.places import cell_of
from commonweal.networks.actions import add_areas, create_network
from commonweal.networks.models import Area, Network

NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)  # a Monday
HILLS_HOST = "hills.example"
ABELL = (39.3267, -76.6122)
REMINGTON = (39.3197, -76.6236)


def harbor() -> Network:
    """Harbor Neighbors in Baltimore; English and Spanish are spoken."""
    return create_network(
        slug="harbor",
        name="Harbor Neighbors",
        time_zone="America/New_York",
        languages=["en", "es"],
        map_name="baltimore",
    )


def hills() -> Network:
    """Hill Neighbors, who are reached by a host name of their own."""
    return create_network(slug="hills", name="Hill Neighbors", domain=HILLS_HOST)


def areas(network: Network) -> dict[str, Area]:
    """Two neighbourhoods of Harbor, by slug."""
    cells = {"abell": ("Abell", cell_of(*ABELL)), "remington": ("Remington", cell_of(*REMINGTON))}
    made = add_areas(
        network=network,
        areas=[
            {"slug": slug, "name": name, "cell_y": y, "cell_x": x} for slug, (name, (y, x)) in cells.items()
        ],
    )
    return {area.slug: area for area in made}
