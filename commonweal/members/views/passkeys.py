"""Passkeys: adding one, taking one away, and coming in by one. Each needs a script; the code never does."""

import uuid

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from commonweal.base.errors import NotAllowed, Refused, TooMany
from commonweal.base.limits import count_once
from commonweal.base.remote import address_of
from commonweal.members import actions, codes, queries, sessions
from commonweal.members import passkeys as rules
from commonweal.members.access import onward_path, require_fresh, require_member, signed_in
from commonweal.members.errors import PasskeyNotFound, PasskeyUnclear
from commonweal.members.forms import ContactForm, PasskeyForm, ProveForm, status_of
from commonweal.members.requests import MemberRequest
from commonweal.members.views.profile import back
from commonweal.members.views.proving import prove_page
from commonweal.members.views.signing import sign_in_page

ADD, COME_IN = "add", "come_in"


@require_http_methods(["GET", "HEAD", "POST"])
@require_fresh()
def passkeys(request: MemberRequest) -> HttpResponse:
    """The member's passkeys, and the door for another one."""
    form = PasskeyForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _add(request, form):
        return back(request, _("The passkey is added. You can sign in with it from now on."))
    context = {
        "form": form,
        "passkeys": queries.passkeys_of(signed_in(request)),
        "has_passkeys": rules.site_of(request) is not None,
        "elsewhere": rules.other_address(request.path),
    }
    return render(request, "members/passkeys.html", context, status=status_of(form))


@require_POST
@require_member
def begin_adding(request: MemberRequest) -> HttpResponse:
    """What the browser needs to have a passkey made."""
    member = signed_in(request)
    kept = queries.passkeys_of(member)
    challenge, handle = rules.new_challenge(), kept[0].handle if kept else rules.new_handle()
    wanted = rules.wanted_to_add(
        _site(request),
        network=request.network.name,
        member=member.name,
        handle=handle,
        challenge=challenge,
        known=[passkey.credential for passkey in kept],
    )
    sessions.remember_challenge(request, what=ADD, challenge=challenge, handle=handle)
    return JsonResponse(wanted)


@require_http_methods(["GET", "HEAD", "POST"])
@require_fresh()
def remove(request: MemberRequest, passkey: uuid.UUID) -> HttpResponse:
    """Ask once more, and take a passkey away."""
    member = signed_in(request)
    found = next((one for one in queries.passkeys_of(member) if one.pk == passkey), None)
    if found is None:
        raise PasskeyNotFound
    if request.method != "POST":
        return render(request, "members/passkey_remove.html", {"passkey": found})
    place = sessions.place_of(request)
    removed_by = actions.remove_passkey(member=member, passkey=passkey, but=place)
    sessions.sign_in(request, removed_by, is_proved=False)
    return back(request, _("The passkey is taken away, and every other browser is signed out."))


@require_POST
def begin_sign_in(request: MemberRequest) -> HttpResponse:
    """What the browser needs to offer the passkeys that somebody has here. It tells nothing of anybody."""
    site = _site(request)
    count_once("passkey-from", address_of(request), most=codes.MOST_TRIES_FROM_ONE, within=codes.WITHIN)
    challenge = rules.new_challenge()
    sessions.remember_challenge(request, what=COME_IN, challenge=challenge)
    return JsonResponse(rules.wanted_to_sign_in(site, challenge=challenge))


@require_POST
def sign_in(request: MemberRequest) -> HttpResponse:
    """Come in by a passkey; where it does not do, the page of the ways in says so."""
    onward = onward_path(request, request.POST.get("next"))
    challenge, _handle = sessions.take_challenge(request, what=COME_IN)
    try:
        if not challenge:
            raise PasskeyUnclear
        member = actions.sign_in_by_passkey(
            network=request.network,
            site=_site(request),
            challenge=challenge,
            answer=rules.read_answer(request.POST.get("answer", "")),
            remote=address_of(request),
        )
    except TooMany:
        raise
    except Refused as refusal:
        if request.member:
            return prove_page(request, ProveForm(member=request.member), onward, str(refusal))
        return sign_in_page(request, ContactForm(network=request.network), onward, str(refusal))
    sessions.sign_in(request, member)
    return redirect(onward or settings.LOGIN_REDIRECT_URL)


def _add(request: MemberRequest, form: PasskeyForm) -> bool:
    """Add the passkey of a valid form; False, with words on top of it, where that can't be."""
    challenge, handle = sessions.take_challenge(request, what=ADD)
    try:
        if not challenge:
            raise PasskeyUnclear
        new = rules.read_new(_site(request), challenge=challenge, said=form.cleaned_data["answer"])
        actions.add_passkey(member=signed_in(request), new=new, handle=handle, name=form.cleaned_data["name"])
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return False
    return True


def _site(request: MemberRequest) -> rules.Site:
    site = rules.site_of(request)
    if site is None:
        raise NotAllowed(_("Browsers keep no passkeys for this address."))
    return site
