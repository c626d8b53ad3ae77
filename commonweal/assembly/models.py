"""Mandates: roles that end."""

import uuid
from datetime import datetime, timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

from commonweal.base import clock
from commonweal.base.tenancy import TenantFK, TenantModel


class MandateQuerySet(models.QuerySet["Mandate"]):
    """Mandates of one network."""

    def in_force(self, network: uuid.UUID, at: datetime) -> "MandateQuerySet":
        """Those of a network that are held at a moment."""
        return self.filter(network_id=network, starts_at__lte=at, ends_at__gt=at, ended_at__isnull=True)


class Mandate(TenantModel):
    """A role that a member holds until a date, with the reason it was given. ``ended_at``: given back before that."""

    class Role(models.TextChoices):
        """What a mandate is for."""

        FOUNDER = "founder", _("Founder")
        STEWARD = "steward", _("Steward")
        DISPATCHER = "dispatcher", _("Dispatcher")
        TREASURER = "treasurer", _("Treasurer")
        CARE_GIVER = "care_giver", _("Care-giver")

    member = TenantFK("members.Member", models.CASCADE, related_name="mandates")
    role = models.CharField(max_length=12, choices=Role.choices)
    reason = models.CharField(max_length=300)
    starts_at = models.DateTimeField(default=clock.now)
    ends_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    decision = models.UUIDField(null=True, blank=True)

    objects = MandateQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["network", "member", "role"], name="mandate_of_member")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="mandate_ends_after_start"
            )
        ]

    @property
    def last_moment(self) -> datetime:
        """The last moment at which it is held: a mandate until midnight ends on the day before."""
        return (self.ended_at or self.ends_at) - timedelta(microseconds=1)
