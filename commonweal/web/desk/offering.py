"""A message that offers something, turned into an offer at the desk."""

import uuid
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from commonweal.base.errors import Refused
from commonweal.base.forms import LineField
from commonweal.exchange.drafts import OfferDraft
from commonweal.exchange.forms.can import OfferForm
from commonweal.exchange.views.places import looked_up, wants_look
from commonweal.intake import actions, queries
from commonweal.intake.models import Draft
from commonweal.intake.reading import storing
from commonweal.intake.reading.model import Reading
from commonweal.members.contacts import ContactField
from commonweal.web.desk import understood
from commonweal.web.desk.access import require_desk
from commonweal.web.desk.forms import refuse
from commonweal.web.desk.frame import desk_page
from commonweal.web.desk.inbox import row_of
from commonweal.web.desk.requests import DeskRequest


class DeskOfferForm(OfferForm):
    """An offer as a dispatcher understood it, and who makes it."""

    called = LineField(label=gettext_lazy("Name"), max_length=60)
    contact = ContactField(required=False, label=gettext_lazy("E-mail address or phone number"))

    def __init__(self, *args: Any, draft: Draft, **kwargs: Any) -> None:
        super().__init__(*args, network=draft.network, **kwargs)
        self.reading = storing.from_json(draft.reading)
        self.from_somewhere = bool(draft.inbound.sender)
        contact = self.fields["contact"]
        assert isinstance(contact, ContactField)
        contact.country = draft.network.country

    def clean(self) -> dict[str, Any] | None:
        """Somebody has to be reachable: where the message came from nowhere, the form says how."""
        cleaned = super().clean()
        if not self.from_somewhere and not self.cleaned_data.get("contact") and "contact" not in self.errors:
            self.add_error("contact", ValidationError(_("How can they be reached?"), code="required"))
        return cleaned

    def draft(self) -> OfferDraft:
        """The offer, with the name and the language of whoever makes it."""
        spoken = self.reading.language.value
        known = spoken in self.network.languages
        return replace(
            super().draft(),
            name=self.cleaned_data["called"],
            language=spoken if known else "en",
            languages=(spoken,) if known else (),
        )


@require_http_methods(["GET", "HEAD", "POST"])
@require_desk
def offer(request: DeskRequest, pk: uuid.UUID) -> HttpResponse:
    """The form, filled in with what was understood; sent, it is an offer and whoever wrote is told."""
    draft = queries.draft_for_desk(request.network, pk)
    if request.method != "POST":
        if not draft.is_waiting:
            return redirect("desk:message", draft.pk)
        return _page(request, draft, DeskOfferForm(draft=draft, initial=_initial(draft)))
    if wants_look(request):
        return _page(request, draft, looked_up(request, DeskOfferForm, draft=draft))
    form = DeskOfferForm(request.POST, draft=draft)
    if not form.is_valid():
        return _page(request, draft, form, status=422)
    try:
        actions.offer_from_draft(
            draft=draft, by=request.member, said=form.draft(), contact=form.cleaned_data["contact"]
        )
    except Refused as refusal:
        refuse(form, refusal)
        return _page(request, draft, form, status=refusal.status)
    messages.success(request, _("The offer is up."))
    return redirect("desk:messages")


def _initial(draft: Draft) -> dict[str, Any]:
    reading: Reading = storing.from_json(draft.reading)
    known = understood.initial_of(draft, reading)
    names: tuple[str, ...] = ("words", "area", "called", "street")
    said: dict[str, Any] = {name: known[name] for name in names if name in known}
    return {**said, "categories": [known["category"]] if "category" in known else []}


def _page(request: DeskRequest, draft: Draft, form: DeskOfferForm, *, status: int = 200) -> HttpResponse:
    rows = understood.understood(form.reading, request.network)
    context = {
        "draft": draft,
        "row": row_of(draft, viewer=request.member.name),
        "pieces": understood.marked(draft.inbound.text, rows),
        "form": form,
    }
    return desk_page(request, "web/desk/offer.html", context, status=status)
