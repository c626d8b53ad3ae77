"""Storing what came with a message and was fetched later."""

import base64

from commonweal.intake.models import Attachment, Inbound


def attach(*, inbound: Inbound, position: int, content: bytes) -> bool:
    """Keep the content of one thing that came with a message; False, unchanged, where it is here already."""
    _kept, is_new = Attachment.objects.get_or_create(
        network_id=inbound.network_id,
        inbound=inbound,
        position=position,
        defaults={"content": base64.b64encode(content).decode()},
    )
    return is_new
