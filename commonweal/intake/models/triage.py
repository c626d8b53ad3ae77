"""What people at the desk put right, and what a network's own reading of messages has learnt of it."""

from django.db import models

from commonweal.base import clock
from commonweal.base.fields import EncryptedTextField
from commonweal.base.tenancy import TenantFK, TenantModel


class Correction(TenantModel):
    """A message, and the category that a person gave it; ``supposed`` is what the program had thought, if anything.

    It teaches once (``taught_at``), and is deleted at ``erase_at`` whether it did or not.
    """

    travels = False

    text = EncryptedTextField()
    category = TenantFK("networks.Category", models.CASCADE, related_name="+")
    supposed = TenantFK("networks.Category", models.SET_NULL, null=True, blank=True, related_name="+")
    at = models.DateTimeField(default=clock.now)
    taught_at = models.DateTimeField(null=True, blank=True)
    erase_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["network", "taught_at"], name="correction_to_teach"),
            models.Index(fields=["erase_at"], name="correction_to_erase"),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class OwnTriage(TenantModel):
    """What a network's corrections add when a message is given a category. It holds no words (algorithms.triage.own).

    ``weights`` are packed 16-bit numbers, a column a choice; ``choices`` are ids of categories, "" for none of them.
    ``taught`` is how many corrections went in; of the last lesson's ``held`` ones so many were right without it
    (``right_without``) and with it (``right_with``).
    """

    travels = False

    weights = models.BinaryField(default=bytes)
    choices = models.JSONField(default=list)
    taught = models.PositiveIntegerField(default=0)
    held = models.PositiveIntegerField(default=0)
    right_without = models.PositiveIntegerField(default=0)
    right_with = models.PositiveIntegerField(default=0)
    learnt_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["network"], name="own_triage_once")]

    def __str__(self) -> str:
        return str(self.pk)
