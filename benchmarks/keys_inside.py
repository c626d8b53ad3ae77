"""What the benchmark of keys does inside the program: fill it, change the key, and write meanwhile."""

import contextlib
import json
import os
import random
import string
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import django

SEED = 20261122
AT_ONCE = 2000
FIRST = datetime(2026, 1, 1, tzinfo=UTC)
A_HOUSEHOLD = 7
EVERY_S = 0.05
ALONE_S = 3.0
LETTERS = string.ascii_lowercase + "    áñü"
# The worker does so much of each half minute.
WORKS = 20 / 30


def main() -> None:
    """``python -m benchmarks.keys_inside change VALUES SEED`` or ``write``; prints JSON."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    result = change(int(sys.argv[2]), int(sys.argv[3])) if sys.argv[1] == "change" else write()
    json.dump(result, sys.stdout)


def change(values: int, seed: int) -> dict[str, Any]:
    """Fill, put a new key in front, write everything anew under it while somebody writes, and take the old one out."""
    from commonweal.base.keys import add_key, drop_oldest, retire_oldest, take_census

    fill(values, random.Random(seed))
    with writing() as alone:
        time.sleep(ALONE_S)
    add_key()
    before, counting = _timed(take_census)
    with writing() as meanwhile:
        _nothing, anew = _timed(_write_anew)
    after = take_census()
    assert (after.older, after.unreadable) == (0, 0), after
    fingerprints, retiring = _timed(lambda: retire_oldest(lambda done, total: None))
    drop_oldest()
    a_second = before.older / anew["wall_s"]
    return {
        "values": before.older,
        "fingerprints": fingerprints,
        "count": counting,
        "write_anew": {
            **anew,
            "values_a_second": round(a_second),
            "values_an_hour_as_the_worker_works": round(3600 * WORKS * a_second),
        },
        "retire": retiring,
        "somebody_writes": {"alone": alone, "meanwhile": meanwhile},
    }


def _write_anew() -> None:
    """As the worker does, without the pauses: until a last look finds nothing under the old key."""
    from commonweal.base.keys import reencrypting

    while reencrypting.is_wanted():
        reencrypting.go_on()


def _timed(work: Callable[[], Any]) -> tuple[Any, dict[str, float]]:
    wall, processor = time.monotonic(), time.process_time()
    result = work()
    return result, {
        "wall_s": round(time.monotonic() - wall, 2),
        "cpu_s": round(time.process_time() - processor, 2),
    }


def fill(values: int, chance: random.Random, *, slug: str = "bench") -> None:
    """A network with so many values, all under the key there is, the same texts for the same seed."""
    from commonweal.exchange.models import Ask
    from commonweal.members.models import ContactPoint, Member
    from commonweal.networks.actions import create_network
    from commonweal.networks.models import Category

    network = create_network(slug=slug, name="Bench", time_zone="America/New_York")
    category = Category.objects.get(network=network, slug="groceries")
    households = max(1, values // A_HOUSEHOLD)
    for first in range(0, households, AT_ONCE):
        numbers = range(first, min(first + AT_ONCE, households))
        members = [
            Member(network=network, name=_text(chance, 4, 20), place={"text": _text(chance, 10, 60)})
            for _ in numbers
        ]
        Member.objects.bulk_create(members)
        ContactPoint.objects.bulk_create(
            ContactPoint(
                network=network,
                member=member,
                kind="email",
                value=f"member{number}@example.org",
                is_first=True,
                confirmed_at=FIRST,
            )
            for member, number in zip(members, numbers, strict=True)
        )
        Ask.objects.bulk_create(_ask(network, category, number, chance) for number in numbers)


def _ask(network: Any, category: Any, number: int, chance: random.Random) -> Any:
    from commonweal.exchange.models import Ask

    at = FIRST + timedelta(seconds=25 * number)
    return Ask(
        network=network, code=f"{number:06x}", token_hash=f"{number:064x}", category=category, nature=category.nature,
        people=2, hands=1, starts_at=at, ends_at=at + timedelta(hours=4), urgency=1, repeat_days=0, created_at=at,
        state_since=at, next_step_at=at + timedelta(days=3650), words=_text(chance, 10, 280),
        place={"text": _text(chance, 10, 60)}, called=_text(chance, 4, 20), contact_kind="email",
        contact=f"asker{number}@example.org",
    )  # fmt: skip


def _text(chance: random.Random, least: int, most: int) -> str:
    return "".join(chance.choices(LETTERS, k=chance.randint(least, most)))


@contextlib.contextmanager
def writing() -> Iterator[dict[str, Any]]:
    """Somebody writes beside this, in a process of their own; afterwards it holds how long that took them."""
    found: dict[str, Any] = {}
    command = [sys.executable, "-m", "benchmarks.keys_inside", "write"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        process.stdout.readline()  # it has begun
        yield found
        printed, _nothing = process.communicate()
    found.update(json.loads(printed))


def write() -> dict[str, Any]:
    """Give members new names, one every so often, until nobody holds standard input open any more; in milliseconds."""
    import select

    from commonweal.members.models import Member

    keys = list(Member.objects.order_by("pk").values_list("pk", flat=True)[:1000])
    took: list[float] = []
    print("begun", flush=True)
    while not select.select([sys.stdin], [], [], EVERY_S)[0]:
        began = time.monotonic()
        Member.objects.filter(pk=keys[len(took) % len(keys)]).update(name=f"Written {len(took)}")
        took.append(1000 * (time.monotonic() - began))
    took.sort()
    return {
        "writes": len(took),
        **{f"p{part}": round(took[len(took) * part // 100], 1) for part in (50, 95, 99)},
        "longest": round(took[-1], 1),
    }


if __name__ == "__main__":
    main()
