"""Giving a member of a network its trials and proposals, or refusing as if they did not exist."""

import uuid

from commonweal.assembly.access import holds_mandate
from commonweal.assembly.models import Mandate
from commonweal.matching.models import PolicyProposal, PolicyTrial
from commonweal.matching.policy.errors import NotYours, NotYourTrial, ProposalNotFound, TrialNotFound
from commonweal.members.models import Member
from commonweal.networks.models import Network


def is_steward(member: Member | None) -> bool:
    """Whether a member may put rules in force at this moment."""
    return holds_mandate(member, Mandate.Role.STEWARD)


def trial_of(network: Network, key: uuid.UUID) -> PolicyTrial:
    """A trial of this network; raises TrialNotFound."""
    trial = PolicyTrial.objects.select_related("by").filter(network=network, pk=key).first()
    if trial is None:
        raise TrialNotFound
    return trial


def proposal_of(network: Network, key: uuid.UUID) -> PolicyProposal:
    """A proposal of this network; raises ProposalNotFound."""
    proposal = PolicyProposal.objects.select_related("by").filter(network=network, pk=key).first()
    if proposal is None:
        raise ProposalNotFound
    return proposal


def check_may_end(thing: PolicyTrial | PolicyProposal, member: Member) -> None:
    """Raises NotYourTrial or NotYours for who neither began it nor is a steward."""
    if thing.by_id != member.pk and not is_steward(member):
        raise NotYourTrial if isinstance(thing, PolicyTrial) else NotYours
