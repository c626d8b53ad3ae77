"""A network is erased whole, and nothing of another."""

from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django_tasks_db.models import DBTaskResult

from commonweal.assembly import actions
from commonweal.assembly.actions.erasing import erase_network
from commonweal.assembly.models import Deed, Mandate
from commonweal.base.models import Event
from commonweal.base.tenancy import TenantModel
from commonweal.members.tests.cast import sign_in
from commonweal.networks.models import Network
from commonweal.networks.tests.cast import HILLS_HOST, NOON

YEAR = timedelta(days=365)


def rows_of(network):
    found = {}
    for model in apps.get_models():
        if issubclass(model, TenantModel) and (
            count := model._base_manager.filter(network_id=network.pk).count()
        ):
            found[model._meta.label] = count
    return found


def erase(*words):
    out = StringIO()
    call_command("network", "erase", *words, stdout=out)
    return out.getvalue()


@pytest.fixture
def agreed(founders):
    alma, ben = founders
    deed = actions.ask_deed(what=Deed.What.ERASE, by=alma, reason="We close, and leave nothing.")
    return actions.agree_deed(deed=deed, by=ben)


@pytest.mark.django_db
def test_every_row_goes_and_none_of_another_network(agreed, harbor, dora, cleo):
    actions.give_mandate(member=cleo, role="steward", until=NOON + YEAR, reason="Assembly")
    ours, theirs = Client(), Client(headers={"host": HILLS_HOST})
    sign_in(ours, dora)
    sign_in(theirs, cleo)
    for network in (harbor, cleo.network):
        DBTaskResult.objects.create(
            task_path="search",
            args_kwargs={"args": [str(network.pk), str(network.pk)], "kwargs": {}},
            backend_name="default",
            enqueued_at=NOON,
            run_after=NOON,
            exception_class_path="",
            traceback="",
        )
    before = rows_of(cleo.network)

    said = erase("harbor", "--deed", agreed.shown_code, "--yes")

    assert "is erased" in said
    assert rows_of(harbor) == {}
    assert rows_of(cleo.network) == before
    assert list(Network.objects.values_list("slug", flat=True)) == ["hills"]
    assert Session.objects.count() == 1
    assert [str(cleo.network_id) in str(task.args_kwargs) for task in DBTaskResult.objects.all()] == [True]
    connection.check_constraints()


@pytest.mark.django_db
def test_nothing_goes_without_the_agreement_of_two(founders, harbor):
    before = rows_of(harbor)

    with pytest.raises(CommandError, match="takes two founders"):
        erase("harbor", "--yes")
    with pytest.raises(CommandError, match="for good"):
        erase("harbor")

    assert rows_of(harbor) == before


@pytest.mark.django_db
def test_it_is_all_or_nothing(agreed, harbor, monkeypatch):
    before = rows_of(harbor)
    monkeypatch.setattr("commonweal.assembly.actions.erasing._end_sessions", lambda network: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        erase_network(network=harbor, code=agreed.code)

    assert rows_of(harbor) == before
    agreed.refresh_from_db()
    assert agreed.waits_for_doing


def test_nothing_of_it_is_left_in_the_file(on_disk, agreed, harbor):
    """Read as bytes: the event log's ids, the words of a reason, the name of the network."""
    planted = ["We close, and leave nothing.", harbor.name, agreed.pk.hex]
    folder = Path(connection.settings_dict["NAME"]).parent if connection.vendor == "sqlite" else None

    erase_network(network=harbor, code=agreed.code)

    assert not Event.objects.exists()
    assert not Mandate.objects.exists()
    if folder:
        held = b"".join(path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file())
        assert len(held) > 1000
        assert [text for text in planted if text.encode() in held] == []
