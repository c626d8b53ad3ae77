"""How the members rule."""

from django.apps import AppConfig


class AssemblyConfig(AppConfig):
    """Mandates; proposals, ballots and decisions come to live here too."""

    name = "commonweal.assembly"
    label = "assembly"
