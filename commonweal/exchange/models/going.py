"""Who goes along with a helper, and a helper who is on the way and wants to be missed. No place is kept here, ever."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from commonweal.base import clock
from commonweal.base.fields import BlindIndexField, EncryptedTextField
from commonweal.base.tenancy import TenantFK, TenantModel


class Buddy(TenantModel):
    """Somebody who goes along with a helper: a first name, or a member who opened the link they were given."""

    travels = False

    match = TenantFK("exchange.Match", models.CASCADE, related_name="buddies")
    name = EncryptedTextField()
    member = TenantFK("members.Member", models.SET_NULL, null=True, blank=True, related_name="+")
    token_hash = models.CharField(max_length=64)
    token_box = EncryptedTextField()
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["network", "match"], name="buddy_once"),
            models.UniqueConstraint(fields=["network", "token_hash"], name="buddy_token_once"),
        ]


class CheckIn(TenantModel):
    """A helper is on the way and wants to be back by ``back_by``; whoever they chose is told if they aren't.

    ``watcher`` is who that is; of somebody else ``contact`` is how to reach them, as the helper typed it. ``next_at``
    is when the helper is asked, and then when the watcher is told; empty once there is nothing more to do. ``over_at``:
    they are back, or a person on shift (``settled_by``) has heard from them.
    """

    travels = False

    class Watcher(models.TextChoices):
        """Who is told."""

        DESK = "desk", _("whoever is on shift")
        BUDDY = "buddy", _("the one who goes along")
        OTHER = "other", _("somebody I name")

    match = TenantFK("exchange.Match", models.CASCADE, related_name="check_ins")
    watcher = models.CharField(max_length=8, choices=Watcher.choices, default=Watcher.DESK)
    contact_kind = models.CharField(max_length=8, blank=True, default="")
    contact = EncryptedTextField(blank=True, default="")
    contact_index = BlindIndexField(of="contact", use="contact")
    set_out_at = models.DateTimeField(default=clock.now)
    back_by = models.DateTimeField()
    next_at = models.DateTimeField(null=True, blank=True)
    asked_at = models.DateTimeField(null=True, blank=True)
    alarmed_at = models.DateTimeField(null=True, blank=True)
    over_at = models.DateTimeField(null=True, blank=True)
    settled_by = TenantFK("members.Member", models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        indexes = [
            models.Index(fields=["next_at"], name="check_in_due", condition=Q(next_at__isnull=False)),
            models.Index(
                fields=["network", "alarmed_at"], name="check_in_late", condition=Q(over_at__isnull=True)
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["network", "match"], condition=Q(over_at__isnull=True), name="on_the_way_once"
            )
        ]
