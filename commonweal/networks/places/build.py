"""Making the files of a region: the address index, the areas, and the map tiles where tilemaker is there."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from commonweal.networks.places.areas import ATTRIBUTION, choose_areas
from commonweal.networks.places.extract import extract, sketch
from commonweal.networks.places.index import write_index
from commonweal.networks.places.osm import read_region
from commonweal.networks.places.tiles import build_tiles, tilemaker

GAZETTEER, AREAS, TILES = ".gazetteer.sqlite", ".areas.json", ".pmtiles"
STEPS = 4
NO_TILEMAKER = (
    "tilemaker is not installed: no tiles were made, and pages show the drawing of the areas instead."
)
Progress = Callable[[int, int, str], None]


@dataclass(slots=True, kw_only=True)
class Report:
    """What was made: counts, the files with their sizes in bytes, and anything worth knowing in ``notes``."""

    name: str
    areas: int
    areas_made: int
    streets: int
    addresses: int
    postcodes: int
    crossings: int
    tiles: int = 0
    files: dict[str, int] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    attribution: str = f"{ATTRIBUTION}, ODbL 1.0"

    def plain(self) -> dict[str, Any]:
        """Return the report for JSON."""
        return asdict(self)


def build_map(source: Path, folder: Path, name: str, *, areas: str = "auto", tell: Progress) -> Report:
    """Make the files of a region from an extract and put them into a folder, each whole or not at all.

    ``tell`` is called before each step with its number, how many there are, and words. The same extract gives
    the same files. Without tilemaker there are no tiles, and a note says so. Raises FileNotFoundError,
    `UnreadableExtract`, `NoAreas` or `TilesFailed`.
    """
    tell(1, STEPS, f"Reading {source.name}")
    region = read_region(source)
    tell(2, STEPS, "Drawing the areas")
    chosen = choose_areas(region, areas)
    folder.mkdir(parents=True, exist_ok=True)
    drawing = folder / f"{name}{AREAS}"
    draft = drawing.with_name(drawing.name + ".part")
    draft.write_text(sketch(region, chosen, name).dump(), encoding="utf-8")
    draft.replace(drawing)
    tell(3, STEPS, "Indexing streets and addresses")
    found = extract(region, chosen)
    write_index(found, folder / f"{name}{GAZETTEER}")
    report = Report(
        name=name,
        areas=len(chosen),
        areas_made=sum(area.made for area in chosen),
        streets=len(found.streets),
        addresses=len(found.addresses),
        postcodes=len(found.postcodes),
        crossings=len(found.crossings),
    )
    tell(4, STEPS, "Making tiles")
    if tilemaker():
        report.tiles = build_tiles(source, region, folder / f"{name}{TILES}")
    else:
        report.notes.append(NO_TILEMAKER)
    for ending in (AREAS, GAZETTEER, TILES):
        file = folder / f"{name}{ending}"
        if file.is_file():
            report.files[file.name] = file.stat().st_size
    return report
