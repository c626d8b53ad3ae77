"""Who saw how to reach somebody, in words: "Alice saw your phone number on Tuesday, to help with groceries"."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils import formats
from django.utils.dates import WEEKDAYS
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commonweal.base import clock
from commonweal.base.eventlog import By
from commonweal.base.lists import in_a_row
from commonweal.base.paging import Cursor, Page, edges, rows_after
from commonweal.exchange.actions.looking import ASKER
from commonweal.exchange.models import Ask, Look
from commonweal.exchange.notices import asker_name
from commonweal.exchange.titles import ask_title
from commonweal.members.models import Member
from commonweal.networks.models import Network

PER_PAGE = 30
ON_ONE_PAGE = 50
WEEK = timedelta(days=7)
SEEN: dict[str, str | Promise] = {
    "phone": gettext_lazy("your phone number"),
    "email": gettext_lazy("your e-mail address"),
    "place": gettext_lazy("your exact place"),
    "destination": gettext_lazy("where you want to go"),
    "words": gettext_lazy("your own words"),
    "media": gettext_lazy("what came with your message"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class LookRow:
    """One look in a sentence. ``further`` is what a dispatcher said beyond the reason."""

    at: datetime
    words: str
    further: str


def looks_at_ask(ask: Ask) -> list[LookRow]:
    """Who saw how to reach the asker of this ask, newest first."""
    looks = _all(ask.network).filter(ask=ask, side=ASKER)
    return [_row(look, ask.network) for look in looks.order_by("-at", "-id")[:ON_ONE_PAGE]]


def looks_at_member(member: Member, cursor: Cursor | None = None) -> Page[LookRow]:
    """Who saw how to reach a member, as a helper or as an asker; the newest first, page by page."""
    looks = _all(member.network).filter(of=member)
    found = rows_after(looks, cursor, PER_PAGE + 1, moment="at")
    shown = found[:PER_PAGE]
    if cursor is not None and cursor.back:
        shown.reverse()
    positions = [(look.at, look.pk) for look in shown]
    older, newer = edges(positions, cursor=cursor, more=len(found) > PER_PAGE)
    return Page(rows=[_row(look, member.network) for look in shown], next=older, previous=newer)


def _all(network: Network) -> QuerySet[Look]:
    looks = Look.objects.filter(network=network)
    return looks.select_related("actor", "ask", "ask__category", "ask__network", "ask__by")


def _row(look: Look, network: Network) -> LookRow:
    said = {
        "who": _who(look),
        "what": _what(look.what),
        "when": on_the_day(look.at, network),
        "why": _why(look),
    }
    return LookRow(at=look.at, words=_("%(who)s saw %(what)s %(when)s, %(why)s.") % said, further=look.words)


def _what(codes: Sequence[str]) -> str:
    """ "your phone number", "your phone number, your exact place and your own words"."""
    *some, last = [str(SEEN[code]) for code in codes if code in SEEN] or [_("how to reach you")]
    return _("%(some)s and %(last)s") % {"some": in_a_row(some), "last": last} if some else last


def _who(look: Look) -> str:
    """Who looked, as they are known to whom they looked at."""
    if look.by == By.ASKER.value:
        return asker_name(look.ask) if look.ask else _("A neighbour")
    if look.actor is None or look.actor.state == Member.State.LEFT:
        return _("Somebody who has left")
    if look.by == By.DISPATCHER.value:
        return _("%(name)s, on shift,") % {"name": look.actor.name}
    return str(look.actor.name)


def _why(look: Look) -> str:
    if look.why == Look.Why.AGREED and look.ask:
        title = ask_title(look.ask)
        if look.by == By.ASKER.value:
            return _("because you said yes to “%(title)s”") % {"title": title}
        return _("to help with “%(title)s”") % {"title": title}
    return str(Look.Why(look.why).label)


def on_the_day(at: datetime, network: Network) -> str:
    """A day that has been: "today", "yesterday", "on Tuesday", "on 3 November"."""
    day, today = at.astimezone(network.zone).date(), clock.now().astimezone(network.zone).date()
    if day >= today:
        return _("today")
    if day == today - timedelta(days=1):
        return _("yesterday")
    if day > today - WEEK:
        return _("on %(day)s") % {"day": WEEKDAYS[day.weekday()]}
    style = "MONTH_DAY_FORMAT" if day.year == today.year else "DATE_FORMAT"
    return _("on %(day)s") % {"day": formats.date_format(day, style)}
