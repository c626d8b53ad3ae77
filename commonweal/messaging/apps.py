"""What goes out to people."""

from django.apps import AppConfig


class MessagingConfig(AppConfig):
    """The outbox, the templates, and the port that channels implement."""

    name = "commonweal.messaging"
    label = "messaging"
