"""The outbox: one row for each message to one person."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from commonweal.base import clock
from commonweal.base.fields import BlindIndexField, EncryptedJSONField, EncryptedTextField
from commonweal.base.tenancy import TenantModel


class Message(TenantModel):
    """A message on its way, written in the same transaction as what it announces.

    ``due_at`` is when it is tried next; while it is being sent, when the sender's lease ends, after which another
    worker may try again; empty once nothing more is to happen by itself. ``key`` makes queueing idempotent, the row's
    id makes sending so, where the channel can. ``to`` and ``context`` are encrypted, and emptied at ``erase_at``.
    """

    class State(models.TextChoices):
        """Where the message stands. ``failed``: tried in vain, and waiting to be tried again; ``dead``: given up."""

        QUEUED = "queued"
        SENDING = "sending"
        SENT = "sent"
        FAILED = "failed"
        DEAD = "dead"
        CANCELLED = "cancelled"

    class Trouble(models.TextChoices):
        """Why the last try was in vain, in words for the person who sees to it."""

        UNREACHABLE = "unreachable", _("The other side could not be reached")
        REFUSED = "refused", _("The other side refuses this message")
        NO_CHANNEL = "no_channel", _("Nothing here can carry a message of this kind")
        INTERRUPTED = "interrupted", _("The program was stopped while sending")
        TOO_LATE = "too_late", _("It came too late to be of use")
        UNREADABLE = "unreadable", _("The key that opens this message is missing")
        UNWRITABLE = "unwritable", _("The message could not be put into words")

    travels = False

    kind = models.CharField(max_length=12)
    to = EncryptedTextField(blank=True, default="")
    to_index = BlindIndexField(of="to", use="contact")
    language = models.CharField(max_length=8)
    template = models.CharField(max_length=32)
    context = EncryptedJSONField(blank=True, default=dict)
    key = models.CharField(max_length=160)
    about = models.CharField(max_length=24, blank=True, default="")
    about_id = models.UUIDField(null=True, blank=True)
    priority = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(null=True, blank=True, default=clock.now)
    useful_until = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=clock.now)
    sent_at = models.DateTimeField(null=True, blank=True)
    died_at = models.DateTimeField(null=True, blank=True)
    erase_at = models.DateTimeField(null=True, blank=True)
    receipt = models.CharField(max_length=120, blank=True, default="")
    last_error = models.CharField(max_length=12, choices=Trouble.choices, blank=True, default="")
    last_detail = models.CharField(max_length=120, blank=True, default="")

    class Meta:
        indexes = [
            # The worker looks in every network at once, so these two do not begin with the network.
            models.Index(
                fields=["priority", "due_at"], name="message_due", condition=Q(due_at__isnull=False)
            ),
            models.Index(fields=["erase_at"], name="message_erase", condition=Q(erase_at__isnull=False)),
            models.Index(fields=["network", "-id"], name="message_recent"),
            models.Index(fields=["network", "about", "about_id"], name="message_about"),
            models.Index(
                fields=["network", "died_at"], name="message_dead", condition=Q(died_at__isnull=False)
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["network", "key"], name="message_key_once"),
            models.CheckConstraint(
                condition=Q(state__in=["queued", "sending", "failed"], due_at__isnull=False)
                | Q(state__in=["sent", "dead", "cancelled"], due_at__isnull=True),
                name="message_has_next_try",
            ),
            models.CheckConstraint(
                condition=Q(state="dead", died_at__isnull=False)
                | (~Q(state="dead") & Q(died_at__isnull=True)),
                name="message_dead_has_date",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)
