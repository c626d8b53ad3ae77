"""Finding one's private page again by the short code and the contact that was given."""

from datetime import timedelta

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from commonweal.base.errors import TooMany
from commonweal.base.limits import count_once
from commonweal.base.remote import address_of
from commonweal.exchange.forms.answers import LookUpForm
from commonweal.exchange.tasks import want_link
from commonweal.exchange.views.answering import page_with, posted, refuse
from commonweal.members.requests import MemberRequest

MOST, WITHIN = 12, timedelta(hours=1)


@require_http_methods(["GET", "HEAD", "POST"])
def look_up(request: MemberRequest) -> HttpResponse:
    """Send the private link to whoever gave this contact with this code. The answer is the same if they don't fit."""
    form = LookUpForm(posted(request), network=request.network)
    is_sent = request.method == "POST" and form.is_valid() and _send(request, form)
    return page_with(request, "exchange/look_up.html", form, is_sent=is_sent)


def _send(request: MemberRequest, form: LookUpForm) -> bool:
    try:
        count_once("find-ask", address_of(request), most=MOST, within=WITHIN)
    except TooMany as refusal:
        refuse(form, refusal)
        return False
    want_link(request.network, code=form.cleaned_data["short_code"], contact=form.cleaned_data["contact"])
    return True
