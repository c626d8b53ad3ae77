"""E-mail in, as a steward sets it up: posted to us, or fetched from a mailbox."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commonweal.base.forms import LineField
from commonweal.channels.adapters import Adapter, Checked, Hook
from commonweal.channels.calling import check_address
from commonweal.channels.email_in import mailbox, taking
from commonweal.channels.email_in.door import door
from commonweal.channels.forms import SecretField, SettingUp
from commonweal.channels.models import ChannelSetup
from commonweal.messaging.errors import ChannelDown

LTR = {"dir": "ltr", "autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"}


class VouchedFor(SettingUp):
    """Who vouches for senders."""

    vouching_server = LineField(
        label=gettext_lazy("Who checks senders"),
        help_text=gettext_lazy(
            "The name that your mail server puts first in Authentication-Results, such as mx.example.org, if it does."
        ),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs=LTR),
    )


class PostedForm(VouchedFor):
    """The address people write to, and the key that signs what is posted."""

    address = forms.EmailField(
        label=gettext_lazy("The address people write to"),
        help_text=gettext_lazy("Answers to our e-mail go there."),
        widget=forms.EmailInput(attrs=LTR),
    )
    secret = SecretField(
        label=gettext_lazy("Signing key"),
        help_text=gettext_lazy(
            "At least 24 letters: the mail provider's webhook signing key, or one of your own."
        ),
        min_length=24,
    )


class MailboxForm(VouchedFor):
    """Where the mailbox is, and how to sign in to it."""

    address = forms.EmailField(
        label=gettext_lazy("The address people write to"),
        help_text=gettext_lazy("Answers to our e-mail go there."),
        widget=forms.EmailInput(attrs=LTR),
    )
    host = LineField(
        label=gettext_lazy("Mail server (IMAP)"), max_length=200, widget=forms.TextInput(attrs=LTR)
    )
    port = forms.IntegerField(label=gettext_lazy("Port"), min_value=1, max_value=65535, initial=993)
    login = LineField(
        label=gettext_lazy("Name to sign in with"), max_length=254, widget=forms.TextInput(attrs=LTR)
    )
    password = SecretField(label=gettext_lazy("Password"))
    folder = LineField(label=gettext_lazy("Folder"), max_length=100, initial="INBOX")

    def clean_host(self) -> str:
        """The name of the server; raises AddressRefused for one that is not for others to call."""
        host: str = self.cleaned_data["host"]
        check_address(f"https://{host}")
        return host


def check_posted(setup: ChannelSetup) -> Checked:
    """Whether anything was ever posted: nobody can be asked."""
    if setup.heard_at:
        return Checked(is_well=True, words=_("E-mail has come in here."))
    return Checked(
        is_well=True, words=_("Nothing has come in yet. Write an e-mail to the address to try it.")
    )


def check_mailbox(setup: ChannelSetup) -> Checked:
    """Sign in to the mailbox and look, without touching anything."""
    try:
        with mailbox.opened(setup):
            return Checked(is_well=True, words=_("The mailbox opens."))
    except ChannelDown as failure:
        return Checked(is_well=False, words=_("The mailbox does not open (%(what)s).") % {"what": failure})


POSTED = Adapter(
    key=taking.KEY,
    name=gettext_lazy("E-mail in, posted by a mail provider"),
    lead=gettext_lazy("A mail provider or server hands over each letter at once, signed."),
    kinds=frozenset(),
    form=PostedForm,
    check=check_posted,
    door=door,
    hooks=(
        Hook(label=gettext_lazy("For the form that mail providers post"), rest="form"),
        Hook(label=gettext_lazy("For whole letters, signed"), rest="raw"),
    ),
    guide="how-to/receive-e-mail.md",
    icon="mail",
)
MAILBOX = Adapter(
    key=mailbox.KEY,
    name=gettext_lazy("E-mail in, from a mailbox"),
    lead=gettext_lazy("Any mailbox by IMAP. It is looked into every minute."),
    kinds=frozenset(),
    form=MailboxForm,
    check=check_mailbox,
    guide="how-to/receive-e-mail.md",
    icon="mail",
)
