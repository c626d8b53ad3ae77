"""What can be refused about networks."""

from django.utils.translation import gettext_lazy as _

from commonweal.base.errors import Refused


class NoSuchSetting(Refused):
    """The policy has no setting of this name, or the value is out of its limits."""

    words = _("This setting can't have this value.")


class SlugTaken(Refused):
    """Another network has this short name."""

    words = _("Another network has this short name already.")
