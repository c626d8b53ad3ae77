"""Against machines that answer one another, and against floods."""

from datetime import datetime, timedelta
from enum import StrEnum

from commonweal.base import crypto
from commonweal.intake.conversations.meanings import Heard, Meaning, plain
from commonweal.intake.models import Conversation

HOUR = timedelta(hours=1)
# So many replies of ours go to one number in an hour. Nobody who talks with us needs more.
MOST_REPLIES = 20
# The very same text is answered so often in a row; who writes it again is a machine, or has stopped reading.
MOST_SAME = 3
# What is heard however often it comes: the law, and what may be about a life.
HEARD_ALWAYS = (Meaning.STOP, Meaning.START, Meaning.DANGER)


class Held(StrEnum):
    """Why a message gets no answer."""

    LOOP = "loop"
    FLOOD = "flood"


def counted(talk: Conversation, heard: Heard, now: datetime) -> Held | None:
    """Count a message; returns why it is not to be answered, if it isn't."""
    mark = crypto.blind_index(plain(heard.text) or heard.text, "said")
    fresh = now - talk.last_at >= HOUR
    talk.same = talk.same + 1 if talk.last_mark == mark and not fresh else 1
    talk.last_mark = mark
    if now - talk.replies_since >= HOUR:
        talk.replies, talk.replies_since = 0, now
    if heard.meaning in HEARD_ALWAYS:
        return None
    if talk.replies >= MOST_REPLIES:
        return Held.FLOOD
    return Held.LOOP if talk.same > MOST_SAME else None
