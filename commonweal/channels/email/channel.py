"""Messages as plain e-mail, through the SMTP server named in the settings."""

import contextlib
import smtplib
from email.headerregistry import Address as MailAddress
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend

from commonweal.channels.models import ChannelSetup
from commonweal.messaging.errors import ChannelDown, PermanentFailure, RetryableFailure
from commonweal.messaging.port import OutgoingMessage

PERMANENT = range(500, 600)
# The adapters by which e-mail comes in.
READ_BY = ("email", "imap")


class Channel:
    """One connection serves all the messages of a round; it is opened at the first and closed at the end."""

    kinds = frozenset({"email"})

    def __init__(self) -> None:
        self._connection: BaseEmailBackend | None = None

    def send(self, message: OutgoingMessage) -> str:
        """Hand the message to the server; the receipt is its Message-ID, the same over all tries."""
        mail = as_mail(message)
        self._connect()
        mail.connection = self._connection
        try:
            mail.send()
        except smtplib.SMTPRecipientsRefused as error:
            raise _failure(_recipient_code(error)) from None
        except smtplib.SMTPDataError as error:
            raise _failure(error.smtp_code) from None
        except (smtplib.SMTPException, OSError) as error:
            # The sender's address, the sign-in or the connection: the same for every message, and for us to mend.
            self.close()
            raise ChannelDown(_short(error)) from None
        return str(mail.extra_headers["Message-ID"])

    def close(self) -> None:
        """Hang up."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with contextlib.suppress(OSError, smtplib.SMTPException):
                connection.close()

    def _connect(self) -> None:
        if self._connection is None:
            self._connection = get_connection()
            try:
                self._connection.open()
            except (smtplib.SMTPException, OSError) as error:
                self.close()
                raise ChannelDown(_short(error)) from None


def as_mail(message: OutgoingMessage) -> EmailMessage:
    """The message as Django sends it: plain text, marked as written by a program, with an id that never changes."""
    address = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    user, _, domain = address.rpartition("@")
    headers = {
        "Message-ID": f"<{message.id}@{domain}>",
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
        "Content-Language": message.to.language,
    }
    if message.stop_link:
        headers["List-Unsubscribe"] = f"<{message.stop_link}>"
    return EmailMessage(
        subject=_one_line(message.written.subject),
        body=message.written.body,
        from_email=str(MailAddress(_one_line(message.network_name), user, domain)),
        to=[message.to.value],
        reply_to=_answers_go_to(message),
        headers=headers,
    )


def _one_line(words: str) -> str:
    """Words for a header: whatever could end it there and begin another is a blank."""
    return " ".join(words.replace("\x00", " ").split())


def _answers_go_to(message: OutgoingMessage) -> list[str]:
    """The address at which the network reads e-mail, where it has one."""
    if message.network is None:
        return []
    setups = ChannelSetup.objects.filter(network=message.network, adapter__in=READ_BY, is_on=True)
    named = (setup.options.get("address", "") for setup in setups.only("options"))
    return [address for address in named if address][:1]


def _recipient_code(error: smtplib.SMTPRecipientsRefused) -> int:
    return next(iter(error.recipients.values()))[0]


def _failure(code: int) -> PermanentFailure | RetryableFailure:
    words = f"SMTP {code}"
    return PermanentFailure(words) if code in PERMANENT else RetryableFailure(words)


def _short(error: Exception) -> str:
    """What happened without the server's words, which may repeat an address."""
    code = getattr(error, "smtp_code", None)
    return f"SMTP {code}" if code else type(error).__name__
