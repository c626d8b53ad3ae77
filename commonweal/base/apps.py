"""The ground floor: what every room stands on."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class BaseConfig(AppConfig):
    """Ids, encrypted fields, the event log, the event bus, the clock, errors, limits, and work in the background."""

    name = "commonweal.base"
    label = "base"

    def ready(self) -> None:
        """Let every room say what it listens to and what it does in the background."""
        autodiscover_modules("subscribers", "tasks")
