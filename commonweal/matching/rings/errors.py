"""What can be refused about rings."""

from django.utils.translation import gettext_lazy as _

from commonweal.base.errors import NotFound, Refused


class RingNotFound(NotFound):
    """No place in a ring for this link in this network."""


class RingOver(Refused):
    """The ring holds or came to nothing already."""

    status = 409
    words = _("This can't be answered any more. The page shows how it stands.")
