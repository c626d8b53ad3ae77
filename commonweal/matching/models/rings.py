"""A ring: two to four members, each of whom could do what the next one needs, if all of them say yes."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from commonweal.base import clock
from commonweal.base.fields import EncryptedTextField
from commonweal.base.tenancy import TenantFK, TenantModel


class Ring(TenantModel):
    """Two to four places. It waits for every yes until ``answer_by``, and then holds as a whole or not at all.

    ``why`` says why it came to nothing; never whose doing it was.
    """

    class State(models.TextChoices):
        """How far it is."""

        WAITING = "waiting", _("Waiting for answers")
        AGREED = "agreed", _("All have said yes")
        VOID = "void", _("Came to nothing")

    class Why(models.TextChoices):
        """What made it void."""

        SAID_NO = "said_no", _("Somebody can't")
        NO_ANSWER = "no_answer", _("Not everybody answered in time")
        ASK_GONE = "ask_gone", _("One of the asks was met otherwise, changed or closed")
        MEMBER_GONE = "member_gone", _("Somebody can't be asked any more")

    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    why = models.CharField(max_length=12, choices=Why.choices, blank=True, default="")
    created_at = models.DateTimeField(default=clock.now)
    answer_by = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    policy_number = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [
            # The worker looks in every network at once, so these two do not begin with the network.
            models.Index(fields=["answer_by"], name="ring_waiting", condition=Q(state="waiting")),
            models.Index(fields=["ended_at"], name="ring_ended", condition=Q(ended_at__isnull=False)),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="waiting", ended_at__isnull=True)
                | (~Q(state="waiting") & Q(ended_at__isnull=False)),
                name="ring_ended_has_date",
            )
        ]


class RingPlace(TenantModel):
    """One place of a ring: ``member`` would do ``ask``, which is of the member in the next place.

    ``token_hash`` is of the member's link, which ``token_box`` keeps readable for the messages to come. ``version`` is
    the ask's when the ring was made. ``is_waiting`` follows the ring's state, so that the database can see to it that
    nobody and no ask waits in two rings. ``match`` is the commitment it became.
    """

    class Answer(models.TextChoices):
        """What the member has said."""

        NONE = "", _("No answer yet")
        YES = "yes", _("Yes")
        NO = "no", _("No")

    ring = TenantFK("matching.Ring", models.CASCADE, related_name="places")
    position = models.PositiveSmallIntegerField()
    member = TenantFK("members.Member", models.CASCADE, related_name="+")
    ask = TenantFK("exchange.Ask", models.CASCADE, related_name="+")
    offer = TenantFK("exchange.Offer", models.SET_NULL, null=True, blank=True, related_name="+")
    match = TenantFK("exchange.Match", models.SET_NULL, null=True, blank=True, related_name="+")
    version = models.PositiveIntegerField()
    is_waiting = models.BooleanField(default=True)
    answer = models.CharField(max_length=3, choices=Answer.choices, blank=True, default=Answer.NONE)
    answered_at = models.DateTimeField(null=True, blank=True)
    token_hash = models.CharField(max_length=64)
    token_box = EncryptedTextField(blank=True, default="")
    reasons = models.JSONField(default=list, blank=True)
    score = models.IntegerField(default=0)
    quantity = models.PositiveBigIntegerField(default=0)
    meets_at = models.DateTimeField()
    meets_until = models.DateTimeField()

    class Meta:
        ordering = ["position"]
        indexes = [
            models.Index(fields=["network", "ring"], name="place_of_ring"),
            models.Index(fields=["network", "member"], name="place_of_member"),
            models.Index(fields=["network", "ask"], name="place_of_ask", condition=Q(is_waiting=True)),
        ]
        constraints = [
            models.UniqueConstraint(fields=["network", "ring", "position"], name="ring_position_once"),
            models.UniqueConstraint(
                fields=["network", "member"], condition=Q(is_waiting=True), name="ring_member_waits_once"
            ),
            models.UniqueConstraint(
                fields=["network", "ask"], condition=Q(is_waiting=True), name="ring_ask_waits_once"
            ),
            models.UniqueConstraint(fields=["network", "token_hash"], name="ring_token_once"),
        ]
