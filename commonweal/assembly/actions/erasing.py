"""Erasing a whole network: every row of it, for good."""

import importlib
import uuid
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction
from django_tasks_db.models import DBTaskResult

from commonweal.assembly.actions.deeds import use_deed
from commonweal.assembly.models import Deed
from commonweal.base.scrubbing import scrub
from commonweal.base.tenancy import TenantModel
from commonweal.members.sessions import NETWORK
from commonweal.networks.memory import forget
from commonweal.networks.models import Network


def erase_network(*, network: Network, code: str) -> int:
    """Erase a network with all its rows, the work that waits for it, and the sign-ins of its members.

    ``code`` is of the deed that two founders agreed to; raises DeedNeeded. All or nothing; returns the number of rows.
    The database's files are written anew afterwards, so that nothing of it stays behind in there.
    """
    key = network.pk
    with transaction.atomic():
        use_deed(network=network, what=Deed.What.ERASE, code=code)
        forget(key)
        done = sum(_erase(model, key) for model in apps.get_models() if issubclass(model, TenantModel))
        done += Network.objects.filter(pk=key).delete()[0]
        DBTaskResult.objects.filter(args_kwargs__icontains=str(key)).delete()
        _end_sessions(key)
    scrub(whole=True)
    return done


def _erase(model: type[TenantModel], network: uuid.UUID) -> int:
    """Take the rows out of a table as they are: not one by one, and past what keeps the event log from shrinking.

    Rows that point at others go in any order: the database looks at its keys when the transaction ends.
    """
    rows: Any = model._base_manager.filter(network_id=network)
    count: int = rows._raw_delete(rows.db)  # noqa: SLF001
    return count


def _end_sessions(network: uuid.UUID) -> None:
    store = importlib.import_module(settings.SESSION_ENGINE).SessionStore()
    ours = [
        session.pk
        for session in Session.objects.iterator()
        if store.decode(session.session_data).get(NETWORK) == network.hex
    ]
    Session.objects.filter(pk__in=ours).delete()
