"""What was decided, and what was done with power: for every member to read."""

import uuid

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from commonweal.assembly import access
from commonweal.assembly.queries import decisions_of
from commonweal.assembly.record import RecordForm, recorded
from commonweal.base.paging import Cursor
from commonweal.members.access import require_member
from commonweal.members.requests import MemberRequest


@require_safe
@require_member
def decisions(request: MemberRequest) -> HttpResponse:
    """Every decision, newest first."""
    page = decisions_of(request.network, Cursor.decode(request.GET.get("page")))
    return render(request, "assembly/decisions.html", {"page": page})


@require_safe
@require_member
def decision(request: MemberRequest, decision: uuid.UUID) -> HttpResponse:
    """One decision: what, why, by whom, when, and what it did."""
    found = access.decision_of(request.network, decision)
    return render(request, "assembly/decision.html", {"decision": found})


@require_safe
@require_member
def record(request: MemberRequest) -> HttpResponse:
    """What was done with power here: by kind, by time, newest first."""
    form = RecordForm(request.GET or None)
    page = recorded(request.network, form, Cursor.decode(request.GET.get("page")))
    return render(request, "assembly/record.html", {"form": form, "page": page})
