"""The frame of all pages."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Base templates, the components, the home page and the pages that belong to no other room."""

    name = "commonweal.web"
    label = "web"
