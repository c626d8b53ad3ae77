"""A pairing of an ask with a member, and what both sides said about how it went."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from commonweal.base import clock
from commonweal.base.fields import EncryptedTextField
from commonweal.base.tenancy import TenantFK, TenantModel


class Match(TenantModel):
    """A pairing of an ask with a member: proposed, then an invitation, then a commitment.

    ``reasons`` is a list of ``{"code": …, …}`` without personal content, put into words when it is shown.
    ``token_hash`` is of the helper's link, which ``token_box`` keeps readable for the messages to come. ``rest`` is
    what somebody who said no wants to be left alone with. ``quantity`` is what is promised of a counted thing.
    ``meets_at``–``meets_until`` is the time they agree on: suggested as the first part of the week that suits both.
    ``by_text``: the helper said yes by a text message, so what others read on a page is written to them too.
    """

    class State(models.TextChoices):
        """How far the pairing is."""

        PROPOSED = "proposed", _("Suggested to the desk")
        INVITED = "invited", _("Invited")
        ACCEPTED = "accepted", _("Agreed")
        LENT = "lent", _("Lent")
        DONE = "done", _("Done")
        PARTLY = "partly", _("Partly done")
        MISSED = "missed", _("Didn't happen")
        SILENT = "silent", _("Nobody said how it went")
        DECLINED = "declined", _("Said no")
        LAPSED = "lapsed", _("No answer")
        TAKEN_BACK = "taken_back", _("Taken back")
        DROPPED = "dropped", _("Dropped out")

    class Origin(models.TextChoices):
        """Who brought the two together."""

        PROGRAM = "program", _("The program")
        DISPATCHER = "dispatcher", _("A dispatcher")
        BOARD = "board", _("Picked from the board")

    class Rest(models.TextChoices):
        """What somebody who says no does not want to be asked for again soon."""

        THIS = "this", _("Just this one")
        CATEGORY = "category", _("This kind of thing")

    class Instead(models.TextChoices):
        """Why a person on shift asks somebody else than the program suggested."""

        KNOWS = "knows", _("They know one another")
        SPOKE = "spoke", _("I have spoken with them")
        WISHED = "wished", _("The asker would like them to come")
        OTHER = "other", _("Another reason")

    ask = TenantFK("exchange.Ask", models.CASCADE, related_name="matches")
    member = TenantFK("members.Member", models.CASCADE, related_name="matches")
    offer = TenantFK("exchange.Offer", models.SET_NULL, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices)
    origin = models.CharField(max_length=10, choices=Origin.choices, default=Origin.PROGRAM)
    token_hash = models.CharField(max_length=64, blank=True, default="")
    token_box = EncryptedTextField(blank=True, default="")
    rest = models.CharField(max_length=8, choices=Rest.choices, blank=True, default="")
    reasons = models.JSONField(default=list, blank=True)
    score = models.IntegerField(default=0)
    quantity = models.PositiveBigIntegerField(default=0)
    policy_number = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(default=clock.now)
    invited_at = models.DateTimeField(null=True, blank=True)
    answer_by = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    meets_at = models.DateTimeField(null=True, blank=True)
    meets_until = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    by_text = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(fields=["network", "ask"], name="match_of_ask"),
            models.Index(fields=["network", "member", "state"], name="match_of_member"),
            models.Index(
                fields=["network", "offer"], name="match_of_offer", condition=Q(offer__isnull=False)
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["network", "ask", "member"],
                condition=Q(state__in=["proposed", "invited", "accepted", "lent"]),
                name="match_live_once",
            ),
            models.UniqueConstraint(
                fields=["network", "token_hash"], condition=~Q(token_hash=""), name="match_token_once"
            ),
        ]


LIVE = (Match.State.PROPOSED, Match.State.INVITED, Match.State.ACCEPTED, Match.State.LENT)
COMMITTED = (Match.State.ACCEPTED, Match.State.LENT)  # the two see how to reach one another
HELPED = (*COMMITTED, Match.State.DONE, Match.State.PARTLY)  # what counts in a helper's week
# What of an offer is not there any more. Where nobody said how it went, the thing was most likely given.
GONE = (*HELPED, Match.State.SILENT)


class Handover(TenantModel):
    """What one side said about how a commitment went."""

    class Outcome(models.TextChoices):
        """How it went."""

        DONE = "done", _("It's done")
        PARTLY = "partly", _("Partly")
        MISSED = "missed", _("It didn't happen")
        RESCHEDULED = "rescheduled", _("Another time")
        RETURNED = "returned", _("It came back")

    match = TenantFK("exchange.Match", models.CASCADE, related_name="handovers")
    outcome = models.CharField(max_length=12, choices=Outcome.choices)
    said_by = models.CharField(max_length=12)
    member = TenantFK("members.Member", models.SET_NULL, null=True, blank=True, related_name="+")
    quantity = models.PositiveBigIntegerField(default=0)
    note = EncryptedTextField(blank=True, default="")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes = [models.Index(fields=["network", "match"], name="handover_of_match")]
