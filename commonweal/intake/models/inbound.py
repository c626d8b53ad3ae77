"""One message that came in by any door, as it came."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from commonweal.base import clock
from commonweal.base.fields import BlindIndexField, EncryptedJSONField, EncryptedTextField
from commonweal.base.tenancy import TenantFK, TenantModel


class Inbound(TenantModel):
    """A message that came in, stored before the door said so. The row is its own place in the queue.

    ``channel`` and ``provider_id`` make a replay known; ``ours`` is which number or address of ours it was sent to.
    ``due_at`` is when it is worked on next, empty once that is done; ``said_at`` is when it was sent as far as that is
    known, and puts the messages of one sender in order. ``automatic``: a machine wrote it. ``media`` lists what came
    with it, ``{"kind", "url", "name", "length_s"}``; the contents are Attachments by the same numbers. ``proven``:
    it is from who it says, which anybody can write into an e-mail; ``answers`` is the ask, match or offer that
    the letter of ours was about which it answers. Who wrote and what they wrote is encrypted, and emptied at
    ``erase_at``.
    """

    class Sort(models.TextChoices):
        """By what kind of door it came."""

        TEXT = "text", _("Text message")
        EMAIL = "email", _("E-mail")
        VOICE = "voice", _("Voice message")
        PAPER = "paper", _("Paper")

    class State(models.TextChoices):
        """What became of it."""

        WAITING = "waiting", _("Not worked on yet")
        ANSWERED = "answered", _("Answered")
        PERSON = "person", _("A person reads it")
        READ = "read", _("Read; nothing was to be said")
        IGNORED = "ignored", _("A machine, or far too many")

    channel = models.CharField(max_length=40)
    provider_id = models.CharField(max_length=200)
    sort = models.CharField(max_length=8, choices=Sort.choices, default=Sort.TEXT)
    sender_kind = models.CharField(max_length=8)
    sender = EncryptedTextField(blank=True, default="")
    sender_index = BlindIndexField(of="sender", use="contact")
    ours = models.CharField(max_length=254, blank=True, default="")
    language = models.CharField(max_length=8, blank=True, default="")
    subject = EncryptedTextField(blank=True, default="")
    text = EncryptedTextField(blank=True, default="")
    media = EncryptedJSONField(blank=True, default=list)
    automatic = models.BooleanField(default=False)
    proven = models.BooleanField(default=True)
    answers = models.UUIDField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(null=True, blank=True, default=clock.now)
    said_at = models.DateTimeField(default=clock.now)
    received_at = models.DateTimeField(default=clock.now)
    handled_at = models.DateTimeField(null=True, blank=True)
    erase_at = models.DateTimeField(null=True, blank=True)
    conversation = TenantFK("intake.Conversation", models.SET_NULL, null=True, blank=True, related_name="+")
    ask = TenantFK("exchange.Ask", models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        indexes = [
            # The worker looks in every network at once, so these two do not begin with the network.
            models.Index(fields=["due_at", "id"], name="inbound_due", condition=Q(due_at__isnull=False)),
            models.Index(fields=["erase_at"], name="inbound_erase", condition=Q(erase_at__isnull=False)),
            models.Index(fields=["network", "-id"], name="inbound_recent"),
            models.Index(
                fields=["network", "sender_index", "said_at"],
                name="inbound_of_sender",
                condition=~Q(sender_index=""),
            ),
            models.Index(fields=["network", "ask"], name="inbound_of_ask", condition=Q(ask__isnull=False)),
            models.Index(
                fields=["network", "conversation"],
                name="inbound_of_conversation",
                condition=Q(conversation__isnull=False),
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["network", "channel", "provider_id"], name="inbound_once"),
            models.CheckConstraint(
                condition=Q(state="waiting", due_at__isnull=False, handled_at__isnull=True)
                | (~Q(state="waiting") & Q(due_at__isnull=True, handled_at__isnull=False)),
                name="inbound_waits_or_is_handled",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Attachment(TenantModel):
    """The content of one thing that came with a message, in base64; ``position`` is its place in ``Inbound.media``.

    ``kind`` is empty until it was looked at; then it is the media type of what is safe to show, or "refused", and then
    nothing of it is kept. It goes when the message's words are erased.
    """

    inbound = TenantFK("intake.Inbound", models.CASCADE, related_name="attachments")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=20, blank=True, default="")
    content = EncryptedTextField()

    class Meta:
        indexes = [
            # The worker looks in every network at once.
            models.Index(fields=["id"], name="attachment_new", condition=Q(kind="")),
        ]
        constraints = [
            models.UniqueConstraint(fields=["network", "inbound", "position"], name="attachment_once")
        ]
