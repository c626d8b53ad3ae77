"""What the exchange does about news from the rooms below."""

from commonweal.base.bus import subscribe
from commonweal.exchange.actions import let_go
from commonweal.members.events import MemberLeft
from commonweal.members.models import Member


@subscribe(MemberLeft)
def free_what_they_held(news: MemberLeft) -> None:
    """Somebody left: others are found for what they had agreed to."""
    member = Member.objects.filter(network_id=news.network, pk=news.member).first()
    if member is not None:
        let_go(member=member)
