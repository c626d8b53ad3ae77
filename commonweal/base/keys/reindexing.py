"""Taking the oldest key out: every keyed index is made anew in one transaction, with nobody else at work.

An index is compared with another one (who wants no messages with whom a message is for), so all of them must be under
one key at every moment. While two keys live, that is the older one; this is the moment at which they change over.
"""

from django.conf import settings
from django.db import connection, models, transaction

from commonweal.base import crypto, lasting, pulse
from commonweal.base.errors import Refused
from commonweal.base.keys.census import Progress, take_census
from commonweal.base.keys.columns import copies, encrypted_tables, indexes
from commonweal.base.locks import Busy, out_of_use

AT_ONCE = 500


class StillInUse(Refused):
    """The oldest key can't go yet; the words say why."""


def retire_oldest(progress: Progress) -> int:
    """Make every index anew under the key before the oldest; returns how many. The caller then drops the oldest.

    Raises StillInUse with nothing changed: where there is one key only, something is still under the oldest, or a
    program is at work.
    """
    keys = list(settings.COMMONWEAL_KEYS)
    if len(keys) < 2:
        raise StillInUse("There is only one key. Add a new one first: commonweal keys rotate")
    try:
        with out_of_use():
            if connection.vendor == "postgresql" and pulse.living():
                raise StillInUse(
                    "A worker was seen in the last minute. Stop every server and worker, then wait a minute."
                )
            return _reindex(keys[-1], keys[-2], progress)
    except Busy:
        raise StillInUse(
            "The program is running. Stop it first: every index changes at one moment."
        ) from None


def _reindex(oldest: str, next_one: str, progress: Progress) -> int:
    census = take_census()
    if census.values[crypto.mark(oldest)]:
        raise StillInUse(
            f"{census.values[crypto.mark(oldest)]} values are still under the oldest key. Let the worker run until "
            "`commonweal keys status` says that there are none."
        )
    if census.unreadable:
        raise StillInUse(f"No key opens {census.unreadable} values. Find out why first: commonweal doctor")
    moved: dict[str, str] = {}
    done, tables = 0, encrypted_tables()
    with transaction.atomic():
        lasting.hold_on(oldest)
        for number, model in enumerate(tables, start=1):
            done += _anew(model, next_one, moved)
            progress(number, len(tables))
        for model, name in copies():
            for pk, index in list(model._base_manager.values_list("pk", name)):
                # Of whom nothing else is left, nobody can say any more who it was.
                done += model._base_manager.filter(pk=pk, **{name: index}).update(
                    **{name: moved.get(index, index)}
                )
    return done


def _anew(model: type[models.Model], key: str, moved: dict[str, str]) -> int:
    """Put the indexes of a table under a key, and note in ``moved`` which became which."""
    done = 0
    for field in indexes(model):
        rows = (
            model._base_manager.exclude(**{field.name: ""})
            .order_by("pk")
            .values_list("pk", field.of, field.name)
        )
        for pk, text, before in list(rows):
            moved[before] = crypto.index_under(key, text, field.use)
            done += model._base_manager.filter(pk=pk).update(**{field.name: moved[before]})
    return done
