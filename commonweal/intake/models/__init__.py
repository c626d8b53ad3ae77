"""What came in, where each conversation stands, what a person reads, and what was learnt of it."""

from commonweal.intake.models.drafts import Draft
from commonweal.intake.models.inbound import Attachment, Inbound
from commonweal.intake.models.talks import Conversation
from commonweal.intake.models.triage import Correction, OwnTriage

__all__ = ["Attachment", "Conversation", "Correction", "Draft", "Inbound", "OwnTriage"]
