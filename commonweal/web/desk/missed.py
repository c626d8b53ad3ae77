"""A helper who isn't back: a person on shift has heard from them."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from commonweal.exchange import actions
from commonweal.exchange.access import check_in_for_desk
from commonweal.web.desk.access import require_desk
from commonweal.web.desk.requests import DeskRequest


@require_POST
@require_desk
def safe(request: DeskRequest, check_in: uuid.UUID) -> HttpResponse:
    """They are safe: the alarm goes, and it is on record who said so."""
    found = check_in_for_desk(request.network, check_in)
    actions.settle_alarm(check_in=found, by=request.member)
    messages.success(request, _("Noted that they are safe."))
    return redirect("desk:now")
