"""What was told in confidence in the demonstration's last days, and a helper who is on the way."""

from collections.abc import Callable
from datetime import datetime, timedelta

from commonweal.assembly.care import actions
from commonweal.assembly.care.actions import Draft
from commonweal.assembly.care.queries import cares_of
from commonweal.exchange.actions import Watch, bring_buddy, set_out
from commonweal.exchange.models import Match
from commonweal.web.demo.town import Town

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
Act = Callable[[Town, datetime], object]


def somebody_tells(town: Town, _ends_at: datetime) -> None:
    """A member tells a care-giver of the network itself, and wants something done."""
    draft = Draft(
        kind="privacy",
        words="At the last distribution somebody read addresses out aloud. Mine was one of them.",
        wish="act",
    )
    actions.tell(network=town.network, draft=draft, reader=town.people["Rosa"], by=town.people["Keisha"])


def somebody_listens(town: Town, _ends_at: datetime) -> None:
    """The care-giver has listened, and the next step has its time."""
    rosa = town.people["Rosa"]
    (report,) = cares_of(rosa).reports
    actions.open_report(report=report, by=rosa)
    actions.take_step(
        report=report, by=rosa, step="listen", how="done", words="Spoke on the phone for an hour."
    )
    actions.answer_owner(
        report=report, by=rosa, words="Thank you for telling me. I'll speak with those at the hall."
    )


def on_the_way(town: Town, ends_at: datetime) -> None:
    """Whoever agreed to come to somebody's home next has set out, and does not go alone."""
    agreed = Match.objects.filter(network=town.network, state=Match.State.ACCEPTED).order_by("meets_at", "id")
    match = agreed.select_related("ask", "network", "member").first()
    if match is not None:
        bring_buddy(match=match, name="Kim")
        set_out(match=match, back_by=ends_at + 2 * HOUR, watch=Watch())


LINES: tuple[tuple[timedelta, Act], ...] = (
    (30 * HOUR, somebody_tells),
    (20 * HOUR, somebody_listens),
    (timedelta(minutes=10), on_the_way),
)
