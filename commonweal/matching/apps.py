"""Who can help whom."""

from django.apps import AppConfig


class MatchingConfig(AppConfig):
    """Candidates, their reasons, and the search that widens by itself."""

    name = "commonweal.matching"
    label = "matching"
