"""Two networks on one machine, full of words that must not cross over, and the browsers of those who try.

Everything of a network carries its mark (``qqOurs`` or ``qqTheirs``), so that a leak is one search in an answer. What
is private to two people carries a second mark beside it.
"""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from django.apps import apps
from django.db import connection, transaction
from django.test import Client

from commonweal.assembly.actions import ask_deed, give_mandate, stand
from commonweal.assembly.care import actions as care
from commonweal.assembly.care.actions import Draft
from commonweal.base.eventlog import By
from commonweal.base.ids import shown_code
from commonweal.channels.actions import add_setup
from commonweal.channels.tests.browsers import Browser
from commonweal.exchange import actions
from commonweal.exchange.drafts import AskDraft, Candidate, OfferDraft
from commonweal.exchange.models import Ask, CheckIn, Match, Offer
from commonweal.gatherings.actions import plan_shift, start_shift
from commonweal.matching.policy import actions as policy
from commonweal.matching.rings.actions import offer_ring
from commonweal.matching.rings.pool import Gift
from commonweal.matching.rings.queries import places_of
from commonweal.members.actions import (
    add_contact,
    add_passkey,
    add_push_device,
    block_contact,
    join,
    keep_sign_in,
    show_code,
    start_confirmation,
    vouch,
)
from commonweal.members.codes import link_of
from commonweal.members.contacts import Contact
from commonweal.members.models import Confirmation, Member
from commonweal.members.passkeys import NewKey, new_handle
from commonweal.members.tests.cast import sign_in
from commonweal.messaging.models import Message
from commonweal.networks.actions import add_areas, add_category, change_policy, create_network
from commonweal.networks.models import Area, Category, Network

MONDAY = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
OURS, THEIRS = "qqOurs", "qqTheirs"
OUR_HOST, THEIR_HOST = "testserver", "theirs.example"
#: What only the two who agreed, or a person on shift, may see: how somebody is called and reached, and where.
PRIVATE = "Sesame"
#: Whose names are nobody's secret: members read who holds a role, and everybody knows themselves.
KNOWN = {"carer", "dispatcher", "relief", "newcomer"}
# Filled and emptied by every request, and no part of anybody's data.
NO_DATA = {"base_tally", "django_session", "members_signin", "base_pulse", "base_schedule"}


@dataclass(kw_only=True)
class Side:
    """One network, its people, and one thing of every kind that an address can name.

    The dispatcher is on shift, a steward and a founder besides; the relief is the other founder; the newcomer has done
    nothing yet but say that they would be a treasurer.
    """

    mark: str
    host: str
    network: Network
    area: Area
    category: Category
    helper: Member
    asker: Member
    dispatcher: Member
    relief: Member
    newcomer: Member
    carer: Member
    categories: dict[str, Category]
    asks: dict[str, Ask] = field(default_factory=dict)
    matches: dict[str, Match] = field(default_factory=dict)
    offers: dict[str, Offer] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    ids: dict[str, uuid.UUID] = field(default_factory=dict)

    def draft(self, **changes: Any) -> AskDraft:
        """Groceries on Wednesday, by somebody without an account who wrote down everything one can."""
        wednesday = MONDAY + 2 * DAY
        said = {
            "category": self.categories["groceries"].pk,
            "starts_at": wednesday,
            "ends_at": wednesday + 4 * HOUR,
            "area": self.area.pk,
            "cell": (self.area.cell_y, self.area.cell_x),
            "place": {"text": f"{self.mark}{PRIVATE} Street 12", "lat": 39.3, "lon": -76.6},
            "words": f"{self.mark}Words third floor",
            "called": f"{self.mark}{PRIVATE}Called",
            "contact_kind": "email",
            "contact": f"{self.mark}{PRIVATE}.asker@example.org".lower(),
        }
        return AskDraft(**{**said, **changes})

    def offer_draft(self, **changes: Any) -> OfferDraft:
        """Groceries, any time."""
        said = {
            "categories": (self.categories["groceries"].pk,),
            "area": self.area.pk,
            "cell": (self.area.cell_y, self.area.cell_x),
            "words": f"{self.mark}{PRIVATE}OfferWords",
            "summary": f"{self.mark}OfferLine",
        }
        return OfferDraft(**{**said, **changes})

    def publish(self, name: str, **changes: Any) -> Ask:
        """A published ask, known by a name."""
        published = actions.publish_ask(network=self.network, draft=self.draft(**changes))
        self.asks[name], self.tokens[name] = published.ask, published.token
        return published.ask

    def invite(self, name: str, ask: Ask, member: Member) -> Match:
        """An invitation that a dispatcher sent, known by a name."""
        match = actions.invite(ask=ask, candidate=Candidate(member_id=member.pk), by=self.dispatcher)
        assert match is not None
        self.matches[name], self.tokens[name] = match, match.token_box
        return match

    def browser(self, member: Member | None = None, **about: Any) -> Client:
        """A browser at our own front door, in which a member (of whichever network) is signed in."""
        client = Client(raise_request_exception=False, **about)
        if member is not None:
            sign_in(client, member)
        return client

    def secrets(self) -> set[str]:
        """Every text by which something of this network is known: marks, ids, codes, tokens."""
        found = {self.mark.lower(), *self.tokens.values()}
        for ask in self.asks.values():
            found |= {ask.code, shown_code(ask.code)}
        for key in _keys(self.network):
            found |= {str(key), key.hex}
        return found


def _keys(network: Network) -> Iterator[uuid.UUID]:
    """The id of everything of a network, and of the network itself."""
    yield network.pk
    for model in apps.get_models():
        if any(part.name == "network" for part in model._meta.fields):
            yield from model._default_manager.filter(network=network).values_list("pk", flat=True)


def settle(slug: str, mark: str, *, host: str, domain: str = "") -> Side:
    """A network with its people and things."""
    network = create_network(
        slug=slug,
        name=f"{mark} Neighbours",
        domain=domain,
        time_zone="America/New_York",
        languages=["en", "es"],
    )
    change_policy(network=network, changes={"mode": "board"}, reason=f"{mark}Reason")
    network.refresh_from_db()
    (area,) = add_areas(
        network=network,
        areas=[{"slug": f"{slug}-abell", "name": f"{mark}Abell", "cell_y": 15731, "cell_x": -24515}],
    )
    add_category(network=network, slug=f"{slug}-own", names={"en": f"{mark}Category"}, nature="task")
    categories = {category.slug: category for category in Category.objects.filter(network=network)}
    people: dict[str, Any] = {
        name: join(
            network=network,
            name=f"{mark}{'' if name in KNOWN else PRIVATE}{name.capitalize()}",
            contact=Contact(
                kind="email",
                value=f"{mark}{'' if name == 'newcomer' else PRIVATE}.{name}@example.org".lower(),
            ),
            languages=("en",),
            per_week=9,
        )
        for name in ("helper", "asker", *sorted(KNOWN))
    }
    side = Side(
        mark=mark, host=host, network=network, area=area, category=categories[f"{slug}-own"],
        categories=categories, **people,
    )  # fmt: skip
    _give_roles(side)
    _fill(side)
    _take_care(side)
    _try_rules(side)
    return side


def _give_roles(side: Side) -> None:
    until = MONDAY + 90 * DAY
    for member, role in (
        (side.dispatcher, "dispatcher"),
        (side.dispatcher, "steward"),
        (side.relief, "dispatcher"),
        (side.dispatcher, "founder"),
        (side.relief, "founder"),
    ):
        given = give_mandate(member=member, role=role, until=until, reason=f"{side.mark}Mandate")
        side.ids[f"{role} {'relief' if member == side.relief else 'dispatcher'}"] = given.pk
    assert given.decision is not None
    give_mandate(member=side.carer, role="care_giver", until=until, reason=f"{side.mark}Mandate")
    side.ids["decision"] = given.decision
    stand(member=side.newcomer, role="treasurer")
    side.ids["deed"] = ask_deed(what="export", by=side.relief, reason=f"{side.mark}Deed").pk
    side.ids["shift"] = start_shift(member=side.dispatcher, until=MONDAY + 8 * HOUR).pk
    side.ids["planned"] = plan_shift(
        member=side.relief, starts_at=MONDAY + DAY, ends_at=MONDAY + DAY + 2 * HOUR
    ).pk


def _fill(side: Side) -> None:
    """An ask at every stage that an address can lead to, an offer, codes on their way, letters given up."""
    helper, loan, gift = side.helper, side.categories["borrow"], side.categories["things"]
    side.offers["offer"] = actions.publish_offer(
        network=side.network, member=helper, draft=side.offer_draft()
    )
    side.publish("open")
    side.publish("counted", category=gift.pk, quantity=12, unit="boxes")
    side.invite("invited", side.publish("asked"), helper)
    actions.accept_invitation(match=side.invite("agreed", side.publish("met", people=3), helper))
    lent = side.invite(
        "lent", side.publish("borrowed", category=loan.pk, returns_at=MONDAY + 9 * DAY), helper
    )
    actions.accept_invitation(match=lent)
    actions.report_handover(match=lent, outcome="done", said_by=By.HELPER, note=f"{side.mark}{PRIVATE}Note")
    actions.send_to_desk(ask=side.publish("desk"), said_by=By.ASKER)
    actions.call_note(ask=side.asks["desk"], dispatcher=side.dispatcher, text=f"{side.mark}{PRIVATE}Call")
    own = actions.publish_ask(network=side.network, draft=side.draft(), by=side.asker)
    side.asks["own"], side.tokens["own"] = own.ask, own.token
    _close_ring(side)
    _set_up_channel(side)
    point = add_contact(
        member=helper,
        contact=Contact(kind="phone", value="+14105550123" if side.mark == OURS else "+14105550124"),
    )
    device = add_push_device(
        member=helper,
        contact=Browser(f"https://push.example/{side.mark}{PRIVATE}").given.as_contact,
        place=point.pk,
    )
    side.ids |= {"point": point.pk, "device": device.pk, "member": side.asker.pk, "helper": helper.pk}
    for purpose in ("sign_in", "offer", "contact", "prove"):
        side.tokens[purpose] = start_confirmation(
            network=side.network,
            contact=point.as_contact
            if purpose == "prove"
            else Contact(kind="email", value=f"{side.mark}{PRIVATE}.{purpose}@example.org".lower()),
            purpose=purpose,
            language="en",
            remote="192.0.2.1",
            draft=side.offer_draft(name=f"{side.mark}Draft").to_json()
            if purpose == "offer"
            else {"next": "/me/"},
            member=helper if purpose in ("contact", "prove") else None,
        ).token
    _give_ways_in(side)
    letter = Message.objects.filter(network=side.network, template="ask_received").order_by("id")[0]
    Message.objects.filter(network=side.network, pk=letter.pk).update(
        state="dead", due_at=None, died_at=MONDAY
    )
    side.ids["letter"] = letter.pk


def _give_ways_in(side: Side) -> None:
    """A passkey of the helper's, a browser in which they are signed in, and the link beside a code."""
    key = NewKey(credential=f"{side.mark}Credential", public_key=f"{side.mark}Key", sign_count=0)
    side.ids["passkey"] = add_passkey(
        member=side.helper, new=key, handle=new_handle(), name=f"{side.mark}{PRIVATE}Ring"
    ).pk
    side.ids["place"] = keep_sign_in(member=side.helper, place=None, user_agent="").pk
    side.tokens["vouch"] = show_code(member=side.asker)
    vouch(giver=side.helper, taker=side.asker, how="friend")
    stranger = Contact(kind="email", value=f"{side.mark}{PRIVATE}.apart@example.org".lower())
    side.ids["block"] = block_contact(member=side.helper, contact=stranger, by_member=True).pk
    waiting = Confirmation.objects.get(network=side.network, purpose="sign_in")
    side.tokens["link"] = link_of(waiting.pk)


def _take_care(side: Side) -> None:
    """Something told in confidence, somebody suspended for it, and a helper on the way who is missed."""
    gone = join(
        network=side.network,
        name=f"{side.mark}{PRIVATE}Gone",
        contact=Contact(kind="email", value=f"{side.mark}{PRIVATE}.gone@example.org".lower()),
        languages=("en",),
    )
    draft = Draft(kind="unsafe", words=f"{side.mark}{PRIVATE}Told", wish="act", about=gone, letters=True)
    told = care.tell(network=side.network, draft=draft, reader=side.carer, by=side.helper)
    measure = care.suspend(
        report=told.report,
        by=side.carer,
        days=9,
        reason=f"{side.mark}{PRIVATE}Reason",
        words=f"{side.mark}{PRIVATE}Suspended",
        review_at=MONDAY + 3 * DAY,
    )
    side.tokens |= {"told": told.token, "appeal": measure.token_box}
    agreed = side.matches["agreed"]
    side.tokens["buddy"] = actions.bring_buddy(match=agreed, name=f"{side.mark}{PRIVATE}Buddy").token_box
    check_in = actions.set_out(match=agreed, back_by=MONDAY + HOUR, watch=actions.Watch())
    CheckIn.objects.filter(pk=check_in.pk).update(alarmed_at=MONDAY, next_at=None)
    side.ids |= {"report": told.report.pk, "measure": measure.pk, "check_in": check_in.pk}


def _try_rules(side: Side) -> None:
    """One change of the rules that was tried, and one that is proposed."""
    trials = [
        policy.try_change(
            network=side.network, by=side.dispatcher, changes=changes, number=side.network.policy_number
        )
        for changes in ({"erase_days": 20}, {"erase_days": 25})
    ]
    proposed = policy.propose(trial=trials[1], by=side.dispatcher, reason=f"{side.mark}Proposal")
    side.ids |= {"trial": trials[0].pk, "proposal": proposed.pk}


def _set_up_channel(side: Side) -> None:
    """A program that carries texts, at an address that nobody may call."""
    setup = add_setup(
        network=side.network,
        by=side.dispatcher,
        adapter="webhook",
        name=f"{side.mark}Line",
        carries=["phone"],
        options={"base": "https://127.0.0.1"},
        credentials={"secret": f"{side.mark}{PRIVATE} and much longer"},
    )
    side.ids["channel"], side.tokens["channel"] = setup.pk, setup.token


def _close_ring(side: Side) -> None:
    """The helper would do what the asker asked for, and the asker something for the helper."""
    theirs = actions.publish_ask(network=side.network, draft=side.draft(), by=side.helper)
    side.asks["helper"], side.tokens["helper"] = theirs.ask, theirs.token
    pairs = ((side.helper, side.asks["own"]), (side.asker, theirs.ask))
    ring = offer_ring(
        network=side.network,
        chosen=[(who.pk, Gift(ask=ask, candidate=Candidate(member_id=who.pk))) for who, ask in pairs],
        answer_by=MONDAY + DAY,
    )
    assert ring is not None
    side.tokens["ring"] = places_of(ring)[0].token_box


@contextmanager
def undone() -> Iterator[None]:
    """Whatever is done within is undone afterwards, sessions and counters too."""
    block = transaction.atomic()
    block._from_testcase = True  # type: ignore[attr-defined]  # what must be durable may run within a test's own
    with block:
        yield
        transaction.set_rollback(True)


def snapshot() -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table that holds anybody's data."""
    tables = sorted({model._meta.db_table for model in apps.get_models()} - NO_DATA)
    rows = {}
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            rows[table] = sorted(cursor.fetchall(), key=repr)
    return rows
