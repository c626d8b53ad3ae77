"""Letters and texts that could not be delivered."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from commonweal.base.errors import NotFound
from commonweal.messaging.actions import drop_message, retry_message
from commonweal.messaging.models import Message
from commonweal.messaging.queries import dead_letters
from commonweal.web.desk.access import DeskRequest, require_desk
from commonweal.web.desk.frame import desk_page

MOST = 100


@require_safe
@require_desk
def dead(request: DeskRequest) -> HttpResponse:
    """What could not be delivered, the oldest first. Addresses stay closed."""
    return desk_page(request, "web/desk/letters.html", {"letters": dead_letters(request.network)[:MOST]})


@require_POST
@require_desk
def again(request: DeskRequest, pk: uuid.UUID) -> HttpResponse:
    """Try a letter again from the start."""
    retry_message(message=_letter(request, pk), by=request.member.pk)
    messages.success(request, _("It is on its way again."))
    return redirect("desk:letters")


@require_POST
@require_desk
def drop(request: DeskRequest, pk: uuid.UUID) -> HttpResponse:
    """Take a letter off the list: the person was reached another way."""
    drop_message(message=_letter(request, pk), by=request.member.pk, why="reached otherwise")
    messages.success(request, _("Taken off the list."))
    return redirect("desk:letters")


def _letter(request: DeskRequest, pk: uuid.UUID) -> Message:
    letter = dead_letters(request.network).filter(pk=pk).first()
    if letter is None:
        raise NotFound
    return letter
