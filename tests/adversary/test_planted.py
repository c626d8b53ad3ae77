"""Whatever somebody types, by whichever door, and whatever is done then: nobody sees it for whom it is not.

Names, numbers, addresses and words are made up by Hypothesis, planted by the page, by texts, at the desk and from
paper, and looked for afterwards: in log lines, events, letters to third people, lists, others' pages, error pages, what
planning reads, and addresses. How to reach somebody is on no page without a look on record.
"""

import itertools
import json
import re
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from commonweal.assembly.actions import give_mandate
from commonweal.base import clock
from commonweal.base.models import Event
from commonweal.channels.models import ChannelSetup
from commonweal.channels.push.channel import notice
from commonweal.channels.signing import sign
from commonweal.channels.webhook.channel import SIGNATURE, TIMESTAMP
from commonweal.exchange import actions
from commonweal.exchange.drafts import Candidate
from commonweal.exchange.models import Ask, Look, Match
from commonweal.exchange.queries import planning
from commonweal.exchange.tests.cast import DAY, HOUR, MONDAY, Town, found_town, fresh
from commonweal.gatherings.actions import start_shift
from commonweal.intake.actions.conversing import converse_due
from commonweal.intake.models import Draft, Inbound
from commonweal.intake.tests import talking
from commonweal.members.contacts import Contact
from commonweal.members.models import ContactPoint
from commonweal.members.tests.cast import sign_in
from commonweal.messaging.catalogue import CATALOGUE
from commonweal.messaging.models import Message
from commonweal.messaging.sending import _outgoing
from commonweal.messaging.writing import write
from tests.adversary.cast import undone
from tests.adversary.test_secrets import Log

EXAMPLES = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
# Every planted piece begins so, that nothing of the page itself looks like it.
MARK = "qz"
LETTERS = st.text("abcdefghijklmnopqrstuvwxyzáñüعربي", min_size=4, max_size=10)
# What a keyboard makes besides letters, and what could break out of where it stands.
SIGNS = st.sampled_from(
    ["", " ", "'", '"', "<b>", "&", "%s", "{{x}}", "\\", "؟", "…", "🥕", "%2F", "--", "\u2068"]
)
NUMBERS = st.builds("+1{}55501{:02}".format, st.sampled_from(["202", "212", "305"]), st.integers(0, 99))
DOORS = ("page", "text", "desk", "paper", "mail", "draft")
KEY = "a shared key of some length"


@dataclass(frozen=True)
class Person:
    """What somebody lets on of themselves. ``name`` and ``words`` hold pieces that are looked for."""

    name: str
    number: str
    street: str
    words: str
    later: str

    @property
    def mail(self) -> str:
        """Where they get e-mail."""
        return f"{MARK}mail{self.number[2:]}@example.org"

    @property
    def reach(self) -> list[str]:
        """How they are reached, in every way it may be written, and the exact place."""
        digits = self.number[2:]
        spread = f"{digits[:3]}-{digits[3:6]}-{digits[6:]}"
        return [digits, spread, spread.replace("-", " "), *pieces(self.street)]

    @property
    def everything(self) -> list[str]:
        """All of it."""
        return [*self.reach, *pieces(self.name), *pieces(self.words), *pieces(self.later)]


def pieces(text: str) -> list[str]:
    """The marked pieces of a text: each is one run of letters."""
    return re.findall(rf"{MARK}\w+", text)


def marked(label: str) -> st.SearchStrategy[str]:
    """A piece of a text, with a sign beside it."""
    return st.builds("{}{}{}{}".format, st.just(MARK + label), LETTERS, SIGNS, LETTERS)


@st.composite
def people(draw):
    """Somebody who asks and somebody who helps, with two different numbers."""
    numbers = draw(st.lists(NUMBERS, min_size=2, max_size=2, unique=True))
    return [
        Person(
            name=draw(st.builds(f"{MARK}{label}name{{}}".format, LETTERS)),
            number=number,
            street=f"{draw(st.integers(1, 9999))} {MARK}{label}street{draw(LETTERS)} Lane",
            words=draw(marked(f"{label}words")),
            later=draw(marked(f"{label}later")),
        )
        for label, number in zip(("a", "h"), numbers, strict=True)
    ]


@dataclass
class Life:
    """One ask in a town, with everything that anybody was shown."""

    town: Town
    asker: Person
    helper: Person
    door: str
    seen: dict[str, list[str]] = field(default_factory=dict)
    addresses: list[str] = field(default_factory=list)
    codes: itertools.count = field(default_factory=itertools.count)

    def __post_init__(self):
        town = self.town
        town.rosa.name = self.helper.name
        town.rosa.save()
        ContactPoint.objects.filter(member=town.rosa).delete()
        ContactPoint.objects.create(
            network=town.network, member=town.rosa, kind="phone", value=self.helper.number, is_first=True,
            confirmed_at=clock.now(),
        )  # fmt: skip
        self.browsers = {who: Client(raise_request_exception=False) for who in ("anybody", "asker", "helper")}
        for who in ("jo", "lee"):
            self.browsers[who] = Client(raise_request_exception=False)
            sign_in(self.browsers[who], getattr(town, who))
        sign_in(self.browsers["helper"], town.rosa)
        getattr(self, f"by_{self.door}")()
        self.ask = Ask.objects.get()
        self.match = None

    def go(self, who, address, said=None):
        """Look at a page or send a form."""
        browser = self.browsers[who]
        answer = browser.get(address) if said is None else browser.post(address, said)
        assert answer.status_code < 500, (who, address)
        self.seen.setdefault(who, []).append(answer.content.decode())
        if who != "asker":  # what they type is theirs to see again
            self.addresses += [address, answer.get("Location", "")]
        return answer

    def said(self):
        """What the form of an ask holds."""
        a = self.asker
        return {
            "category": "groceries", "people": "1", "area": "abell", "when": "soon", "words": a.words,
            "words-kept": "1", "street": a.street, "contact": a.number, "called": a.name,
        }  # fmt: skip

    def by_page(self):
        """By the page, without an account."""
        assert self.go("asker", "/need/", self.said()).status_code == 302

    def by_desk(self):
        """Jo takes a call."""
        assert self.go("jo", "/desk/need/", self.said()).status_code == 302
        self.seen["jo"].clear()

    def by_paper(self):
        """Jo types in a sheet."""
        assert self.go("jo", "/desk/sheets/", {**self.said(), "sheet": "", "row": ""}).status_code == 302
        self.seen["jo"].clear()

    def by_text(self):
        """By text messages alone; the words stand in the ask as they were read back."""
        phone = talking.phone_of(self.town, self.asker.number)
        phone.text(f"food in Abell today, I am {self.asker.name}, {self.asker.words}")
        phone.text("yes")
        if (
            not Ask.objects.exists()
        ):  # the words had a code, a keyword or danger in them: then a person reads it
            actions.publish_ask(
                network=self.town.network, source="sms", draft=self.town.draft(
                    words=self.asker.words, called=self.asker.name, contact_kind="phone", contact=self.asker.number,
                    place={"text": self.asker.street},
                ),
            )  # fmt: skip

    def by_mail(self):
        """By a letter at the network's own address, which Jo takes in; it came from there, so it is answered there."""
        setup = ChannelSetup.objects.create(
            network=self.town.network, adapter="email", name="Letters", carries=[],
            options={"address": "help@remington.example"}, credentials={"secret": KEY}, token="planted",
        )  # fmt: skip
        raw = (
            f"From: {self.asker.mail}\r\nTo: help@remington.example\r\nMessage-ID: <{MARK}{self.asker.mail}>\r\n"
            f"Subject: {pieces(self.asker.name)[0]}\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
            f"{self.asker.words}"
        ).encode()
        now = str(int(clock.now().timestamp()))
        answer = self.browsers["anybody"].post(
            f"/in/{setup.pk}/{setup.token}/raw", raw, content_type="message/rfc822",
            headers={TIMESTAMP: now, SIGNATURE: sign(KEY, now.encode(), b".", raw)},
        )  # fmt: skip
        assert answer.status_code == 204
        self.take_in(contact="")

    def by_draft(self):
        """By a text that nobody understands, which Jo takes in."""
        talking.phone_of(self.town, self.asker.number).send(self.asker.words)
        self.take_in(contact=self.asker.number)

    def take_in(self, **said):
        """Jo opens what came in, and fills the form of an ask in from it."""
        converse_due()
        draft = Draft.objects.get()
        self.go("jo", f"/desk/messages/{draft.pk}/")
        self.go("jo", "/desk/messages/")
        answer = self.go("jo", f"/desk/messages/{draft.pk}/take-in/", {**self.said(), **said})
        assert answer.status_code == 302
        self.seen["jo"] = self.seen["jo"][:-1]

    # What may be done then.

    def invite(self):
        """Jo asks Rosa."""
        self.match = self.match or actions.invite(
            ask=fresh(self.ask), candidate=Candidate(member_id=self.town.rosa.pk), by=self.town.jo
        )

    def agree(self):
        """Rosa says yes."""
        self.invite()
        if self.match:
            version = fresh(self.ask).version
            self.go("helper", f"/i/{fresh(self.match).token_box}/yes/", {"version": version})

    def look(self):
        """Both look at their pages."""
        self.go("asker", self.page())
        if self.match:
            self.go("helper", self.invitation())

    def write_to_one_another(self):
        """By the page and by texts."""
        if self.match:
            self.go("asker", f"{self.page()}write/{self.match.pk}/", {"words": self.asker.later})
            self.go("helper", f"{self.invitation()}write/", {"words": self.helper.later})
            self.text(self.asker, self.asker.later)
            self.text(self.helper, self.helper.later)

    def report(self):
        """Rosa shows the desk what she was told; from then on Jo reads it there."""
        if self.match:
            self.go("helper", f"{self.invitation()}report/", {})

    def change(self):
        """The asker says it in other words."""
        said = {**self.said(), "words": self.asker.later, "version": fresh(self.ask).version, "when": "keep"}
        self.go("asker", f"{self.page()}change/", said)

    def tell(self):
        """Rosa says how it went, with a note."""
        if self.match:
            said = {"outcome": "done", "note": self.helper.words, "note-kept": "1"}
            self.go("helper", f"{self.invitation()}went/", said)

    def note(self):
        """Jo writes a note."""
        said = {"text": self.helper.words, "text-kept": "1", "again": "due"}
        self.go("jo", f"/desk/ask/{self.ask.code}/note/", said)
        self.seen["jo"].clear()

    def mistakes(self):
        """Forms that are wrong, links that are none, and presses that come too late."""
        for address in (
            f"{self.page()}nowhere/",
            f"{self.page()}write/{self.ask.pk}/",
            f"{self.page()}pause/",
        ):
            self.go("anybody", address)
        self.go("asker", "/need/", {**self.said(), "category": "nothing", "people": "-1"})
        self.go("lee", f"/board/{self.ask.code}/", {"quantity": "x"})

    def drop(self):
        """Rosa can't after all."""
        if self.match:
            self.go("helper", f"{self.invitation()}cannot/", {})

    def withdraw(self):
        """The asker takes it back."""
        self.go("asker", f"{self.page()}withdraw/", {"why": "other"})

    def wait(self):
        """A day goes by."""
        self.hand.advance(DAY)

    def text(self, person, words):
        """A text to the network's number."""
        talking.phone_of(self.town, person.number).send(words)
        converse_due()

    def page(self):
        """The asker's own."""
        return f"/a/{self.ask.token_box}/"

    def invitation(self):
        """The helper's own."""
        return f"/i/{fresh(self.match).token_box}/"

    def look_around(self):
        """Every list and every page for others."""
        for who in ("anybody", "lee", "jo"):
            for address in ("/", "/board/", f"/board/{self.ask.code}/", "/policy/", "/code/"):
                self.go(who, address)
        for address in ("/me/", "/me/profile/", "/me/looks/", *FILES):
            self.go("lee", address)
        for address in ("/desk/", "/desk/board/", "/desk/letters/", "/desk/everybody/", "/desk/messages/"):
            self.go("jo", address)


# What somebody takes along of what is held on them.
FILES = ("/me/privacy/", "/me/privacy/mine.json", "/me/privacy/mine.html")
DEEDS = (
    "invite", "agree", "look", "write_to_one_another", "report", "change", "tell", "note", "mistakes", "drop",
    "withdraw", "wait",
)  # fmt: skip


def found(planted, text):
    """Which of the planted pieces stand in a text."""
    return [piece for piece in planted if piece and piece.casefold() in text.casefold()]


def letters(life):
    """Every letter as its reader gets it: (to whom, the words)."""
    for message in Message.objects.filter(network=life.town.network):
        if not message.context:  # taken back, and emptied
            continue
        written = write(message.template, message.language, message.context, network="Remington")
        yield message.to, f"{written.subject}\n{written.body}\n{written.text}"


def notices(life):
    """Every letter as it would stand on a locked screen, if its reader had it told to a device."""
    for message in Message.objects.filter(network=life.town.network).select_related("network"):
        # A short one answers a text, on that phone.
        if message.context and not CATALOGUE[message.template].short:
            told = json.loads(notice(_outgoing(message)))
            yield message.template, f"{told['title']}\n{told['text']}"


def read_by_planning(network):
    """What the engine reads of asks and offers."""
    asks = planning.asked_between(network, MONDAY - DAY, MONDAY + 60 * DAY)
    return repr([*planning.ask_rows(asks), *planning.offer_rows(network)])


@pytest.fixture
def town(db, monkeypatch):
    """The cast; Jo is on shift, and texts are read by a handful of words."""
    monkeypatch.setattr("commonweal.intake.conversations.turning.read_message", talking.read_message)
    with clock.frozen(MONDAY) as hand:
        town = found_town()
        give_mandate(member=town.jo, role="dispatcher", until=MONDAY + 90 * DAY, reason="Chosen.")
        start_shift(member=town.jo, until=MONDAY + 11 * HOUR)
        town.hand = hand
        yield town


@EXAMPLES
@given(
    people(), st.sampled_from(DOORS), st.lists(st.sampled_from(DEEDS), min_size=2, max_size=9), st.booleans()
)
def test_nothing_planted_is_where_it_does_not_belong(town, persons, door, deeds, relayed):
    asker, helper = persons
    with undone(), Log() as log, clock.frozen(MONDAY) as hand:
        town.rosa.reached = "relayed" if relayed else ""
        life = Life(town, asker, helper, door)
        life.hand = hand
        for deed in deeds:
            getattr(life, deed)()
        life.look_around()
        check(life, log.getvalue(), relayed=relayed)


def check(life, log, *, relayed):
    """Where each of the planted pieces may be, and where not."""
    asker, helper = life.asker, life.helper
    everything = [*asker.everything, *helper.everything]
    assert not found(everything, log)
    assert not found(everything, str([*Event.objects.values()]))
    assert not found(everything, "\n".join(life.addresses))
    assert not found(everything, read_by_planning(life.town.network))
    shown = {who: "\n".join(pages) for who, pages in life.seen.items()}
    for who in ("anybody", "lee"):
        assert not found(everything, shown.get(who, "")), who
    # The desk reads what is asked and who could; how to reach them, and words between the two, it does not.
    assert not found([*asker.reach, *helper.reach], shown["jo"])
    check_looks(life, shown, relayed=relayed)
    check_notices(life, everything)
    for to, words in letters(life):
        if to in (asker.number, asker.mail):
            continue
        agreed = life.match is not None and fresh(life.match).answered_at is not None
        if to != helper.number:
            assert not found(everything, words), to
        elif not agreed:
            assert not found([*asker.reach, *pieces(asker.name)], words)
        if relayed or agreed:
            assert not found([asker.number[2:], *pieces(asker.street)], words)


def check_notices(life, everything):
    """A locked screen lies on a table: of what anybody typed there are names at most."""
    everything = [piece for piece in everything if "name" not in piece]
    for template, words in notices(life):
        assert not found(everything, words), template


def check_looks(life, shown, *, relayed):
    """Who saw how the other is reached is on record; through the network, nobody sees it."""
    asker, helper = life.asker, life.helper
    seen_asker = found(asker.reach[:3], shown.get("helper", ""))
    seen_helper = found(helper.reach[:3], shown.get("asker", ""))
    looks = {(look.side, look.by): set(look.what) for look in Look.objects.all()}
    if seen_asker:
        assert "phone" in looks.get(("asker", "helper"), ())
    if seen_helper:
        assert "phone" in looks.get(("helper", "asker"), ())
    if found(pieces(asker.street), shown.get("helper", "")):
        assert "place" in looks.get(("asker", "helper"), ())
    if relayed:
        assert not seen_asker
        assert not seen_helper


def test_the_search_would_notice(town):
    """What belongs to the two is found on their pages, and a look is on record for it."""
    asker, helper = (
        Person(name=f"{MARK}{one}", number=f"+1202555010{n}", street=f"1 {MARK}{one}street Lane", words=f"{MARK}w{one}",
               later=f"{MARK}l{one}") for n, one in enumerate(("ann", "hal"))
    )  # fmt: skip
    life = Life(town, asker, helper, "page")
    life.hand = town.hand
    for deed in ("agree", "look", "write_to_one_another", "look"):
        getattr(life, deed)()
    shown = {who: "\n".join(pages) for who, pages in life.seen.items()}
    assert found(asker.everything, shown["helper"])
    assert found(helper.reach, shown["asker"])
    assert {(look.side, look.by) for look in Look.objects.all()} == {("asker", "helper"), ("helper", "asker")}
    with pytest.raises(AssertionError):
        assert not found(asker.everything, shown["helper"])


def test_an_old_reveal_shows_the_mask(town):
    """Replayed after the window, the same addresses show what is left of it, and nothing is put on record."""
    asker, helper = (
        Person(name=f"{MARK}{one}", number=f"+1202555010{n}", street=f"1 {MARK}{one}street Lane", words=f"{MARK}w{one}",
               later="") for n, one in enumerate(("ann", "hal"))
    )  # fmt: skip
    life = Life(town, asker, helper, "page")
    life.hand = town.hand
    life.agree()
    life.look()
    looks = Look.objects.count()
    town.hand.move_to(fresh(life.ask).ends_at + timedelta(days=2))
    life.seen.clear()
    life.look()
    shown = "\n".join(itertools.chain(*life.seen.values()))
    assert not found([*asker.reach, *helper.reach, *pieces(asker.words)], shown)
    assert Contact(kind="phone", value=helper.number).masked in shown
    assert Contact(kind="phone", value=asker.number).masked in shown
    assert Look.objects.count() == looks
    replayed = life.browsers["anybody"].post(f"/desk/ask/{life.ask.code}/reach/", {"why": "worry"})
    assert replayed.status_code == 302  # to where one signs in
    assert Inbound.objects.count() == 0
    assert Match.objects.get().state == "accepted"
