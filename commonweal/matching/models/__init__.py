"""What matching keeps of its own."""

from commonweal.matching.models.acceptance import AcceptanceModel
from commonweal.matching.models.plans import Plan
from commonweal.matching.models.rings import Ring, RingPlace
from commonweal.matching.models.trials import PolicyProposal, PolicyTrial

__all__ = ["AcceptanceModel", "Plan", "PolicyProposal", "PolicyTrial", "Ring", "RingPlace"]
