"""Anything with a place, a time and sign-ups."""

from django.apps import AppConfig


class GatheringsConfig(AppConfig):
    """Shifts; distributions, work parties and meetings come to live here too."""

    name = "commonweal.gatherings"
    label = "gatherings"
