"""Setting channels up, changing and ordering them, switching them off, and trying them out."""

from collections.abc import Mapping, Sequence
from typing import Any, TypedDict, Unpack

from django.db import transaction
from django.db.models import Max

from commonweal.base import bus, clock
from commonweal.base.eventlog import By, record
from commonweal.base.ids import new_token
from commonweal.channels.access import adapter_called
from commonweal.channels.events import ChannelTried
from commonweal.channels.models import ChannelSetup
from commonweal.channels.queries import test_contact
from commonweal.members.models import Member
from commonweal.networks.models import Network


class About(TypedDict):
    """What is said about a channel: its name, what it carries out, its settings, and of its secrets what is new."""

    name: str
    carries: Sequence[str]
    options: Mapping[str, Any]
    credentials: Mapping[str, str]


def add_setup(*, network: Network, by: Member, adapter: str, **about: Unpack[About]) -> ChannelSetup:
    """Set a channel up, after the others, switched on. Raises NoSuchAdapter."""
    kinds = adapter_called(adapter).kinds
    with transaction.atomic():
        _lock(network)
        last = ChannelSetup.objects.filter(network=network).aggregate(last=Max("position"))["last"]
        setup = ChannelSetup.objects.create(
            network=network,
            adapter=adapter,
            name=about["name"],
            carries=sorted(kinds & set(about["carries"])),
            options=dict(about["options"]),
            credentials=dict(about["credentials"]),
            token=new_token(),
            position=0 if last is None else last + 1,
        )
        record(setup, "channel_added", by=By.STEWARD, actor=by.pk, adapter=adapter)
    return setup


def change_setup(*, setup: ChannelSetup, by: Member, **about: Unpack[About]) -> ChannelSetup:
    """Change what is said about a channel; a secret that is not typed anew stays as it is."""
    with transaction.atomic():
        locked = _locked(setup)
        locked.name = about["name"]
        locked.carries = sorted(adapter_called(locked.adapter).kinds & set(about["carries"]))
        locked.options = dict(about["options"])
        locked.credentials = {**(locked.credentials or {}), **about["credentials"]}
        locked.save(update_fields=["name", "carries", "options", "credentials"])
        record(locked, "channel_changed", by=By.STEWARD, actor=by.pk, anew=sorted(about["credentials"]))
    return locked


def switch_setup(*, setup: ChannelSetup, by: Member, on: bool) -> ChannelSetup:
    """Switch a channel on or off: nothing goes out or comes in through one that is off."""
    with transaction.atomic():
        locked = _locked(setup)
        if locked.is_on != on:
            locked.is_on, locked.light_since = on, clock.now()
            # What it failed at before it was mended says nothing about it now.
            locked.failures_in_row, locked.last_error = 0, ""
            locked.save(update_fields=["is_on", "light_since", "failures_in_row", "last_error"])
            record(locked, "channel_on" if on else "channel_off", by=By.STEWARD, actor=by.pk)
    return locked


def move_up(*, setup: ChannelSetup, by: Member) -> None:
    """Let a channel come before the one that stands before it; the first one stays where it is."""
    with transaction.atomic():
        _lock(setup.network)
        order = list(ChannelSetup.objects.select_for_update().filter(network=setup.network))
        place = next(place for place, other in enumerate(order) if other.pk == setup.pk)
        if place == 0:
            return
        order[place - 1], order[place] = order[place], order[place - 1]
        for position, other in enumerate(order):
            if other.position != position:
                other.position = position
                other.save(update_fields=["position"])
        record(setup, "channel_moved", by=By.STEWARD, actor=by.pk, place=place - 1)


def remove_setup(*, setup: ChannelSetup, by: Member) -> None:
    """Take a channel away with its secrets; what waits goes by the next one."""
    with transaction.atomic():
        locked = _locked(setup)
        record(locked, "channel_removed", by=By.STEWARD, actor=by.pk, adapter=locked.adapter)
        locked.delete()


def try_out(*, setup: ChannelSetup, by: Member, language: str, send: bool) -> None:
    """Find out in the background whether a channel works; with ``send`` by a message to the steward.

    Raises NothingToTestWith where they can't be reached by it.
    """
    if send:
        test_contact(setup, by)
    with transaction.atomic():
        locked = _locked(setup)
        locked.trial = {"state": "waiting", "words": "", "at": clock.now().isoformat()}
        locked.save(update_fields=["trial"])
        bus.publish(
            ChannelTried(network=setup.network_id, setup=setup.pk, member=by.pk, send=send, language=language)
        )


def _lock(network: Network) -> None:
    Network.objects.select_for_update().get(pk=network.pk)


def _locked(setup: ChannelSetup) -> ChannelSetup:
    rows = ChannelSetup.objects.select_for_update(of=("self",)).select_related("network")
    return rows.get(network_id=setup.network_id, pk=setup.pk)
