"""What was just done, said once on the next page."""

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage


class Notes(CookieStorage):
    """Django's signed cookie, under the name that the settings give every cookie of ours."""

    @property
    def cookie_name(self) -> str:  # type: ignore[override]
        """``__Host-messages`` where people come by https."""
        return f"{settings.COMMONWEAL_COOKIE_PREFIX}messages"
