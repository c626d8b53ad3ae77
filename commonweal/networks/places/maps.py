"""The maps there are: shipped with the program, or made with ``map build`` and kept in COMMONWEAL_DATA/maps.

A map of one's own goes before a shipped one of the same name. Files are opened once and again when they
change.
"""

import re
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from commonweal.networks.places.areas import AreaMap, load_area_map
from commonweal.networks.places.build import AREAS, GAZETTEER, TILES
from commonweal.networks.places.gazetteer import Gazetteer

SHIPPED = Path(__file__).resolve().parent.parent / "data"
NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*\Z")
LONGEST_NAME = 100  # a file system takes no name of any length


def map_file(name: str, ending: str) -> Path | None:
    """Return a file of a map (``.pmtiles`` and so on), or None. A name that is no slug finds nothing."""
    if len(name) > LONGEST_NAME or not NAME.match(name):
        return None
    folders = (settings.COMMONWEAL_DATA / "maps", SHIPPED)
    return next((file for folder in folders if (file := folder / f"{name}{ending}").is_file()), None)


def map_names() -> list[str]:
    """Return the names of all maps, in alphabetical order."""
    folders = (settings.COMMONWEAL_DATA / "maps", SHIPPED)
    return sorted({file.name.removesuffix(AREAS) for folder in folders for file in folder.glob(f"*{AREAS}")})


def has_tiles(name: str) -> bool:
    """Say whether a map has tiles; without them the drawing of the areas is all there is."""
    return map_file(name, TILES) is not None


def area_map(name: str) -> AreaMap | None:
    """Return the areas of a map, read once, or None where there is no such map."""
    file = map_file(name, AREAS)
    return _area_map(file, file.stat().st_mtime_ns) if file else None


def gazetteer(name: str) -> Gazetteer | None:
    """Return the address index of a map, open, shared by all threads, or None where there is no such map."""
    file = map_file(name, GAZETTEER)
    return _gazetteer(file, file.stat().st_mtime_ns) if file else None


@lru_cache(maxsize=16)
def _area_map(file: Path, changed: int) -> AreaMap:
    return load_area_map(file)


@lru_cache(maxsize=16)
def _gazetteer(file: Path, changed: int) -> Gazetteer:
    return Gazetteer.open(file)
