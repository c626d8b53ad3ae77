"""What the worker does about messages at the desk: tell who is on shift what is late, and forget what is over."""

import uuid

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from commonweal.base import clock
from commonweal.base.eventlog import By, record
from commonweal.gatherings.queries import shift_now
from commonweal.intake.models import Draft
from commonweal.members.queries import reach_of
from commonweal.messaging.actions import queue_message
from commonweal.messaging.port import Address

BATCH = 200


def tell_of_overdue() -> int:
    """Tell who is on shift of messages that nobody read in the time promised, once for each; returns how many."""
    due = Draft.objects.filter(due_at__lte=clock.now(), alerted_at__isnull=True).order_by("due_at")
    keys = list(due.values_list("network_id", "id")[:BATCH])
    return sum(_tell(network_id, key) for network_id, key in keys)


@transaction.atomic
def _tell(network_id: uuid.UUID, key: uuid.UUID) -> bool:
    rows = Draft.objects.select_related("network").select_for_update(of=("self",))
    draft = rows.filter(
        network_id=network_id, pk=key, due_at__lte=clock.now(), alerted_at__isnull=True
    ).first()
    if draft is None:
        return False
    draft.alerted_at = clock.now()
    draft.save(update_fields=["alerted_at"])
    record(draft, "late", by=By.PROGRAM)
    for shift in shift_now(draft.network, clock.now()):
        point = reach_of(shift.member)
        if point is None:
            continue
        with translation.override(shift.member.language):
            words = {
                "title": _("A message waits to be read"),
                "link": f"{settings.COMMONWEAL_BASE_URL}/desk/messages/",
                "network": draft.network.name,
            }
        queue_message(
            network=draft.network,
            to=Address(kind=point.kind, value=point.value, language=shift.member.language),
            template="desk_alert",
            context=words,
            key=f"draft_alert:{draft.pk}:{shift.member_id}:{draft.alerted_at:%y%m%d%H%M}",
            about=draft,
        )
    return True


def erase_drafts() -> int:
    """Empty what was understood of messages whose time is over, and the notes about them; returns how many."""
    return Draft.objects.filter(erase_at__lte=clock.now()).update(reading={}, note="", erase_at=None)
