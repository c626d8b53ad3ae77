"""What came with a message, looked at or listened to by a person on shift."""

import uuid

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from commonweal.intake import actions, queries
from commonweal.intake.media.cleaning import REFUSED
from commonweal.intake.media.kinds import DRAWN, ENDINGS
from commonweal.web.desk.access import require_desk
from commonweal.web.desk.frame import desk_page
from commonweal.web.desk.requests import DeskRequest
from commonweal.web.media import source_of


@require_safe
@require_desk
def media(request: DeskRequest, pk: uuid.UUID, position: int) -> HttpResponse:
    """The page of a picture or a recording that came with a message; the look is on record.

    What nobody has seen to yet is seen to now: nothing is shown as it came.
    """
    draft = queries.draft_for_desk(request.network, pk)
    kept = queries.attachment_of(draft, position)
    actions.clean(attachment=kept)
    is_shown = kept.kind != REFUSED
    if is_shown:
        actions.record_look(draft=draft, by=request.member, what="media")
    context = {
        "draft": draft,
        "source": source_of(kept) if is_shown else "",
        "is_picture": kept.kind == DRAWN,
        "name": f"message-{position + 1}.{ENDINGS[kept.kind]}" if is_shown else "",
    }
    return desk_page(request, "web/desk/media.html", context)
