"""What matching keeps of its own."""

from commonweal.matching.models.acceptance import AcceptanceModel
from commonweal.matching.models.plans import Plan, PlanChange
from commonweal.matching.models.rings import Ring, RingPlace
from commonweal.matching.models.trials import PolicyProposal, PolicyTrial

__all__ = ["AcceptanceModel", "Plan", "PlanChange", "PolicyProposal", "PolicyTrial", "Ring", "RingPlace"]
