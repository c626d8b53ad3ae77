"""Who vouches for one, showing a code, vouching for whoever showed one, and keeping away from somebody."""

import io
import uuid

import segno
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from commonweal.base.limits import count_once
from commonweal.members import actions, codes
from commonweal.members.access import require_member, signed_in
from commonweal.members.errors import MemberNotFound
from commonweal.members.forms import VouchCodeForm, VouchForm, status_of
from commonweal.members.models import Member
from commonweal.members.requests import MemberRequest
from commonweal.members.trusting import Vouch
from commonweal.members.vouched import shown_by, vouched

# Codes of eight letters: nobody guesses one at this speed.
MOST_TRIES, MOST_SHOWN = 30, 20


@require_safe
@require_member
def vouches(request: MemberRequest) -> HttpResponse:
    """Who vouches for the reader, for whom they vouch, and how it goes on."""
    return _page(request, VouchCodeForm())


@require_POST
@require_member
def show(request: MemberRequest) -> HttpResponse:
    """A new code, to be shown to somebody who knows the reader. It is on this one page and nowhere else."""
    member = signed_in(request)
    count_once("vouch-show", member.pk.hex, most=MOST_SHOWN, within=codes.WITHIN)
    code = actions.show_code(member=member)
    url = request.build_absolute_uri(reverse("members:vouch", args=[code]))
    drawn = io.BytesIO()
    segno.make(url, error="m").save(
        drawn, kind="svg", border=2, scale=5, xmldecl=False, svgclass="square", lineclass=None, light="#fff"
    )
    # Drawn here, from a link of ours.
    square = mark_safe(drawn.getvalue().decode())  # nosec B308
    context = {"code": f"{code[:4]}-{code[4:]}", "url": url, "square": square}
    return render(request, "members/vouch_code.html", context)


@require_POST
@require_member
def find(request: MemberRequest) -> HttpResponse:
    """On to the page of a code that was typed."""
    form = VouchCodeForm(request.POST)
    if not form.is_valid():
        return _page(request, form)
    return redirect("members:vouch", form.cleaned_data["code"])


@require_http_methods(["GET", "HEAD", "POST"])
@require_member
def vouch(request: MemberRequest, token: str) -> HttpResponse:
    """Whether the reader knows whoever showed them this code."""
    member = signed_in(request)
    count_once("vouch-try", member.pk.hex, most=MOST_TRIES, within=codes.WITHIN)
    found = shown_by(member, token)
    form = VouchForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.vouch_by_code(giver=member, code=found, how=form.cleaned_data["how"])
        return _to_vouches(request, _("Thank you. It counts within a few minutes."))
    context = {"form": form, "called": found.member.name}
    return render(request, "members/vouch.html", context, status=status_of(form))


@require_POST
@require_member
def withdraw(request: MemberRequest, taker: uuid.UUID) -> HttpResponse:
    """Take a vouch back; nobody is told."""
    actions.withdraw_vouch(giver=signed_in(request), taker=taker)
    return _to_vouches(request, _("You don't vouch for them any more. Nobody is told."))


@require_POST
@require_member
def keep_away(request: MemberRequest, other: uuid.UUID) -> HttpResponse:
    """Never bring the reader together with somebody who vouched for them, or for whom they vouched."""
    member = signed_in(request)
    between = Vouch.objects.filter(
        network_id=member.network_id, giver__in=(member.pk, other), taker__in=(member.pk, other)
    )
    found = Member.objects.filter(network_id=member.network_id, pk=other).first()
    if found is None or not between.exists():
        raise MemberNotFound
    actions.block(member=member, blocked=found)
    return _to_vouches(request, _("You won't be brought together. They are not told."))


@require_POST
@require_member
def unblock_contact(request: MemberRequest, block: uuid.UUID) -> HttpResponse:
    """Let the reader be brought together again with somebody who has no account."""
    actions.unblock_contact(member=signed_in(request), block=block)
    messages.success(request, _("You may be brought together again."))
    return redirect("members:profile")


def _page(request: MemberRequest, form: VouchCodeForm) -> HttpResponse:
    context = {"form": form, "vouched": vouched(signed_in(request))}
    return render(request, "members/vouches.html", context, status=status_of(form))


def _to_vouches(request: MemberRequest, done: str) -> HttpResponse:
    messages.success(request, done)
    return redirect("members:vouches")
