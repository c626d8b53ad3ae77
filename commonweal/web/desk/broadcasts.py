"""Writing to everybody: what it says, whom it reaches and what it costs, and only then sending it."""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST

from commonweal.base.forms import ProseField
from commonweal.base.ids import new_token
from commonweal.base.limits import count_once
from commonweal.exchange.forms.choices import CHOOSE, give_choices
from commonweal.messaging.broadcasting import Estimate, estimate, send_broadcast, stop_broadcast
from commonweal.messaging.models import Broadcast
from commonweal.messaging.queries import progress_of, recent_broadcasts
from commonweal.networks.models import Area, Network
from commonweal.networks.queries import areas_of
from commonweal.web.desk.access import require_desk
from commonweal.web.desk.frame import desk_page
from commonweal.web.desk.requests import DeskRequest
from commonweal.web.paper.words import tongues_of

LONGEST = 600
MOST_A_DAY = 5


class BroadcastForm(forms.Form):
    """To whom, and what it says in each language of the network. ``words`` and ``area`` are the answer."""

    use_required_attribute = False

    area_slug = forms.ChoiceField(label=gettext_lazy("To whom?"), required=False, error_messages=CHOOSE)
    key = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args: Any, network: Network, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.areas = areas_of(network)
        self.tongues = tongues_of(network)
        everybody = gettext_lazy("Everybody who takes part")
        give_choices(
            self.fields["area_slug"], [("", everybody), *((area.slug, area.name) for area in self.areas)]
        )
        for code, name in self.tongues:
            self.fields[f"words_{code}"] = ProseField(
                label=name,
                required=False,
                max_length=LONGEST,
                widget=forms.Textarea(attrs={"rows": 3, "lang": code, "dir": "auto"}),
            )

    @property
    def said_in(self) -> list[forms.BoundField]:
        """The fields for what it says."""
        return [self[f"words_{code}"] for code, _name in self.tongues]

    @property
    def area(self) -> Area | None:
        """The one area it is for, or None for all."""
        return next((area for area in self.areas if area.slug == self.cleaned_data["area_slug"]), None)

    @property
    def words(self) -> dict[str, str]:
        """What it says, by language, the network's first one first."""
        said = {code: self.cleaned_data.get(f"words_{code}", "") for code, _name in self.tongues}
        return {code: text for code, text in said.items() if text}

    def clean(self) -> dict[str, Any] | None:
        """One language at least; those who read another get the first."""
        cleaned = super().clean()
        if not self.errors and not self.words:
            self.add_error(self.said_in[0].name, _("What shall it say?"))
        return cleaned


@require_http_methods(["GET", "HEAD", "POST"])
@require_desk
def broadcasts(request: DeskRequest) -> HttpResponse:
    """Write it, see what it will be, and send it."""
    if request.method != "POST":
        form = BroadcastForm(network=request.network, initial={"key": new_token()})
        return _page(request, form)
    form = BroadcastForm(request.POST, network=request.network)
    if not form.is_valid():
        return _page(request, form, status=422)
    told = estimate(network=request.network, area=form.area, words=form.words)
    if "send" not in request.POST or not told.people:
        return _page(request, form, told=told)
    count_once("broadcast", str(request.network.pk), most=MOST_A_DAY, within=timedelta(days=1))
    sent = send_broadcast(
        network=request.network, by=request.member, area=form.area, words=form.words,
        told=told, key=form.cleaned_data["key"],
    )  # fmt: skip
    words = ngettext(
        "It is on its way to %(count)s person.", "It is on its way to %(count)s people.", sent.people
    )
    messages.success(request, words % {"count": number_format(sent.people, force_grouping=True)})
    return redirect("desk:broadcasts")


@require_POST
@require_desk
def stop(request: DeskRequest, pk: Any) -> HttpResponse:
    """Take back what has not gone out."""
    broadcast = get_object_or_404(Broadcast, network=request.network, pk=pk)
    count = stop_broadcast(broadcast=broadcast, by=request.member)
    words = ngettext(
        "Stopped. %(count)s message was taken back.", "Stopped. %(count)s messages were taken back.", count
    )
    messages.success(request, words % {"count": number_format(count, force_grouping=True)})
    return redirect("desk:broadcasts")


def money(network: Network, mills: int) -> str:
    """Thousandths of the currency as people read money: "12.40 USD"."""
    return f"{number_format(round(mills / 1000, 2), decimal_pos=2, force_grouping=True)} {network.currency}"


def _page(
    request: DeskRequest, form: BroadcastForm, *, told: Estimate | None = None, status: int = 200
) -> HttpResponse:
    recent = recent_broadcasts(request.network)
    context = {
        "form": form,
        "told": told,
        "tongues": dict(form.tongues),
        "cost": money(request.network, told.cost) if told else "",
        "limit": request.network.policy.most_texts_day,
        "recent": [
            {"it": one, "progress": progress, "cost": money(request.network, one.cost)}
            for one, progress in zip(recent, progress_of(recent), strict=True)
        ],
    }
    return desk_page(request, "web/desk/broadcasts.html", context, status=status)
