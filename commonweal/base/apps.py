"""The ground floor: what every room stands on."""

from django.apps import AppConfig


class BaseConfig(AppConfig):
    """Ids, encrypted fields, the event log, the event bus, the clock, errors and limits."""

    name = "commonweal.base"
    label = "base"
