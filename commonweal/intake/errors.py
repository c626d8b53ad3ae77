"""What can be refused about messages at the desk."""

from commonweal.base.errors import NotFound


class DraftNotFound(NotFound):
    """No such message at this network's desk."""
