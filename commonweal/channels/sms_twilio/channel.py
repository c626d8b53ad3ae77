"""Text messages out, by the Messages API."""

from datetime import timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from commonweal.channels.addresses import door_address
from commonweal.channels.calling import Answer, Line, refuse
from commonweal.channels.models import ChannelSetup
from commonweal.channels.sms_twilio.account import Account
from commonweal.messaging.errors import ChannelDown, OptedOut, RetryableFailure
from commonweal.messaging.port import OutgoingMessage

# What the other side's own numbers for failures mean (its error dictionary).
OPTED_OUT = {21610}
TOO_FAST = {20429, 14107, 21611, 63038}
OURS_TO_MEND = {20003, 20008, 20403, 21212, 21603, 21606, 21659, 21660, 21661}
# Its clock and ours need not agree to the minute.
SKEW = timedelta(minutes=2)
PATH = "/Messages.json"


class Channel:
    """One account. It knows no ids of ours; so after an answer that never came it is asked what it has sent."""

    kinds = frozenset({"phone"})

    def __init__(self, setup: ChannelSetup) -> None:
        self._account = Account.of(setup)
        self._setup = setup
        self._line = Line()

    def send(self, message: OutgoingMessage) -> str:
        """Hand the text over; the receipt is the other side's id for it."""
        if message.unsure and (known := self._sent_before(message)):
            return known
        form = {
            "To": message.to.value,
            "Body": message.written.text,
            "StatusCallback": door_address(self._setup, f"status/{message.id}"),
        }
        sender = "MessagingServiceSid" if self._account.number.startswith("MG") else "From"
        answer = self._account.call("POST", PATH, {**form, sender: self._account.number}, line=self._line)
        if answer.status not in (200, 201, 202):
            fail(answer)
        return str(answer.json().get("sid") or "")

    def close(self) -> None:
        """Hang up."""
        self._line.close()

    def _sent_before(self, message: OutgoingMessage) -> str:
        """The id of this very text to this very number, if the account has it; "" where it has not or cannot tell."""
        answer = self._account.call(
            "GET", PATH, query={"To": message.to.value, "PageSize": "20"}, line=self._line
        )
        if answer.status in (404, 405, 501):
            return ""
        if answer.status != 200:
            raise ChannelDown(f"HTTP {answer.status}", retry_after=answer.retry_after)
        listed = answer.json().get("messages")
        for entry in listed if isinstance(listed, list) else []:
            if isinstance(entry, dict) and _is_it(entry, message):
                return str(entry.get("sid") or "")
        return ""


def fail(answer: Answer) -> None:
    """Raise the failure that this answer means."""
    code = answer.json().get("code")
    number = code if isinstance(code, int) else 0
    words = f"HTTP {answer.status} code {number}"
    if number in OPTED_OUT:
        raise OptedOut(words)
    if number in TOO_FAST:
        raise RetryableFailure(words, retry_after=answer.retry_after)
    if number in OURS_TO_MEND:
        raise ChannelDown(words)
    refuse(answer, str(number) if number else "")


def _is_it(entry: dict[str, Any], message: OutgoingMessage) -> bool:
    if entry.get("to") != message.to.value or entry.get("body") != message.written.text:
        return False
    if entry.get("status") in ("failed", "undelivered", "canceled"):
        return False
    try:
        made = parsedate_to_datetime(str(entry.get("date_created")))
    except ValueError:
        return False
    return message.queued_at is None or made >= message.queued_at - SKEW
