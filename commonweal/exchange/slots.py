"""The 42 parts of a week in words: "most evenings", "weekends", "Tuesdays and Thursdays", "any time"."""

from django.utils.translation import gettext as _

from commonweal.exchange.whens import EVERY_DAY, weekdays_in_words

PARTS = 6
FULL = (1 << 7 * PARTS) - 1
DAY = (1 << PARTS) - 1
EVENING = 0b110000
DAYTIME = 0b001111
WEEKEND = DAY << 5 * PARTS | DAY << 6 * PARTS
MOST = 4


def slots_in_words(slots: int) -> str:
    """When somebody usually can, short enough for one line; what is not said here is settled when they are asked."""
    if slots == FULL:
        return _("any time")
    if not slots:
        return ""
    days = sum(1 << day for day in range(7) if slots >> day * PARTS & DAY)
    evenings = sum(bool(slots >> day * PARTS & EVENING) for day in range(7))
    is_evenings = not any(slots >> day * PARTS & DAYTIME for day in range(7))
    if is_evenings:
        return (
            _("most evenings")
            if evenings >= MOST
            else _("%(days)s, evenings") % {"days": weekdays_in_words(days)}
        )
    if not slots & ~WEEKEND:
        return _("weekends") if days == 0b1100000 else weekdays_in_words(days)
    if not slots & WEEKEND and days == 0b0011111:
        return _("on weekdays")
    return _("most days") if days == EVERY_DAY else weekdays_in_words(days)
