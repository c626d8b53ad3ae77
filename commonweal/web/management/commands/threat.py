"""``commonweal threat on|off|status``: worse times begin, are over, or how it stands."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from commonweal.base.personal import registry
from commonweal.networks.models import Network
from commonweal.networks.threat import begin_threat, end_threat
from commonweal.web.threat import shortening


class Command(BaseCommand):
    """Keep as little as can be, in one network or in all."""

    help = (
        "Worse times: from on to off, as little as can be is kept, and what was kept goes at once, for good. Members, "
        "offers and open asks stay; `commonweal network erase` takes a whole network away. status says how it stands "
        "and how many rows still hold something about people."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """What to do, and for which network."""
        parser.add_argument("to", choices=("on", "off", "status"))
        parser.add_argument(
            "--network", default="", help="the short name of one network; otherwise all of them"
        )
        parser.add_argument("--json", action="store_true", help="print how it stands as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it, and say how it stands."""
        networks = Network.objects.order_by("slug")
        if options["network"]:
            networks = networks.filter(slug=options["network"])
        for network in networks:
            if options["to"] == "on":
                begin_threat(network=network)
                shortening.shorten(network=network.pk)
            elif options["to"] == "off":
                end_threat(network=network)
        if options["to"] == "on":
            shortening.erase_now()
        standing = [self._standing(network) for network in networks]
        if options["json"]:
            self.stdout.write(json.dumps(standing))
            return
        for one in standing:
            since = f"on since {one['since']}" if one["since"] else "off"
            self.stdout.write(f"{one['network']}: {since}; {sum(one['rows'].values())} rows are kept")

    def _standing(self, network: Network) -> dict[str, Any]:
        rows = {}
        for kept in registry():
            if any(field.name == "network" for field in kept.model._meta.concrete_fields):
                count = kept.model._base_manager.filter(network_id=network.pk).count()
                rows[kept.model._meta.label_lower] = count
        since = network.threat_since
        return {"network": network.slug, "since": since.isoformat() if since else None, "rows": rows}
