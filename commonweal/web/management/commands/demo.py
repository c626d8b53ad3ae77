"""``commonweal demo``: fill an empty installation with the demonstration."""

from typing import Any

from django.core.management.base import BaseCommand

from commonweal.base.progress import Bar
from commonweal.networks.models import Network
from commonweal.web.demo.filling import fill_demonstration


class Command(BaseCommand):
    """Make the made-up network, unless there is a network already."""

    help = "Fill an empty installation with a made-up network in Baltimore. Does nothing where a network is."

    def handle(self, *args: Any, **options: Any) -> None:
        """Fill it, with a bar on stderr."""
        if Network.objects.exists():
            self.stdout.write("There is a network already; nothing was changed.")
            return
        fill_demonstration(progress=Bar(self.stderr, "Filling the demonstration"))
        self.stdout.write(
            "The demonstration is ready: three weeks in the life of a made-up network in Baltimore."
        )
