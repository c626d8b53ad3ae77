"""What an inbound text is about, and whether it sounds like danger to life: a guess with reasons, never a decision.

Nothing heavy is loaded with this module: the model is read at the first text, which is the worker's.
"""

from commonweal.intake.triage.categories import SURE, category_for, find_category
from commonweal.intake.triage.danger import DANGERS, find_danger
from commonweal.intake.triage.saying import Labels, labels, network_labels

__all__ = [
    "DANGERS", "SURE", "Labels", "category_for", "find_category", "find_danger", "labels", "network_labels",
]  # fmt: skip
