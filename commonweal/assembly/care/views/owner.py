"""The private page of who told something: where it stands, who read it, what they want to come of it."""

import functools
from collections.abc import Callable
from typing import Any

from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from commonweal.assembly.care import actions
from commonweal.assembly.care.access import measure_by_token, own_report
from commonweal.assembly.care.forms import AppealForm, ReaderForm, WishForm, WordsForm
from commonweal.assembly.care.models import Measure, Report
from commonweal.assembly.care.people import readers_for
from commonweal.assembly.care.queries import OwnersView, owners_view
from commonweal.base.errors import NotFound, Refused
from commonweal.members.forms import status_of
from commonweal.members.requests import MemberRequest

FORM = require_http_methods(["GET", "HEAD", "POST"])


def of_link(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Give a view the report of the private link; a refusal is said on the page of how it stands."""

    @functools.wraps(view)
    def found(request: MemberRequest, token: str) -> HttpResponse:
        report = own_report(request.network, token)
        try:
            return view(request, token, report)
        except NotFound:
            raise
        except Refused as refusal:
            report = own_report(request.network, token)
            return _page(request, token, report, refused=str(refusal), status=refusal.status)

    return found


@require_safe
@of_link
def told(request: MemberRequest, token: str, report: Report) -> HttpResponse:
    """How it stands."""
    return _page(request, token, report)


@require_POST
@of_link
def add(request: MemberRequest, token: str, report: Report) -> HttpResponse:
    """A few words more."""
    form = WordsForm(request.POST)
    if form.is_valid():
        actions.add_words(report=report, words=form.cleaned_data["words"])
        return redirect("assembly:told", token)
    return _page(request, token, report, words_form=form)


@require_POST
@of_link
def wish(request: MemberRequest, token: str, report: Report) -> HttpResponse:
    """Something else should come of it."""
    form = WishForm(request.POST)
    if form.is_valid():
        actions.change_wish(report=report, wish=form.cleaned_data["wish"])
        return redirect("assembly:told", token)
    return _page(request, token, report, wish_form=form)


@require_POST
@of_link
def reader(request: MemberRequest, token: str, report: Report) -> HttpResponse:
    """Somebody else may read it from now on."""
    form = _reader_form(report, request.POST)
    if form.is_valid():
        actions.choose_reader(report=report, reader=form.cleaned_data["reader"])
        return redirect("assembly:told", token)
    return _page(request, token, report, reader_form=form)


@require_POST
@of_link
def hand(request: MemberRequest, token: str, report: Report) -> HttpResponse:
    """Yes or no to whom the reader would hand it to."""
    is_yes = request.POST.get("answer") == "yes"
    actions.choose_reader(report=report, reader=report.hand_to if is_yes else None)
    return redirect("assembly:told", token)


@FORM
@of_link
def withdraw(request: MemberRequest, token: str, report: Report) -> HttpResponse:
    """Take it back, after asking once more."""
    if request.method != "POST":
        return render(request, "assembly/care/withdraw.html", {"token": token})
    actions.withdraw_report(report=report)
    return redirect("assembly:told", token)


@FORM
def appeal(request: MemberRequest, token: str) -> HttpResponse:
    """A suspension or a removal, by the link in the letter: until when it holds, and why it should end."""
    measure = measure_by_token(request.network, token)
    form = AppealForm(request.POST or None, initial={"words": measure.appeal})
    refused, status = "", status_of(form)
    if request.method == "POST" and form.is_valid():
        try:
            actions.appeal(measure=measure, words=form.cleaned_data["words"])
            return redirect("assembly:appeal", token)
        except Refused as refusal:
            refused, status = str(refusal), refusal.status
    context = {
        "measure": measure, "form": form, "refused": refused,
        "is_removal": measure.kind == Measure.Kind.REMOVED, "may_appeal": measure.is_in_force and not measure.answer,
    }  # fmt: skip
    return render(request, "assembly/care/appeal.html", context, status=status)


def _reader_form(report: Report, data: Any = None) -> ReaderForm:
    readers = readers_for(report.network, but=(report.about_id, report.reporter_id))
    return ReaderForm(data, readers=readers.members, initial={"reader": str(report.reader_id)})


def _page(
    request: MemberRequest,
    token: str,
    report: Report,
    *,
    refused: str = "",
    status: int = 200,
    **forms: BaseForm,
) -> HttpResponse:
    shown: OwnersView = owners_view(report)
    usual: dict[str, BaseForm] = {
        "words_form": WordsForm(),
        "wish_form": WishForm(initial={"wish": report.wish}),
        "reader_form": _reader_form(report),
    }
    bound = next(iter(forms.values()), None)
    context = {"shown": shown, "report": report, "token": token, "refused": refused, **usual, **forms}
    return render(
        request, "assembly/care/told.html", context, status=status_of(bound) if bound is not None else status
    )
