"""What must be true of channels."""

from collections.abc import Iterator

from commonweal.base.crypto import Unreadable
from commonweal.base.invariants import Finding, invariant
from commonweal.channels.adapters import adapters
from commonweal.channels.models import ChannelSetup


@invariant("channels.lights", "Every channel that is switched on works")
def channels_work() -> Iterator[Finding]:
    """The light of each is not the one for "does not work"."""
    for setup in (
        ChannelSetup.objects.filter(is_on=True).select_related("network").defer("credentials", "token")
    ):
        if setup.light == ChannelSetup.Light.BAD:
            yield Finding(
                what=f"A channel of {setup.network.slug} ({setup.adapter}) failed {setup.failures_in_row} times.",
                do="A steward opens the page of the channels, checks it, and mends it or switches it off.",
                grave=False,
            )


@invariant(
    "channels.known", "The program knows how to use every channel that is set up, and its keys can be read"
)
def channels_are_known() -> Iterator[Finding]:
    """Each has an adapter, carries only what that can, and opens with the keys that are there."""
    for key in ChannelSetup.objects.order_by("id").values_list("pk", flat=True):
        try:
            setup = ChannelSetup.objects.get(pk=key)
        except Unreadable:
            yield Finding(
                what=f"The keys of the channel {key} can't be read.",
                do="Bring the missing key back, or let a steward type the channel's keys in again.",
            )
            continue
        adapter = adapters().get(setup.adapter)
        if adapter is None or not set(setup.carries) <= adapter.kinds:
            yield Finding(
                what=f"The channel {key} is of the kind {setup.adapter}, which this version can't use as it is set up.",
                do="Install the version of the program again that set it up, or let a steward take it away.",
            )
