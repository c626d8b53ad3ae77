"""What a benchmark does inside the program: fill a network to a size, and count the queries of its pages."""

import argparse
import json
import os
import random
import sys
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import django

from benchmarks.pages import filled, form_of

SEED = 20261122
AT_ONCE = 5000
FIRST = datetime(2026, 1, 1, tzinfo=UTC)
AREAS = 27
PAGE = 25


def main() -> None:
    """``python -m benchmarks.inside fill N`` or ``count``; prints JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=["fill", "count"])
    parser.add_argument("size", type=int, nargs="?", default=1000)
    arguments = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    result = fill(arguments.size) if arguments.what == "fill" else count()
    json.dump(result, sys.stdout)


def fill(size: int) -> dict[str, Any]:
    """Bring the network ``bench`` up to ``size`` open asks, the same ones for the same size every time."""
    from commonweal.exchange.models import Ask
    from commonweal.networks.actions import add_areas, create_network
    from commonweal.networks.models import Area, Category, Network

    network = Network.objects.filter(slug="bench").first()
    if network is None:
        network = create_network(slug="bench", name="Bench", time_zone="America/New_York")
        add_areas(
            network=network,
            areas=[
                {
                    "slug": f"area-{n}",
                    "name": f"Area {n}",
                    "cell_y": 15700 + n,
                    "cell_x": -24500 + n,
                    "outline": [],
                }
                for n in range(AREAS)
            ],
        )
    areas = list(Area.objects.filter(network=network).order_by("slug"))
    categories = list(Category.objects.filter(network=network).order_by("position"))
    have = Ask.objects.filter(network=network).count()
    chance = random.Random(SEED + have)
    while have < size:
        batch = [_ask(network, areas, categories, have + n, chance) for n in range(min(AT_ONCE, size - have))]
        Ask.objects.bulk_create(batch)
        have += len(batch)
    _tidy()
    return {"asks": have, "thousandth": _cursor_of_page(network, 1000)}


def _ask(network: Any, areas: list[Any], categories: list[Any], number: int, chance: random.Random) -> Any:
    from commonweal.base.ids import CODE_LETTERS
    from commonweal.exchange.models import Ask

    at = FIRST + timedelta(seconds=25 * number)
    category, area = chance.choice(categories), chance.choice(areas)
    # Small letters: no code that is drawn while measuring can be the same.
    digits, rest = [], number
    for _ in range(6):
        rest, digit = divmod(rest, len(CODE_LETTERS))
        digits.append(CODE_LETTERS[digit])
    starts = at + timedelta(days=chance.randint(0, 6))
    return Ask(
        id=_ordered_id(at, number), network=network, code="".join(reversed(digits)).lower(),
        token_hash=f"{number:064x}",
        category=category, nature=category.nature, area=area, cell_y=area.cell_y, cell_x=area.cell_x,
        people=chance.randint(1, 6), hands=1, starts_at=starts, ends_at=starts + timedelta(hours=4),
        urgency=chance.randint(0, 2), repeat_days=(1 << starts.weekday()) * (chance.random() < 0.1),
        created_at=at, state_since=at,
        next_step_at=at + timedelta(days=3650),
    )  # fmt: skip


def _ordered_id(at: datetime, number: int) -> uuid.UUID:
    """A version 7 id for the moment ``at``, made from ``number`` instead of chance."""
    milliseconds = int(at.timestamp() * 1000)
    return uuid.UUID(int=milliseconds << 80 | 0x7 << 76 | 0b10 << 62 | number)


def _tidy() -> None:
    """Let the database look at what it holds, as its own housekeeping does in time."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        else:
            cursor.execute("VACUUM exchange_ask")


def _cursor_of_page(network: Any, page: int) -> str:
    """The cursor that leads to the ``page``-th page of the board, or to the last one there is."""
    from commonweal.base.paging import Cursor
    from commonweal.exchange.models import Ask

    rows = Ask.objects.filter(network=network).order_by("-created_at", "-id")
    wanted = min((page - 1) * PAGE, max(rows.count() - PAGE, 1)) - 1
    at, last_id = rows.values_list("created_at", "id")[max(wanted, 0)]
    return Cursor(at=at, id=last_id).encode()


def count() -> dict[str, Any]:
    """Queries of the board's first and thousandth page and of a new ask, and where that ask's page is."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from commonweal.networks.models import Network

    client = Client(headers={"host": "127.0.0.1"})
    cursor = _cursor_of_page(Network.objects.get(slug="bench"), 1000)
    found: dict[str, Any] = {}
    pages = {"list_first": "/board/?kind=asks", "list_thousandth": f"/board/?kind=asks&from={cursor}"}
    for name, path in pages.items():
        client.get(path)
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(path)
        assert answer.status_code == 200, answer.status_code
        found[name] = len(queries)
    form = form_of(client.get("/need/").content.decode())
    with CaptureQueriesContext(connection) as queries:
        answer = client.post("/need/", filled(form, "bench-count"))
    assert answer.status_code == 302, answer.content.decode()[:2000]
    found["create"] = len(queries)
    found["status_path"] = answer["location"]
    return found


if __name__ == "__main__":
    main()
