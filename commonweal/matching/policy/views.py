"""The page of the policy: reading it, trying a change on last month, proposing it, and putting it in force."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from commonweal.assembly.access import require_mandate
from commonweal.assembly.models import Mandate
from commonweal.base.errors import Refused
from commonweal.matching.models import PolicyProposal, PolicyTrial
from commonweal.matching.policy import access, actions
from commonweal.matching.policy.comparing import compared
from commonweal.matching.policy.errors import ChangeNotFound
from commonweal.matching.policy.forms import ReasonForm, TryForm, merged
from commonweal.matching.policy.queries import (
    changed,
    differences,
    newest_proposals,
    policy_history,
    policy_numbered,
    rules_in_force,
)
from commonweal.matching.policy.sections import not_played, remarks
from commonweal.matching.policy.words import slider_words
from commonweal.members.access import require_member, signed_in
from commonweal.members.forms import status_of
from commonweal.members.requests import MemberRequest
from commonweal.networks.errors import NothingChanged, PolicyChangedMeanwhile

of_stewards = require_mandate(Mandate.Role.STEWARD)


@require_safe
def policy(request: MemberRequest) -> HttpResponse:
    """Every rule the program follows here, why, and how it came to be; open to everybody. Members see who."""
    network, member = request.network, request.member
    context = {
        "rules": rules_in_force(network.policy),
        "remarks": remarks(network.policy),
        "history": policy_history(network, named=member is not None),
        "proposals": newest_proposals(network) if member else [],
        "is_steward": access.is_steward(member),
    }
    return render(request, "matching/policy/policy.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@require_member
def change(request: MemberRequest) -> HttpResponse:
    """Set other rules, and see what they would have done."""
    form = TryForm(request.POST or None, network=request.network)
    if request.method == "POST" and form.is_valid():
        try:
            trial = actions.try_change(
                network=request.network,
                by=signed_in(request),
                changes=form.changes(),
                number=form.cleaned_data["number"],
            )
        except NothingChanged as refusal:
            form.add_error(None, str(refusal))
        except PolicyChangedMeanwhile as refusal:
            request.network.refresh_from_db()
            return _form(request, merged(form, request.network), status=refusal.status, refusal=refusal)
        else:
            return redirect("matching:trial", trial.pk)
    return _form(request, form, status=status_of(form))


def _form(request: MemberRequest, form: TryForm, **about: Any) -> HttpResponse:
    context = {"form": form, "slider_words": slider_words(), "refusal": about.get("refusal")}
    return render(request, "matching/policy/change.html", context, status=about["status"])


@require_POST
@of_stewards
def put_back(request: MemberRequest) -> HttpResponse:
    """Go back to before one change: tried first, like any other."""
    number = request.POST.get("number", "")
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        raise ChangeNotFound
    trial = actions.put_back(network=request.network, by=signed_in(request), number=int(number))
    return redirect("matching:trial", trial.pk)


@require_safe
@require_member
def trial(request: MemberRequest, trial: uuid.UUID) -> HttpResponse:
    """What a change would have made of last month, or how far the work on that is."""
    return _trial(request, access.trial_of(request.network, trial))


@require_POST
@require_member
def again(request: MemberRequest, trial: uuid.UUID) -> HttpResponse:
    """The same change once more, on the rules that are in force by now."""
    found = access.trial_of(request.network, trial)
    return redirect("matching:trial", actions.try_again(trial=found, by=signed_in(request)).pk)


@require_POST
@require_member
def stop(request: MemberRequest, trial: uuid.UUID) -> HttpResponse:
    """No more of it. What was stopped or has ended says so on its page."""
    found = access.trial_of(request.network, trial)
    actions.stop_trial(trial=found, by=signed_in(request))
    return redirect("matching:trial", found.pk)


@require_POST
@of_stewards
def adopt_trial(request: MemberRequest, trial: uuid.UUID) -> HttpResponse:
    """Put what was tried in force."""
    found, form = access.trial_of(request.network, trial), ReasonForm(request.POST)
    if not form.is_valid():
        return _trial(request, found, form=form, status=status_of(form))
    try:
        actions.adopt_trial(trial=found, by=signed_in(request), reason=form.cleaned_data["reason"])
    except PolicyChangedMeanwhile as refusal:
        request.network.refresh_from_db()
        return _trial(request, found, form=form, refusal=refusal, status=refusal.status)
    return _in_force(request)


@require_POST
@require_member
def propose(request: MemberRequest, trial: uuid.UUID) -> HttpResponse:
    """Propose what was tried."""
    found, form = access.trial_of(request.network, trial), ReasonForm(request.POST)
    if not form.is_valid():
        return _trial(request, found, form=form, status=status_of(form))
    made = actions.propose(trial=found, by=signed_in(request), reason=form.cleaned_data["reason"])
    messages.success(request, _("Your proposal is on the page of the rules, for everybody here to read."))
    return redirect("matching:proposal", made.pk)


def _trial(
    request: MemberRequest, found: PolicyTrial, *, form: ReasonForm | None = None, **about: Any
) -> HttpResponse:
    before = policy_numbered(request.network, found.number)
    after, is_steward = changed(before, found.changes), access.is_steward(request.member)
    context = {
        "trial": found,
        "differences": differences(before, after),
        "remarks": remarks(after),
        "figures": compared(found.figures, request.network),
        "not_played": not_played(found.changes),
        "is_stale": found.number != request.network.policy_number,
        "is_steward": is_steward,
        "may_stop": is_steward or found.by_id == signed_in(request).pk,
        "form": form or ReasonForm(initial={"number": found.number}),
        "refusal": about.get("refusal"),
    }
    return render(request, "matching/policy/trial.html", context, status=about.get("status", 200))


@require_safe
@require_member
def proposal(request: MemberRequest, proposal: uuid.UUID) -> HttpResponse:
    """A proposal, with the figures it was made with."""
    return _proposal(request, access.proposal_of(request.network, proposal))


@require_POST
@of_stewards
def adopt_proposal(request: MemberRequest, proposal: uuid.UUID) -> HttpResponse:
    """Put a proposal in force."""
    found, form = access.proposal_of(request.network, proposal), ReasonForm(request.POST)
    if not form.is_valid():
        return _proposal(request, found, form=form, status=status_of(form))
    try:
        actions.adopt_proposal(proposal=found, by=signed_in(request), **form.cleaned_data)
    except Refused as refusal:
        request.network.refresh_from_db()
        fresh = access.proposal_of(request.network, proposal)
        kept = ReasonForm(initial={**form.cleaned_data, "number": request.network.policy_number})
        return _proposal(request, fresh, form=kept, refusal=refusal, status=refusal.status)
    return _in_force(request)


@require_POST
@require_member
def withdraw(request: MemberRequest, proposal: uuid.UUID) -> HttpResponse:
    """Take a proposal back."""
    found = access.proposal_of(request.network, proposal)
    actions.withdraw(proposal=found, by=signed_in(request))
    messages.success(request, _("The proposal is withdrawn."))
    return redirect("matching:policy")


def _proposal(
    request: MemberRequest, found: PolicyProposal, *, form: ReasonForm | None = None, **about: Any
) -> HttpResponse:
    network, member = request.network, signed_in(request)
    then = policy_numbered(network, found.number)
    is_steward = access.is_steward(member)
    context = {
        "proposal": found,
        "differences": differences(then, changed(then, found.changes)),
        "remarks": remarks(changed(network.policy, found.changes)),
        "figures": compared(found.figures, network),
        "not_played": not_played(found.changes),
        "is_open": found.state == PolicyProposal.State.OPEN,
        "is_older": found.number != network.policy_number,
        "is_steward": is_steward,
        "may_withdraw": is_steward or found.by_id == member.pk,
        "form": form or ReasonForm(initial={"number": network.policy_number}),
        "refusal": about.get("refusal"),
    }
    return render(request, "matching/policy/proposal.html", context, status=about.get("status", 200))


def _in_force(request: MemberRequest) -> HttpResponse:
    messages.success(request, _("The new rules are in force."))
    return redirect("matching:policy")
