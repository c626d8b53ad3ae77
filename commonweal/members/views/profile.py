"""What a member says about themselves, breaks, and leaving."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from commonweal.base import clock
from commonweal.members import actions, queries, sessions
from commonweal.members.access import require_fresh, require_member, signed_in
from commonweal.members.forms import PauseForm, ProfileForm, status_of
from commonweal.members.requests import MemberRequest
from commonweal.members.views.signing import sign_out
from commonweal.members.vouched import contact_blocks_of
from commonweal.members.words import about, kept_about, told_of


@require_safe
@require_member
def profile(request: MemberRequest) -> HttpResponse:
    """All that the network keeps about the member who looks, and where to change it."""
    member = signed_in(request)
    points = queries.contact_points(member)
    context = {
        "member": member,
        "is_paused": member.state == member.State.PAUSED,
        "answers": about(member, points),
        "kept": kept_about(),
        "sign_ins": queries.sign_ins_of(member),
        "place": sessions.place_of(request),
        "blocks": queries.blocks_of(member),
        "contact_blocks": contact_blocks_of(member),
        "story": told_of(queries.story_of_member(member)),
    }
    return render(request, "members/profile.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@require_member
def change(request: MemberRequest) -> HttpResponse:
    """Change what the member says about themselves."""
    member = signed_in(request)
    form = ProfileForm(request.POST or None, member=member, network=request.network)
    if request.method == "POST" and form.is_valid():
        actions.change_profile(member=member, profile=form.profile())
        return back(request, _("Your profile is changed."))
    return render(request, "members/change.html", {"form": form}, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
@require_member
def pause(request: MemberRequest) -> HttpResponse:
    """Take a break."""
    form = PauseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        length = form.length()
        actions.pause(member=signed_in(request), until=clock.now() + length if length else None)
        return redirect("members:profile")
    return render(request, "members/pause.html", {"form": form}, status=status_of(form))


@require_POST
@require_member
def come_back(request: MemberRequest) -> HttpResponse:
    """End the break."""
    actions.come_back(member=signed_in(request))
    return back(request, _("Good to have you back."))


@require_POST
@require_member
def sign_out_everywhere(request: MemberRequest) -> HttpResponse:
    """End every sign-in but this one."""
    place = sessions.place_of(request)
    member = actions.sign_out_everywhere(member=signed_in(request), but=place)
    sessions.sign_in(request, member, is_proved=False)
    return back(request, _("Every other device is signed out."))


@require_POST
@require_member
def end_sign_in(request: MemberRequest, place: uuid.UUID) -> HttpResponse:
    """Sign out in one of the browsers; in this very one it is the usual signing out."""
    if place == sessions.place_of(request):
        return sign_out(request)
    actions.end_sign_in(member=signed_in(request), place=place)
    return back(request, _("You are signed out there."))


@require_POST
@require_member
def unblock(request: MemberRequest, blocked: uuid.UUID) -> HttpResponse:
    """Let two people be brought together again."""
    actions.unblock(member=signed_in(request), blocked=blocked)
    return back(request, _("You may be brought together again."))


@require_http_methods(["GET", "HEAD", "POST"])
@require_fresh()
def leave(request: MemberRequest) -> HttpResponse:
    """Say what leaving erases, and leave."""
    if request.method != "POST":
        return render(request, "members/leave.html")
    actions.leave(member=signed_in(request))
    sessions.sign_out(request)
    request.member = None
    return render(request, "members/left.html")


def back(request: MemberRequest, done: str) -> HttpResponse:
    """To the profile, which says what was done."""
    messages.success(request, done)
    return redirect("members:profile")
