"""A page with a form that something was refused for: with its words, its status, and everything typed kept."""

from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render

from commonweal.base.errors import Refused, TooMany
from commonweal.members.forms import status_of


def posted(request: HttpRequest) -> QueryDict | None:
    """What a form is bound to: everything that was sent, even if that is nothing; None where nothing was."""
    return request.POST if request.method == "POST" else None


def refuse(form: BaseForm, refusal: Refused) -> None:
    """Say a refusal on the form as a whole."""
    form.add_error(None, ValidationError(str(refusal), code="refused", params={"refusal": refusal}))


def page_with(request: HttpRequest, template: str, form: BaseForm, **context: Any) -> HttpResponse:
    """The page of a form: 200 as it is, 422 where a field is to be put right, else the refusal's own status."""
    refusals = [
        error.params["refusal"] for error in form.errors.as_data().get(NON_FIELD_ERRORS, []) if error.params
    ]
    status = refusals[0].status if refusals else status_of(form)
    response = render(request, template, {"form": form, **context}, status=status)
    if refusals and isinstance(refusals[0], TooMany):
        response.headers["Retry-After"] = str(refusals[0].wait)
    return response
