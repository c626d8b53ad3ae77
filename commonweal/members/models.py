"""Members, their contact points, and the one-time codes by which they sign in."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from commonweal.base import clock
from commonweal.base.fields import BlindIndexField, CopiedIndexField, EncryptedJSONField, EncryptedTextField
from commonweal.base.tenancy import TenantFK, TenantModel
from commonweal.members import entrances, trusting  # noqa: F401 - their rows are this room's too
from commonweal.members.contacts import PUSH, Contact
from commonweal.members.devices import in_words


class Reached(models.TextChoices):
    """How somebody wants the two who are matched to reach one another; empty: as the network usually does."""

    DIRECT = "direct", _("Directly, by my phone number or e-mail address")
    RELAYED = "relayed", _("Through the network, so that neither learns the other's number")


class Member(TenantModel):
    """A neighbour of the network. One kind of member: everyone may ask and offer.

    ``name`` is what they want to be called. ``place`` is where they start from, exactly, for nobody's eyes;
    ``cell_y, cell_x`` is the coarse cell that matching reads. ``per_week`` is the most they want to help in a week.
    ``reached`` is how they want to be reached by whoever they are matched with.
    ``goes_as`` is their own word for themselves, read only where somebody asks for a woman or a man to come.
    ``vouched`` is how far the vouches of others reach, a `Category.Vouched`, as it was last reckoned.
    ``epoch`` is part of every sign-in of theirs: when it grows, all devices are signed out. Until ``held_until`` care
    keeps them from helping, until ``homes_held_until`` from helping at anybody's home alone, until ``out_until`` from
    taking part at all (a suspension, a removal). Who has left keeps an empty row, so that what others did with them
    still has a place to point at.
    """

    class State(models.TextChoices):
        """Whether the member takes part at present."""

        ACTIVE = "active", _("Taking part")
        PAUSED = "paused", _("Taking a break")
        LEFT = "left", _("Has left")

    class GoesAs(models.TextChoices):
        """What a member says of themselves, if anything."""

        WOMAN = "woman", _("I am a woman")
        MAN = "man", _("I am a man")

    name = EncryptedTextField()
    languages = models.JSONField(default=list)
    language = models.CharField(max_length=8, default="en")
    area = TenantFK("networks.Area", null=True, blank=True, related_name="+")
    cell_y = models.IntegerField(null=True, blank=True)
    cell_x = models.IntegerField(null=True, blank=True)
    place = EncryptedJSONField(blank=True, default=dict)
    per_week = models.PositiveSmallIntegerField(default=2)
    goes_as = models.CharField(max_length=8, choices=GoesAs.choices, blank=True, default="")
    reached = models.CharField(max_length=8, choices=Reached.choices, blank=True, default="")
    state = models.CharField(max_length=8, choices=State.choices, default=State.ACTIVE)
    paused_until = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=clock.now)
    last_asked_at = models.DateTimeField(null=True, blank=True)
    left_at = models.DateTimeField(null=True, blank=True)
    held_until = models.DateTimeField(null=True, blank=True)
    homes_held_until = models.DateTimeField(null=True, blank=True)
    out_until = models.DateTimeField(null=True, blank=True)
    epoch = models.PositiveIntegerField(default=0)
    vouched = models.PositiveSmallIntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(fields=["network", "state"], name="member_state"),
            models.Index(
                fields=["paused_until"], name="member_pause_over", condition=models.Q(state="paused")
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(paused_until__isnull=True) | models.Q(state="paused"),
                name="member_pause_has_end",
            ),
            models.CheckConstraint(
                condition=models.Q(state="left", left_at__isnull=False)
                | (~models.Q(state="left") & models.Q(left_at__isnull=True)),
                name="member_left_has_date",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def is_held(self) -> bool:
        """Whether care keeps them from helping now."""
        return self.held_until is not None and self.held_until > clock.now()

    @property
    def is_held_from_homes(self) -> bool:
        """Whether care keeps them from helping at anybody's home now."""
        return self.homes_held_until is not None and self.homes_held_until > clock.now()

    @property
    def is_out(self) -> bool:
        """Whether they are suspended or removed now."""
        return self.out_until is not None and self.out_until > clock.now()


class ContactPoint(TenantModel):
    """A way to reach a member. ``value`` is an e-mail address in lower case or a phone number in E.164 form.

    ``confirmed_at`` is empty for what was imported and never used to sign in; ``is_first`` marks where messages go.
    """

    class Kind(models.TextChoices):
        """What kind of address it is."""

        EMAIL = "email", _("E-mail")
        PHONE = "phone", _("Phone")

    member = TenantFK("members.Member", models.CASCADE, related_name="contact_points")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    value = EncryptedTextField()
    value_index = BlindIndexField(of="value", use="contact")
    confirmed_at = models.DateTimeField(null=True, blank=True)
    is_first = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["created_at", "id"]
        indexes = [
            models.Index(fields=["network", "member"], name="contact_of_member"),
            models.Index(fields=["network", "value_index"], name="contact_by_value"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["network", "value_index"],
                condition=models.Q(confirmed_at__isnull=False),
                name="confirmed_contact_once",
            ),
            models.UniqueConstraint(
                fields=["network", "member"], condition=models.Q(is_first=True), name="first_contact_once"
            ),
        ]

    @property
    def as_contact(self) -> Contact:
        """Kind and value together."""
        return Contact(kind=self.kind, value=self.value)


class Confirmation(TenantModel):
    """A one-time code on its way. ``draft`` holds what was filled in and waits for the code (an offer, a pick).

    ``member`` is who asked for it while signed in, to add a way to reach them; ``tries`` counts wrong codes.
    """

    travels = False

    kind = models.CharField(max_length=8, choices=ContactPoint.Kind.choices)
    contact = EncryptedTextField()
    contact_index = BlindIndexField(of="contact", use="contact")
    code_hash = models.CharField(max_length=64)
    token_hash = models.CharField(max_length=64)
    purpose = models.CharField(max_length=16)
    member = TenantFK("members.Member", models.CASCADE, null=True, blank=True, related_name="+")
    language = models.CharField(max_length=8, default="en")
    draft = EncryptedJSONField(blank=True, default=dict)
    tries = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["expires_at"], name="confirmation_expires")]
        constraints = [
            models.UniqueConstraint(fields=["network", "token_hash"], name="confirmation_token_once")
        ]

    @property
    def as_contact(self) -> Contact:
        """Whom the code goes to."""
        return Contact(kind=self.kind, value=self.contact)


class PushDevice(TenantModel):
    """A browser in which a member wants to be told what reaches them by no other way.

    ``value`` is what the browser gave out, as ``channels.push`` writes it: an address at its push service and two keys.
    It is no contact: nobody is let in by it, and nobody else ever sees it. ``place`` is the sign-in in which it was
    switched on, and with which it is switched off when that is ended. ``browser`` and ``system`` are coarse words for
    the member's own list.
    """

    # The browser has tied it to this installation's key and address.
    travels = False

    member = TenantFK("members.Member", models.CASCADE, related_name="push_devices")
    place = models.UUIDField()
    browser = models.CharField(max_length=20, blank=True, default="")
    system = models.CharField(max_length=20, blank=True, default="")
    value = EncryptedTextField()
    value_index = BlindIndexField(of="value", use="contact")
    made_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["made_at", "id"]
        indexes = [models.Index(fields=["network", "member"], name="push_device_of_member")]
        constraints = [
            models.UniqueConstraint(fields=["network", "value_index"], name="push_device_once"),
        ]

    @property
    def called(self) -> str:
        """What it is, in words: "Firefox on Android"."""
        return in_words(self.browser, self.system)

    @property
    def as_contact(self) -> Contact:
        """Where messages to it go."""
        return Contact(kind=PUSH, value=self.value)


class Block(TenantModel):
    """One member never wants to be matched with another; the other is not told."""

    member = TenantFK("members.Member", models.CASCADE, related_name="blocks")
    blocked = TenantFK("members.Member", models.CASCADE, related_name="+")
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes = [models.Index(fields=["network", "blocked"], name="block_against")]
        constraints = [
            models.UniqueConstraint(fields=["network", "member", "blocked"], name="block_once"),
            models.CheckConstraint(condition=~models.Q(member=models.F("blocked")), name="block_not_oneself"),
        ]


class KeptOut(TenantModel):
    """A contact that can't join until a date, because its member is shut out; known by its fingerprint only."""

    # It is keyed with this installation's own key, and would fit nowhere else.
    travels = False

    contact_index = CopiedIndexField()
    until = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["until"], name="kept_out_ends")]
        constraints = [
            models.UniqueConstraint(fields=["network", "contact_index"], name="kept_out_contact_once")
        ]
