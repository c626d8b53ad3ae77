"""A walk through every door, by everybody who has no business there."""

import pytest

from tests.adversary.cast import PRIVATE, THEIRS, snapshot, undone
from tests.adversary.doors import doors

# The page of samples, which shows every component and nothing of anybody, is slow: it has a test of its own.
DOORS = {door.name: door for door in doors() if door.name != "design"}
WALK = pytest.mark.parametrize("door", DOORS.values(), ids=DOORS)
# Who holds a private link has a part in what it leads to.
WITHOUT_LINK = [door for door in DOORS.values() if "token" not in dict(door.arguments)]
# It changes nothing but the language of the reader's own pages.
NEEDS_NO_TOKEN = {"set_language"}
JUNK_BODIES = [
    (b"", "application/x-www-form-urlencoded"),
    (b"\xff\xfe=%ED%A0%80&%00=%00&a[]=1&=&&;", "application/x-www-form-urlencoded"),
    (b'{"words": [{"a": ' + b"[" * 3000, "application/json"),
    (b"--x\r\nnonsense", "multipart/form-data; boundary=x"),
]


def said_in(answer):
    """Everything an answer carries."""
    shown = b"" if answer.streaming else answer.content
    return f"{shown.decode()}\n{answer.headers}\n{answer.cookies}".lower()


def check(answer, address, secrets=()):
    """No fault; and nothing secret, but what the address itself holds."""
    assert answer.status_code < 500, (address, answer.status_code)
    said = said_in(answer)
    leaks = [secret for secret in secrets if secret.lower() in said and secret.lower() not in address.lower()]
    assert not leaks, (address, answer.status_code, leaks)
    return answer


def both(browser, address):
    """What is answered to looking and to pressing, each undone."""
    for method in ("GET", "POST"):
        with undone():
            yield browser.generic(method, address)


@WALK
def test_nothing_of_another_network_is_found_at_our_door(ours, theirs, door):
    secrets = theirs.secrets()
    for address in door.of(theirs, instead=ours):
        for visitor in (None, ours.dispatcher):
            for answer in both(ours.browser(visitor), address):
                check(answer, address, secrets)


@pytest.mark.parametrize("door", WITHOUT_LINK, ids=lambda door: door.name)
def test_nothing_private_is_shown_to_who_has_no_part_in_it(ours, theirs, door):
    for address in door.of(ours):
        for visitor in (ours.newcomer, theirs.dispatcher):
            for answer in both(ours.browser(visitor), address):
                check(answer, address, [PRIVATE])


@WALK
def test_made_up_addresses_are_answered(ours, door):
    browser = ours.browser(ours.dispatcher)
    for address in door.junk():
        answer = check(browser.get(address), address)
        assert answer.status_code < 400 or "<h1" in said_in(answer), "an error is a page, with words"


@WALK
def test_junk_is_answered_whatever_the_method(ours, door):
    browser = ours.browser(ours.dispatcher)
    for address in door.of(ours):
        for body, kind in JUNK_BODIES:
            with undone():
                check(browser.generic("POST", address, body, content_type=kind), address)
        for method in ("HEAD", "PUT", "BREW"):
            with undone():
                answer = check(browser.generic(method, address, b"\x00" * 100), address)
                assert method == "HEAD" or answer.status_code == 405
                assert method != "HEAD" or not answer.content


@WALK
def test_nothing_is_done_without_a_token_of_our_own_page(ours, door):
    before = snapshot()
    browser = ours.browser(ours.dispatcher, enforce_csrf_checks=True)
    for address in door.of(ours):
        answer = check(browser.post(address, {"language": "es", "csrfmiddlewaretoken": "x" * 64}), address)
        assert answer.status_code == (302 if door.name in NEEDS_NO_TOKEN else 403)
    assert snapshot() == before


@WALK
def test_looking_by_a_link_does_nothing(ours, door):
    """Programs that look into mail follow every link, with no cookie."""
    before = snapshot()
    for address in door.of(ours):
        for method in ("GET", "HEAD"):
            ours.browser().generic(method, address)
    after = snapshot()
    # Who holds an asker's link and sees how to reach the helper is on record: that alone is written.
    looks = [event for event in after.pop("base_event") if event not in before["base_event"]]
    assert all("looked" in event for event in looks)
    assert len(after.pop("exchange_look")) <= len(before["exchange_look"]) + len(looks)
    noted = {"base_event", "exchange_look"}
    assert after == {table: rows for table, rows in before.items() if table not in noted}


def test_the_page_of_samples_is_nobody_s(ours, theirs):
    page = check(ours.browser(ours.dispatcher).get("/design/"), "/design/", [PRIVATE, THEIRS])
    assert page.status_code == 200
