"""Who holds which role."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from commonweal.assembly.queries import mandates_in_force
from commonweal.members.access import require_member
from commonweal.members.requests import MemberRequest


@require_safe
@require_member
def mandates(request: MemberRequest) -> HttpResponse:
    """Who holds which role until when, and why; for members, since it names people."""
    held = mandates_in_force(request.network)
    return render(request, "assembly/mandates.html", {"mandates": held})
