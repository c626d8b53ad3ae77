"""Mandates: roles that end. Decisions: what was decided, by whom, for good. Deeds: what takes two founders."""

import uuid
from datetime import datetime, timedelta
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from commonweal.assembly.care import models as care  # noqa: F401 - its rows are this room's too
from commonweal.base import clock
from commonweal.base.ids import shown_code
from commonweal.base.tenancy import TenantFK, TenantModel


def last_moment_before(end: datetime | None) -> datetime | None:
    """A mandate until midnight ends on the day before."""
    return end - timedelta(microseconds=1) if end else None


class MandateQuerySet(models.QuerySet["Mandate"]):
    """Mandates of one network."""

    def in_force(self, network: uuid.UUID, at: datetime) -> "MandateQuerySet":
        """Those of a network that are held at a moment."""
        return self.filter(network_id=network, starts_at__lte=at, ends_at__gt=at, ended_at__isnull=True)


class Mandate(TenantModel):
    """A role that a member holds until a date, with the reason it was given and the decision that gave it.

    ``ended_at``: it was given back, or taken, before its date. ``tell_at`` is when its end is next made known: some
    days before, the day before, and when it comes; empty once all of that was done.
    """

    class Role(models.TextChoices):
        """What a mandate is for."""

        FOUNDER = "founder", _("Founder")
        STEWARD = "steward", _("Steward")
        DISPATCHER = "dispatcher", _("Dispatcher")
        TREASURER = "treasurer", _("Treasurer")
        CARE_GIVER = "care_giver", _("Care-giver")

    member = TenantFK("members.Member", models.CASCADE, related_name="mandates")
    role = models.CharField(max_length=12, choices=Role.choices)
    reason = models.CharField(max_length=300)
    starts_at = models.DateTimeField(default=clock.now)
    ends_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    tell_at = models.DateTimeField(null=True, blank=True)
    decision = models.UUIDField(null=True, blank=True)

    objects = MandateQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["network", "member", "role"], name="mandate_of_member"),
            # The ends to make known are looked for in every network at once.
            models.Index(
                fields=["tell_at"], name="mandate_to_tell", condition=models.Q(tell_at__isnull=False)
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="mandate_ends_after_start"
            )
        ]

    @property
    def last_moment(self) -> datetime:
        """The last moment at which it is held: a mandate until midnight ends on the day before."""
        return (self.ended_at or self.ends_at) - timedelta(microseconds=1)


class Standing(TenantModel):
    """A member says that they would take a role. Nobody is given one from a page without having said so."""

    member = TenantFK("members.Member", models.CASCADE, related_name="+")
    role = models.CharField(max_length=12, choices=Mandate.Role.choices)
    said_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["network", "member", "role"], name="standing_once"),
        ]


class DecisionQuerySet(models.QuerySet["Decision"]):
    """Decisions are only ever added."""

    def update(self, **kwargs: Any) -> int:
        """Refuses: what was decided, was decided."""
        raise TypeError("decisions are append-only")

    def delete(self) -> tuple[int, dict[str, int]]:
        """Refuses: what was decided, was decided."""
        raise TypeError("decisions are append-only")


class Decision(TenantModel):
    """What was decided, in words; by whom; when; and what it did. It is only ever added.

    ``by`` and ``agreed_by`` are founders; ``way`` says whether there were two of them. Whoever keeps the machine
    decides by a command: then both are empty.
    """

    class Does(models.TextChoices):
        """What a decision did."""

        GIVES = "gives", _("gives a role")
        ENDS = "ends", _("ends a role")
        ALLOWS = "allows", _("allows what can't be undone")

    class Way(models.TextChoices):
        """How it came to be."""

        TWO = "two", _("by two founders")
        ALONE = "alone", _("by the only founder")
        KEEPER = "keeper", _("by whoever looks after this machine")

    does = models.CharField(max_length=8, choices=Does.choices)
    way = models.CharField(max_length=8, choices=Way.choices)
    words = models.CharField(max_length=300)
    role = models.CharField(max_length=12, choices=Mandate.Role.choices, blank=True, default="")
    what = models.CharField(max_length=8, blank=True, default="")
    member = TenantFK("members.Member", null=True, blank=True, related_name="+")
    by = TenantFK("members.Member", null=True, blank=True, related_name="+")
    agreed_by = TenantFK("members.Member", null=True, blank=True, related_name="+")
    until = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=clock.now)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["network", "-created_at", "-id"], name="decision_newest")]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Add the row; a second save is refused."""
        if not self._state.adding:
            raise TypeError("decisions are append-only")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Refuses: what was decided, was decided."""
        raise TypeError("decisions are append-only")

    @property
    def what_words(self) -> str:
        """What was allowed, in words."""
        return str(Deed.What(self.what).label) if self.what else ""

    @property
    def last_moment(self) -> datetime | None:
        """The last moment of the mandate that it gave."""
        return last_moment_before(self.until)


class Deed(TenantModel):
    """What takes two founders: one asks for it with a reason, another agrees in time, then it is done, once.

    A mandate is given or ended at the moment of agreeing. The rest is done by a command that is told ``code``.
    ``agreed_by`` stays empty where the one who asked was the only founder; ``asked_by`` too where whoever keeps the
    machine did it in a network with one founder or none. What came of it stays as decisions; this stays behind.
    """

    travels = False

    class What(models.TextChoices):
        """What is to be done."""

        GIVE = "give", _("Give a role")
        END = "end", _("End a role before its date")
        EXPORT = "export", _("Write out everything, with personal data")
        KEY = "key", _("Change the key that personal data is locked with")
        ERASE = "erase", _("Erase the whole network")

    class State(models.TextChoices):
        """Where it stands. What was not agreed to, or not done, in time is over by itself."""

        ASKED = "asked", _("waits for a second founder")
        AGREED = "agreed", _("agreed, not done yet")
        DONE = "done", _("done")
        CANCELLED = "cancelled", _("called off")

    what = models.CharField(max_length=8, choices=What.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.ASKED)
    code = models.CharField(max_length=6)
    reason = models.CharField(max_length=300)
    asked_by = TenantFK("members.Member", null=True, blank=True, related_name="+")
    agreed_by = TenantFK("members.Member", null=True, blank=True, related_name="+")
    member = TenantFK("members.Member", null=True, blank=True, related_name="+")
    role = models.CharField(max_length=12, choices=Mandate.Role.choices, blank=True, default="")
    until = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=clock.now)
    ends_at = models.DateTimeField()
    agreed_at = models.DateTimeField(null=True, blank=True)
    over_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["network", "-created_at", "-id"], name="deed_newest")]
        constraints = [
            models.UniqueConstraint(fields=["network", "code"], name="deed_code_once"),
            models.CheckConstraint(
                condition=models.Q(agreed_by__isnull=True) | ~models.Q(agreed_by=models.F("asked_by")),
                name="deed_takes_two",
            ),
        ]

    @property
    def last_moment(self) -> datetime | None:
        """The last moment of the mandate that is asked for."""
        return last_moment_before(self.until)

    @property
    def shown_code(self) -> str:
        """The code as people type it."""
        return shown_code(self.code)

    @property
    def is_open(self) -> bool:
        """Whether something can still come of it."""
        return self.state in (self.State.ASKED, self.State.AGREED) and clock.now() < self.ends_at

    @property
    def waits_for_second(self) -> bool:
        """Whether a second founder may still agree."""
        return self.is_open and self.state == self.State.ASKED

    @property
    def waits_for_doing(self) -> bool:
        """Whether it may be done now, by its code."""
        return self.is_open and self.state == self.State.AGREED
