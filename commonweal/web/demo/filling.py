"""Three weeks in the life of a made-up network, lived through the program's own actions under a stopped clock.

Nothing is written behind the program's back: every ask was published, every helper invited with reasons, every
handover said, so that figures, timelines and the desk are as true as those of a real network.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction

from commonweal.base import bus, clock
from commonweal.messaging.actions import settle_past
from commonweal.messaging.models import Message
from commonweal.messaging.sending import send_due
from commonweal.web.demo import past, scenes
from commonweal.web.demo.clockwork import Clockwork
from commonweal.web.demo.phones import fill_phones
from commonweal.web.demo.town import Town, found_town

Progress = Callable[[int, int], None]


def fill_demonstration(*, progress: Progress) -> Town:
    """Make the demonstration's network and let three weeks pass in it, up to this moment. About ten seconds."""
    ends_at = clock.now()
    with bus.muted(), transaction.atomic(), clock.frozen(ends_at - timedelta(days=past.DAYS + 1)) as hand:
        town = found_town(hand)
        _live(town, ends_at, progress)
        _settle_letters(town)
        fill_phones(town, ends_at)
    return town


def _live(town: Town, ends_at: datetime, progress: Progress) -> None:
    """Ordinary rounds and the lines of the scenes, each at its time; between them what is due happens by itself."""
    clockwork = Clockwork(town)
    acts: list[tuple[datetime, scenes.Act]] = [(at, past.go_round) for at in past.rounds(town, ends_at)]
    acts += [(ends_at - before, act) for before, act in scenes.lines()]
    acts.sort(key=lambda entry: entry[0])
    for number, (at, act) in enumerate(acts):
        progress(number, len(acts))
        clockwork.run(at)
        act(town, ends_at)
        clockwork.look()
    clockwork.run(ends_at)
    progress(len(acts), len(acts))


def _settle_letters(town: Town) -> None:
    """Nobody was written to: what was due has been sent, but for one letter that the sender finds too late."""
    lost = [match.pk for match in scenes.unanswered(town)]
    letters = Message.objects.filter(network=town.network, template="invitation", about_id__in=lost)
    settle_past(network=town.network, but=list(letters.values_list("pk", flat=True)))
    send_due()
