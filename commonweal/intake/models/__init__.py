"""What came in, and where each conversation stands."""

from commonweal.intake.models.inbound import Attachment, Inbound
from commonweal.intake.models.talks import Conversation

__all__ = ["Attachment", "Conversation", "Inbound"]
