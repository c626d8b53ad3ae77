"""Twilio, and what is compatible with it: text messages and calls."""

import re
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commonweal.base.forms import LineField
from commonweal.channels.adapters import Adapter, Checked, Hook
from commonweal.channels.forms import AddressField, SecretField, SettingUp
from commonweal.channels.models import ChannelSetup
from commonweal.channels.sms_twilio.account import Account
from commonweal.channels.sms_twilio.channel import Channel
from commonweal.channels.sms_twilio.door import KEY, door
from commonweal.messaging.errors import ChannelDown

ACCOUNT = re.compile(r"[A-Za-z0-9_-]{2,64}\Z")
NUMBER = re.compile(r"(\+[1-9][0-9]{4,14}|[0-9]{3,8}|MG[0-9a-fA-F]{32})\Z")
LTR = {"dir": "ltr", "autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"}


class Form(SettingUp):
    """Where the account is, and how it is opened."""

    base = AddressField(label=gettext_lazy("Address of the provider"), initial="https://api.twilio.com")
    account = LineField(
        label=gettext_lazy("Account SID"),
        help_text=gettext_lazy("It begins with AC and stands on the first page of the account."),
        validators=[RegexValidator(ACCOUNT)],
        widget=forms.TextInput(attrs=LTR),
    )
    auth_token = SecretField(label=gettext_lazy("Auth token"))
    number = LineField(
        label=gettext_lazy("Our number there"),
        help_text=gettext_lazy(
            "With + and the country, or the id of a messaging service, which begins with MG."
        ),
        validators=[RegexValidator(NUMBER)],
        widget=forms.TextInput(attrs=LTR),
    )


def check(setup: ChannelSetup) -> Checked:
    """Look at the account, which costs nothing and writes to nobody."""
    try:
        answer = Account.of(setup).call("GET", ".json")
    except ChannelDown as failure:
        return Checked(
            is_well=False, words=_("The provider can't be reached (%(what)s).") % {"what": failure}
        )
    if answer.status in (401, 403, 404):
        return Checked(is_well=False, words=_("The provider does not accept the account or the auth token."))
    status: Any = answer.json().get("status")
    if answer.status != 200 or status not in ("active", None):
        what = status if isinstance(status, str) else f"HTTP {answer.status}"
        return Checked(is_well=False, words=_("The account does not work: %(what)s.") % {"what": what[:40]})
    return Checked(is_well=True, words=_("The provider knows the account, and it is open."))


ADAPTER = Adapter(
    key=KEY,
    name=gettext_lazy("Text messages and calls by Twilio, or a compatible provider"),
    lead=gettext_lazy(
        "A company carries the texts. It costs money for each, and works without a phone of yours."
    ),
    kinds=frozenset({"phone"}),
    form=Form,
    check=check,
    channel=Channel,
    door=door,
    hooks=(
        Hook(label=gettext_lazy("When a text message comes in"), rest="sms"),
        Hook(label=gettext_lazy("When a call comes in"), rest="voice"),
        Hook(label=gettext_lazy("When a call changes or ends"), rest="voice/ended"),
    ),
    guide="how-to/connect-twilio.md",
)
