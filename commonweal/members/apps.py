"""The people."""

from django.apps import AppConfig


class MembersConfig(AppConfig):
    """Members, how to reach them, and how they sign in."""

    name = "commonweal.members"
    label = "members"
