"""What intake keeps about people."""

from django.utils.translation import gettext_lazy as _

from commonweal.base.personal import End, Personal, Reader, declare
from commonweal.intake.models import Attachment, Conversation, Correction, Draft, Inbound, OwnTriage
from commonweal.members.models import ContactPoint, Member


def _contacts(member: Member) -> list[str]:
    points = ContactPoint.objects.filter(
        network_id=member.network_id, member=member, confirmed_at__isnull=False
    )
    return list(points.values_list("value_index", flat=True))


declare(
    Inbound,
    Personal(
        # A phone may be shared: that something came from it is told, what it said is not shown to its holder of today.
        fields=("sender", "sender_index", "ours", "subject", "text", "media", "language", "provider_id"),
        what=_("Messages you wrote to us"),
        why=_("To understand what you need, and to answer."),
        readers=(Reader.DESK,),
        end=End.CAME,
    ),
    of_member=lambda member: Inbound.objects.filter(
        network_id=member.network_id, sender_index__in=_contacts(member)
    ),
    of_ask=lambda ask: Inbound.objects.filter(network_id=ask.network_id, ask=ask),
)
declare(
    Attachment,
    Personal(
        fields=("content",),
        what=_("Pictures, files and voice messages that came with them"),
        why=_("Some things are easier shown or said than written."),
        readers=(Reader.DESK,),
        end=End.CAME,
    ),
    of_member=lambda member: Attachment.objects.filter(
        network_id=member.network_id, inbound__sender_index__in=_contacts(member)
    ),
    of_ask=lambda ask: Attachment.objects.filter(network_id=ask.network_id, inbound__ask=ask),
)
declare(
    Conversation,
    Personal(
        fields=("contact", "contact_index", "held", "language", "last_mark"),
        what=_("How far a conversation by message has come"),
        why=_("So that you don’t have to say everything again."),
        readers=(Reader.NOBODY,),
        end=End.CAME,
    ),
    of_member=lambda member: Conversation.objects.filter(
        network_id=member.network_id, contact_index__in=_contacts(member)
    ),
)
declare(
    Draft,
    Personal(
        fields=("reading", "note", "held_by", "closed_by"),
        what=_("What a person on shift was given to read of your message, and their notes"),
        why=_("Because a program does not decide alone."),
        readers=(Reader.DESK,),
        end=End.SETTLED,
    ),
    of_member=lambda member: Draft.objects.filter(
        network_id=member.network_id, inbound__sender_index__in=_contacts(member)
    ),
    of_ask=lambda ask: Draft.objects.filter(network_id=ask.network_id, ask=ask),
)
declare(
    Correction,
    Personal(
        fields=("text",),
        what=_("A message whose kind a person on shift put right; nothing says whose it was"),
        why=_("The program learns from it at night."),
        readers=(Reader.NOBODY,),
        end=End.SETTLED,
    ),
)
declare(
    OwnTriage,
    Personal(
        fields=("weights",),
        what=_("What was learnt from such messages, as numbers without words"),
        why=_("To understand the next message better."),
        readers=(Reader.NOBODY,),
        end=End.REPLACED,
    ),
)
