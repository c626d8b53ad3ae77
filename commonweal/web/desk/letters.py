"""Letters and texts that could not be delivered."""

import contextlib
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from commonweal.base.ids import shown_code
from commonweal.exchange.models import Ask, Match
from commonweal.members.contacts import PUSH
from commonweal.members.models import ContactPoint
from commonweal.messaging.actions import drop_message, retry_message
from commonweal.messaging.catalogue import CATALOGUE, REPLIES
from commonweal.messaging.errors import NoLongerDead
from commonweal.messaging.models import Message
from commonweal.messaging.queries import dead_letters, waits_for_tomorrow
from commonweal.web.desk.access import require_desk
from commonweal.web.desk.frame import desk_page
from commonweal.web.desk.requests import DeskRequest

MOST = 100
# What a letter was, for somebody who may not read it.
CARE = [key for key in CATALOGUE if key.startswith("care_")]
NAMES: dict[str, str | Promise] = {
    "code": gettext_lazy("A one-time code"),
    "ask_received": gettext_lazy("“We have your ask”, with the private link"),
    "ask_link": gettext_lazy("The private link, once more"),
    "invitation": gettext_lazy("An invitation"),
    "invitation_taken_back": gettext_lazy("“You are not needed any more”"),
    "agreed_asker": gettext_lazy("“Somebody is coming”, to the asker"),
    "agreed_helper": gettext_lazy("“You have agreed”, to the helper"),
    "reminder_asker": gettext_lazy("A reminder to the asker"),
    "reminder_helper": gettext_lazy("A reminder to the helper"),
    "passed_on": gettext_lazy("What one of two who are matched says to the other"),
    "ask_changed": gettext_lazy("“The ask has changed”, to the helper"),
    "dropped_asker": gettext_lazy("“Your helper can't come”, to the asker"),
    "how_did_it_go": gettext_lazy("“How did it go?”"),
    "still_needed": gettext_lazy("“Is it still needed?”"),
    "return_due": gettext_lazy("“Is it back?”"),
    "loan_returned": gettext_lazy("“It is back”"),
    "offer_check": gettext_lazy("“Does your offer still stand?”"),
    "ring": gettext_lazy("“If everybody in the ring says yes”"),
    "ring_void": gettext_lazy("“The ring has come to nothing”"),
    "mandate_given": gettext_lazy("“You hold a role now”"),
    "mandate_ends": gettext_lazy("“Your role ends soon”"),
    "mandate_of_other_ends": gettext_lazy("“A role ends soon”"),
    "second_wanted": gettext_lazy("“A second founder is wanted”"),
    "contact_added": gettext_lazy("“A way to reach you was added”"),
    "contact_removed": gettext_lazy("“A way to reach you was taken away”"),
    "passkey_added": gettext_lazy("“A passkey was added”"),
    "passkey_removed": gettext_lazy("“A passkey was taken away”"),
    "passkey_copied": gettext_lazy("“A passkey of yours seems to be copied”"),
    "desk_alert": gettext_lazy("A call to the desk"),
    "ask_merged": gettext_lazy("“Your ask goes on with another”"),
    "ask_unmerged": gettext_lazy("“Your ask stands by itself again”"),
    "buddy_comes": gettext_lazy("“Two will come”, to the asker"),
    "late_reminder": gettext_lazy("“Are you back?”, to the helper"),
    "late_alarm": gettext_lazy("“Somebody is not back yet”"),
    "news": gettext_lazy("News to everybody"),
    "stopped": gettext_lazy("“You get nothing more from us”"),
    "channel_test": gettext_lazy("A test of a channel"),
    **dict.fromkeys(REPLIES, gettext_lazy("An answer in a conversation")),
    # What of it, and for whom, is not for the desk to know.
    **dict.fromkeys(CARE, gettext_lazy("A letter about care")),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterRow:
    """A letter without its words and address; ``code`` and ``url`` are of the ask it is about, if it is about one."""

    letter: Message
    what: str
    kind: str
    code: str
    url: str


@require_safe
@require_desk
def dead(request: DeskRequest) -> HttpResponse:
    """What could not be delivered, the oldest first. Addresses stay closed."""
    letters = list(dead_letters(request.network)[: MOST + 1])
    context = {
        "letters": _rows(request, letters[:MOST]),
        "most": MOST if len(letters) > MOST else 0,
        "waits": waits_for_tomorrow(request.network),
    }
    return desk_page(request, "web/desk/letters.html", context)


@require_POST
@require_desk
def again(request: DeskRequest, pk: uuid.UUID) -> HttpResponse:
    """Try a letter again from the start."""
    for letter in dead_letters(request.network).filter(pk=pk):
        _retry(request, letter)
    messages.success(request, _("It is on its way again."))
    return redirect("desk:letters")


@require_POST
@require_desk
def all_again(request: DeskRequest) -> HttpResponse:
    """Try again what is on the list: what kept it back was perhaps one and the same."""
    count = sum(_retry(request, letter) for letter in dead_letters(request.network)[:MOST])
    words = ngettext("%(n)d letter is on its way again.", "%(n)d letters are on their way again.", count)
    messages.success(request, words % {"n": count})
    return redirect("desk:letters")


@require_POST
@require_desk
def drop(request: DeskRequest, pk: uuid.UUID) -> HttpResponse:
    """Take a letter off the list: the person was reached another way."""
    for letter in dead_letters(request.network).filter(pk=pk):
        with contextlib.suppress(NoLongerDead):  # another dispatcher has seen to it in this moment
            drop_message(message=letter, by=request.member.pk, why="reached otherwise")
    messages.success(request, _("Taken off the list."))
    return redirect("desk:letters")


def _retry(request: DeskRequest, letter: Message) -> bool:
    """Whether it is tried again; what another dispatcher has seen to in this moment is not, nor what was erased."""
    try:
        retry_message(message=letter, by=request.member.pk)
    except NoLongerDead:
        return False
    return True


def _rows(request: DeskRequest, letters: Iterable[Message]) -> list[LetterRow]:
    """The letters for the template, in two queries more."""
    codes = _codes(request, letters)
    kinds = {**dict(ContactPoint.Kind.choices), PUSH: _("Notice on a device")}
    return [
        LetterRow(
            letter=letter,
            what=str(NAMES.get(letter.template, letter.template)),
            kind=str(kinds.get(letter.kind, letter.kind)),
            code=shown_code(code) if code else "",
            url=reverse("desk:ask", args=[code]) if code else "",
        )
        for letter in letters
        for code in [codes.get(letter.about_id) if letter.about_id else None]
    ]


def _codes(request: DeskRequest, letters: Iterable[Message]) -> dict[uuid.UUID, str]:
    """The code of the ask behind each ask or match that a letter is about."""
    asks = [letter.about_id for letter in letters if letter.about == "ask" and letter.about_id]
    matches = [letter.about_id for letter in letters if letter.about == "match" and letter.about_id]
    of_asks = Ask.objects.filter(network=request.network, pk__in=asks).values_list("pk", "code")
    of_matches = Match.objects.filter(network=request.network, pk__in=matches).values_list("pk", "ask__code")
    return {**dict(of_asks), **dict(of_matches)}
