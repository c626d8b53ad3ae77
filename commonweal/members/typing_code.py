"""The page on which a code is typed, for every door that asks for one: what it shows, and what typing does."""

from typing import Any

from django.forms import Form
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language

from commonweal.base.errors import TooMany
from commonweal.base.remote import address_of
from commonweal.members import actions, sessions
from commonweal.members.contacts import PHONE
from commonweal.members.errors import CodeOver, WrongCode
from commonweal.members.forms import CodeForm
from commonweal.members.models import Confirmation, Member
from commonweal.members.requests import MemberRequest

# On which page a code of each purpose is typed; a room above adds its own.
_PAGES = {"sign_in": "members:code", "contact": "members:reach_code", "prove": "members:prove_code"}


def typed_at(purpose: str, name: str) -> str:
    """Say that codes of this purpose are typed on the page of this name, which takes the token; returns the purpose."""
    _PAGES[purpose] = name
    return purpose


def code_context(
    request: HttpRequest, waiting: Confirmation, token: str, form: CodeForm, again_url: str
) -> dict[str, Any]:
    """What ``members/_code_form.html`` needs; ``again_url`` is where a new code is asked for by a press."""
    return {
        "form": form,
        "sent_to": waiting.as_contact.shown,
        "by_phone": waiting.kind == PHONE,
        "is_used": waiting.used_at is not None,
        "demo_code": sessions.demo_code(request, token),
        "again_url": again_url,
        "other_url": reverse("members:sign_in"),
    }


def start(
    request: MemberRequest,
    form: Form,
    *,
    purpose: str,
    draft: dict[str, Any] | None = None,
    member: Member | None = None,
) -> str:
    """Send a code to the ``contact`` of a valid form; returns the token of the page on which it is typed.

    After too many codes it returns an empty text, with words at the field.
    """
    try:
        started = actions.start_confirmation(
            network=request.network,
            contact=form.cleaned_data["contact"],
            purpose=purpose,
            language=member.language if member else get_language() or "en",
            remote=address_of(request),
            draft=draft,
            member=member,
        )
    except TooMany as refusal:
        form.add_error("contact", str(refusal))
        return ""
    sessions.remember_asked(request, started)
    return started.token


def type_code(request: MemberRequest, token: str, form: CodeForm) -> Confirmation | None:
    """Confirm what a valid form holds and let this browser go on; None, with words at the field, if it is refused."""
    try:
        confirmed = actions.confirm_code(
            network=request.network, token=token, code=form.cleaned_data["code"], remote=address_of(request)
        )
    except (WrongCode, CodeOver, TooMany) as refusal:
        form.add_error("code", str(refusal))
        return None
    sessions.remember_confirmed(request, confirmed)
    return confirmed


def open_link(request: MemberRequest, waiting: Confirmation, token: str, link: str) -> str:
    """Confirm by the link of a letter instead of the code; returns where this browser goes on.

    Raises CodeOver or TooMany.
    """
    confirmed = actions.confirm_by_link(
        network=request.network, token=token, link=link, remote=address_of(request)
    )
    sessions.remember_confirmed(request, confirmed)
    return reverse(_PAGES[waiting.purpose], args=[token])


def send_again(request: MemberRequest, token: str) -> str:
    """Send a new code for the same thing; returns the token of the page on which it is typed."""
    started = actions.send_again(network=request.network, token=token, remote=address_of(request))
    sessions.remember_asked(request, started)
    return started.token
