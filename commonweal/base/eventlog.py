"""Writing to the event log and reading a thing's story from it."""

import uuid
from typing import Any

from django.db.models import QuerySet

from commonweal.base import clock
from commonweal.base.models import Event
from commonweal.base.tenancy import TenantModel

By = Event.By


def record(
    thing: TenantModel, verb: str, *, by: Event.By, actor: uuid.UUID | None = None, **data: Any
) -> Event:
    """Append one event about ``thing`` in the present transaction. ``data`` must hold no personal content."""
    return Event.objects.create(
        network_id=thing.network_id,
        thing=thing._meta.model_name or "",
        thing_id=thing.pk,
        verb=verb,
        by=by,
        actor=actor,
        at=clock.now(),
        data=data,
    )


def story_of(thing: TenantModel) -> QuerySet[Event]:
    """Everything that happened to ``thing``, oldest first."""
    return Event.objects.filter(
        network_id=thing.network_id, thing=thing._meta.model_name or "", thing_id=thing.pk
    ).order_by("at", "id")
