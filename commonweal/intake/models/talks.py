"""Where the conversation with one number or address stands."""

from django.db import models
from django.db.models import Q

from commonweal.base import clock
from commonweal.base.fields import BlindIndexField, EncryptedJSONField, EncryptedTextField
from commonweal.base.tenancy import TenantModel


class Conversation(TenantModel):
    """What was said so far with one phone number or e-mail address; several people may share it.

    ``state`` is a row of the table of conversations. ``held`` keeps what was said and is not done yet: the ask or offer
    so far, which questions were put, between what a choice is to be made. ``language`` is what is spoken, and
    ``chosen`` whether that was asked for. ``replies`` of ours were written since ``replies_since``; ``same`` is how
    often the other side said the very same (``last_mark``) in a row. ``told_at`` is when a person was promised last.
    The row goes at ``erase_at``, some time after the last word.
    """

    kind = models.CharField(max_length=8)
    contact = EncryptedTextField()
    contact_index = BlindIndexField(of="contact", use="contact")
    language = models.CharField(max_length=8, default="en")
    chosen = models.BooleanField(default=False)
    state = models.CharField(max_length=16, default="idle")
    held = EncryptedJSONField(blank=True, default=dict)
    replies = models.PositiveIntegerField(default=0)
    replies_since = models.DateTimeField(default=clock.now)
    last_mark = models.CharField(max_length=32, blank=True, default="")
    same = models.PositiveIntegerField(default=0)
    told_at = models.DateTimeField(null=True, blank=True)
    first_at = models.DateTimeField(default=clock.now)
    last_at = models.DateTimeField(default=clock.now)
    erase_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["erase_at"], name="talk_erase", condition=Q(erase_at__isnull=False)),
        ]
        constraints = [
            models.UniqueConstraint(fields=["network", "kind", "contact_index"], name="talk_once"),
        ]

    def __str__(self) -> str:
        return str(self.pk)
