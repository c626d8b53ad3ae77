"""Every form of the program, filled in rightly, and how each of its fields can be filled in wrongly."""

import dataclasses
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django import forms
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from fido2.utils import websafe_encode

from commonweal.assembly.models import Standing
from commonweal.base import clock
from commonweal.base.ids import new_token, token_hash
from commonweal.channels.tests.browsers import Browser
from commonweal.exchange.forms.where import _Found
from commonweal.members.models import Confirmation, Member
from commonweal.members.sessions import CHALLENGE, CHALLENGE_LASTS, CONFIRMED
from commonweal.members.tests.authenticator import Device
from commonweal.members.views.passkeys import ADD
from commonweal.web.desk.forms import reason_in
from tests.adversary.cast import OUR_HOST, Side

Said = dict[str, Any]
WANTED = websafe_encode(b"what a device is to sign".ljust(32))
TUESDAY = "2026-11-24"
ON_A_DAY = {"when": "day", "day": TUESDAY}
BY_HOURS = {**ON_A_DAY, "part": "hours", "from_time": "10:00", "until_time": "12:00"}
ANOTHER_TIME = {"outcome": "rescheduled", "day": TUESDAY}


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A form: where it is shown and sent, who fills it in, what they write.

    ``beside`` is what has to be said besides for a field to matter; ``before`` is what has to happen first. ``blank``
    makes the form where no page shows it before it was sent, ``answers`` is what stands on the page that answers one
    that is taken, and ``may_be_empty`` says that nothing at all is an answer, too.
    """

    name: str
    door: str
    arguments: Callable[[Side], tuple[Any, ...]] = lambda side: ()
    visitor: Callable[[Side], Member | None] = lambda side: None  # anybody
    good: Callable[[Side], Said]
    shown_at: str = ""
    key: str = "form"
    beside: dict[str, Said] = field(default_factory=dict)
    before: Callable[[Side, Client], None] | None = None
    blank: Callable[[Side], forms.Form] | None = None
    answers: str = "is_sent"
    may_be_empty: bool = False

    def browser(self, side: Side) -> Client:
        """A browser of whoever fills it in, where that can be done."""
        browser = side.browser(self.visitor(side))
        if self.before:
            self.before(side, browser)
        return browser

    def address(self, side: Side) -> str:
        """Where it is sent."""
        return reverse(self.door, args=self.arguments(side))

    def empty(self, side: Side) -> forms.Form:
        """The form as its page shows it at first."""
        if self.blank:
            return self.blank(side)
        shown = reverse(self.shown_at, args=self.arguments(side)) if self.shown_at else self.address(side)
        form = self.browser(side).get(shown).context[self.key]
        assert isinstance(form, forms.Form)
        return form


def need(side: Side) -> Said:
    """Groceries, soon, in the area, for somebody who can be reached."""
    return {
        "category": "groceries",
        "people": "1",
        "area": side.area.slug,
        "when": "soon",
        "contact": "new@example.org",
        "called": "Someone",
        "key": new_token(),
    }


def told(side: Side) -> Said:
    """Something was not right, for the care-giver."""
    return {"kind": "unsafe", "words": "He would not leave.", "wish": "act", "reader": str(side.carer.pk)}


def change(side: Side) -> Said:
    """The same, for an ask that stands."""
    return {
        **need(side),
        "key": "",
        "when": "keep",
        "version": "1",
        "contact": "",
        "of": side.asks["open"].code,
    }


def offer(side: Side) -> Said:
    """Groceries within a walk, any time."""
    return {
        "categories": ["groceries"],
        "radius_m": "1500",
        "free": "always",
        "carries": "1",
        "vehicle": "foot",
        "area": side.area.slug,
        "key": new_token(),
    }


def _confirmed(side: Side, browser: Client) -> None:
    """A code was typed in this very browser."""
    token = side.tokens["sign_in"]
    Confirmation.objects.filter(network=side.network, token_hash=token_hash(token)).update(
        used_at=clock.now()
    )
    session = browser.session
    session[CONFIRMED] = token_hash(token)
    session.save()


OF_NEED: dict[str, Said] = {
    "day": {"when": "day"},
    "part": ON_A_DAY,
    "from_time": BY_HOURS,
    "until_time": BY_HOURS,
    "weekdays": {"when": "weekly"},
    "returns_on": {"category": "borrow"},
    "destination": {"category": "ride"},
    "quantity": {"category": "things"},
    "unit": {"category": "things"},
}
OF_HOW: dict[str, Said] = {
    "day": ANOTHER_TIME,
    "part": ANOTHER_TIME,
    "from_time": {**ANOTHER_TIME, "part": "hours", "until_time": "12:00"},
    "until_time": {**ANOTHER_TIME, "part": "hours", "from_time": "10:00"},
    "quantity": {"outcome": "partly"},
}
DISPATCHER: dict[str, Any] = {"visitor": lambda side: side.dispatcher}
HELPER: dict[str, Any] = {"visitor": lambda side: side.helper}


def _nobody(side: Side) -> Member | None:
    return None


def _helper(side: Side) -> Member | None:
    return side.helper


def _challenged(side: Side, browser: Client) -> None:
    """A new passkey was wanted of this very browser."""
    handle = websafe_encode(bytes(32))
    until = (clock.now() + CHALLENGE_LASTS).timestamp()
    session = browser.session
    session[CHALLENGE] = {"what": ADD, "challenge": WANTED, "handle": handle, "until": until}
    session.save()


def _new_passkey(side: Side) -> Said:
    """What a browser answers then."""
    wanted = {"user": {"id": websafe_encode(bytes(32))}, "challenge": WANTED}
    device = Device(origin=f"https://{OUR_HOST}", name=OUR_HOST)
    return {"name": "The blue key", "answer": device.make(wanted)}


def _at_it(side: Side, browser: Client) -> None:
    """The dispatcher is at this ask already: all may see that."""
    browser.post(reverse("desk:reach", args=[side.asks["desk"].code]))


def _why(side: Side) -> forms.Form:
    """What a look at the desk asks for."""
    return reason_in(QueryDict(), side.network)


def _own_contact(side: Side) -> Said:
    return {"contact": str(side.ids["point"])}


def _standing(side: Side) -> str:
    return str(Standing.objects.get(network=side.network).pk)


def _link(side: Side, name: str) -> tuple[str]:
    return (side.tokens[name],)


def _policy(side: Side) -> Said:
    policy = dataclasses.asdict(side.network.policy)
    return {**policy, "erase_days": 15, "number": side.network.policy_number}


PAPERS = [
    Paper(name="need", door="exchange:need", good=need, beside=OF_NEED),
    Paper(name="need by phone", door="desk:need", good=need, beside=OF_NEED, **DISPATCHER),
    Paper(
        name="change",
        door="exchange:change",
        arguments=lambda side: (side.tokens["open"],),
        good=change,
        beside=OF_NEED,
    ),
    Paper(
        name="withdraw",
        door="exchange:withdraw",
        arguments=lambda side: (side.tokens["open"],),
        good=lambda side: {"why": "not_needed"},
    ),
    Paper(
        name="how it went, by the asker",
        door="exchange:status_went",
        arguments=lambda side: (side.tokens["met"], side.matches["agreed"].pk),
        good=lambda side: {"outcome": "done", "note": "Thank you."},
        beside=OF_HOW,
    ),
    Paper(
        name="how it went, by the helper",
        door="exchange:went",
        arguments=lambda side: (side.tokens["agreed"],),
        good=lambda side: {"outcome": "done"},
        beside=OF_HOW,
    ),
    Paper(
        name="tell of a helper",
        door="exchange:tell_of_helper",
        arguments=lambda side: (side.tokens["met"], side.matches["agreed"].pk),
        good=told,
    ),
    Paper(
        name="tell of somebody",
        door="exchange:tell",
        good=lambda side: {**told(side), "about": "network", "reach": "After six."},
        **HELPER,
    ),
    Paper(
        name="add to what was told",
        door="assembly:told_add",
        shown_at="assembly:told",
        key="words_form",
        arguments=lambda side: (side.tokens["told"],),
        good=lambda side: {"words": "And more."},
    ),
    Paper(
        name="a step of care",
        door="assembly:report_step",
        shown_at="assembly:report",
        key="step_form",
        visitor=lambda side: side.carer,
        arguments=lambda side: (side.ids["report"],),
        good=lambda side: {"step": "listen", "how": "done", "words": "Heard."},
    ),
    Paper(
        name="keep people safe",
        door="assembly:report_act",
        shown_at="assembly:report",
        key="measure_form",
        visitor=lambda side: side.carer,
        arguments=lambda side: (side.ids["report"],),
        good=lambda side: {"kind": "apart", "days": "9"},
    ),
    Paper(
        name="appeal",
        door="assembly:appeal",
        arguments=lambda side: (side.tokens["appeal"],),
        good=lambda side: {"words": "It was not me."},
    ),
    Paper(
        name="bring a buddy",
        door="exchange:buddy",
        arguments=lambda side: (side.tokens["lent"],),
        good=lambda side: {"name": "Kim"},
    ),
    Paper(
        name="on the way",
        door="exchange:way",
        arguments=lambda side: (side.tokens["agreed"],),
        good=lambda side: {"span": "60", "watcher": "other", "contact": "new@example.org"},
    ),
    Paper(
        name="can",
        door="exchange:can",
        good=lambda side: {**offer(side), "per_week": "2", "name": "New", "contact": "new@example.org"},
    ),
    Paper(name="can, by a member", door="exchange:can", good=offer, **HELPER),
    Paper(
        name="change an offer",
        door="exchange:my_offer",
        arguments=lambda side: (side.offers["offer"].pk,),
        good=lambda side: {**offer(side), "version": "1"},
        **HELPER,
    ),
    Paper(
        name="pick",
        # Whoever says no number brings all that is wanted.
        may_be_empty=True,
        door="exchange:pick",
        arguments=lambda side: (side.asks["counted"].code,),
        good=lambda side: {"quantity": "3"},
        **HELPER,
    ),
    Paper(
        name="look up",
        door="exchange:look_up",
        good=lambda side: {"short_code": side.asks["met"].code, "contact": side.asks["met"].contact},
    ),
    Paper(name="sign in", door="members:sign_in", good=lambda side: {"contact": "new@example.org"}),
    Paper(
        name="say a name",
        door="members:name",
        arguments=lambda side: (side.tokens["sign_in"],),
        good=lambda side: {"name": "New", "languages": ["en"]},
        before=_confirmed,
    ),
    Paper(
        name="profile",
        door="members:change",
        good=lambda side: {"name": "Other", "language": "es", "per_week": "4", "area": str(side.area.pk)},
        **HELPER,
    ),
    Paper(name="break", door="members:pause", good=lambda side: {"weeks": "2"}, **HELPER),
    Paper(name="reach", door="members:reach", good=lambda side: {"contact": "new@example.org"}, **HELPER),
    Paper(name="once more", door="members:prove", good=_own_contact, **HELPER),
    Paper(
        name="new passkey",
        door="members:passkeys",
        good=_new_passkey,
        before=_challenged,
        **HELPER,
    ),
    Paper(
        name="looks",
        door="exchange:looks",
        good=lambda side: {"reached": "relayed"},
        may_be_empty=True,
        **HELPER,
    ),
    Paper(
        name="reason for a look",
        door="desk:reach",
        arguments=lambda side: (side.asks["desk"].code,),
        good=lambda side: {"why": "other", "reason": "They wanted to be called."},
        before=_at_it,
        blank=_why,
        key="reason_form",
        answers="reach",
        **DISPATCHER,
    ),
    Paper(
        name="device",
        door="channels:devices",
        good=lambda side: {"subscription": json.dumps(Browser().said)},
        **HELPER,
    ),
    Paper(name="rules", door="matching:change_policy", good=_policy, **DISPATCHER),
    Paper(
        name="rules in force",
        door="matching:adopt_trial",
        arguments=lambda side: (side.ids["trial"],),
        good=lambda side: {"reason": "We met and said so.", "number": side.network.policy_number},
        shown_at="matching:trial",
        **DISPATCHER,
    ),
    Paper(
        name="note",
        door="desk:note",
        arguments=lambda side: (side.asks["desk"].code,),
        good=lambda side: {"text": "They called back.", "again": "hour"},
        shown_at="desk:ask",
        key="note_form",
        **DISPATCHER,
    ),
    Paper(
        name="close",
        door="desk:close",
        arguments=lambda side: (side.asks["desk"].code,),
        good=lambda side: {"why": "not_needed"},
        shown_at="desk:ask",
        key="close_form",
        **DISPATCHER,
    ),
    Paper(
        name="how it went, by phone",
        door="desk:went",
        arguments=lambda side: (side.asks["met"].code, side.matches["agreed"].pk),
        good=lambda side: {"outcome": "done"},
        shown_at="desk:how",
        beside=OF_HOW,
        **DISPATCHER,
    ),
    Paper(
        name="who goes along, by phone",
        door="desk:along",
        arguments=lambda side: (side.asks["met"].code, side.matches["agreed"].pk),
        good=lambda side: {"name": "Kim"},
        shown_at="desk:twos",
        **DISPATCHER,
    ),
    Paper(
        name="plan a shift",
        door="desk:shift_plan",
        good=lambda side: {"day": "2026-11-26", "from_time": "10:00", "hours": "2"},
        shown_at="desk:shift",
        key="planning",
        **DISPATCHER,
    ),
    Paper(
        name="hand over",
        door="desk:shift_hand_over",
        good=lambda side: {"to": str(side.relief.pk)},
        shown_at="desk:shift",
        key="handing",
        **DISPATCHER,
    ),
    Paper(
        name="start a shift",
        door="desk:shift_start",
        good=lambda side: {"hours": "2"},
        shown_at="desk:shift",
        key="starting",
        visitor=lambda side: side.relief,
    ),
    Paper(
        name="put forward",
        door="assembly:give",
        good=lambda side: {"who": _standing(side), "last_day": "2027-06-30", "reason": "We met and said so."},
        **DISPATCHER,
    ),
    Paper(
        name="end a role",
        door="assembly:end",
        arguments=lambda side: (side.ids["dispatcher relief"],),
        good=lambda side: {"reason": "We met and said so."},
        **DISPATCHER,
    ),
    Paper(
        name="ask for what takes two",
        door="assembly:ask_deed",
        good=lambda side: {"what": "key", "reason": "We met and said so."},
        **DISPATCHER,
    ),
    *(
        Paper(
            name=f"code, {purpose}",
            door=door,
            arguments=partial(_link, name=purpose),
            good=lambda side: {},
            visitor=_helper if purpose in ("contact", "prove") else _nobody,
        )
        for purpose, door in (
            ("sign_in", "members:code"),
            ("offer", "exchange:can_code"),
            ("contact", "members:reach_code"),
            ("prove", "members:prove_code"),
        )
    ),
]

NUMBERS = [
    "-1",
    "-99999999999999999999",
    "9" * 400,
    "1.5",
    "1e9",
    "NaN",
    "Infinity",
    "0x10",
    "1 0",
    "one",
    "½",
]
DAYS = [
    "2027-02-31",
    "9999-12-31",
    "0001-01-01",
    "0000-00-00",
    "10000-01-01",
    "-1-01-01",
    "31.2.2027",
    "2026-11-22",
]
TIMES = ["25:00", "10:61", "-1:00", "10:00:00:00", "noon", "99999999999:00"]
CHOICES = [
    "nonsense",
    "' OR 1=1 --",
    "-1",
    "9" * 400,
    "\x00",
    "<script>",
    "00000000-0000-0000-0000-000000000000",
]

# Four bytes each, they would be more than any form may weigh.
HEAVY = 2500


def wrong_ways(asked: forms.Field, theirs: Side) -> list[str]:
    """What no form takes in a field of this kind."""
    if isinstance(asked, forms.IntegerField):
        return NUMBERS
    if isinstance(asked, forms.DateField):
        return DAYS
    if isinstance(asked, forms.TimeField):
        return TIMES
    if isinstance(asked, forms.ChoiceField) and not isinstance(asked, _Found):
        return [*CHOICES, theirs.area.slug, theirs.category.slug, str(theirs.area.pk), str(theirs.helper.pk)]
    if isinstance(asked, forms.CharField) and asked.max_length:
        long = asked.max_length + 1
        return ["x" * long, "\U0001f9e1" * long][: 2 if long < HEAVY else 1]
    return []


def rounds(form: forms.Form, theirs: Side) -> Iterator[Said]:
    """The wrong ways of all fields that are judged by themselves, in as few forms as it takes."""
    ways = {
        name: wrong_ways(asked, theirs)
        for name, asked in form.fields.items()
        if not isinstance(asked, forms.DateField | forms.TimeField)
    }
    for number in range(max(map(len, ways.values()), default=0)):
        yield {name: values[number] for name, values in ways.items() if number < len(values)}


def moments(form: forms.Form, theirs: Side) -> Iterator[tuple[str, str]]:
    """Each wrong way of each day and time: they are judged together with what is said beside them."""
    for name, asked in form.fields.items():
        if isinstance(asked, forms.DateField | forms.TimeField):
            for value in wrong_ways(asked, theirs):
                yield name, value
