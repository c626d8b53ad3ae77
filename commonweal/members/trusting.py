"""The rows of trust: who vouches for whom, codes to be shown to people who know one, and blocks of a contact."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from commonweal.base import clock
from commonweal.base.fields import BlindIndexField, EncryptedTextField
from commonweal.base.tenancy import TenantFK, TenantModel


class Vouch(TenantModel):
    """One member knows another in person. Taken back, the row is gone; nobody is told."""

    class How(models.TextChoices):
        """How the one knows the other; there is no room for words about anybody."""

        NEIGHBOUR = "neighbour", _("We are neighbours")
        WORKED = "worked", _("We have done something together")
        FAMILY = "family", _("We are family")
        FRIEND = "friend", _("We are friends")
        GROUP = "group", _("We belong to the same group, school or congregation")
        HELPED = "helped", _("We met here, when one of us helped the other")

    giver = TenantFK("members.Member", models.CASCADE, related_name="vouches_given")
    taker = TenantFK("members.Member", models.CASCADE, related_name="vouches_taken")
    how = models.CharField(max_length=10, choices=How.choices)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes = [models.Index(fields=["network", "taker"], name="vouch_for")]
        constraints = [
            models.UniqueConstraint(fields=["network", "giver", "taker"], name="vouch_once"),
            models.CheckConstraint(condition=~models.Q(giver=models.F("taker")), name="vouch_not_oneself"),
        ]


class VouchCode(TenantModel):
    """A code that a member shows to people who know them in person, so that these can vouch for them.

    It is kept as a hash, for two days and a few uses; showing a new one ends the one before.
    """

    travels = False

    member = TenantFK("members.Member", models.CASCADE, related_name="+")
    code_hash = models.CharField(max_length=64)
    uses_left = models.PositiveSmallIntegerField()
    expires_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["expires_at"], name="vouch_code_expires")]
        constraints = [
            models.UniqueConstraint(fields=["network", "member"], name="vouch_code_of_member"),
            models.UniqueConstraint(fields=["network", "code_hash"], name="vouch_code_once"),
        ]


class ReachRun(TenantModel):
    """One reckoning of everybody's level: when, from how many people and vouches, and what came of it.

    ``least_trust`` is kept from run to run, so that no vouch of today moves it. ``is_stale``: something has changed
    since. ``took_ms`` says how long to wait before it is done again.
    """

    travels = False

    number = models.PositiveIntegerField()
    at = models.DateTimeField()
    is_stale = models.BooleanField(default=False)
    took_ms = models.PositiveIntegerField(default=0)
    seeds = models.PositiveIntegerField()
    vouches = models.PositiveIntegerField()
    known = models.PositiveIntegerField()
    vouched = models.PositiveIntegerField()
    trusted = models.PositiveIntegerField()
    least_trust = models.FloatField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["network", "number"], name="reach_run_once")]


class ContactBlock(TenantModel):
    """A member and somebody without an account, known by their contact, are never brought together again.

    ``by_member``: the member wanted it; else whoever is reached by the contact did. Neither is told of the other.
    """

    member = TenantFK("members.Member", models.CASCADE, related_name="+")
    contact = EncryptedTextField()
    contact_index = BlindIndexField(of="contact", use="contact")
    by_member = models.BooleanField()
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes = [
            models.Index(fields=["network", "contact_index"], name="contact_block_of"),
            models.Index(fields=["created_at"], name="contact_block_ends"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["network", "member", "contact_index", "by_member"], name="contact_block_once"
            )
        ]
