"""Any other program, by signed JSON."""

from urllib.parse import urlsplit

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commonweal.channels.adapters import Adapter, Checked, Hook
from commonweal.channels.calling import call
from commonweal.channels.forms import AddressField, SecretField, SettingUp
from commonweal.channels.models import ChannelSetup
from commonweal.channels.webhook.channel import Channel
from commonweal.channels.webhook.door import KEY, door
from commonweal.messaging.errors import ChannelDown

KINDS = [("phone", gettext_lazy("Text messages")), ("email", gettext_lazy("E-mail"))]


class Form(SettingUp):
    """Where the program takes messages, what it carries, and the key that both sides have."""

    base = AddressField(
        label=gettext_lazy("Address of the program"),
        help_text=gettext_lazy("Where we post what goes out."),
    )
    carries = forms.MultipleChoiceField(
        label=gettext_lazy("What it carries"), choices=KINDS, widget=forms.CheckboxSelectMultiple
    )
    secret = SecretField(
        label=gettext_lazy("Shared key"),
        help_text=gettext_lazy(
            "At least 24 letters, the same on both sides. It signs what each tells the other."
        ),
        min_length=24,
    )


def check(setup: ChannelSetup) -> Checked:
    """Look whether anything answers there at all. Only a test message shows whether it takes messages."""
    host = urlsplit(setup.options.get("base", "")).hostname or ""
    try:
        answer = call("GET", setup.options.get("base", ""), headers={"Accept": "application/json"})
    except ChannelDown as failure:
        return Checked(
            is_well=False, words=_("%(host)s can't be reached (%(what)s).") % {"host": host, "what": failure}
        )
    if answer.status >= 500:
        return Checked(is_well=False, words=_("%(host)s answers with a fault of its own.") % {"host": host})
    return Checked(
        is_well=True,
        words=_("%(host)s answers. A test message shows whether it takes messages.") % {"host": host},
    )


ADAPTER = Adapter(
    key=KEY,
    name=gettext_lazy("Another program, by signed JSON"),
    lead=gettext_lazy(
        "For whoever writes programs: anything that can post JSON can carry messages out and bring them in."
    ),
    kinds=frozenset({"phone", "email"}),
    form=Form,
    check=check,
    channel=Channel,
    door=door,
    hooks=(
        Hook(label=gettext_lazy("For messages that come in"), rest="message"),
        Hook(label=gettext_lazy("For what became of ours"), rest="status"),
    ),
    guide="reference/webhook.md",
    icon="wrench",
)
