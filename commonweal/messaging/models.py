"""The outbox: one row for each message to one person."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from commonweal.base import clock
from commonweal.base.fields import BlindIndexField, EncryptedJSONField, EncryptedTextField
from commonweal.base.tenancy import TenantFK, TenantModel


class Message(TenantModel):
    """A message on its way, written in the same transaction as what it announces.

    ``due_at`` is when it is tried next; while it is being sent, when the sender's lease ends, after which another
    worker may try again; empty once nothing more is to happen by itself. ``key`` makes queueing idempotent, the row's
    id and ``turn`` make sending so, where the channel can. ``to``, ``others`` and ``context`` are encrypted, and
    emptied at ``erase_at``.

    ``others`` are the further ways that this person allows, as ``{"kind", "value"}``, tried in turn when one is in
    vain: each begins a new ``turn``. ``carried_by`` is the key of the route of the last try, ``passed`` are those that
    were given up for this way. ``unsure``: the last try by that route may have gone through. ``delivery`` is what the
    other side has told since it took the message; ``bounced``: after such news it took another way, which it does once.
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
        STOPPED = "stopped", _("The person wants no messages there")
        LIMIT = "limit", _("The text messages of this day are used up")
        UNDELIVERED = "undelivered", _("It was sent, and did not arrive")

    class Delivery(models.TextChoices):
        """What the other side told of a message after it had taken it."""

        ARRIVED = "arrived", _("It arrived")
        FAILED = "failed", _("It did not arrive")

    travels = False

    kind = models.CharField(max_length=12)
    to = EncryptedTextField(blank=True, default="")
    to_index = BlindIndexField(of="to", use="contact")
    others = EncryptedJSONField(blank=True, default=list)
    language = models.CharField(max_length=8)
    template = models.CharField(max_length=32)
    context = EncryptedJSONField(blank=True, default=dict)
    key = models.CharField(max_length=160)
    about = models.CharField(max_length=24, blank=True, default="")
    about_id = models.UUIDField(null=True, blank=True)
    priority = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    turn = models.PositiveSmallIntegerField(default=0)
    carried_by = models.CharField(max_length=40, blank=True, default="")
    passed = models.JSONField(blank=True, default=list)
    unsure = models.BooleanField(default=False)
    due_at = models.DateTimeField(null=True, blank=True, default=clock.now)
    useful_until = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=clock.now)
    sent_at = models.DateTimeField(null=True, blank=True)
    died_at = models.DateTimeField(null=True, blank=True)
    erase_at = models.DateTimeField(null=True, blank=True)
    receipt = models.CharField(max_length=120, blank=True, default="")
    bounced = models.BooleanField(default=False)
    delivery = models.CharField(max_length=8, choices=Delivery.choices, blank=True, default="")
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
            models.Index(fields=["network", "receipt"], name="message_receipt", condition=~Q(receipt="")),
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

    @property
    def sent_as(self) -> uuid.UUID:
        """The id that channels know it by: its own at the first turn, a different one at each further turn."""
        return uuid.uuid5(self.pk, str(self.turn)) if self.turn else self.pk


class Stop(TenantModel):
    """Somebody wants no more messages at a contact. ``words`` are those by which they said so.

    It is kept as long as the network is, for nothing but to leave them in peace; it goes when they want messages again.
    """

    kind = models.CharField(max_length=12)
    contact = EncryptedTextField()
    contact_index = BlindIndexField(of="contact", use="contact")
    words = EncryptedTextField(blank=True, default="")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["network", "contact_index"], name="stop_once")]


class TextsOfDay(TenantModel):
    """How many text messages a network has begun to send on one of its days, for its daily limit."""

    travels = False

    day = models.DateField()
    texts = models.PositiveIntegerField(default=0)
    full_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["network", "day"], name="texts_of_day_once")]


class Broadcast(TenantModel):
    """News to many members at once. ``words`` is what it says, by language.

    It becomes messages bit by bit: ``filled_to`` is the last member whose message is in the outbox, ``filled_at`` when
    all were. ``people``, ``texts``, ``parts`` and ``cost`` (in thousandths of the currency) are what was announced to
    whoever sent it. ``key`` is of the form it came from, so that pressing twice sends once.
    """

    travels = False

    words = EncryptedJSONField(default=dict)
    area = TenantFK("networks.Area", models.SET_NULL, null=True, blank=True, related_name="+")
    by = TenantFK("members.Member", models.SET_NULL, null=True, blank=True, related_name="+")
    key = models.CharField(max_length=64)
    people = models.PositiveIntegerField(default=0)
    texts = models.PositiveIntegerField(default=0)
    parts = models.PositiveIntegerField(default=0)
    cost = models.PositiveBigIntegerField(default=0)
    at = models.DateTimeField(default=clock.now)
    filled_to = models.UUIDField(null=True, blank=True)
    filled_at = models.DateTimeField(null=True, blank=True)
    stopped_at = models.DateTimeField(null=True, blank=True)
    erase_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["network", "-at"], name="broadcast_recent"),
            models.Index(fields=["erase_at"], name="broadcast_erase", condition=Q(erase_at__isnull=False)),
        ]
        constraints = [models.UniqueConstraint(fields=["network", "key"], name="broadcast_once")]
