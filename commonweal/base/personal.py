"""What is kept about people: each piece with its purpose, who reads it, and its end.

A room says it in its module ``personal``, beside its models::

    declare(
        Ask,
        Personal(fields=("called",), what=_("What you want to be called"), why=_("…"), readers=(HELPER,), end=ASK),
        of_ask=lambda ask: Ask.objects.filter(network_id=ask.network_id, pk=ask.pk),
    )

From this the pages say what is kept (``web``: /what-we-keep/, /me/privacy/, the asker's own), an export is written,
and tests hold it against the models and against what erasure leaves behind.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import reduce
from operator import or_
from typing import Any

from django.contrib.sessions.models import Session
from django.db import models
from django.utils.functional import Promise
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django_tasks_db.models import DBTaskResult

from commonweal.base.models import Event, Secret

Finder = Callable[[Any], "models.QuerySet[Any]"]


class Reader(models.TextChoices):
    """Who may read a thing, besides the person themselves."""

    NOBODY = "nobody", _("nobody, only the program")
    MATCHED = "matched", _("who is matched with you, while you need one another")
    INVITED = "invited", _("who is asked to help")
    DESK = "desk", _("a person on shift, and the look is put down")
    MEMBERS = "members", _("members of the network")
    CARE = "care", _("the care-giver you chose")
    STEWARD = "steward", _("stewards of the network")
    TOLD = "told", _("the person whom it tells about you")
    EVERYBODY = "everybody", _("everybody")


class End(models.TextChoices):
    """When a thing goes. The value names what must be over; ``SPANS`` says what is waited for after that."""

    ASK = "ask", _("%(span)s after the ask is over")
    SENT = "sent", _("%(span)s after it was sent")
    CAME = "came", _("%(span)s after it came in")
    SETTLED = "settled", _("%(span)s after it was settled")
    LOOK = "look", _("%(span)s after it happened")
    CARE = "care", _("%(span)s after it is closed")
    RUN_OUT = "run_out", _("a day after it has run out")
    FORTNIGHT = "fortnight", _("two weeks after it was done")
    SIGNED_IN = "signed_in", _("when that sign-in is over: by you, unused, or by its age")
    HOURS = "hours", _("three days after it was shown")
    REPLACED = "replaced", _("when newer ones take its place")
    CHANGED = "changed", _("until you change it or leave")
    WANTED = "wanted", _("until you want messages again, or the network ends")
    TWO_YEARS = "two_years", _("two years after it was said")
    RECORD = "record", _("it stays on the network’s record; who leaves is no longer named in it")


# The policy's setting that says how long is waited, by what must be over.
SPANS: Mapping[End, str] = {
    End.ASK: "erase_days",
    End.SENT: "erase_days",
    End.CAME: "erase_days",
    End.SETTLED: "erase_days",
    End.LOOK: "look_days",
    End.CARE: "care_erase_days",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Personal:
    """One thing that is kept about people, in one or more ``fields`` of a model.

    ``what`` names it to the person it is about, ``why`` says its purpose, ``readers`` who may read it besides them, and
    ``end`` when it goes. ``shown`` are the fields that the person's own page and export spell out; the others are
    fingerprints, links and keys that say nothing to anybody, or are about somebody else.
    """

    fields: tuple[str, ...]
    what: str | Promise
    why: str | Promise
    readers: tuple[Reader, ...]
    end: End
    shown: tuple[str, ...] = ()

    def until(self, policy: Any) -> str:
        """When it goes, in words, under a network's policy."""
        setting = SPANS.get(self.end)
        words = str(self.end.label)
        return words % {"span": in_days(policy.span(setting))} if setting else words


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A model with what it keeps about people, and how to find the rows that are about a member or an asker."""

    model: type[models.Model]
    things: tuple[Personal, ...]
    of_member: Finder | None = None
    of_ask: Finder | None = None

    @property
    def fields(self) -> set[str]:
        """The names of all fields that are declared."""
        return {name for thing in self.things for name in thing.fields}


_registry: dict[type[models.Model], Kept] = {}


def of_their(model: type[models.Model], *fields: str) -> Finder:
    """Finds the rows of ``model`` in which one of these fields is the member."""

    def found(member: Any) -> "models.QuerySet[Any]":
        is_theirs = reduce(or_, (models.Q(**{field: member}) for field in fields))
        return model._default_manager.filter(is_theirs, network_id=member.network_id)

    return found


def declare(
    model: type[models.Model],
    *things: Personal,
    of_member: Finder | None = None,
    of_ask: Finder | None = None,
) -> None:
    """Say what ``model`` keeps about people; raises ValueError for a field that it has not, or that is named twice."""
    named = [name for thing in things for name in thing.fields]
    has = {field.name for field in model._meta.concrete_fields}
    for name in named:
        if name not in has or named.count(name) > 1:
            raise ValueError(f"{model._meta.label} has no single {name} to declare")
    for thing in things:
        if not set(thing.shown) <= set(thing.fields):
            raise ValueError(f"{model._meta.label} shows a field that it does not declare with it")
    _registry[model] = Kept(model=model, things=things, of_member=of_member, of_ask=of_ask)


def registry() -> list[Kept]:
    """All that was declared, by the names of the models."""
    autodiscover_modules("personal")
    return [_registry[model] for model in sorted(_registry, key=lambda model: model._meta.label)]


def declared() -> Iterator[tuple[type[models.Model], Personal]]:
    """Every declared thing with its model."""
    for kept in registry():
        for thing in kept.things:
            yield kept.model, thing


def in_days(span: timedelta) -> str:
    """A stretch of time in days, in words."""
    days = span.days
    return ngettext("%(days)d day", "%(days)d days", days) % {"days": days} if days else str(_("a moment"))


declare(
    Event,
    Personal(
        fields=("actor", "thing", "thing_id", "verb", "data"),
        what=_("What you did here and when, by a number instead of your name"),
        why=_("So that everybody can see how an ask went on, and for the figures."),
        readers=(Reader.NOBODY,),
        end=End.RECORD,
    ),
    of_member=lambda member: Event.objects.filter(network_id=member.network_id, actor=member.pk),
)
declare(
    Session,
    Personal(
        fields=("session_key", "session_data"),
        what=_("That a browser is signed in as you"),
        why=_("So that you need no code for each page."),
        readers=(Reader.NOBODY,),
        end=End.SIGNED_IN,
    ),
)
declare(
    DBTaskResult,
    Personal(
        fields=("args_kwargs", "return_value", "traceback"),
        what=_("Work that the program had to do in the background, by numbers instead of names"),
        why=_("So that work is not lost when the computer is switched off."),
        readers=(Reader.NOBODY,),
        end=End.FORTNIGHT,
    ),
)
declare(
    Secret,
    Personal(
        fields=("value",),
        what=_("By what the rows of a sheet are known again that was taken over"),
        why=_("So that nothing is taken over twice."),
        readers=(Reader.NOBODY,),
        end=End.REPLACED,
    ),
)
