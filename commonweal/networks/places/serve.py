"""Handing a map's files to a browser: tiles by ranges of bytes, areas as GeoJSON."""

import json
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import http_date, parse_http_date_safe
from django.views.decorators.http import require_safe

from commonweal.networks.places.areas import load_area_map
from commonweal.networks.places.build import AREAS, TILES
from commonweal.networks.places.maps import map_file

RANGE = re.compile(r"bytes=([0-9]{1,18})?-([0-9]{1,18})?\Z")
PIECE = 64 * 1024
# Byte positions must survive the way: a proxy that packs the answer would shift them.
CACHE = "public, max-age=3600, no-transform"


@require_safe
def tiles(request: HttpRequest, name: str) -> HttpResponseBase:
    """Answer with a map's PMTiles, whole or the one range that is asked for (206; 416 where there is none).

    Several ranges at once, or a unit other than bytes, are answered with the whole, as RFC 9110 allows.
    """
    file = map_file(name, TILES)
    if file is None:
        raise Http404
    about = file.stat()
    etag, changed = f'"{about.st_mtime_ns:x}-{about.st_size:x}"', int(about.st_mtime)
    unchanged = get_conditional_response(request, etag=etag, last_modified=changed)
    if unchanged is not None:
        return unchanged
    start, end, status = _span(request, about.st_size, etag, changed)
    answer: HttpResponseBase
    if status == 416:
        answer = HttpResponse(status=416)
        answer["Content-Range"] = f"bytes */{about.st_size}"
    elif request.method == "HEAD":
        answer = HttpResponse(status=status)
    else:
        answer = StreamingHttpResponse(_pieces(file, start, end), status=status)
    if status == 206:
        answer["Content-Range"] = f"bytes {start}-{end - 1}/{about.st_size}"
    if status != 416:
        answer["Content-Length"] = str(end - start)
    answer["Content-Type"] = "application/vnd.pmtiles"
    answer["Accept-Ranges"] = "bytes"
    answer["Cache-Control"] = CACHE
    answer["ETag"] = etag
    answer["Last-Modified"] = http_date(changed)
    return answer


def _span(request: HttpRequest, size: int, etag: str, changed: int) -> tuple[int, int, int]:
    """Return the first byte, the one after the last, and the status to answer with."""
    asked = RANGE.match(request.headers.get("Range", "").strip())
    if not asked or asked.groups() == (None, None) or not _still(request, etag, changed):
        return 0, size, 200
    first, last = asked.groups()
    if first is None:
        start, end = max(0, size - int(last)), size
    else:
        start, end = int(first), size if last is None else min(int(last) + 1, size)
        if last is not None and int(last) < start:
            return 0, size, 200
    return (start, end, 206) if start < end else (0, 0, 416)


def _still(request: HttpRequest, etag: str, changed: int) -> bool:
    """Say whether If-Range, if given, names the file as it is."""
    condition = request.headers.get("If-Range", "").strip()
    if not condition:
        return True
    return condition == etag or parse_http_date_safe(condition) == changed


def _pieces(file: Path, start: int, end: int) -> Iterator[bytes]:
    with file.open("rb") as source:
        source.seek(start)
        left = end - start
        while left and (piece := source.read(min(PIECE, left))):
            left -= len(piece)
            yield piece


@require_safe
def areas(request: HttpRequest, name: str) -> HttpResponseBase:
    """Answer with the areas of a map as GeoJSON."""
    file = map_file(name, AREAS)
    if file is None:
        raise Http404
    about = file.stat()
    etag = f'"{about.st_mtime_ns:x}-{about.st_size:x}"'
    unchanged = get_conditional_response(request, etag=etag, last_modified=int(about.st_mtime))
    if unchanged is not None:
        return unchanged
    answer = HttpResponse(_geojson(file, about.st_mtime_ns), content_type="application/geo+json")
    answer["Cache-Control"] = "public, max-age=3600"
    answer["ETag"] = etag
    answer["Last-Modified"] = http_date(int(about.st_mtime))
    return answer


@lru_cache(maxsize=16)
def _geojson(file: Path, changed: int) -> bytes:
    return json.dumps(load_area_map(file).geojson(), ensure_ascii=False, separators=(",", ":")).encode()
