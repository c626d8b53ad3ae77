"""``commonweal map build REGION.osm.pbf``: make the map and the address index of a region."""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from commonweal.networks.places.areas import WAYS_OF_CHOOSING, NoAreas
from commonweal.networks.places.build import Report, build_map
from commonweal.networks.places.osm import UnreadableExtract
from commonweal.networks.places.tiles import TilesFailed
from commonweal.networks.places.words import slug

EXTRACT_ENDING = ".osm.pbf"


class Command(BaseCommand):
    """Maps and address search without any outside service."""

    help = "Make the map and the address index of a region from an OpenStreetMap extract."
    # It touches no row and no page, so it has nothing to wait for.
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Say what can be given."""
        doings = parser.add_subparsers(dest="doing", required=True, metavar="build")
        build = doings.add_parser(
            "build",
            help="make NAME.gazetteer.sqlite, NAME.areas.json and NAME.pmtiles",
            description="Make the address index, the areas and (with tilemaker) the tiles of a region.",
        )
        build.add_argument("extract", type=Path, help="the region, as a file REGION.osm.pbf")
        build.add_argument("--out", type=Path, help="folder for the files (default: maps in COMMONWEAL_DATA)")
        build.add_argument("--name", help="short name of the map (default: the extract's own)")
        build.add_argument(
            "--areas", choices=WAYS_OF_CHOOSING, default="auto", help="what counts as an area (default: auto)"
        )
        build.add_argument("--json", action="store_true", help="print the report as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Build, or stop with one line that says what is wrong."""
        source: Path = options["extract"]
        name = slug(options["name"] or source.name.removesuffix(EXTRACT_ENDING))
        folder: Path = options["out"] or settings.COMMONWEAL_DATA / "maps"
        try:
            report = build_map(source, folder, name, areas=options["areas"], tell=self._tell)
        except FileNotFoundError as missing:
            raise CommandError(f"There is no file {source}.") from missing
        except (UnreadableExtract, NoAreas, TilesFailed, OSError) as trouble:
            raise CommandError(str(trouble)) from trouble
        if options["json"]:
            self.stdout.write(json.dumps(report.plain(), indent=2, ensure_ascii=False))
        else:
            self._write(report, folder)

    def _tell(self, step: int, steps: int, words: str) -> None:
        self.stderr.write(f"{step}/{steps} {words} …", self.style.HTTP_INFO if sys.stderr.isatty() else None)

    def _write(self, report: Report, folder: Path) -> None:
        made = f", {report.areas_made} of them with made outlines" if report.areas_made else ""
        counts = ("streets", "addresses", "crossings", "postcodes", "tiles")
        rest = ", ".join(f"{getattr(report, count)} {count}" for count in counts)
        self.stdout.write(f"{report.name}: {report.areas} areas{made}, {rest}.")
        for file, size in report.files.items():
            self.stdout.write(f"  {folder / file}  {size / 1000:,.0f} kB")
        for note in report.notes:
            self.stdout.write(note)
        self.stdout.write(f"Wherever the map or an address from it is shown: {report.attribution}.")
