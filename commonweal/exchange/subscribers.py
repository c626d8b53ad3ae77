"""What the exchange does about news from the rooms below."""

from commonweal.base.bus import subscribe
from commonweal.exchange.actions import let_go, stand_back
from commonweal.members.events import MemberLeft, MemberPaused
from commonweal.members.models import Member


@subscribe(MemberLeft)
def free_what_they_held(news: MemberLeft) -> None:
    """Somebody left: others are found for what they had agreed to."""
    member = Member.objects.filter(network_id=news.network, pk=news.member).first()
    if member is not None:
        let_go(member=member)


@subscribe(MemberPaused)
def ask_others(news: MemberPaused) -> None:
    """Somebody takes a break: what they are being asked is put to others."""
    member = Member.objects.filter(network_id=news.network, pk=news.member).first()
    if member is not None:
        stand_back(member=member)
