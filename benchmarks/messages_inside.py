"""What the benchmark of messages does inside the program: set a network up, and read off what became of the texts."""

import json
import os
import random
import sys
from datetime import timedelta
from typing import Any

import django

SEED = 20261122
AREAS = 12
TOKEN = "a-token-for-the-benchmark"
ACCOUNT = "ACbench"


def main() -> None:
    """``python -m benchmarks.messages_inside prepare PORT HELPERS`` or ``read PREFIX``; prints JSON."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    words = sys.argv[2:]
    result = prepare(int(words[0]), int(words[1])) if sys.argv[1] == "prepare" else read(words[0])
    json.dump(result, sys.stdout)


def prepare(port: int, helpers: int) -> dict[str, Any]:
    """A network whose texts go by a provider on ``port``, and helpers who have been invited; returns its door."""
    from commonweal.channels.models import ChannelSetup
    from commonweal.messaging.actions import settle_past
    from commonweal.networks.actions import add_areas, create_network
    from commonweal.networks.models import Category

    network = create_network(slug="bench", name="Bench", time_zone="America/New_York")
    areas: list[Any] = [
        {"slug": f"area-{n}", "name": f"Area {n}", "cell_y": 15700 + n, "cell_x": -24500 + n, "outline": []}
        for n in range(AREAS)
    ]
    add_areas(network=network, areas=areas)
    setup = ChannelSetup.objects.create(
        network=network,
        adapter="sms_twilio",
        name="Bench",
        carries=["phone"],
        options={"base": f"http://127.0.0.1:{port}", "account": ACCOUNT, "number": "+14105550100"},
        credentials={"auth_token": TOKEN},
        token="bench",
    )
    groceries = Category.objects.get(network=network, slug="groceries")
    for number in range(helpers):
        _invited(network, groceries, number)
    settle_past(network=network)
    return {"path": f"/in/{setup.pk}/bench/sms"}


def _invited(network: Any, category: Any, number: int) -> None:
    """A helper with a phone, who was asked to do something."""
    from commonweal.base import clock
    from commonweal.exchange.actions import invite, publish_ask
    from commonweal.exchange.drafts import AskDraft, Candidate
    from commonweal.members.actions import join
    from commonweal.members.contacts import Contact

    contact = Contact(kind="phone", value=helper_phone(number))
    helper = join(network=network, name=f"Helper {number}", contact=contact, languages=("en",))
    now = clock.now()
    draft = AskDraft(category=category.pk, starts_at=now, ends_at=now + timedelta(days=5), called="Amina")
    invite(
        ask=publish_ask(network=network, draft=draft).ask, candidate=Candidate(member_id=helper.pk), by=helper
    )


def helper_phone(number: int) -> str:
    """The phone of a helper."""
    return f"+1410202{number:04}"


def texts(size: int, run: int) -> list[tuple[str, str]]:
    """So many texts with the numbers they come from, the same for the same size and run.

    Of a hundred, 56 are of people who ask (what they need, yes, status, thanks), 12 a helper's yes, 14 want to know who
    we are, 10 say what nobody understands, and 8 want no more messages. One number's texts keep their order.
    """
    chance = random.Random(SEED + run)
    stories: list[list[tuple[str, str]]] = []
    count = 0
    while count < size:
        number = f"+1443{2_000_000 + 500_000 * (run % 10) + len(stories)}"
        kind = chance.random() * 58  # of stories: 14 of asking are 56 texts
        if kind < 14:
            area, people = chance.randrange(AREAS), chance.randint(1, 6)
            said = [
                f"We need food for {people} people in Area {area} today, please",
                "yes",
                "status",
                "thanks",
            ]
        elif kind < 26:
            number, said = helper_phone(len(stories) % 1000 + 1000 * (run % 10)), ["1"]
        elif kind < 40:
            said = [chance.choice(["help", "who is this?", "hello"])]
        elif kind < 50:
            said = ["the thing from last week is back again and nobody knows why"]
        else:
            said = ["STOP"]
        stories.append([(number, text) for text in said])
        count += len(said)
    return _interleaved(stories, chance)[:size]


def _interleaved(stories: list[list[tuple[str, str]]], chance: random.Random) -> list[tuple[str, str]]:
    order = [place for place, story in enumerate(stories) for _text in story]
    chance.shuffle(order)
    told = [iter(story) for story in stories]
    return [next(told[place]) for place in order]


def read(prefix: str) -> dict[str, Any]:
    """What became of the texts whose ids begin so: counts, moments in seconds, and how long the replies took."""
    from commonweal.base import clock
    from commonweal.intake.models import Inbound
    from commonweal.messaging.models import Message

    inbound = Inbound.objects.filter(provider_id__contains=prefix)
    received = dict(inbound.values_list("id", "received_at"))
    waiting = inbound.filter(due_at__isnull=False).count()
    due = Message.objects.filter(due_at__lte=clock.now()).exclude(state="sent").count()
    replies = Message.objects.filter(key__startswith="reply:").values_list("key", "created_at")
    waits = sorted(
        (created - received[key]).total_seconds() * 1000
        for name, created in replies
        if (key := _id_in(name)) in received
    )
    sent = Message.objects.filter(sent_at__gte=min(received.values(), default=clock.now()))
    handled = inbound.filter(handled_at__isnull=False).order_by("-handled_at")[:1]
    last = sent.order_by("-sent_at").values_list("sent_at", flat=True).first()
    return {
        "received": len(received),
        "waiting": waiting,
        "due": due,
        "sent": sent.filter(state="sent").count(),
        "first": min((at.timestamp() for at in received.values()), default=0),
        "handled": handled[0].handled_at.timestamp() if handled else 0,  # type: ignore[union-attr]
        "last_sent": last.timestamp() if last else 0,
        "reply_ms": {share: _share(waits, share) for share in ("p50", "p95", "p99")},
        "states": _counted(inbound),
    }


def _id_in(key: str) -> Any:
    import uuid

    return uuid.UUID(key.split(":")[1])


def _share(waits: list[float], share: str) -> float:
    return round(waits[min(len(waits) - 1, len(waits) * int(share[1:]) // 100)], 1) if waits else 0.0


def _counted(inbound: Any) -> dict[str, int]:
    from django.db.models import Count

    return dict(inbound.values_list("state").annotate(Count("pk")))


if __name__ == "__main__":
    main()
