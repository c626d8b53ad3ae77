"""The noticeboard: what is asked for and what is on offer, without anybody's name, words or door."""

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_safe

from commonweal.base.errors import Refused
from commonweal.base.paging import Cursor
from commonweal.exchange import access, actions, queries
from commonweal.exchange.errors import AskNotFound
from commonweal.exchange.forms.answers import BoardFilter, QuantityForm
from commonweal.exchange.models import Ask, Match
from commonweal.exchange.queries.picking import ask_for_reader, fitting_offer
from commonweal.exchange.views.answering import page_with, posted, refuse
from commonweal.members.models import Member
from commonweal.members.requests import MemberRequest

CURSOR = "from"


@require_safe
def board(request: MemberRequest) -> HttpResponse:
    """The newest first, filtered as wished; a made-up filter or cursor shows the first page."""
    form = BoardFilter(request.GET, network=request.network)
    filters = form.filters()
    page = queries.board(request.network, filters=filters, cursor=Cursor.decode(request.GET.get(CURSOR)))
    context = {
        "form": form, "rows": page.rows, "is_filtered": filters != queries.BoardFilters(),
        "newer_url": _turned(request.GET, page.previous), "older_url": _turned(request.GET, page.next),
    }  # fmt: skip
    return render(request, "exchange/board.html", context)


def _turned(asked: QueryDict, cursor: str) -> str:
    """The same board from another place on; empty where there is none."""
    if not cursor:
        return ""
    turned = asked.copy()
    turned[CURSOR] = cursor
    return f"?{turned.urlencode()}"


@require_http_methods(["GET", "HEAD", "POST"])
def pick(request: MemberRequest, code: str) -> HttpResponse:
    """One ask, as far as this reader may see it. A member takes it by a press, and has said yes."""
    if request.method == "POST" and request.member is None:
        return redirect(_sign_in_first(request))
    ask = _asked(request, code)
    form = QuantityForm(posted(request))
    if request.method == "POST" and request.member and form.is_valid():
        try:
            match = _pick(ask, request.member, form.cleaned_data["quantity"] or 0)
            return redirect("exchange:invitation", match.token_box)
        except Refused as refusal:
            if not ask.on_board:
                raise
            refuse(form, refusal)
    shown = ask_for_reader(ask, request.member)
    return page_with(request, "exchange/pick.html", form, ask=shown, sign_in_url=_sign_in_first(request))


def _asked(request: MemberRequest, code: str) -> Ask:
    """The ask on the board. Who presses a moment late, or twice, hears how it stands instead of that there is none."""
    try:
        return access.ask_on_board(request.network, code)
    except AskNotFound:
        if request.method != "POST":
            raise
        return access.ask_for_desk(request.network, code)


def _pick(ask: Ask, member: Member, quantity: int) -> Match:
    return actions.pick_from_board(
        ask=ask, member=member, offer=fitting_offer(ask, member), quantity=quantity
    )


def _sign_in_first(request: MemberRequest) -> str:
    """The page where one signs in, or joins, and comes back to this ask."""
    return f"{reverse('members:sign_in')}?{urlencode({'next': request.path})}"
