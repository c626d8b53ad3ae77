"""Any inbound ask or offer that was not typed into our own pages."""

from django.apps import AppConfig


class IntakeConfig(AppConfig):
    """The sheets that groups use today, read row by row; conversations come to live here too."""

    name = "commonweal.intake"
    label = "intake"
