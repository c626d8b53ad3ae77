"""Notices on devices, for stewards. They work without: this is their light, their test, their switch."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from commonweal.base.crypto import Unreadable
from commonweal.channels.adapters import Adapter, Checked
from commonweal.channels.forms import SettingUp
from commonweal.channels.models import ChannelSetup
from commonweal.channels.push import vapid
from commonweal.channels.push.channel import Channel
from commonweal.members.contacts import PUSH
from commonweal.members.models import PushDevice


def check(setup: ChannelSetup) -> Checked:
    """Whether our key is there, and for how many devices: a push service says nothing to who sends nothing."""
    try:
        vapid.own_key()
    except Unreadable:
        return Checked(is_well=False, words=_("The key by which push services know us can't be read."))
    count = PushDevice.objects.filter(network_id=setup.network_id).count()
    words = ngettext(
        "It is ready, and %(count)s device is switched on. Only a test message shows whether its service takes it.",
        "It is ready, and %(count)s devices are switched on. Only a test message shows whether their services take it.",
        count,
    )
    return Checked(is_well=True, words=words % {"count": count})


def channel_of(_setup: ChannelSetup) -> Channel:
    """The same for every network: it has no settings."""
    return Channel()


ADAPTER = Adapter(
    key="push",
    name=gettext_lazy("Notices on members' own devices"),
    lead=gettext_lazy(
        "The last way, and nothing to set up for it. Add it here to see how it is, to try it, or to do without."
    ),
    kinds=frozenset({PUSH}),
    form=SettingUp,
    check=check,
    channel=channel_of,
    guide="how-to/be-told-on-a-device.md",
    icon="bell",
)
