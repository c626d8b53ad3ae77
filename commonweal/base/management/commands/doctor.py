"""``commonweal doctor``: is everything as it must be, and what to do where it is not."""

import json
from collections.abc import Sequence
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from commonweal.base.invariants import Examined, examine, invariants
from commonweal.base.progress import Bar


class Command(BaseCommand):
    """Check every invariant of every room."""

    requires_system_checks = ()
    help = (
        "Checks everything that must always be true: tables, keys, rows that point at each other, clock, disk, work "
        "left lying, messages that could not be sent. Changes nothing. Exit code: 0 when all is well, 1 when something "
        "is to be done, which it says."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """What to check and how to tell."""
        parser.add_argument("--json", action="store_true", help="print the findings as JSON")
        parser.add_argument(
            "--only", metavar="ID", action="append", help="check only this (may be given again)"
        )
        parser.add_argument("--list", action="store_true", help="print what would be checked")

    def handle(self, *args: Any, **options: Any) -> None:
        """Check."""
        chosen = invariants()
        if options["only"]:
            known = {entry.id for entry in chosen}
            strange = sorted(set(options["only"]) - known)
            if strange:
                raise CommandError(
                    f"There is no check called {strange[0]}. There are: {', '.join(sorted(known))}."
                )
            chosen = [entry for entry in chosen if entry.id in options["only"]]
        if options["list"]:
            for entry in chosen:
                self.stdout.write(f"{entry.id}: {entry.sentence}")
            return
        bar, done = Bar(self.stderr, "Checking"), []
        for examined in examine(chosen):
            done.append(examined)
            bar(len(done), len(chosen))
        self._tell_json(done) if options["json"] else self._tell(done)
        if any(examined.is_grave for examined in done):
            raise SystemExit(1)

    def _tell(self, done: Sequence[Examined]) -> None:
        for examined in done:
            mark = self.style.ERROR("✗") if examined.is_grave else self.style.SUCCESS("✓")
            self.stdout.write(f"{mark} {examined.sentence}")
            for finding in examined.findings:
                self.stdout.write(f"    {finding.what}\n    → {finding.do}")
        grave = sum(examined.is_grave for examined in done)
        self.stdout.write(f"{grave} of {len(done)} need something done." if grave else "All is well.")

    def _tell_json(self, done: Sequence[Examined]) -> None:
        checks = [
            {
                "id": examined.id,
                "sentence": examined.sentence,
                "ok": not examined.is_grave,
                "seconds": round(examined.seconds, 3),
                "findings": [
                    {"what": finding.what, "do": finding.do, "grave": finding.grave}
                    for finding in examined.findings
                ],
            }
            for examined in done
        ]
        self.stdout.write(
            json.dumps({"ok": all(entry["ok"] for entry in checks), "checks": checks}, indent=1)
        )
