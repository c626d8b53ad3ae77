"""What can be refused about channels."""

from django.utils.translation import gettext_lazy as _

from commonweal.base.errors import NotFound, Refused


class SetupNotFound(NotFound):
    """There is no such channel in this network."""


class NoSuchAdapter(NotFound):
    """Nothing here knows how to carry messages in this way."""


class NothingToTestWith(Refused):
    """The steward has no confirmed contact of a kind that the channel carries, or wants no messages there."""

    status = 409
    words = _("There is no confirmed way to reach you that this channel carries. Add one on your page first.")
