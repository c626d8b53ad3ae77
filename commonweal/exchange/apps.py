"""The heart: asks, offers, matches, commitments, handovers."""

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    """Asks and offers, and the life of an ask from its first word to the handover."""

    name = "commonweal.exchange"
    label = "exchange"
