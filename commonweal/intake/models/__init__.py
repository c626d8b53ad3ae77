"""What came in, and where each conversation stands."""

from commonweal.intake.models.inbound import Attachment, Inbound
from commonweal.intake.models.talks import Conversation
from commonweal.intake.models.triage import Correction, OwnTriage

__all__ = ["Attachment", "Conversation", "Correction", "Inbound", "OwnTriage"]
