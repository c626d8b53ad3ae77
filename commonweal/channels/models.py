"""The ways out and in that a network has set up."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from commonweal.base import clock
from commonweal.base.fields import BlindIndexField, EncryptedJSONField, EncryptedTextField
from commonweal.base.tenancy import TenantFK, TenantModel


class ChannelSetup(TenantModel):
    """One provider, phone or program through which a network writes and is written to.

    ``adapter`` is the key of the folder that knows how (``adapters.py``); ``options`` are its settings that may be
    shown, ``credentials`` those that never are. ``carries`` are the kinds of address it takes out; of two that carry
    the same, the lower ``position`` comes first. ``token`` is the secret part of its address for incoming news.

    Health: ``light_since`` is when the light last changed, ``failures_in_row`` counts failures of the other side since
    the last success (a number that does not exist is none), ``heard_at`` is the last word from it. ``trial`` is the
    last test that a steward made: ``state`` (waiting, well, ill), ``words``, ``at``.
    """

    class Light(models.TextChoices):
        """How it is with a channel, in a word."""

        GOOD = "good", _("Works")
        SHAKY = "shaky", _("Falters")
        BAD = "bad", _("Does not work")
        NEW = "new", _("Not tried yet")
        OFF = "off", _("Switched off")

    # What opens somebody else's door stays here; the address for incoming news would be another one anyway.
    travels = False

    adapter = models.CharField(max_length=16)
    name = models.CharField(max_length=60)
    carries = models.JSONField(default=list)
    position = models.PositiveSmallIntegerField(default=0)
    options = models.JSONField(default=dict)
    credentials = EncryptedJSONField(blank=True, default=dict)
    token = EncryptedTextField()
    is_on = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=clock.now)
    succeeded_at = models.DateTimeField(null=True, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)
    heard_at = models.DateTimeField(null=True, blank=True)
    light_since = models.DateTimeField(default=clock.now)
    failures_in_row = models.PositiveIntegerField(default=0)
    last_error = models.CharField(max_length=120, blank=True, default="")
    trial = models.JSONField(blank=True, default=dict)

    class Meta:
        ordering = ["position", "created_at", "id"]
        indexes = [models.Index(fields=["network", "position"], name="setup_in_order")]

    def __str__(self) -> str:
        return self.name

    @property
    def key(self) -> str:
        """By which messages remember that this carried them."""
        return str(self.pk)

    @property
    def mark(self) -> str:
        """What makes the other side's ids for incoming things different from those of any other setup."""
        return self.pk.hex[-8:]

    @property
    def light(self) -> "ChannelSetup.Light":
        """How it is with it at this moment."""
        if not self.is_on:
            return self.Light.OFF
        if self.failures_in_row >= BAD_FROM:
            return self.Light.BAD
        if self.failures_in_row:
            return self.Light.SHAKY
        return self.Light.GOOD if self.succeeded_at or self.heard_at else self.Light.NEW


class Recording(TenantModel):
    """The sound of a voice message that is still with the provider, and is to be fetched; gone once that is settled."""

    travels = False

    setup = TenantFK("channels.ChannelSetup", models.CASCADE, related_name="+")
    inbound = TenantFK("intake.Inbound", models.CASCADE, related_name="+")
    sid = models.CharField(max_length=64)
    tries = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes = [
            # The worker looks in every network at once.
            models.Index(fields=["due_at"], name="recording_due"),
            models.Index(fields=["network", "inbound"], name="recording_of_inbound"),
        ]


class SimulatedText(TenantModel):
    """What stands on the screen of a made-up phone: a text from the network or to it, or what was said to it.

    ``key`` is the id of the message it was, so that the same one twice is one. Deleted at ``erase_at``. Only numbers
    that belong to nobody have such a screen (``simulator.numbers``).
    """

    travels = False

    number = EncryptedTextField()
    number_index = BlindIndexField(of="number", use="contact")
    key = models.CharField(max_length=64)
    from_network = models.BooleanField()
    is_voice = models.BooleanField(default=False)
    text = EncryptedTextField()
    at = models.DateTimeField(default=clock.now)
    erase_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["network", "number_index", "at"], name="simulated_of_number"),
            models.Index(fields=["erase_at"], name="simulated_erase"),
        ]
        constraints = [models.UniqueConstraint(fields=["network", "key"], name="simulated_once")]


class PushKey(models.Model):
    """Who this installation is to push services: the private half of a key pair (P-256, 32 bytes in base 64).

    One row at most, made at first need. It stays where it is: browsers trust the address of this place besides.
    """

    ONLY = 1

    id = models.PositiveSmallIntegerField(primary_key=True, default=ONLY)
    private = EncryptedTextField()
    made_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="push_key_only_one")]


# So many failures in a row of the other side, and it is called broken.
BAD_FROM = 3
