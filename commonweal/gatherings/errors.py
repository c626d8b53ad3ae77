"""What can be refused about shifts."""

from django.utils.translation import gettext_lazy as _

from commonweal.base.errors import Refused


class ShiftsOverlap(Refused):
    """The member is on shift in a part of that time already."""

    status = 409
    words = _("They are on shift in a part of that time already.")


class ShiftTooLong(Refused):
    """A shift is shorter than a day, lies in the year to come, and ends after it begins."""

    words = _("A shift ends after it begins, lasts twelve hours at most, and begins within a year.")


class ShiftOver(Refused):
    """The shift has ended, by itself or because it was handed over."""

    status = 409
    words = _("This shift has ended already.")


class SameMember(Refused):
    """A shift is handed over to somebody else."""

    words = _("Choose somebody else to hand over to.")
