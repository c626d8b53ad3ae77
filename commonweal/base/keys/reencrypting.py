"""Writing everything anew under the newest key, in the background and a little at a time.

Where it is stands in the database (`Rekeying`), so that a worker that is killed is taken over from where it was. Each
row is put in place only if it still holds what was read: what somebody else has written meanwhile is under the newest
key already. A pass that found something is followed by another, until one finds nothing: a program that had not heard
of the new key may have written behind it.
"""

import time
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.db.models import Value

from commonweal.base import clock, crypto
from commonweal.base.keys.columns import BEFORE, as_stored, encrypted_tables, in_batches, names
from commonweal.base.models import Rekeying

AT_ONCE = 100
SECONDS = 20.0


def is_wanted() -> bool:
    """Whether there are several keys, and the last pass has not found that all is under the newest."""
    if len(settings.COMMONWEAL_KEYS) < 2:
        return False
    return not Rekeying.objects.filter(mark=_newest(), finished_at__isnull=False).exists()


def go_on(*, seconds: float = SECONDS) -> int:
    """Write anew for about so long, from where it was left; returns how many rows were."""
    began, done = time.monotonic(), 0
    work, _is_new = Rekeying.objects.get_or_create(mark=_newest(), defaults={"started_at": clock.now()})
    tables = encrypted_tables()
    for model in tables:
        table = model._meta.db_table
        if table < work.table:
            continue
        after = model._meta.pk.to_python(work.after) if table == work.table and work.after else None
        for batch in in_batches(model, AT_ONCE, after):
            # Before the transaction: others wait for its end.
            sealed = [_sealed_anew(model, row) for row in batch]
            with transaction.atomic():
                anew = sum(_put(model, row, texts) for row, texts in zip(batch, sealed, strict=True) if texts)
                _note(work, table=table, after=str(batch[-1]["pk"]), found=work.found + anew)
            done += anew
            if time.monotonic() - began > seconds:
                return done
    if work.found:
        _note(work, table="", after="", found=0, rounds=work.rounds + 1)
    else:
        _note(work, finished_at=clock.now())
    return done


def _newest() -> str:
    return crypto.mark(settings.COMMONWEAL_KEYS[0])


def _note(work: Rekeying, **news: Any) -> None:
    for name, value in news.items():
        setattr(work, name, value)
    work.save(update_fields=[*news])


def _sealed_anew(model: type[models.Model], row: dict[str, Any]) -> dict[str, str]:
    """What to put into which columns of a row; what no key opens, or the newest opens, stays as it is."""
    stored = {name: row[BEFORE + name] for name in names(model) if row[BEFORE + name]}
    return {name: crypto.under_newest(text) for name, text in stored.items() if crypto.opened_by(text)}


def _put(model: type[models.Model], row: dict[str, Any], anew: dict[str, str]) -> bool:
    """Put a row under the newest key, if it still is as it was read."""
    as_read = {BEFORE + name: row[BEFORE + name] for name in anew}
    same = as_stored(model, model._base_manager.filter(pk=row["pk"])).filter(**as_read)
    fresh = {name: Value(text, output_field=models.TextField()) for name, text in anew.items()}
    return bool(same.update(**fresh))
