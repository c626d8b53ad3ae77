"""Working on one ask at a time: opening it holds it, opening another lets it go, and only its holder acts on it."""

from commonweal.exchange.access import ask_for_desk
from commonweal.exchange.actions import release_hold, take_hold
from commonweal.exchange.errors import AskNotFound, PageWasStale
from commonweal.exchange.models import Ask
from commonweal.web.desk.requests import DeskRequest

# Under this name the session of a dispatcher keeps the code of the ask they work on.
HELD = "desk_ask"


def take_up(request: DeskRequest, ask: Ask, *, over: bool = False) -> Ask:
    """Hold an open ask for whoever looks, and let go of the one they held before; ``over`` takes it from another.

    A closed ask is nobody's. Raises HeldByAnother; NotPossibleNow where it was closed a moment ago.
    """
    if not ask.is_open:
        return ask
    # One after the other, not in one transaction: whoever holds one lock must not wait for a second.
    held = take_hold(ask=ask, dispatcher=request.member, over=over)
    if request.session.get(HELD) != ask.code:
        let_go(request)
    request.session[HELD] = ask.code
    return held


def to_act_on(request: DeskRequest, ask: Ask, *, over: bool = False) -> Ask:
    """The ask as it is now, held by whoever acts on it.

    Raises HeldByAnother, NotPossibleNow, and PageWasStale where the asker changed it since the page was opened.
    """
    held = take_up(request, ask, over=over)
    if request.POST.get("version", str(held.version)) != str(held.version):
        raise PageWasStale
    return held


def let_go(request: DeskRequest, ask: Ask | None = None) -> None:
    """Let go of this ask, or of the one that was worked on, if any; one that another has taken over stays theirs."""
    code = request.session.get(HELD)
    if ask is None and code is not None:
        ask = _still_there(request, code)
    if ask is not None:
        release_hold(ask=ask, dispatcher=request.member)
    if ask is None or ask.code == code:
        request.session.pop(HELD, None)


def _still_there(request: DeskRequest, code: str) -> Ask | None:
    try:
        return ask_for_desk(request.network, code)
    except AskNotFound:  # an older backup was restored meanwhile
        return None
