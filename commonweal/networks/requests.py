"""What a request carries once it has passed the middleware of this room."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from commonweal.networks.models import Network


class NetworkRequest(HttpRequest):
    """A request of one network's site: no view is called without a network."""

    network: Network
    htmx: HtmxDetails
