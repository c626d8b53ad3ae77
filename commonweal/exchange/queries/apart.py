"""Who must not come to an ask: blocks, of its asker and of those whose asks go on in it, whichever side wanted them;
and whom care keeps from helping at homes, where it happens at one.
"""

import uuid

from django.db.models import Q

from commonweal.base import clock
from commonweal.exchange.homes import AT_HOME
from commonweal.exchange.models import Ask
from commonweal.members.apart import ids_apart
from commonweal.members.models import ContactPoint


def apart_from(ask: Ask) -> set[uuid.UUID]:
    """The members who must not come to this ask. The asker themselves may be among them, who can't come anyway.

    One query: whoever is reached by the contact on an ask counts as its asker, as everywhere.
    """
    asks = Ask.objects.filter(Q(pk=ask.pk) | Q(merged_into=ask), network_id=ask.network_id)
    indexes = asks.exclude(contact_index="").values("contact_index")
    owners = ContactPoint.objects.filter(network_id=ask.network_id, value_index__in=indexes)
    return ids_apart(
        ask.network_id,
        members=[asks.filter(by__isnull=False).values("by"), owners.values("member")],
        contacts=[indexes],
        from_homes=clock.now() if ask.nature in AT_HOME else None,
    )
