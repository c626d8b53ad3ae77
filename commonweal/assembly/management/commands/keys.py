"""``commonweal keys status|rotate|retire``: changing the key that opens what people told."""

import json
from argparse import ArgumentParser
from contextlib import ExitStack
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from commonweal.assembly.actions import allowed
from commonweal.assembly.models import Deed
from commonweal.base.errors import Refused
from commonweal.base.keys import NotOurs, add_key, drop_oldest, retire_oldest, take_census
from commonweal.base.models import Rekeying
from commonweal.base.progress import Bar
from commonweal.networks.models import Network


class Command(BaseCommand):
    """A new key in front, everything written anew under it, the old one out."""

    help = (
        "Changes the key under which names, contacts, places and words are kept. rotate puts a new one in front; the "
        "worker then writes everything anew under it, a little at a time; status says how far that is; retire takes "
        "the old one out, once nothing needs it. Exit code: 0 when it was done, 1 when it was not (and nothing was "
        "changed), which it says."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """What to do."""
        steps = parser.add_subparsers(dest="step", required=True)
        status = steps.add_parser("status", help="say how much is under which key")
        status.add_argument("--json", action="store_true", help="print it as JSON")
        self._with_deeds(steps.add_parser("rotate", help="put a new key in front"))
        self._with_deeds(steps.add_parser("retire", help="take the oldest key out"))

    def _with_deeds(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--deed",
            metavar="CODE",
            action="append",
            default=[],
            help="what two founders agreed on at /together/; once for each network that has several founders",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it."""
        if options["step"] == "status":
            self._status(as_json=options["json"])
            return
        try:
            with ExitStack() as together:
                _allow(together, options["deed"])
                self._rotate() if options["step"] == "rotate" else self._retire()
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal

    def _status(self, *, as_json: bool) -> None:
        census = take_census(Bar(self.stderr, "Counting"))
        if as_json:
            work = Rekeying.objects.filter(mark=census.marks[0]).first()
            self.stdout.write(
                json.dumps({**census.as_json(), "finished": bool(work and work.finished_at is not None)})
            )
            return
        for number, mark in enumerate(census.marks, start=1):
            what = f"{census.values[mark]} values, {census.indexed[mark]} fingerprints"
            self.stdout.write(f"Key {number} ({mark}): {what}")
        if census.unreadable:
            self.stdout.write(f"No key opens {census.unreadable} values.")

    def _rotate(self) -> None:
        try:
            add_key()
        except NotOurs as words:
            self.stdout.write(str(words))
            return
        self.stdout.write(
            "A new key is in front of the file of keys. Keep a copy of the file, apart from the backups. Start the "
            "program again; its worker writes everything anew. `commonweal keys status` says how far it is."
        )

    def _retire(self) -> None:
        done = retire_oldest(Bar(self.stderr, "Indexing"))
        self.stdout.write(
            f"{done} fingerprints are under the newer key. Keep the old key, apart, for as long as you keep backups "
            "that were made before now."
        )
        try:
            drop_oldest()
        except NotOurs as words:
            self.stdout.write(str(words))


def _allow(together: ExitStack, codes: list[str]) -> None:
    """A key is of every network on the machine: each with several founders has to have agreed."""
    for network in Network.objects.order_by("slug"):
        code = next((code for code in codes if _is_of(network, code)), "")
        together.enter_context(allowed(network=network, what=Deed.What.KEY, code=code))


def _is_of(network: Network, code: str) -> bool:
    return Deed.objects.filter(network=network, code=code).exists()
