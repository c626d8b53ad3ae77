"""One ask of the noticeboard, as far as a reader may see it, and which of a member's offers would meet it."""

from collections.abc import Sequence
from dataclasses import dataclass

from commonweal.base.lists import in_a_row
from commonweal.exchange.models import Ask, Offer
from commonweal.exchange.needs import asked_of
from commonweal.exchange.titles import ask_kind, ask_title
from commonweal.exchange.whens import moment, when_asked
from commonweal.members.models import Member
from commonweal.networks.languages import language_name

BOARD = "board"


@dataclass(frozen=True, slots=True, kw_only=True)
class AskOnBoard:
    """An ask for somebody who might take it. ``words`` are shown to members only, and only where members choose from
    the board themselves: elsewhere the program asks one person at a time, and shows them to that one."""

    code: str
    kind: str
    title: str
    where: str
    when: str
    needs: Sequence[str]
    languages: str
    returns: str
    words: str
    is_counted: bool
    left: int
    unit: str


def ask_for_reader(ask: Ask, reader: Member | None) -> AskOnBoard:
    """What a visitor (None) or a member may see of an ask before anybody has agreed."""
    network = ask.network
    chooses = reader is not None and network.policy.mode == BOARD
    return AskOnBoard(
        code=ask.shown_code,
        kind=ask_kind(ask),
        title=ask_title(ask),
        where=ask.area.name if ask.area else "",
        when=when_asked(ask, network),
        needs=asked_of(ask),
        languages=in_a_row(language_name(code) for code in ask.languages),
        returns=moment(ask.returns_at, network) if ask.returns_at else "",
        words=ask.words if chooses else "",
        is_counted=bool(ask.quantity),
        left=ask.places_left,
        unit=ask.unit,
    )


def fitting_offer(ask: Ask, member: Member) -> Offer | None:
    """The member's newest open offer of the ask's category: what they pick is taken from it, where it is counted."""
    offers = Offer.objects.filter(
        network_id=ask.network_id, member=member, state=Offer.State.OPEN, categories__category=ask.category_id
    )
    return offers.order_by("-created_at", "-id").first()
