"""What the table's deeds do, each by the verbs of the rooms below."""

from commonweal.intake.conversations.deeds import answering, asking, choosing, law, offering, owning

__all__ = ["answering", "asking", "choosing", "law", "offering", "owning"]
