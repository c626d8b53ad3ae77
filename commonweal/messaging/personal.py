"""What messaging keeps about people."""

from django.utils.translation import gettext_lazy as _

from commonweal.base.personal import End, Personal, Reader, declare, of_their
from commonweal.members.models import ContactPoint, Member
from commonweal.messaging.models import Broadcast, Message, Stop


def _contacts(member: Member) -> list[str]:
    points = ContactPoint.objects.filter(
        network_id=member.network_id, member=member, confirmed_at__isnull=False
    )
    return list(points.values_list("value_index", flat=True))


declare(
    Message,
    Personal(
        # A phone may be shared: what was written to it is on it, and is not shown again to whoever holds it today.
        fields=(
            "to",
            "to_index",
            "others",
            "context",
            "language",
            "key",
            "receipt",
            "about_id",
            "last_detail",
        ),
        what=_("Messages we wrote to you"),
        why=_("To send them, and to try again when one does not arrive."),
        readers=(Reader.NOBODY,),
        end=End.SENT,
    ),
    of_member=lambda member: Message.objects.filter(
        network_id=member.network_id, to_index__in=_contacts(member)
    ),
    of_ask=lambda ask: (
        Message.objects.filter(network_id=ask.network_id, about="ask", about_id=ask.pk)
        .exclude(to_index="")
        .filter(to_index=ask.contact_index)
    ),
)
declare(
    Stop,
    Personal(
        fields=("contact", "contact_index"),
        what=_("That you want no messages at a number or address"),
        why=_("For nothing but to leave you in peace."),
        readers=(Reader.NOBODY,),
        end=End.WANTED,
        shown=("contact",),
    ),
    Personal(
        fields=("words",),
        what=_("The words by which you said so"),
        why=_("So that a mistake can be put right."),
        readers=(Reader.NOBODY,),
        end=End.CAME,
        shown=("words",),
    ),
    of_member=lambda member: Stop.objects.filter(
        network_id=member.network_id, contact_index__in=_contacts(member)
    ),
    of_ask=lambda ask: Stop.objects.filter(
        network_id=ask.network_id, contact_index=ask.contact_index
    ).exclude(contact_index=""),
)
declare(
    Broadcast,
    Personal(
        fields=("words", "by", "key", "filled_to"),
        what=_("News to many members, and who wrote it"),
        why=_("To send it."),
        readers=(Reader.MEMBERS,),
        end=End.SENT,
        shown=("words",),
    ),
    of_member=of_their(Broadcast, "by"),
)
