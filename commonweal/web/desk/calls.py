"""Taking an ask by phone: the same form as everybody's, filled in for somebody else."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from commonweal.base.ids import new_token
from commonweal.exchange import actions
from commonweal.exchange.forms.need import NeedForm
from commonweal.exchange.queries import asks_from
from commonweal.exchange.views.places import looked_up, wants_look
from commonweal.intake.duplicates import Twin, looks_like, of_draft
from commonweal.web.desk.access import require_desk
from commonweal.web.desk.frame import desk_page
from commonweal.web.desk.requests import DeskRequest

SOURCE = "phone"


@require_http_methods(["GET", "HEAD", "POST"])
@require_desk
def take_in(request: DeskRequest) -> HttpResponse:
    """Write down what somebody asks for on the phone. It is their ask, not the dispatcher's."""
    twins: list[Twin] = []
    if request.method != "POST":
        form = NeedForm(network=request.network, initial={"key": new_token()})
    elif wants_look(request):
        form = looked_up(request, NeedForm, network=request.network)
    else:
        form = NeedForm(request.POST, network=request.network)
        twins = _twins(request, form)
        if form.is_valid() and not twins:
            published = actions.publish_ask(
                network=request.network, draft=form.draft(), source=SOURCE, source_key=form.source_key()
            )
            words = _("Taken in. Their code is %(code)s: say it to them, so that they can ask how it stands.")
            messages.success(request, words % {"code": published.ask.shown_code})
            return redirect("desk:ask", published.ask.code)
    status = 422 if form.is_bound and form.errors else 200
    return desk_page(request, "web/desk/need.html", {"form": form, "twins": twins}, status=status)


def _twins(request: DeskRequest, form: NeedForm) -> list[Twin]:
    """The asks that this looks like, until the dispatcher says that it is another one; the same press is no other."""
    if not form.is_valid() or "anyway" in request.POST:
        return []
    if asks_from(request.network, SOURCE, [form.source_key()]):
        return []
    return looks_like(request.network, of_draft(form.draft()))
