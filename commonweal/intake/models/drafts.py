"""What a person reads because the program would not decide alone."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from commonweal.base import clock
from commonweal.base.fields import EncryptedJSONField, EncryptedTextField
from commonweal.base.tenancy import TenantFK, TenantModel


class Draft(TenantModel):
    """A message that is on the desk: ``why`` it is, what was understood of it, and by when a person looks.

    ``due_at`` is the promise; it is put off only by a person who says until when (``is_followed_up``). ``reading`` is
    what was understood, with the words it came from. ``note`` is what dispatchers leave for one another. Both are
    emptied at ``erase_at``, which a draft has from the moment it is closed.
    """

    class State(models.TextChoices):
        """What became of it."""

        WAITING = "waiting", _("To be read")
        ASK = "ask", _("Turned into an ask")
        OFFER = "offer", _("Turned into an offer")
        LINKED = "linked", _("Put to an ask")
        ANSWERED = "answered", _("Answered")
        DISMISSED = "dismissed", _("Nothing to do")
        WRONG = "wrong", _("Wrong number")

    inbound = TenantFK("intake.Inbound", models.CASCADE, related_name="drafts")
    why = models.CharField(max_length=16)
    is_danger = models.BooleanField(default=False)
    reading = EncryptedJSONField(blank=True, default=dict)
    note = EncryptedTextField(blank=True, default="")
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    due_at = models.DateTimeField(null=True, blank=True)
    is_followed_up = models.BooleanField(default=False)
    held_by = TenantFK("members.Member", models.SET_NULL, null=True, blank=True, related_name="+")
    held_until = models.DateTimeField(null=True, blank=True)
    ask = TenantFK("exchange.Ask", models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(default=clock.now)
    alerted_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = TenantFK("members.Member", models.SET_NULL, null=True, blank=True, related_name="+")
    erase_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["network", "-is_danger", "due_at", "id"],
                name="draft_to_read",
                condition=Q(state="waiting"),
            ),
            models.Index(fields=["network", "-created_at", "-id"], name="draft_recent"),
            models.Index(fields=["network", "ask"], name="draft_of_ask", condition=Q(ask__isnull=False)),
            # The worker looks in every network at once, so these two do not begin with the network.
            models.Index(fields=["due_at"], name="draft_due", condition=Q(due_at__isnull=False)),
            models.Index(fields=["erase_at"], name="draft_erase", condition=Q(erase_at__isnull=False)),
        ]
        constraints = [
            models.UniqueConstraint(fields=["network", "inbound"], name="draft_once"),
            models.CheckConstraint(
                condition=Q(state="waiting", due_at__isnull=False, closed_at__isnull=True)
                | (~Q(state="waiting") & Q(due_at__isnull=True, closed_at__isnull=False)),
                name="draft_has_next_step",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def is_waiting(self) -> bool:
        """Whether somebody still has to read it."""
        return self.state == self.State.WAITING
