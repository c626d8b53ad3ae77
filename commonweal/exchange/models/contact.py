"""What passes between the two who are matched: who saw how to reach whom, and words handed on without a number."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from commonweal.base import clock
from commonweal.base.fields import EncryptedTextField
from commonweal.base.tenancy import TenantFK, TenantModel


class Look(TenantModel):
    """Somebody saw how to reach somebody else: who, whose, what, when and why.

    ``side`` is whose it was, "asker" or "helper"; ``of`` the member it was, if it was one. ``by`` is in which part it
    was seen, ``actor`` who (None: an asker who is no member). ``what`` are codes (``phone``, ``email``, ``place``,
    ``destination``, ``words``, ``media``), ``why`` is the reason in a word, ``words`` what a dispatcher said
    beyond it. ``draft`` is the message at the desk whose sender was looked at, as long as it is no ask. ``last_at``
    moves on while the same person looks again within an hour. Deleted at ``erase_at``.
    """

    class Why(models.TextChoices):
        """What somebody looked for. ``agreed`` is for the two who are matched, the others are said at the desk."""

        AGREED = "agreed", _("to help with it")
        READ = "read", _("to read your message")
        CALL_BACK = "call_back", _("to call back, as was asked for")
        UNCLEAR = "unclear", _("to ask about something that was not clear")
        SET_UP = "set_up", _("to settle when and how to meet")
        HOW_IT_WENT = "how_it_went", _("to ask how it went")
        WORRY = "worry", _("because somebody was worried")
        OTHER = "other", _("for another reason")

    ask = TenantFK("exchange.Ask", models.CASCADE, null=True, blank=True, related_name="+")
    match = TenantFK("exchange.Match", models.CASCADE, null=True, blank=True, related_name="+")
    draft = models.UUIDField(null=True, blank=True)
    side = models.CharField(max_length=8)
    of = TenantFK("members.Member", models.CASCADE, null=True, blank=True, related_name="+")
    by = models.CharField(max_length=12)
    actor = TenantFK("members.Member", models.SET_NULL, null=True, blank=True, related_name="+")
    what = models.JSONField(default=list)
    why = models.CharField(max_length=12, choices=Why.choices)
    words = EncryptedTextField(blank=True, default="")
    at = models.DateTimeField(default=clock.now)
    last_at = models.DateTimeField(default=clock.now)
    erase_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["network", "ask"], name="look_at_ask", condition=Q(ask__isnull=False)),
            models.Index(
                fields=["network", "of", "-at"], name="look_at_member", condition=Q(of__isnull=False)
            ),
            models.Index(fields=["network", "draft"], name="look_at_draft", condition=Q(draft__isnull=False)),
            # The worker looks in every network at once.
            models.Index(fields=["erase_at"], name="look_erase"),
        ]


class PassedOn(TenantModel):
    """Words that one of two who are matched has for the other, handed on by the network; or a call it put through.

    ``by`` is who spoke, "asker" or "helper"; ``via`` the door they came in by. The words are for those two alone, until
    one of them shows them to the desk (``reported_at``). Deleted at ``erase_at``.
    """

    class Via(models.TextChoices):
        """By which door the words came."""

        PAGE = "page", _("Page")
        TEXT = "text", _("Text message")
        CALL = "call", _("Call")

    # They belong to the two alone, and not into a copy of everything.
    travels = False

    match = TenantFK("exchange.Match", models.CASCADE, related_name="passed_on")
    by = models.CharField(max_length=8)
    via = models.CharField(max_length=8, choices=Via.choices)
    words = EncryptedTextField(blank=True, default="")
    key = models.CharField(max_length=120)
    at = models.DateTimeField(default=clock.now)
    reported_at = models.DateTimeField(null=True, blank=True)
    erase_at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]
        indexes = [
            models.Index(fields=["network", "match"], name="passed_on_in_match"),
            models.Index(fields=["erase_at"], name="passed_on_erase"),
        ]
        constraints = [models.UniqueConstraint(fields=["network", "key"], name="passed_on_once")]
