"""The networks themselves: the tenant of every other row."""

from django.apps import AppConfig


class NetworksConfig(AppConfig):
    """Networks, their areas, categories and policy."""

    name = "commonweal.networks"
    label = "networks"
