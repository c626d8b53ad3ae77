"""What the desk itself refuses."""

from django.utils.translation import gettext_lazy as _

from commonweal.base.errors import Refused


class HowItWentIsMissing(Refused):
    """Somebody has agreed to help: how it went is said of them, and then the ask closes by itself."""

    status = 409
    words = _("Somebody has said yes to this one: say beside their name how it went.")
