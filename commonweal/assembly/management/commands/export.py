"""``commonweal export FOLDER``: everything a network has, as CSV and JSON."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from commonweal.assembly.actions import allowed
from commonweal.assembly.models import Deed
from commonweal.base.errors import Refused
from commonweal.base.portable.leave import write_network
from commonweal.base.portable.tables import root_model
from commonweal.base.progress import Bar


class Command(BaseCommand):
    """Write a whole network out, to take away or to look at."""

    help = (
        "Write everything a network has into a new folder: one CSV and one JSON file a table. "
        "The files hold people's names and addresses in the clear: keep them as you would keep those."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """The folder, and which network."""
        parser.add_argument("folder", type=Path, help="a new or empty folder")
        parser.add_argument(
            "--network", default="", help="the short name of the network; needed where there are several"
        )
        deed = "the code of what two founders agreed to; not needed where there is only one founder"
        parser.add_argument("--deed", default="", metavar="CODE", help=deed)
        parser.add_argument("--json", action="store_true", help="print the manifest as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write it, with a bar on stderr."""
        network = chosen_network(options["network"])
        try:
            with allowed(network=network, what=Deed.What.EXPORT, code=options["deed"]):
                manifest = write_network(network, options["folder"], progress=Bar(self.stderr, "Writing"))
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        if options["json"]:
            self.stdout.write(json.dumps(manifest))
            return
        total = sum(manifest["rows"].values())
        self.stdout.write(f"{total} rows in {len(manifest['rows'])} tables are in {options['folder']}.")


def chosen_network(slug: str) -> Any:
    """The network of this short name, or the only one; raises CommandError that names those there are."""
    networks = {getattr(network, "slug", ""): network for network in root_model()._default_manager.all()}
    if slug in networks:
        return networks[slug]
    if not slug and len(networks) == 1:
        return next(iter(networks.values()))
    known = ", ".join(sorted(networks)) or "none yet; make one with: commonweal network create NAME"
    raise CommandError(f"Say which network with --network. There are: {known}")
