"""The pages of those who care: what waits for them, one report with its path, removals and appeals."""

import functools
import uuid
from collections.abc import Callable
from typing import Any

from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from commonweal.assembly.care import actions
from commonweal.assembly.care.access import measure_for, own_measure, report_for, require_care
from commonweal.assembly.care.forms import (
    AppealAnswerForm,
    CloseForm,
    MeasureForm,
    NoteForm,
    ReaderForm,
    StepForm,
    WordsForm,
)
from commonweal.assembly.care.models import Measure, Report
from commonweal.assembly.care.people import readers_for
from commonweal.assembly.care.queries import cares_of, measures_of, openings_of, path_of, said_in
from commonweal.base.errors import NotFound, Refused
from commonweal.members.access import signed_in
from commonweal.members.forms import status_of
from commonweal.members.models import Member
from commonweal.members.requests import MemberRequest

Kind = Measure.Kind
Act = Callable[[MemberRequest, Report, Member], BaseForm | None]


@require_safe
@require_care
def care(request: MemberRequest) -> HttpResponse:
    """What waits for this member, the soonest first; nothing of anybody else's, and nothing about themselves."""
    return render(request, "assembly/care/care.html", {"cares": cares_of(signed_in(request))})


@require_safe
@require_care
def report(request: MemberRequest, report: uuid.UUID) -> HttpResponse:
    """One report. Opening it is put on record for its owner."""
    member = signed_in(request)
    found = report_for(member, report)
    actions.open_report(report=found, by=member)
    return _page(request, found, member)


def _acting(name: str) -> Callable[[Act], Callable[..., HttpResponse]]:
    """A view for a form on the page of a report; what can't be is said there, with what was typed still in it.

    ``act`` does it and gives None, or gives the form that has to be put right, which stands there as ``name``.
    """

    def make(act: Act) -> Callable[..., HttpResponse]:
        @functools.wraps(act)
        def view(request: MemberRequest, report: uuid.UUID) -> HttpResponse:
            member = signed_in(request)
            found = report_for(member, report)
            try:
                form = act(request, found, member)
            except NotFound:
                raise
            except Refused as refusal:
                found = report_for(member, report)
                return _page(request, found, member, refused=str(refusal), status=refusal.status)
            if form is None:
                return redirect("assembly:report", report)
            bound: dict[str, Any] = {name: form}
            return _page(request, found, member, status=status_of(form), **bound)

        return require_POST(require_care(view))

    return make


@_acting("step_form")
def step(request: MemberRequest, report: Report, member: Member) -> BaseForm | None:
    """How a step went."""
    form = StepForm(request.POST)
    if not form.is_valid():
        return form
    actions.take_step(report=report, by=member, **form.cleaned_data)
    return None


@_acting("answer_form")
def answer(request: MemberRequest, report: Report, member: Member) -> BaseForm | None:
    """Words for the owner."""
    form = WordsForm(request.POST, prefix="answer")
    if not form.is_valid():
        return form
    actions.answer_owner(report=report, by=member, words=form.cleaned_data["words"])
    return None


@_acting("note_form")
def note(request: MemberRequest, report: Report, member: Member) -> BaseForm | None:
    """A note of one's own."""
    form = NoteForm(request.POST, prefix="note")
    if not form.is_valid():
        return form
    actions.note(report=report, by=member, words=form.cleaned_data["words"])
    return None


@_acting("hand_form")
def hand(request: MemberRequest, report: Report, member: Member) -> BaseForm | None:
    """Ask the owner whether somebody else may go on."""
    form = _hand_form(report, member, request.POST)
    if not form.is_valid():
        return form
    actions.propose_hand_over(report=report, by=member, to=form.cleaned_data["reader"])
    return None


@_acting("close_form")
def close(request: MemberRequest, report: Report, member: Member) -> BaseForm | None:
    """It has come to its end."""
    form = CloseForm(request.POST)
    if not form.is_valid():
        return form
    actions.close_report(report=report, by=member, outcome=form.cleaned_data["outcome"])
    return None


@_acting("measure_form")
def act(request: MemberRequest, report: Report, member: Member) -> BaseForm | None:
    """Keep people safe for a time."""
    form = MeasureForm(request.POST, network=request.network)
    if not form.is_valid():
        return form
    said, about = form.cleaned_data, {"report": report, "by": member}
    days: dict[str, Any] = {**about, "days": said["days"]}
    if said["kind"] == Kind.APART:
        actions.keep_apart(**days)
    elif said["kind"] == Kind.HOMES:
        actions.hold_from_homes(**days, words=said["words"])
    elif said["kind"] == Kind.HELD:
        actions.hold_back(**days, words=said["words"])
    elif said["kind"] == Kind.SUSPENDED:
        actions.suspend(**days, reason=said["reason"], words=said["words"], review_at=form.review_at())
    else:
        actions.propose_removal(**days, reason=said["reason"], words=said["words"])
    return None


@require_POST
@require_care
def lift(request: MemberRequest, measure: uuid.UUID) -> HttpResponse:
    """End a measure before its time, by the reader of the report it belongs to."""
    member = signed_in(request)
    found = own_measure(member, measure)
    actions.lift(measure=found, by=member)
    return redirect("assembly:report", found.report_id)


@require_safe
@require_care
def measure(request: MemberRequest, measure: uuid.UUID) -> HttpResponse:
    """A removal that waits for a second person, or an appeal; without what was told."""
    return _measure_page(request, measure_for(signed_in(request), measure), AppealAnswerForm())


@require_POST
@require_care
def agree(request: MemberRequest, measure: uuid.UUID) -> HttpResponse:
    """The second yes, or a no."""
    member = signed_in(request)
    found = measure_for(member, measure)
    does = actions.agree_to_removal if request.POST.get("answer") == "yes" else actions.refuse_removal
    does(measure=found, by=member)
    return redirect("assembly:care")


@require_POST
@require_care
def answer_appeal(request: MemberRequest, measure: uuid.UUID) -> HttpResponse:
    """An answer to an appeal."""
    member = signed_in(request)
    found = measure_for(member, measure)
    form = AppealAnswerForm(request.POST)
    if not form.is_valid():
        return _measure_page(request, found, form)
    said = form.cleaned_data
    actions.answer_appeal(measure=found, by=member, words=said["words"], is_lifted=said["decision"] == "lift")
    return redirect("assembly:care")


def _measure_page(request: MemberRequest, found: Measure, form: AppealAnswerForm) -> HttpResponse:
    member = signed_in(request)
    context = {
        "measure": found,
        "form": form,
        "may_agree": found.waits_for_second and found.by_id != member.pk,
        "may_answer": bool(found.appealed_at)
        and not found.answer
        and found.is_in_force
        and found.by_id != member.pk,
    }
    return render(request, "assembly/care/measure.html", context, status=status_of(form))


def _hand_form(report: Report, member: Member, data: Any = None) -> ReaderForm:
    readers = readers_for(report.network, but=(report.about_id, report.reporter_id, member.pk))
    return ReaderForm(data, readers=readers.members, prefix="hand")


def _page(
    request: MemberRequest,
    found: Report,
    member: Member,
    *,
    refused: str = "",
    status: int = 200,
    **forms: BaseForm,
) -> HttpResponse:
    policy = request.network.policy
    usual: dict[str, BaseForm] = {
        "step_form": StepForm(initial={"step": found.step}),
        "answer_form": WordsForm(prefix="answer"),
        "note_form": NoteForm(prefix="note"),
        "close_form": CloseForm(),
        "measure_form": MeasureForm(
            network=request.network, initial={"kind": Kind.APART, "days": policy.suspend_days}
        ),
        "hand_form": _hand_form(found, member),
    }
    context = {
        "report": found, "path": path_of(found), "said": said_in(found), "openings": openings_of(found),
        "measures": measures_of(found), "policy": policy, "refused": refused, **usual, **forms,
    }  # fmt: skip
    return render(request, "assembly/care/report.html", context, status=status)
