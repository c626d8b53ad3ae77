"""Moments in words. The page's script repeats these rules (static/web/page.js), so that an open page stays true."""

from datetime import datetime, timedelta

from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from commonweal.base import clock

_MINUTE = timedelta(minutes=1)
_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)


def span(length: timedelta) -> str:
    """A length of time in its largest unit, rounded down: "12 min", "3 h", "2 days"; less than a minute is "1 min"."""
    if length < _HOUR:
        return _("%(count)s min") % {"count": max(1, length // _MINUTE)}
    if length < 2 * _DAY:
        return _("%(count)s h") % {"count": length // _HOUR}
    days = length // _DAY
    return ngettext("%(count)s day", "%(count)s days", days) % {"count": days}


def length(minutes: int) -> str:
    """A usual length of time: "40 min", "5 h 20" (minutes only below ten hours), "2 days"."""
    if minutes < 60 or minutes >= 600:
        return span(timedelta(minutes=minutes))
    hours, rest = divmod(minutes, 60)
    return (
        _("%(hours)s h %(minutes)02d") % {"hours": hours, "minutes": rest}
        if rest
        else span(timedelta(hours=hours))
    )


def from_now(at: datetime) -> str:
    """ "in 20 min", "now" (within a minute) or "2 h ago"."""
    away = at - clock.now()
    if abs(away) < _MINUTE:
        return _("now")
    if away > timedelta(0):
        return _("in %(span)s") % {"span": span(away)}
    return _("%(span)s ago") % {"span": span(-away)}


def is_late(at: datetime) -> bool:
    """Whether a promise for `at` has been late for a minute or more."""
    return clock.now() - at >= _MINUTE


def until_due(at: datetime) -> str:
    """ "in 20 min", "now" or "12 min late"."""
    if is_late(at):
        return _("%(span)s late") % {"span": span(clock.now() - at)}
    return from_now(at)


def patterns() -> str:
    """The words of moments as the page's script wants them: minutes, hours, now, to come, past, late."""
    return "|".join(
        (
            _("%(count)s min"),
            _("%(count)s h"),
            _("now"),
            _("in %(span)s"),
            _("%(span)s ago"),
            _("%(span)s late"),
        )
    )


def stamp(at: datetime) -> str:
    """The time of day; before today with the day of the week, before that with the date."""
    local = timezone.localtime(at)
    days = (timezone.localtime(clock.now()).date() - local.date()).days
    if days == 0:
        return formats.date_format(local, "H:i")
    return formats.date_format(local, "D H:i" if 0 < days < 7 else "j M Y")


def element(at: datetime, words: str, *, kept: str = "", classes: str = "num") -> SafeString:
    """A `<time>` of `at` (aware) reading `words`; `kept` says by which rule the script keeps it true ("": none)."""
    exact = formats.date_format(timezone.localtime(at), "DATETIME_FORMAT")
    rule = format_html(' data-kept="{}"', kept) if kept else ""
    return format_html(
        '<time class="{}" datetime="{}" title="{}"{}>{}</time>', classes, at.isoformat(), exact, rule, words
    )
