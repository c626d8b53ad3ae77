"""The event log, counters behind limits, the schedule, workers' signs of life, and how far a change of key is."""

from typing import Any

from django.db import models

from commonweal.base import clock
from commonweal.base.fields import EncryptedTextField
from commonweal.base.tenancy import TenantModel


class EventQuerySet(models.QuerySet["Event"]):
    """Events are only ever added. The one thing that can be taken from them is who it was."""

    def forget_actors(self) -> int:
        """Take from these events who it was, for good; returns how many named somebody."""
        return models.QuerySet.update(self.filter(actor__isnull=False), actor=None)

    def update(self, **kwargs: Any) -> int:
        """Refuses: what happened, happened."""
        raise TypeError("the event log is append-only")

    def delete(self) -> tuple[int, dict[str, int]]:
        """Refuses: what happened, happened."""
        raise TypeError("the event log is append-only")


class Event(TenantModel):
    """One thing that happened: who, what, to which thing, when. ``data`` holds no personal content, ever.

    ``actor`` is a member's id, or empty for the program itself and for people who came by a private link; ``by`` says
    which of these it was.
    """

    class By(models.TextChoices):
        """In what part the actor acted."""

        PROGRAM = "program"
        ASKER = "asker"
        HELPER = "helper"
        MEMBER = "member"
        DISPATCHER = "dispatcher"
        STEWARD = "steward"
        CARE_GIVER = "care_giver"
        FOUNDER = "founder"

    thing = models.CharField(max_length=24)
    thing_id = models.UUIDField()
    verb = models.CharField(max_length=32)
    by = models.CharField(max_length=12, choices=By.choices)
    actor = models.UUIDField(null=True, blank=True)
    at = models.DateTimeField(default=clock.now)
    data = models.JSONField(default=dict, blank=True)

    objects = EventQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["network", "thing", "thing_id", "at"], name="event_of_thing"),
            models.Index(fields=["network", "verb", "at"], name="event_by_verb"),
        ]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Add the row; a second save is refused."""
        if not self._state.adding:
            raise TypeError("the event log is append-only")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Refuses: what happened, happened."""
        raise TypeError("the event log is append-only")


class Tally(models.Model):
    """How often something was tried in one stretch of time; the key is a keyed fingerprint, never the thing itself."""

    key = models.CharField(max_length=32, primary_key=True)
    count = models.PositiveIntegerField(default=0)
    ends_at = models.DateTimeField(db_index=True)


class Schedule(models.Model):
    """When each periodic piece of work is due next. One row a name; the code says what and how often.

    ``worker`` is who is at it, so that it is never done twice at once; empty when nobody is.
    """

    name = models.CharField(max_length=64, primary_key=True)
    due_at = models.DateTimeField()
    worker = models.CharField(max_length=64, blank=True, default="")
    last_started_at = models.DateTimeField(null=True)
    last_finished_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=200, blank=True, default="")

    def __str__(self) -> str:
        return self.name


class Pulse(models.Model):
    """A worker's sign of life, renewed while it lives. What a worker without one has in hand goes back.

    ``machine`` and ``pid`` tell its neighbours on the same machine at once that it was killed.
    """

    worker = models.CharField(max_length=64, primary_key=True)
    machine = models.CharField(max_length=160)
    pid = models.PositiveIntegerField()
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    doing = models.CharField(max_length=100, blank=True, default="")

    def __str__(self) -> str:
        return self.worker


class Rekeying(models.Model):
    """How far everything is written anew under a key, by the key's mark.

    ``table`` and ``after`` are where the present round is, ``found`` how many rows it has written anew so far; a round
    that finds none ends it.
    """

    mark = models.CharField(max_length=16, primary_key=True)
    table = models.CharField(max_length=64, blank=True, default="")
    after = models.CharField(max_length=64, blank=True, default="")
    found = models.PositiveIntegerField(default=0)
    rounds = models.PositiveIntegerField(default=0)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.mark


class Secret(models.Model):
    """Something that the program has to know and nobody else, by its name."""

    name = models.CharField(max_length=32, primary_key=True)
    value = EncryptedTextField()

    def __str__(self) -> str:
        return self.name
