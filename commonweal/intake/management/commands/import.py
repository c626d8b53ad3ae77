"""``commonweal import asks|offers FILE.csv`` and ``commonweal import network FOLDER``."""

import csv
import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from commonweal.assembly.management.commands.export import chosen_network
from commonweal.base.errors import Refused
from commonweal.base.portable.arrive import read_network
from commonweal.base.portable.tables import cell
from commonweal.base.progress import Bar
from commonweal.intake.actions import take_sheet
from commonweal.intake.sheets.mapping import FIELDS, SheetMap, guess_map, read_map
from commonweal.intake.sheets.reading import Sheet, open_sheet
from commonweal.intake.sheets.report import Outcome, Report

SHOWN = 20


class Command(BaseCommand):
    """Take in the sheet a group has used so far, or a whole network that was exported."""

    help = (
        "Take in a sheet of asks or offers (CSV, .gz too), or a whole network from an export. Every row is taken, "
        "merged with one that is here already, or refused with line, field and reason. A second run changes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """What, from where, and how to read it."""
        parser.add_argument("what", choices=["asks", "offers", "network"])
        parser.add_argument("path", type=Path, metavar="FILE", help="the sheet, or the folder of an export")
        parser.add_argument(
            "--map", type=Path, help="which column means what (TOML); guessed when it is not given"
        )
        parser.add_argument(
            "--write-map", type=Path, metavar="MAP.toml", help="write the guessed map there and stop"
        )
        parser.add_argument(
            "--network", default="", help="the short name of the network; needed where there are several"
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="say what would happen, and change nothing"
        )
        parser.add_argument("--report", type=Path, help="write every remark into this CSV file")
        parser.add_argument("--json", action="store_true", help="print the report as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Read, take in, report. Exits 1 when any row was refused."""
        try:
            if options["what"] == "network":
                return self._network(options)
            report = self._sheet(options)
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        if report is not None and report.counts[Outcome.REFUSED]:
            sys.exit(1)
        return None

    def _network(self, options: dict[str, Any]) -> None:
        into = chosen_network(options["network"]) if options["network"] else None
        counts = read_network(options["path"], into=into, progress=Bar(self.stderr, "Reading"))
        self.stdout.write(
            json.dumps(counts) if options["json"] else f"{sum(counts.values())} rows were read."
        )

    def _sheet(self, options: dict[str, Any]) -> Report | None:
        sheet = open_sheet(options["path"])
        sheet_map = self._map(options, sheet)
        if options["write_map"]:
            options["write_map"].write_text(sheet_map.as_toml(), encoding="utf-8")
            self.stdout.write(
                f"The guessed map is in {options['write_map']}. Look it over, then give it with --map."
            )
            return None
        total = sum(1 for _ in sheet.rows())
        report = take_sheet(
            network=chosen_network(options["network"]), sheet=sheet, sheet_map=sheet_map, dry_run=options["dry_run"],
            progress=lambda rows: self._bar(rows, total),
        )  # fmt: skip
        self._tell(report, options)
        return report

    def _map(self, options: dict[str, Any], sheet: Sheet) -> SheetMap:
        if options["map"]:
            return read_map(options["what"], options["map"], sheet.headers)
        guessed = guess_map(options["what"], sheet.headers)
        if "category" not in guessed.columns:
            raise CommandError(
                "No column looks like what is asked for. Name it in a map file; --write-map MAP.toml writes one to "
                f"begin with. Fields: {', '.join(FIELDS[options['what']])}. Columns: {', '.join(sheet.headers)}."
            )
        for name, columns in guessed.columns.items():
            self._say(f"{name} is read from “{columns[0]}”")
        return guessed

    def _tell(self, report: Report, options: dict[str, Any]) -> None:
        if options["report"]:
            with options["report"].open("w", newline="", encoding="utf-8") as file:
                writer = csv.writer(file)
                writer.writerow(["line", "outcome", "field", "reason"])
                writer.writerows(
                    [cell(value) for value in (line.line, str(line.outcome), line.field, line.reason)]
                    for line in report.remarks
                )
        if options["json"]:
            self.stdout.write(json.dumps({"dry_run": options["dry_run"], **report.as_json()}))
            return
        counts = report.counts
        if options["dry_run"]:
            self.stdout.write("A trial: nothing was changed.")
        self.stdout.write(
            f"{report.rows} rows: {counts[Outcome.TAKEN]} taken, {counts[Outcome.MERGED]} merged, "
            f"{counts[Outcome.REFUSED]} refused."
        )
        if report.late:
            self.stdout.write(f"The time of {report.late} had passed: they are looked for from today on.")
        if report.new_categories:
            self.stdout.write(f"New categories: {', '.join(report.new_categories)}.")
        for line in report.remarks[:SHOWN]:
            self.stdout.write(f"  line {line.line}: {line.outcome} ({line.field}: {line.reason})")
        if len(report.remarks) > SHOWN:
            self.stdout.write(f"  … and {len(report.remarks) - SHOWN} more; --report FILE.csv has them all.")

    def _bar(self, rows: int, total: int) -> None:
        if self.stderr.isatty():
            filled = 30 * rows // max(total, 1)
            self.stderr.write(f"\r[{'#' * filled}{'.' * (30 - filled)}] {rows} of {total}", ending="")
            if rows >= total:
                self.stderr.write("")
        elif rows % 2000 == 0 or rows == total:
            self._say(f"{rows} of {total} rows")

    def _say(self, text: str) -> None:
        self.stderr.write(text)
