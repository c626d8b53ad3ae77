"""``commonweal worker``: the work in the background."""

import argparse
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from commonweal.base.locks import Busy, in_use
from commonweal.base.worker import Worker


class Command(BaseCommand):
    """Do what is due until told to stop; any number of workers share the work."""

    requires_system_checks = ()
    help = (
        "Does the work in the background: searches for helpers, reminders, messages. `commonweal serve` brings one "
        "worker of its own; start more of them here, on any number of machines. Ctrl+C or SIGTERM ends it after the "
        "present piece of work. Exit code: 0 when all went well, 1 when --once met something that failed."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """``--once`` for cron; ``--parent`` is how the server keeps its own."""
        parser.add_argument("--once", action="store_true", help="do what is due now, then stop")
        parser.add_argument("--parent", type=int, help=argparse.SUPPRESS)

    def handle(self, *args: Any, **options: Any) -> None:
        """Work."""
        worker = Worker(parent=options["parent"])
        try:
            with in_use():
                if options["once"]:
                    worker.run_once()
                else:
                    worker.run()
        except Busy:
            raise CommandError(
                "A backup is being restored at this moment. Start again when that is done."
            ) from None
        if options["once"] and worker.failed:
            raise CommandError(f"{worker.failed} pieces of work failed; the lines above say which.")
