"""What a network has learnt from the answers to its invitations."""

from django.db import models
from django.db.models import Q

from commonweal.algorithms.pacing import Chances
from commonweal.base import clock
from commonweal.base.tenancy import TenantModel


class AcceptanceModel(TenantModel):
    """How likely a yes is, by circumstances and for nobody by name: worked out anew each night from the answers.

    ``weights`` is what `Chances.as_json` wrote, without weights where there are too few answers for more than a rate.
    ``brier``, ``prior_brier`` and ``error`` say how good it is on people it has not seen (empty: not measured).
    """

    travels = False

    weights = models.JSONField(default=dict, blank=True)
    n = models.PositiveIntegerField(default=0)
    yes = models.PositiveIntegerField(default=0)
    brier = models.FloatField(null=True, blank=True)
    prior_brier = models.FloatField(null=True, blank=True)
    error = models.FloatField(null=True, blank=True)
    fitted_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["network"], name="acceptance_once"),
            models.CheckConstraint(condition=Q(yes__lte=models.F("n")), name="acceptance_yes_of_n"),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def chances(self) -> Chances:
        """The model, as pacing reads it."""
        return Chances.read(self.weights, yes=self.yes, n=self.n)
