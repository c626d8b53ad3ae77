"""One ask from the first word to its erasure, in browsers, with marked words: who sees them when, where they end up.

Amina asks without an account, Rosa helps, Jo is on shift. Everything they type begins with ``qq``.
"""

import io
import json
import logging
import re
from datetime import timedelta

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session
from django.core import mail
from django.db import connection
from django.test import Client

from commonweal.assembly.actions import give_mandate
from commonweal.base import clock
from commonweal.base.models import Event
from commonweal.base.worker import Worker
from commonweal.exchange.models import Ask, Match
from commonweal.members.actions import join
from commonweal.members.contacts import Contact
from commonweal.members.models import Member
from commonweal.members.tests.cast import sign_in
from commonweal.messaging.sending import send_due
from commonweal.networks.actions import add_areas, create_network
from config import settings as site
from tests.adversary.cast import DAY, MONDAY

ASKER = {"called": "qqAmina", "contact": "qqamina@example.org", "street": "qqHidden Lane 12"}
HELPER = {"name": "qqRosa", "contact": "qqrosa@example.org"}
WORDS = {
    "words": "qqWords third floor",
    "offer": "qqOfferWords",
    "note": "qqHandoverNote",
    "call": "qqCallNote",
    "reason": "qqReason for looking",
    "to rosa": "qqWrittenToRosa",
    "to amina": "qqWrittenToAmina",
}
EVERYTHING = [*ASKER.values(), *HELPER.values(), *WORDS.values()]


class Log:
    """What the program writes down, by the very formatter of its settings, at the most talkative level there is."""

    def __init__(self):
        about = {**site.LOGGING["formatters"]["plain"]}
        kind = about.pop("()")
        module, _dot, name = kind.rpartition(".")
        self.stream = io.StringIO()
        self.handler = logging.StreamHandler(self.stream)
        self.handler.setFormatter(getattr(__import__(module, fromlist=[name]), name)(**about))
        self.before = {}

    def __enter__(self):
        for name in ("", "django", "django.request", "commonweal", "django_tasks"):
            logger = logging.getLogger(name)
            self.before[logger] = logger.level
            logger.setLevel(logging.DEBUG)
            logger.addHandler(self.handler)
        return self.stream

    def __exit__(self, *_error):
        for logger, level in self.before.items():
            logger.setLevel(level)
            logger.removeHandler(self.handler)


class Journey:
    """The three, their browsers, and every answer they got: (who, address, what it held)."""

    def __init__(self, hand):
        self.hand, self.answers, self.addresses = hand, [], []
        self.network = create_network(slug="remington", name="Remington", time_zone="America/New_York")
        add_areas(
            network=self.network,
            areas=[{"slug": "abell", "name": "Abell", "cell_y": 15731, "cell_x": -24515}],
        )
        self.browsers = {
            who: Client(raise_request_exception=False) for who in ("amina", "rosa", "jo", "anybody")
        }

    def go(self, who, address, said=None):
        """Look at a page, or send a form; returns the answer."""
        browser = self.browsers[who]
        answer = browser.get(address) if said is None else browser.post(address, said)
        assert answer.status_code in (200, 302), (who, address, answer.status_code)
        self.answers.append((who, address, answer.content.decode()))
        self.addresses += [address, answer.get("Location", "")]
        return answer

    def seen(self, who=None):
        """Everything that one of them, or all of them, were shown since the last look."""
        shown = "\n".join(body for whose, _address, body in self.answers if who in (None, whose))
        self.answers = [answer for answer in self.answers if who not in (None, answer[0])]
        return shown

    def work(self):
        """Whatever is due in the background."""
        worker = Worker()
        worker.run_once()
        assert worker.failed == 0
        send_due()

    def letter(self, to, wanted):
        """The newest link of a kind that was written to somebody, or their code."""
        bodies = [letter.body for letter in mail.outbox if letter.to == [to]]
        return re.findall(wanted, "\n".join(bodies))[-1]

    def rosa_offers(self):
        said = {
            "categories": "groceries", "words": WORDS["offer"], "radius_m": "1500", "free": "always", "carries": "1",
            "vehicle": "foot", "area": "abell", "per_week": "3", "is_public": "on", **HELPER,
        }  # fmt: skip
        page = self.go("rosa", "/can/", said)["Location"]
        self.work()
        self.go("rosa", page)
        self.go("rosa", page, {"code": self.letter(HELPER["contact"], r"\b(\d{6}|\d{3} \d{3})\b")})

    def rosa(self):
        """Rosa as the program knows her."""
        return next(one for one in Member.objects.all() if one.name == HELPER["name"])

    def amina_asks(self):
        said = {
            "category": "groceries", "words": WORDS["words"], "people": "1", "area": "abell", "when": "soon", **ASKER
        }  # fmt: skip
        self.status = self.go("amina", "/need/", said)["Location"]
        self.work()
        self.invitation = self.letter(HELPER["contact"], r"(/i/[\w-]+/)")
        self.code = Ask.objects.get().code

    def look_around(self):
        """Every page that each of them can look at."""
        token = self.status
        for address in (token, f"{token}change/", f"{token}withdraw/"):
            self.go("amina", address)
        for address in (self.invitation, "/me/", "/me/profile/", f"{self.invitation}cannot/"):
            self.go("rosa", address)
        # An ask that somebody has agreed to is not on the board any more.
        one = [f"/board/{self.code}/"] if Ask.objects.get().on_board else []
        for who in self.browsers:
            for address in ("/", "/board/", "/policy/", "/need/", "/can/", *one):
                self.go(who, address)

    def rosa_agrees(self):
        self.go("rosa", f"{self.invitation}yes/", {"version": "1"})
        self.work()

    def jo_calls(self):
        """Jo, on shift, looks at how to reach Amina and writes a note."""
        jo = join(
            network=self.network,
            name="Jo",
            contact=Contact(kind="email", value="jo@example.org"),
            languages=["en"],
        )
        give_mandate(member=jo, role="dispatcher", until=clock.now() + DAY, reason="Assembly")
        sign_in(self.browsers["jo"], jo)
        self.go("jo", "/desk/shift/start/", {"hours": "2"})
        for address in ("/desk/", "/desk/board/", f"/desk/ask/{self.code}/", "/desk/letters/"):
            self.go("jo", address)
        self.go("jo", f"/desk/ask/{self.code}/reach/", {})
        self.go("jo", f"/desk/ask/{self.code}/reach/", {"why": "other", "reason": WORDS["reason"]})
        self.go("jo", f"/desk/ask/{self.code}/note/", {"text": WORDS["call"], "again": "due"})

    def they_write(self):
        """Each a few words to the other, by their pages."""
        match = Match.objects.get()
        self.go("amina", f"{self.status}write/{match.pk}/", {"words": WORDS["to rosa"]})
        self.go("rosa", f"{self.invitation}write/", {"words": WORDS["to amina"]})
        self.work()

    def they_meet(self):
        self.hand.advance(timedelta(hours=30))
        self.go("rosa", f"{self.invitation}went/", {"outcome": "done", "note": WORDS["note"]})
        self.work()
        assert Ask.objects.get().state == "done"

    def everything(self):
        self.rosa_offers()
        self.amina_asks()
        self.look_around()
        self.rosa_agrees()
        self.look_around()
        self.they_write()
        self.jo_calls()
        self.they_meet()


@pytest.fixture
def journey(transactional_db, settings):
    """The three in their network; letters are kept in ``django.core.mail``."""
    settings.COMMONWEAL_CHANNELS = {"email": "commonweal.channels.email.channel.Channel"}
    with clock.frozen(MONDAY) as hand:
        yield Journey(hand)


def stored():
    """Every column of every row as it stands in the database, and what its sessions hold."""
    rows = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            rows += [f"{table}: {row}" for row in cursor.fetchall()]
    if connection.vendor == "sqlite":
        rows.append(connection.connection.serialize().decode("latin-1"))
    return "\n".join([*rows, *(json.dumps(session.get_decoded()) for session in Session.objects.all())])


def readable():
    """Everything the program itself can still read of what it keeps: each field of each row, opened."""
    rows = [str(vars(row)) for model in apps.get_models() for row in model._default_manager.all()]
    return "\n".join(rows)


def found(words, text):
    return [word for word in words if word.lower() in text.lower()]


def test_nobody_sees_how_to_reach_the_other_before_the_yes_and_both_do_after(journey):
    journey.rosa_offers()
    journey.amina_asks()
    journey.look_around()

    assert not found([*HELPER.values(), WORDS["offer"]], journey.seen("amina"))
    rosa = journey.seen("rosa")
    assert not found(ASKER.values(), rosa)
    assert WORDS["words"] in rosa  # she reads what it is about, as the form said
    assert not found(EVERYTHING, journey.seen("anybody"))
    letters = "\n".join(
        letter.body + letter.subject for letter in mail.outbox if letter.to == [HELPER["contact"]]
    )
    assert not found(ASKER.values(), letters)

    journey.rosa_agrees()
    journey.look_around()

    assert found(HELPER.values(), journey.seen("amina")) == [*HELPER.values()]
    assert found(ASKER.values(), journey.seen("rosa")) == [*ASKER.values()]
    assert not found(EVERYTHING, journey.seen("anybody"))


def test_a_dispatcher_sees_how_to_reach_the_asker_only_after_saying_so_and_amina_reads_who_looked(journey):
    journey.rosa_offers()
    journey.amina_asks()
    journey.jo_calls()

    asked, shown = [body for _who, address, body in journey.answers if address.endswith("/reach/")]
    assert not found([*ASKER.values()], asked)
    assert found([ASKER["contact"]], shown)
    pages = {address: body for who, address, body in journey.answers if who == "jo"}
    reach = pages.pop(f"/desk/ask/{journey.code}/reach/")
    assert found([ASKER["contact"]], reach)
    assert not found([*ASKER.values(), HELPER["contact"], WORDS["offer"]], "\n".join(pages.values()))
    amina = journey.go("amina", journey.status).content.decode()
    assert "Jo, on shift, saw your e-mail address and your exact place today, for another reason." in amina
    assert WORDS["reason"] in amina


def test_nothing_personal_is_in_the_log_the_events_or_an_address(journey, caplog):
    caplog.set_level(logging.DEBUG)
    with Log() as log:
        journey.everything()
        token = journey.status.split("/")[2]
        for address in (f"{journey.status}nowhere/", f"{journey.status}pause/", f"{journey.invitation}back/"):
            journey.browsers["anybody"].get(address)
        journey.browsers["amina"].post(f"{journey.status}change/", {**ASKER, **WORDS})
        journey.browsers["amina"].post("/need/", {**ASKER, "words": "x" * 11_000})

    written = log.getvalue()
    assert "Unprocessable Entity: /a/<str:token>/change/" in written
    assert "Not Found: /…" in written
    assert not found([*EVERYTHING, token], written)
    ours = [record.getMessage() for record in caplog.records if record.name.startswith("commonweal")]
    assert not found([*EVERYTHING, token], "\n".join(ours))
    assert Event.objects.count() > 10
    assert not found([*EVERYTHING, token], str([*Event.objects.values()]))
    assert not found(EVERYTHING, "\n".join(journey.addresses))


def test_a_page_that_fails_says_nothing_and_leaves_nothing_in_the_log(journey, monkeypatch):
    def fails(*_words, **said):
        raise ValueError(f"could not store {said!r}")

    monkeypatch.setattr("commonweal.exchange.actions.publish_ask", fails)
    said = {
        "category": "groceries",
        "words": WORDS["words"],
        "people": "1",
        "area": "abell",
        "when": "soon",
        **ASKER,
    }
    with Log() as log:
        answer = journey.browsers["amina"].post("/need/", said)

    page = answer.content.decode()
    assert answer.status_code == 500
    assert "Something broke on our side" in page
    assert not found([*EVERYTHING, "Traceback", "ValueError", "fails", "DEBUG"], page)
    assert "builtins.ValueError" in log.getvalue()
    assert "in fails" in log.getvalue()
    assert not found(EVERYTHING, log.getvalue())
    assert answer["Content-Security-Policy"]
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_at_rest_nothing_personal_can_be_read(journey):
    journey.rosa_offers()
    journey.amina_asks()
    assert not found(EVERYTHING, stored())
    assert found(EVERYTHING, readable())  # the words are there, for who has the key
    journey.rosa_agrees()
    journey.jo_calls()
    journey.they_meet()
    assert not found(EVERYTHING, stored())


def test_after_its_time_nothing_of_it_is_left(journey):
    journey.everything()
    assert found(EVERYTHING, readable()) == EVERYTHING
    journey.hand.advance(timedelta(days=journey.network.policy.erase_days + 2))
    journey.work()

    left = readable()
    assert found([*ASKER.values(), *(word for of, word in WORDS.items() if of != "offer")], left) == []
    assert found(HELPER.values(), left) == [*HELPER.values()]  # she is a member still
    for address in (journey.status, f"{journey.status}change/"):
        assert journey.browsers["amina"].get(address).status_code == 404
    assert journey.browsers["anybody"].get(journey.invitation).status_code == 404
    assert not found(EVERYTHING, stored())

    sign_in(journey.browsers["rosa"], journey.rosa())
    assert journey.go("rosa", "/me/profile/leave/", {}).status_code == 200
    journey.work()
    journey.hand.advance(timedelta(days=journey.network.policy.erase_days + 2))
    journey.work()
    assert found(EVERYTHING, readable()) == []
