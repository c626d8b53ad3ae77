"""Shifts: who is on duty at the desk, and until when."""

import uuid
from datetime import datetime

from django.db import models

from commonweal.base.tenancy import TenantFK, TenantModel


class ShiftQuerySet(models.QuerySet["Shift"]):
    """Shifts of one network."""

    def running(self, network: uuid.UUID, at: datetime) -> "ShiftQuerySet":
        """Those of a network that are on at a moment."""
        return self.to_come(network, at).filter(starts_at__lte=at)

    def to_come(self, network: uuid.UUID, at: datetime) -> "ShiftQuerySet":
        """Those of a network that have not ended at a moment, begun or not."""
        return self.filter(network_id=network, ends_at__gt=at, ended_at__isnull=True)


class Shift(TenantModel):
    """A stretch of time in which a member looks after the desk. ``ended_at`` is set when it is handed over early."""

    member = TenantFK("members.Member", models.CASCADE, related_name="shifts")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = ShiftQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at"]
        indexes = [models.Index(fields=["network", "ends_at"], name="shift_by_end")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="shift_ends_after_start"
            )
        ]
