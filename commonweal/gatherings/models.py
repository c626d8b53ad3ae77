"""Shifts: who is on duty at the desk, and until when."""

from django.db import models

from commonweal.base.tenancy import TenantFK, TenantModel


class Shift(TenantModel):
    """A stretch of time in which a member looks after the desk. ``ended_at`` is set when it is handed over early."""

    member = TenantFK("members.Member", models.CASCADE, related_name="shifts")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["starts_at"]
        indexes = [models.Index(fields=["network", "ends_at"], name="shift_by_end")]
        constraints = [
            models.CheckConstraint(condition=models.Q(ends_at__gt=models.F("starts_at")), name="shift_ends_after_start")
        ]
