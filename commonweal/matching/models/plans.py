"""A plan: who would best help whom in a whole network, as it was worked out at a moment."""

from django.db import models

from commonweal.base import clock
from commonweal.base.tenancy import TenantFK, TenantModel


class Plan(TenantModel):
    """The best assignment for a network, with all that is needed to work it out again to the same bytes.

    ``inputs`` is the request to the engine and ``outcome`` its answer, both npz bytes of numbers only; whose numbers
    they are, ``ids`` says (`planning.numbering`). ``value`` is what the plan is worth in points, and no plan can be
    worth more than ``bound``. ``wanted`` asks were planned for, of which ``met`` get all they need; ``offers`` were
    there. ``costs`` says of each rule how many asks it leaves unmet. What has happened until ``followed_at`` is
    answered by its changes. A plan is advice: nobody is invited by it without being judged once more at that moment.
    """

    travels = False

    policy_number = models.PositiveIntegerField()
    seed = models.PositiveIntegerField(default=0)
    inputs = models.BinaryField()
    outcome = models.BinaryField()
    ids = models.BinaryField()
    value = models.BigIntegerField(default=0)
    bound = models.BigIntegerField(default=0)
    wanted = models.PositiveIntegerField(default=0)
    met = models.PositiveIntegerField(default=0)
    offers = models.PositiveIntegerField(default=0)
    costs = models.JSONField(default=dict, blank=True)
    seconds = models.FloatField(default=0)
    made_at = models.DateTimeField(default=clock.now)
    followed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["network", "-made_at", "-id"], name="plan_newest")]

    def __str__(self) -> str:
        return str(self.pk)


class PlanChange(TenantModel):
    """What has happened since a plan was made, and how it was mended: the ``number``-th change of a plan.

    ``inputs`` is the request to the engine, ``outcome`` its answer: whom the plan has now for the asks for which it had
    others, and what hours are worth by now. ``ids`` says whose the numbers are that came new with it. The plan's own
    request and those of its changes, one after the other, give the same again to the byte.
    """

    travels = False

    plan = TenantFK("matching.Plan", models.CASCADE, related_name="changes")
    number = models.PositiveIntegerField()
    inputs = models.BinaryField()
    outcome = models.BinaryField()
    ids = models.BinaryField()
    value = models.BigIntegerField(default=0)
    met = models.PositiveIntegerField(default=0)
    moved = models.PositiveIntegerField(default=0)
    seconds = models.FloatField(default=0)
    made_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            # Two that follow the same plan at once can't both write down what comes next.
            models.UniqueConstraint(fields=["network", "plan", "number"], name="plan_change_once"),
        ]

    def __str__(self) -> str:
        return f"{self.plan_id}+{self.number}"
