"""Writing to the other of the two who are matched, by the page: the box, and what was handed on before."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.functional import SimpleLazyObject

from commonweal.base.errors import Refused
from commonweal.base.eventlog import By
from commonweal.base.ids import new_token
from commonweal.exchange import actions, reveal
from commonweal.exchange.forms.answers import WriteForm
from commonweal.exchange.models import Match, PassedOn
from commonweal.exchange.queries import passed_on_in
from commonweal.members.requests import MemberRequest


def box(match: Match, *, reader: By, form: WriteForm | None = None) -> dict[str, Any]:
    """What a page needs to show the box: closed outside of the window, but what was said is read until it is erased."""
    blank = WriteForm(initial={"key": new_token()}, auto_id=f"write-{match.pk}-%s")
    return {
        "is_open": reveal.is_open(match),
        "said": SimpleLazyObject(lambda: passed_on_in(match, reader=reader)),
        "form": form or blank,
    }


def write(request: MemberRequest, match: Match, *, by: By) -> WriteForm | None:
    """Hand on what was written; None where that went well, else the form with what is wrong and what was typed."""
    form = WriteForm(request.POST, auto_id=f"write-{match.pk}-%s")
    if not form.is_valid():
        return form
    # The same form twice is the same words; without its key every press counts.
    key = form.source_key() or new_token()
    try:
        actions.pass_on(
            match=match,
            by=by,
            words=form.cleaned_data["words"],
            via=PassedOn.Via.PAGE,
            key=f"page:{by.value}:{key}",
        )
    except Refused as refusal:
        form.add_error(None, ValidationError(str(refusal), code="refused"))
        return form
    return None
