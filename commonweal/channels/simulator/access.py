"""Who may pick up which made-up phone, and read what stands on its screen.

There are phones only where nothing else carries the network's texts, and only under numbers that can be nobody's. In a
demonstration everybody may pick up any of them. In a real network a visitor may only pick up a number that nobody here
ever had to do with, and from then on their browser alone holds it: codes sent there are for no other eyes.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from commonweal.base.errors import NotFound, Refused
from commonweal.channels.simulator.numbers import invented
from commonweal.channels.simulator.queries import is_free, is_simulated, key_of
from commonweal.networks.models import Network
from commonweal.networks.requests import NetworkRequest

V = TypeVar("V", bound=Callable[..., HttpResponse])
HELD, NETWORK = "phones", "phones_of"
AT_ONCE = 2
TRIES = 50


class PhoneNotFound(NotFound):
    """This browser holds no such phone."""


class NumberInUse(Refused):
    """A made-up number that somebody else has to do with already."""

    status = 409
    words = _("Somebody uses this number already. Choose another one.")


def simulated_only(view: V) -> V:
    """Nothing of this exists where real phones are written to."""

    @wraps(view)
    def guarded(request: NetworkRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not is_simulated(request.network):
            raise Http404
        return view(request, *args, **kwargs)

    return cast(V, guarded)


def held(request: HttpRequest, network: Network) -> list[str]:
    """The numbers of the phones that this browser holds in this network, at most two."""
    if request.session.get(NETWORK) != network.pk.hex:
        return []
    return list(request.session[HELD])


def number_held(request: HttpRequest, network: Network, key: str) -> str:
    """The number of a phone that this browser holds; raises PhoneNotFound."""
    for number in held(request, network):
        if key_of(number) == key:
            return number
    raise PhoneNotFound


def pick_up(request: HttpRequest, network: Network, number: str) -> None:
    """Let this browser hold the phone with that made-up number, beside the one it had last; raises NumberInUse."""
    holds = held(request, network)
    if number in holds:
        return
    if not network.is_demo and not is_free(network, number):
        raise NumberInUse
    _hold(request, network, [*holds, number][-AT_ONCE:])


def pick_up_any(request: HttpRequest, network: Network) -> str:
    """Let this browser hold a phone whose number nobody has had yet; raises NumberInUse where there are none left."""
    for _try in range(TRIES):
        number = invented()
        if is_free(network, number):
            pick_up(request, network, number)
            return number
    raise NumberInUse


def put_down(request: HttpRequest, network: Network, number: str) -> None:
    """This browser no longer holds it."""
    _hold(request, network, [each for each in held(request, network) if each != number])


def _hold(request: HttpRequest, network: Network, numbers: list[str]) -> None:
    request.session[NETWORK], request.session[HELD] = network.pk.hex, numbers
