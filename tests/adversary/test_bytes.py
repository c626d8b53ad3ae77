"""What was erased is gone from the disk: the bytes of the database's files and of the log are searched for it.

Two networks full of people and things of every kind. Every encrypted column holds something; each ciphertext is
remembered as it stood. Then the asks are over, the helpers leave, time passes, and the worker does what it does at
night. Afterwards neither what was said nor any of those ciphertexts is anywhere in the files.
"""

import time
from collections.abc import Iterator
from datetime import timedelta
from functools import reduce
from operator import or_
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.db.models import F, Func, Model, Q, TextField

from commonweal.assembly.actions import agree_deed, ask_deed, erase_network
from commonweal.assembly.care import actions as care
from commonweal.assembly.care.models import Measure, Report, Said, StepTaken
from commonweal.assembly.models import Deed
from commonweal.base import clock, scrubbing
from commonweal.base.eventlog import By
from commonweal.base.fields import EncryptedJSONField, EncryptedTextField
from commonweal.base.models import Event
from commonweal.base.personal import End, declared
from commonweal.base.tests.racing import on_disk
from commonweal.base.worker import Worker
from commonweal.channels.email_in.taking import fingerprint
from commonweal.channels.simulator.actions import keep_sent
from commonweal.exchange import actions
from commonweal.exchange.lifecycle import OPEN
from commonweal.exchange.models import Ask, Look, Match, PassedOn
from commonweal.intake.actions import receive
from commonweal.intake.actions.conversing import converse_due
from commonweal.intake.actions.correcting import record_correction
from commonweal.intake.actions.deskwork import dismiss_draft
from commonweal.intake.actions.receiving import Media
from commonweal.intake.models import Draft
from commonweal.members.actions import leave
from commonweal.members.contacts import Contact
from commonweal.members.models import Member
from commonweal.members.trusting import ContactBlock
from commonweal.messaging.broadcasting import estimate, send_broadcast
from commonweal.messaging.models import Message
from commonweal.messaging.stopping import put_on_stop_list
from commonweal.networks.threat import begin_threat
from tests.adversary.cast import MONDAY, OUR_HOST, OURS, PRIVATE, Side, settle
from tests.adversary.test_secrets import Log

__all__ = ["on_disk"]

ENCRYPTED = (EncryptedTextField, EncryptedJSONField)
# What is meant to outlast the asks and the members: a network's own keys, and who wants to be left in peace.
OUTLASTING = {
    (model, name)
    for model, thing in declared()
    for name in thing.fields
    if thing.end in {End.WANTED, End.REPLACED}
}
PLANTED = "Zanzibarquartz"
pytestmark = pytest.mark.django_db(transaction=True)


def columns() -> Iterator[tuple[type[Model], str]]:
    """Every encrypted column that has an end."""
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, ENCRYPTED) and (model, field.name) not in OUTLASTING:
                yield model, field.name


def ciphertexts(model: type[Model], name: str) -> set[str]:
    """What stands in a column, unopened."""
    stored = Func(F(name), template="%(expressions)s", output_field=TextField())
    rows = model._base_manager.exclude(**{name: ""}).annotate(stored=stored)
    return set(rows.values_list("stored", flat=True))


def plant() -> None:
    """Put a word into every encrypted column that says nothing yet, of the rows in which another one says something."""
    for model, name in columns():
        if not ciphertexts(model, name):
            others = [column for kind, column in columns() if kind is model and column != name]
            says = reduce(or_, [~Q(**{other: ""}) for other in others], Q())
            field = model._meta.get_field(name)
            said: Any = f"{PLANTED} {name}"
            if isinstance(field, EncryptedJSONField):
                ways = [{"kind": "email", "value": f"{PLANTED.lower()}@example.org"}]
                said = ways if field.default is list else {"text": PLANTED}
            model._base_manager.filter(says).update(**{name: said})


def write_in(side: Side) -> None:
    """Strangers write by text and by mail, the desk corrects what was understood, and news goes out."""
    texts = {"+14105550177": "I need groceries tomorrow", "+14105550178": f"the one we spoke of {PLANTED}"}
    for number, text in texts.items():
        receive(
            network=side.network,
            channel="simulator",
            provider_id=f"text-{number[-3:]}",
            sender=Contact(kind="phone", value=number),
            text=text,
        )
    receive(
        network=side.network, channel="email_in", provider_id=fingerprint(f"<{PLANTED}@example.org>"), sort="email",
        sender=Contact(kind="email", value=f"{PLANTED.lower()}@example.org"), subject=f"{PLANTED} please",
        text=f"{PLANTED} needs a lift to the clinic, not any of your categories",
        media=[Media(kind="image", name=f"{PLANTED}.png", content=f"{PLANTED} picture".encode())],
    )  # fmt: skip
    record_correction(
        network=side.network, text=f"{PLANTED} needs milk", category=side.category, by=side.dispatcher
    )
    words = {"en": f"{PLANTED} meets on Sunday"}
    told = estimate(network=side.network, area=None, words=words)
    send_broadcast(network=side.network, by=side.dispatcher, area=None, words=words, told=told, key="once")
    keep_sent(network=side.network.pk, number="+14105550199", text=f"{PLANTED} on the screen", key="screen")
    ContactBlock.objects.create(
        network=side.network, member=side.helper, contact=f"{PLANTED.lower()}@example.org", by_member=True
    )
    silent = Contact(kind="phone", value="+14105550166")
    put_on_stop_list(network=side.network, contact=silent, words=f"{PLANTED} stop")
    kept = {"network": side.network, "erase_at": clock.now() + side.network.policy.span("erase_days")}
    PassedOn.objects.create(
        match=side.matches["agreed"], by="asker", via="page", words=f"{PLANTED} words", key="once", **kept
    )
    Look.objects.create(
        ask=side.asks["desk"], side="asker", by="dispatcher", actor=side.dispatcher, why="other",
        words=f"{PLANTED} reason", **kept,
    )  # fmt: skip
    take_care(side)


def take_care(side: Side) -> None:
    """The care-giver takes a step and notes how it went; both write to one another about it."""
    report = Report.objects.get(network=side.network, pk=side.ids["report"])
    care.take_step(
        report=report, by=side.carer, step=report.step, how="done", words=f"{PLANTED} was listened to"
    )
    care.answer_owner(report=report, by=side.carer, words=f"{PLANTED} was spoken to")
    care.note(report=report, by=side.carer, words=f"{PLANTED} is to be called")
    care.add_words(report=report, words=f"{PLANTED} came again")


def files() -> dict[str, bytes]:
    """Everything that the database has on the disk."""
    if connection.vendor == "sqlite":
        place = Path(connection.settings_dict["NAME"])
        return {path.name: path.read_bytes() for path in place.parent.glob(place.name + "*")}
    return {table: bytes(content) for table, content in heaps()}


def heaps() -> Iterator[tuple[str, bytes]]:
    """The files of our tables and of what they keep outside, as PostgreSQL reads them for its owner."""
    with connection.cursor() as cursor:
        cursor.execute("CHECKPOINT")
        cursor.execute(
            "SELECT c.relname, pg_read_binary_file(pg_relation_filepath(c.oid)) FROM pg_class c "
            "WHERE c.relkind IN ('r', 't', 'i') AND c.relfilenode <> 0 AND c.relnamespace IN "
            "(current_schema()::regnamespace, 'pg_toast'::regnamespace)"
        )
        yield from cursor.fetchall()


def over(side: Side) -> None:
    """Every ask is over and everybody leaves."""
    for ask in Ask.objects.filter(network=side.network, state__in=sorted(OPEN)):
        for match in Match.objects.filter(ask=ask, state=Match.State.LENT):
            actions.return_loan(match=match, said_by=By.HELPER)
        ask.refresh_from_db()
        if ask.is_open:
            actions.withdraw_ask(ask=ask, said_by=By.ASKER, why="other")
    until = clock.now() + side.network.policy.span("care_erase_days")
    for model in (Report, Measure):
        model.objects.filter(network=side.network).update(erase_at=until)  # as whoever closes them says
    for draft in Draft.objects.filter(network=side.network, state=Draft.State.WAITING):
        dismiss_draft(draft=draft, by=side.dispatcher)


def work() -> None:
    worker = Worker()
    worker.run_once()
    assert worker.failed == 0


@pytest.fixture
def town(on_disk, settings):
    settings.COMMONWEAL_CHANNELS = {
        "email": "commonweal.channels.email.channel.Channel",
        "phone": "commonweal.channels.simulator.channel.Channel",
    }
    with clock.frozen(MONDAY) as hand:
        side = settle("ours", OURS, host=OUR_HOST)
        # The cast's letter was not given up by the sender, who would have said until when it is kept.
        Message.objects.filter(state="dead").update(erase_at=MONDAY + side.network.policy.span("erase_days"))
        yield side, hand


def sealed_in(place: dict[tuple[str, str], set[str]]) -> set[bytes]:
    return {text.encode() for texts in place.values() for text in texts}


def scrubbed(before):
    """What stands in the files once they were scrubbed, and which of the ciphertexts are still there, in which file.

    PostgreSQL keeps what somebody reading at that moment could still see, be it autovacuum's own look at a table; the
    next time takes it. So it is done again, a few times at most.
    """
    for _time in range(5):
        assert scrubbing.scrub(whole=True)
        left = files()
        found = {
            (file, label)
            for label, texts in before.items()
            for text in texts
            for file, content in left.items()
            if text.encode() in content
        }
        if not found:
            break
        time.sleep(0.5)
    return left, found


def test_after_its_time_no_byte_of_it_is_left(town):
    side, hand = town
    with Log() as log:
        write_in(side)
        converse_due()
        plant()
        before = {(model._meta.label, name): ciphertexts(model, name) for model, name in columns()}
        work()
        for model, name in columns():
            before[model._meta.label, name] |= ciphertexts(model, name)
        assert StepTaken.objects.count() == 1
        assert {said.by for said in Said.objects.all()} == {Said.By.OWNER, Said.By.READER, Said.By.NOTE}
        held = b"".join(files().values())
        sealed = sealed_in(before)
        assert len(sealed) > 50
        assert any(text in held for text in sealed)  # we look where they are

        assert [key for key, texts in before.items() if not texts] == []
        over(side)
        work()
        for member in Member.objects.filter(network=side.network):
            leave(member=member)
        # What could not be sent is tried again and again, until it is given up; where a channel is down, one at a time.
        for days in (
            (0.1,) * 8 + (1,) * 16 + (side.network.policy.look_days, side.network.policy.care_erase_days + 1)
        ):
            hand.advance(timedelta(days=days))
            work()
        left, found = scrubbed(before)

    assert not found
    everything = b"".join(left.values()) + log.getvalue().encode()
    for word in (PRIVATE, PLANTED, f"{OURS}Words", f"{OURS}Draft", "14105550123"):
        assert word.lower().encode() not in everything.lower()
    assert (
        Ask.objects.filter(network=side.network).count() >= 8
    )  # what was met, where roughly and when, stays
    assert Event.objects.filter(network=side.network, verb="published").exists()
    assert not Event.objects.filter(thing="ask", by=By.ASKER, actor__isnull=False).exists()


def test_of_a_network_that_was_erased_nothing_is_left(town):
    """The end of the threat mode: switched on, and then two founders erase the network."""
    side, _hand = town
    with Log() as log:
        write_in(side)
        plant()
        work()
        before = {(model._meta.label, name): ciphertexts(model, name) for model, name in columns()}
        held = b"".join(files().values())
        assert any(text in held for text in sealed_in(before))
        begin_threat(network=side.network)
        deed = ask_deed(what=Deed.What.ERASE, by=side.dispatcher, reason="They may come.")
        erase_network(network=side.network, code=agree_deed(deed=deed, by=side.relief).code)
        left, found = scrubbed(before)

    assert not found
    everything = (b"".join(left.values()) + log.getvalue().encode()).lower()
    for word in (OURS, PRIVATE, PLANTED, side.network.pk.hex):
        assert word.lower().encode() not in everything
