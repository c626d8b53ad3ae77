"""Looking at what came with messages, once: what is kept from then on is safe to be shown."""

import base64

from django.db.models import QuerySet

from commonweal.intake.media.cleaning import cleaned
from commonweal.intake.models import Attachment

AT_ONCE = 20


def attachments_wait() -> bool:
    """Whether anything came that nobody has looked at."""
    return _raw().exists()


def clean_due() -> int:
    """See to what has come, the oldest first; returns how many were seen to."""
    return sum(clean(attachment=attachment) for attachment in _raw().order_by("id")[:AT_ONCE])


def clean(*, attachment: Attachment) -> bool:
    """Keep what is safe of one thing that came, in the place of what came; False where it was seen to already.

    No transaction is open while a picture is drawn. Two who see to the same at once do it twice, and one of them keeps.
    """
    if attachment.kind:
        return False
    result = cleaned(base64.b64decode(attachment.content))
    attachment.kind, attachment.content = result.kind, base64.b64encode(result.content).decode()
    mine = Attachment.objects.filter(network_id=attachment.network_id, pk=attachment.pk, kind="")
    return bool(mine.update(kind=attachment.kind, content=attachment.content))


def _raw() -> QuerySet[Attachment]:
    return Attachment.objects.filter(kind="")
