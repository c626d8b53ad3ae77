"""Giving a report to its owner or its reader, a measure to those who decide, and to nobody else."""

import functools
import uuid
from collections.abc import Callable
from typing import Any, TypeVar, cast

from django.db.models import QuerySet
from django.http import HttpResponse

from commonweal.assembly.care.errors import MeasureNotFound, NoCare, ReportNotFound
from commonweal.assembly.care.models import Measure, Report
from commonweal.assembly.care.people import CARE
from commonweal.assembly.queries import roles_of
from commonweal.base.ids import token_hash
from commonweal.members.access import require_member, signed_in
from commonweal.members.models import Member
from commonweal.members.requests import MemberRequest
from commonweal.networks.models import Network

V = TypeVar("V", bound=Callable[..., HttpResponse])
LONGEST_TOKEN = 64
OUT = (Measure.Kind.SUSPENDED, Measure.Kind.REMOVED)


def may_care(member: Member) -> bool:
    """Whether a member holds a role of care now: care-giver, founder, steward."""
    return bool(roles_of(member) & set(CARE))


def require_care(view: V) -> V:
    """Let a view be seen by holders of a role of care; what each of them sees there is for ``report_for`` to say."""

    @functools.wraps(view)
    def guarded(request: MemberRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not may_care(signed_in(request)):
            raise NoCare
        return view(request, *args, **kwargs)

    return cast(V, require_member(guarded))


def own_report(network: Network, token: str) -> Report:
    """The report behind its owner's private link; raises ReportNotFound."""
    if not 0 < len(token) <= LONGEST_TOKEN:
        raise ReportNotFound
    found = _reports().filter(network=network, token_hash=token_hash(token)).first()
    if found is None:
        raise ReportNotFound
    return found


def report_for(member: Member, key: uuid.UUID) -> Report:
    """A report for its one reader, as long as they hold a role of care; raises ReportNotFound for anybody else."""
    found = _reports().filter(network_id=member.network_id, pk=key, reader=member).first()
    if found is None or found.about_id == member.pk or not may_care(member):
        raise ReportNotFound
    return found


def measure_for(member: Member, key: uuid.UUID) -> Measure:
    """A suspension or removal for who may answer for it, but never for whom it falls on; raises MeasureNotFound.

    Who holds a role of care sees what was proposed or appealed against, and who began it sees it always.
    """
    found = _measures().filter(network_id=member.network_id, pk=key, kind__in=OUT).first()
    if found is None or found.member_id == member.pk or not may_care(member):
        raise MeasureNotFound
    mine = member.pk in (found.by_id, found.second_id)
    if not (mine or found.waits_for_second or found.appealed_at):
        raise MeasureNotFound
    return found


def own_measure(member: Member, key: uuid.UUID) -> Measure:
    """A measure of any kind for the reader of the report it belongs to; raises MeasureNotFound."""
    found = _measures().filter(network_id=member.network_id, pk=key, report__reader=member).first()
    if found is None or found.member_id == member.pk or not may_care(member):
        raise MeasureNotFound
    return found


def measure_by_token(network: Network, token: str) -> Measure:
    """The suspension or removal that a member's letter leads to; raises MeasureNotFound."""
    if not 0 < len(token) <= LONGEST_TOKEN:
        raise MeasureNotFound
    found = _measures().filter(network=network, token_hash=token_hash(token), starts_at__isnull=False).first()
    if found is None:
        raise MeasureNotFound
    return found


def _reports() -> QuerySet[Report]:
    return Report.objects.select_related("network", "reader", "about", "reporter", "hand_to")


def _measures() -> QuerySet[Measure]:
    return Measure.objects.select_related("network", "member", "by", "second", "report")
