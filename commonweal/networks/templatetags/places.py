"""``{% area_map %}``: the areas as a picture, which a press turns into a map where tiles and script are."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from django import template
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from commonweal.networks.places.maps import area_map as find_map
from commonweal.networks.places.maps import has_tiles
from commonweal.networks.places.svg import areas_svg

register = template.Library()
# (y, x, asks, offers) of a cell; see commonweal.algorithms.places.
CellCount = tuple[int, int, int, int]


@register.inclusion_tag("networks/area_map.html")
def area_map(
    name: str,
    label: str,
    *,
    chosen: str = "",
    picker: str = "",
    link: str = "",
    counts: Mapping[str, int] | None = None,
    cells: Iterable[CellCount] = (),
) -> dict[str, Any]:
    """Draw the map of this name; nothing where there is no such map.

    ``chosen`` is an area's slug. ``picker`` is the id of a select of areas (its options carry the slug as
    value or ``data-area``) and, behind a space, of a hidden field for "y,x": pressing an area fills them.
    ``link`` makes areas links without script too: it is an address to which the slug is added. ``counts`` are
    numbers by slug, ``cells`` squares with their asks and offers.
    """
    drawn = find_map(name)
    if drawn is None:
        return {"picture": ""}
    to = (lambda area: f"{link}{area.slug}") if link else None
    squares = [list(one) for one in cells]
    return {
        "picture": areas_svg(drawn, label=label, chosen=chosen or None, counts=counts, link=to),
        "label": label,
        "attribution": drawn.attribution,
        "tiles": _address("networks:tiles", name) if has_tiles(name) else "",
        "areas": _address("networks:areas", name),
        "chosen": chosen,
        "picker": picker.partition(" ")[0],
        "cell": picker.partition(" ")[2],
        "cells": json.dumps(squares, separators=(",", ":")) if squares else "",
        "has_asks": any(asks for _y, _x, asks, _offers in squares),
        "has_offers": any(offers for _y, _x, _asks, offers in squares),
        "vendor": {
            "maplibre": static("vendor/maplibre/maplibre-gl.mjs"),
            "worker": static("vendor/maplibre/maplibre-gl-worker.mjs"),
            "style": static("map/maplibre.css"),
            "pmtiles": static("vendor/pmtiles/pmtiles.js"),
        },
        "words": json.dumps(_words(label), ensure_ascii=False),
    }


def _address(view: str, name: str) -> str:
    try:
        return reverse(view, args=[name])
    except NoReverseMatch:  # the room's doors are not part of this site
        return ""


def _words(label: str) -> dict[str, str]:
    """Return what the script says, in the reader's language."""
    return {
        "title": label,
        "chosen": _("{area} is chosen."),
        "nowhere": _("That is outside our areas."),
        "failed": _("The map can't be shown on this device. The drawing does the same."),
        "ready": _("The map is here. Arrow keys move it, plus and minus zoom."),
        "pick": _("Enter chooses the place under the cross."),
        "zoomIn": _("Zoom in"),
        "zoomOut": _("Zoom out"),
        "scroll": _("Hold Ctrl and scroll to zoom"),
        "scrollMac": _("Hold ⌘ and scroll to zoom"),
        "fingers": _("Move the map with two fingers"),
    }
