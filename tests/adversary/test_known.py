"""Is this number known here? No door answers that: not in words, not in bytes, and not by what it takes to answer."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commonweal.base import clock
from commonweal.base.ids import new_token
from commonweal.channels.models import ChannelSetup
from commonweal.channels.signing import sign
from tests.adversary.cast import undone
from tests.adversary.papers import need, offer

# What is random in a page: tokens, ids, signatures, and short codes as they are written and spelt.
RANDOM = re.compile(
    r"[\w-]{20,}(?::[\w-]+)*|\d{9,}:[\w-]{8}:[\w-]+|\b[2-9A-Z]{3}-?[2-9A-Z]{3}\b|\b(?:[2-9A-Z-] ){5,6}[2-9A-Z]\b"
)


@pytest.fixture
def known(ours):
    """A member's address and an asker's, each with one of the same length that nobody has."""
    contacts = f"{ours.mark}sesame.helper@example.org".lower(), ours.asks["met"].contact
    return [(contact, "zz" + contact[2:]) for contact in contacts]


def steps(browser, *presses):
    """What was answered to each press, without what is random or was typed, and what was asked of the database."""
    told, queries = [], []
    for address, said, typed in presses:
        with CaptureQueriesContext(connection) as asked:
            answer = browser.post(address, said, follow=True)
        head = f"{answer.status_code} {answer.redirect_chain} {sorted(answer.headers.items())}"
        page = f"{head} {answer.content.decode()}"
        told.append(RANDOM.sub("*", page.replace(typed, "typed")))
        queries.append([re.sub(r"'[^']*'|\d+|X'.*?'", "?", one["sql"])[:60] for one in asked])
    return told, queries


def compare(ours, known, press):
    """The same for everybody."""
    for pair in known:
        answers = []
        for contact in pair:
            with undone():
                answers.append(steps(ours.browser(), *press(contact)))
        assert answers[0][0] == answers[1][0], pair
        assert answers[0][1] == answers[1][1], pair


def test_signing_in(ours, known):
    compare(ours, known, lambda contact: [("/sign-in/", {"contact": contact}, contact)])


def test_offering(ours, known):
    def press(contact):
        said = {**offer(ours), "key": "k" * 32, "per_week": "2", "name": "New", "contact": contact}
        return [("/can/", said, contact)]

    compare(ours, known, press)


def test_asking(ours, known):
    compare(
        ours,
        known,
        lambda contact: [("/need/", {**need(ours), "key": new_token(), "contact": contact}, contact)],
    )


def test_looking_for_ones_page(ours, known):
    code = ours.asks["met"].code
    compare(ours, known, lambda contact: [("/code/", {"short_code": code, "contact": contact}, contact)])


def test_looking_for_a_code_that_nobody_has(ours, known):
    contact, first = ours.asks["met"].contact, None
    for code in (ours.asks["met"].code, "222222", "333333"):
        with undone():
            told, queries = steps(
                ours.browser(), ("/code/", {"short_code": code, "contact": contact}, contact)
            )
        found = [page.replace(code, "*") for page in told], queries
        first = first or found
        assert found == first


def test_a_wrong_code_for_somebody_known(ours, known):
    for pair in known:
        answers = []
        for contact in pair:
            with undone():
                browser = ours.browser()
                page = browser.post("/sign-in/", {"contact": contact})
                with CaptureQueriesContext(connection) as asked:
                    answer = browser.post(page["Location"], {"code": "000000"})
                answers.append(
                    (RANDOM.sub("*", answer.content.decode().replace(contact, "typed")), len(asked))
                )
        assert answers[0] == answers[1]


@pytest.mark.parametrize("text", ["hello", "STOP", "yes"])
def test_the_text_door(ours, known, text):
    """The door stores what came and says so; who wrote is found out in the background."""
    setup = ChannelSetup.objects.get(pk=ours.ids["channel"])
    now, told = str(int(clock.now().timestamp())), set()
    for number, contact in enumerate(contact for pair in known for contact in pair):
        body = f'{{"id": "m{number}", "kind": "email", "from": "{contact}", "text": "{text}"}}'.encode()
        headers = {
            "X-Commonweal-Timestamp": now,
            "X-Commonweal-Signature": sign(setup.credentials["secret"], now.encode(), b".", body),
        }
        with undone(), CaptureQueriesContext(connection) as asked:
            answer = ours.browser().post(
                f"/in/{setup.pk}/{setup.token}/message",
                body,
                content_type="application/json",
                headers=headers,
            )
        told.add((len(asked), answer.status_code, answer.content, tuple(sorted(answer.headers.items()))))
    assert [status for _count, status, _content, _headers in told] == [204]
