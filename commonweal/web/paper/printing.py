"""Setting printed pages with typst: posters, strips to tear off, sheets for a table at the door."""

import functools
import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import segno
import typst
from django.conf import settings
from django.urls import reverse

from commonweal.base.ids import new_code, shown_code
from commonweal.networks.models import Network
from commonweal.networks.queries import open_categories
from commonweal.web.paper.words import kinds, poster_words, sheet_words, ways

TEMPLATES = Path(__file__).parents[1] / "templates" / "web" / "paper"
TYPEFACES = [
    Path(__file__).parents[1] / "static" / "vendor" / name for name in ("print-latin", "print-arabic")
]
SIZES = {"a4": 297, "us-letter": 279}  # and how high they are, in millimetres
LARGEST_PT = {1: 60, 2: 44, 3: 30}
MOST_LANGUAGES = 3
ASKS_ON_A_SHEET = 2


def poster(network: Network, languages: Sequence[str], size: str, *, strips: bool) -> bytes:
    """A poster as PDF in one to three languages, with or without strips to tear off at its foot."""
    return _set(
        "poster",
        _page(network, languages, size, poster_words(languages))
        | {"largest": LARGEST_PT[len(languages)], "strips": strips},
    )


def strips(network: Network, languages: Sequence[str], size: str) -> bytes:
    """A page of nothing but strips, as PDF."""
    rows = 5
    page = _page(network, languages, size, poster_words(languages))
    return _set("strips", page | {"rows": rows, "height": SIZES[size] // rows})


def sheets(network: Network, languages: Sequence[str], size: str, count: int) -> bytes:
    """``count`` sheets for asks, as PDF; each has a code of its own, so that none is typed in twice."""
    categories = open_categories(network)
    page = _page(network, languages, size, sheet_words(languages))
    return _set(
        "sheet",
        page
        | {
            "sheets": [shown_code(new_code()) for _sheet in range(count)],
            "rows": ASKS_ON_A_SHEET,
            "columns": 4 if len(languages) < MOST_LANGUAGES else 3,
            "kinds": kinds(categories, languages),
            "ways": ways(languages),
        },
    )


def address(language: str) -> str:
    """Where the square leads: the front page, in the first language of the poster."""
    return settings.COMMONWEAL_BASE_URL + reverse("hello", args=[language])


def square(language: str) -> str:
    """The square to scan, as SVG."""
    drawn = io.BytesIO()
    # A quarter may be torn or stained: the poster hangs outside.
    segno.make(address(language), error="q").save(drawn, kind="svg", border=0, scale=4, xmldecl=False)
    return drawn.getvalue().decode()


def _page(
    network: Network, languages: Sequence[str], size: str, tongues: list[dict[str, Any]]
) -> dict[str, Any]:
    return {
        "title": network.name,
        "size": size,
        "name": network.name,
        "tagline": network.tagline,
        "phone": network.phone,
        "address": settings.COMMONWEAL_BASE_URL.partition("://")[2],
        "code": square(languages[0]),
        "tongues": tongues,
    }


@functools.cache
def _source(name: str) -> str:
    return str(TEMPLATES / f"{name}.typ")


def _set(name: str, data: dict[str, Any]) -> bytes:
    """Set one template with its data. Nothing is fetched from anywhere: the typefaces lie here."""
    made = typst.compile(
        _source(name),
        root=str(TEMPLATES),
        font_paths=[str(folder) for folder in TYPEFACES if folder.is_dir()],
        sys_inputs={"data": json.dumps(data)},
        format="pdf",
    )
    assert isinstance(made, bytes)
    return made
