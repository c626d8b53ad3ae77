"""Making a network, giving it areas and categories, and changing its policy."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import IntegrityError, transaction

from commonweal.base import bus, clock
from commonweal.networks.errors import NoSuchSetting, SlugTaken
from commonweal.networks.events import PolicyChanged
from commonweal.networks.models import Area, Category, Network, PolicyVersion
from commonweal.networks.policy import is_valid
from commonweal.networks.starting import CATEGORIES


def create_network(*, slug: str, name: str, categories: Sequence[Mapping[str, Any]] = CATEGORIES, **about: Any) -> Network:
    """A new network with the starting categories; raises SlugTaken. ``about`` are further fields of Network."""
    try:
        with transaction.atomic():
            network = Network.objects.create(slug=slug, name=name, **about)
            Category.objects.bulk_create(
                Category(network=network, position=position, **category) for position, category in enumerate(categories)
            )
            PolicyVersion.objects.create(network=network, number=0, reason="The defaults, at the start.")
    except IntegrityError:
        raise SlugTaken from None
    return network


def add_areas(*, network: Network, areas: Sequence[Mapping[str, Any]]) -> list[Area]:
    """Give the network its areas: each a slug, a name, the cell of its middle and, where known, an outline."""
    with transaction.atomic():
        return Area.objects.bulk_create(Area(network=network, **area) for area in areas)


def change_policy(
    *, network: Network, changes: Mapping[str, Any], reason: str, by: uuid.UUID | None = None, decision: uuid.UUID | None = None
) -> PolicyVersion:
    """Put changed settings in force, with the reason; raises NoSuchSetting for an unknown name or a value out of limits."""
    for name, value in changes.items():
        if not is_valid(name, value):
            raise NoSuchSetting
    with transaction.atomic():
        locked = Network.objects.select_for_update().get(pk=network.pk)
        locked.policy_number += 1
        locked.policy_values = {**locked.policy_values, **changes}
        locked.save(update_fields=["policy_number", "policy_values"])
        version = PolicyVersion.objects.create(
            network=locked, number=locked.policy_number, values=locked.policy_values, reason=reason,
            made_by=by, decision=decision, at=clock.now(),
        )
        bus.publish(PolicyChanged(network=network.pk, number=version.number))
    network.policy_number, network.policy_values = locked.policy_number, locked.policy_values
    return version
