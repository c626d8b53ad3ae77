"""Coming in by a one-time code, and going out."""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_POST

from commonweal.base import clock
from commonweal.base.guard import Doubtful, Guard, Looks
from commonweal.members import actions, codes, sessions, typing_code
from commonweal.members.access import linked_confirmation, onward_path, waiting_confirmation
from commonweal.members.forms import CodeForm, ContactForm, NameForm, status_of
from commonweal.members.guarding import guard_of
from commonweal.members.models import Confirmation, Member
from commonweal.members.passkeys import site_of
from commonweal.members.queries import member_for_contact
from commonweal.members.requests import MemberRequest

PURPOSE = "sign_in"


@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: MemberRequest) -> HttpResponse:
    """Ask for an e-mail address or a phone number and send a code there, whoever it may be."""
    onward = onward_path(request, request.POST.get("next") or request.GET.get("next"))
    if request.member:
        return redirect(onward or settings.LOGIN_REDIRECT_URL)
    form = ContactForm(request.POST or None, network=request.network)
    guard = _guard(request)
    if request.method == "POST" and form.is_valid():
        if guard and guard.looks() is not Looks.PERSON:
            form.add_error("contact", str(Doubtful()))
            return sign_in_page(request, form, onward)
        token = typing_code.start(request, form, purpose=PURPOSE, draft={"next": onward})
        if token:
            return redirect("members:code", token)
    return sign_in_page(request, form, onward)


def sign_in_page(request: MemberRequest, form: ContactForm, onward: str, refusal: str = "") -> HttpResponse:
    """The page of the ways in; ``refusal`` says why a passkey did not do."""
    context = {
        "form": form,
        "onward": onward,
        "refusal": refusal,
        "guard": _guard(request),
        "has_passkeys": site_of(request) is not None,
    }
    return render(request, "members/sign_in.html", context, status=422 if refusal else status_of(form))


def _guard(request: MemberRequest) -> Guard | None:
    return guard_of(request, "code-from", most=codes.MOST_CODES_FROM_ONE, within=codes.WITHIN)


@require_http_methods(["GET", "HEAD", "POST"])
def code(request: MemberRequest, token: str) -> HttpResponse:
    """Type the code: a member is let in, somebody new goes on to say what to call them."""
    waiting = waiting_confirmation(request.network, token, PURPOSE)
    if request.member and waiting.used_at:
        return redirect(_onward(request, waiting))
    confirmed = sessions.confirmed_here(request, request.network, token)
    form = CodeForm(request.POST or None)
    if request.method == "POST" and not confirmed and form.is_valid():
        confirmed = typing_code.type_code(request, token, form)
    if confirmed:
        member = member_for_contact(request.network, confirmed.as_contact)
        return _let_in(request, member, confirmed) if member else redirect("members:name", token)
    again = reverse("members:code_again", args=[token])
    context = typing_code.code_context(request, waiting, token, form, again)
    return render(request, "members/code.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
def link(request: MemberRequest, link: str) -> HttpResponse:
    """Where the link beside a code leads: in the browser that asked for the code, one press stands for typing it.

    Looking at the page does nothing: mail programs open every link before its reader does.
    """
    waiting = linked_confirmation(request.network, link)
    token = sessions.asked_here(request, waiting)
    if request.method == "POST" and token:
        return redirect(typing_code.open_link(request, waiting, token, link))
    context = {"is_here": bool(token), "is_over": waiting.used_at or waiting.expires_at <= clock.now()}
    return render(request, "members/link.html", context)


@require_POST
def code_again(request: MemberRequest, token: str) -> HttpResponse:
    """Send a new code."""
    waiting_confirmation(request.network, token, PURPOSE)
    return redirect("members:code", typing_code.send_again(request, token))


@require_http_methods(["GET", "HEAD", "POST"])
def name(request: MemberRequest, token: str) -> HttpResponse:
    """Somebody new says what to call them, and is a member."""
    waiting = waiting_confirmation(request.network, token, PURPOSE)
    if request.member:
        return redirect(_onward(request, waiting))
    confirmed = sessions.confirmed_here(request, request.network, token)
    if not confirmed:
        return redirect("members:code", token)
    known = member_for_contact(request.network, confirmed.as_contact)
    if known:  # the same person was faster in another window
        return _let_in(request, known, confirmed)
    form = NameForm(request.POST or None, network=request.network, initial={"languages": [get_language()]})
    if request.method == "POST" and form.is_valid():
        member = actions.join(
            network=request.network,
            name=form.cleaned_data["name"],
            contact=confirmed.as_contact,
            languages=form.cleaned_data["languages"],
            language=get_language() or "en",
        )
        return _let_in(request, member, confirmed)
    return render(request, "members/name.html", {"form": form}, status=status_of(form))


def _let_in(request: MemberRequest, member: Member, confirmed: Confirmation) -> HttpResponse:
    actions.record_sign_in(member=member)
    sessions.sign_in(request, member)
    return redirect(_onward(request, confirmed))


def _onward(request: MemberRequest, confirmation: Confirmation) -> str:
    return onward_path(request, confirmation.draft.get("next")) or settings.LOGIN_REDIRECT_URL


@require_POST
def sign_out(request: MemberRequest) -> HttpResponse:
    """Leave this browser as if nobody had signed in."""
    sessions.sign_out(request)
    return redirect("home")
