"""Rules that were tried on the past, and rules that were proposed."""

from datetime import timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

from commonweal.base import clock
from commonweal.base.tenancy import TenantFK, TenantModel

# Who works on a trial for longer than this was stopped in the middle.
LONGEST_TRIAL = timedelta(minutes=15)
# Without a sign of life for so long, the process that plays a trial is gone.
LIFE = timedelta(seconds=30)


class PolicyTrial(TenantModel):
    """A change of the policy, tried by a member on the asks that came from ``since`` to ``until``.

    ``number`` is of the policy that it would change, ``changes`` are settings with their new values. ``done`` counts
    the two halves of the work. ``figures`` holds what came of it ``before`` and ``after`` the change, as
    `matching.figures.Figures` says it, with nothing suppressed: only queries put it on a page. ``seen_at`` is the last
    sign of life of the process that plays it, ``tries`` how often one began. Removed after a week.
    """

    travels = False

    class State(models.TextChoices):
        """How far it is."""

        WAITING = "waiting", _("Waiting for its turn")
        RUNNING = "running", _("Being worked out")
        DONE = "done", _("Worked out")
        FAILED = "failed", _("Could not be worked out")
        STOPPED = "stopped", _("Stopped")
        NEEDLESS = "needless", _("Changes nothing about who is found")

    UNDER_WAY = (State.WAITING, State.RUNNING)

    by = TenantFK("members.Member", models.CASCADE, related_name="+")
    number = models.PositiveIntegerField()
    changes = models.JSONField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    done = models.PositiveSmallIntegerField(default=0)
    figures = models.JSONField(default=dict, blank=True)
    since = models.DateTimeField()
    until = models.DateTimeField()
    made_at = models.DateTimeField(default=clock.now)
    seen_at = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(fields=["network", "by", "number"], name="trial_of_member"),
            # Old trials are looked for in every network at once.
            models.Index(fields=["made_at"], name="trial_made"),
        ]

    @property
    def is_under_way(self) -> bool:
        """Whether its figures are still to come."""
        return self.state in self.UNDER_WAY and clock.now() - self.made_at < LONGEST_TRIAL


class PolicyProposal(TenantModel):
    """A change of the policy that a member proposes, with the figures of its trial; open until adopted or withdrawn.

    ``number`` is of the policy that its figures were compared with, ``adopted_number`` of the one it became.
    """

    class State(models.TextChoices):
        """What became of it."""

        OPEN = "open", _("Open")
        ADOPTED = "adopted", _("Adopted")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    by = TenantFK("members.Member", models.CASCADE, related_name="+")
    trial = models.UUIDField()
    number = models.PositiveIntegerField()
    changes = models.JSONField()
    reason = models.CharField(max_length=300)
    figures = models.JSONField(default=dict, blank=True)
    since = models.DateTimeField()
    until = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    made_at = models.DateTimeField(default=clock.now)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.UUIDField(null=True, blank=True)
    adopted_number = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["network", "state", "-made_at"], name="proposal_newest")]
        constraints = [
            models.UniqueConstraint(fields=["network", "trial"], name="proposal_of_trial_once"),
            models.CheckConstraint(
                condition=models.Q(state="open", closed_at__isnull=True)
                | (~models.Q(state="open") & models.Q(closed_at__isnull=False)),
                name="proposal_closed_has_date",
            ),
        ]
