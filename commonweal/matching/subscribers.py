"""What matching listens to. Nothing depends on it: the next step of an ask calls again for a lost search."""

from commonweal.base.bus import subscribe
from commonweal.exchange.events import OfferPublished, SearchWanted
from commonweal.matching import queries, tasks
from commonweal.matching.policy import subscribers as policy
from commonweal.matching.rings import subscribers as rings
from commonweal.members.events import MemberCameBack

__all__ = ["policy", "rings", "search", "search_for_member", "search_for_offer"]


@subscribe(SearchWanted, at_once=True)
def search(event: SearchWanted) -> None:
    """Have an ask searched for; one that goes ahead of others is searched for ahead of others."""
    tasks.search.using(priority=min(event.ahead, tasks.HIGHEST)).enqueue(str(event.network), str(event.ask))


@subscribe(OfferPublished)
def search_for_offer(event: OfferPublished) -> None:
    """Have the asks searched for that a new offer could meet."""
    tasks.search_for_offer.enqueue(str(event.network), str(event.offer))


@subscribe(MemberCameBack)
def search_for_member(event: MemberCameBack) -> None:
    """The same for all that is offered by somebody whose break is over."""
    for offer in queries.open_offers_of(event.network, event.member):
        tasks.search_for_offer.enqueue(str(event.network), str(offer))
