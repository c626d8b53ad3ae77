"""So many in so long, from one address and to one contact; then a word, with what was typed, and later all is open."""

from dataclasses import dataclass
from datetime import timedelta

import pytest

from commonweal.base import clock, limits
from commonweal.base.guard import LASTS, new_stamp
from commonweal.base.models import Tally
from commonweal.members import codes
from commonweal.members.models import Confirmation
from tests.adversary.cast import MONDAY
from tests.adversary.papers import need, offer

HERE, THERE = "203.0.113.9", "198.51.100.7"
HOUR = timedelta(hours=1, seconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """One limit: where its number stands, what is sent to meet it, and how that is refused.

    ``whose`` is what is counted: the address where it comes from, or something that is said. ``kept`` is a field that
    must still hold what was typed.
    """

    name: str
    number: str
    address: str
    status: int
    whose: str = "address"
    kept: str = "contact"


LIMITS = [
    Limit(name="asks", number="commonweal.exchange.views.need.MOST_UNCHECKED", address="/need/", status=429),
    Limit(name="offers", number="commonweal.members.codes.MOST_CODES_FROM_ONE", address="/can/", status=429),
    Limit(
        name="codes", number="commonweal.members.codes.MOST_CODES_FROM_ONE", address="/sign-in/", status=422
    ),
    Limit(
        name="codes to one",
        number="commonweal.members.codes.MOST_CODES_TO_ONE",
        address="/sign-in/",
        status=422,
        whose="contact",
    ),
    Limit(
        name="tries",
        number="commonweal.members.codes.MOST_TRIES_FROM_ONE",
        address="/sign-in/{sign_in}/",
        status=422,
        kept="code",
    ),
    Limit(name="short codes", number="commonweal.exchange.views.lookup.MOST", address="/code/", status=429),
    Limit(
        name="streets",
        number="commonweal.exchange.views.places.MOST",
        address="/need/places/",
        status=429,
        kept="",
    ),
]
BY_ADDRESS = pytest.mark.parametrize(
    "limit", [limit for limit in LIMITS if limit.whose == "address"], ids=lambda limit: limit.name
)
ALL = pytest.mark.parametrize("limit", LIMITS, ids=lambda limit: limit.name)
MOST = 3


def said(ours, limit, number):
    """What is sent the so-manyeth time, by somebody who took a minute to fill it in."""
    with clock.frozen(MONDAY - timedelta(minutes=1)):
        stamp = new_stamp()
    return {**_typed(ours, limit, number), "stamp": stamp}


def _typed(ours, limit, number):
    contact = "same@example.org" if limit.whose == "contact" else f"qqtyped{number}@example.org"
    return {
        "/need/": {**need(ours), "contact": contact},
        "/can/": {**offer(ours), "per_week": "2", "name": "New", "contact": contact},
        "/code/": {"short_code": ours.asks["met"].code, "contact": contact},
        "/sign-in/": {"contact": contact},
        "/need/places/": {"street": contact},
    }.get(limit.address, {"code": f"{number:06}"})


@pytest.fixture
def send(ours, monkeypatch):
    """Send it once more from somewhere; every limit lets three through."""

    def send(limit, number, remote=HERE, **headers):
        address = limit.address.format(**ours.tokens)
        return ours.browser().post(address, said(ours, limit, number), REMOTE_ADDR=remote, **headers)

    for limit in LIMITS:
        monkeypatch.setattr(limit.number, MOST if limit.whose == "address" else 99)
    monkeypatch.setattr(codes, "MOST_TRIES", 99)
    # Until then they go to the desk, unchecked (test_machines).
    monkeypatch.setattr("commonweal.exchange.views.need.MOST", 0)
    return send


def is_refused(answer, limit):
    """Whether the limit, and nothing else, refused it."""
    if answer.status_code != limit.status or "That was a lot in a short time" not in answer.content.decode():
        return False
    return limit.status != 429 or 0 < int(answer["Retry-After"]) <= 3600


@ALL
def test_what_is_too_much_is_refused_for_a_while_with_what_was_typed(ours, send, limit, monkeypatch):
    if limit.whose == "contact":
        monkeypatch.setattr(limit.number, MOST)
    assert not any(is_refused(send(limit, number), limit) for number in range(MOST))
    for number in range(MOST, MOST + 3):
        answer = send(limit, number)
        assert is_refused(answer, limit)
        if limit.kept:
            assert f'value="{said(ours, limit, number)[limit.kept]}"' in answer.content.decode()
    with clock.frozen(MONDAY + HOUR):
        # A code that was sent an hour ago is over by then; its limit is not.
        assert not is_refused(send(limit, MOST + 3), limit)


@ALL
def test_somebody_else_may_go_on(send, limit):
    for number in range(MOST + 1):
        send(limit, number)
    assert not is_refused(send(limit, MOST + 1, remote=THERE), limit)


@BY_ADDRESS
def test_no_header_makes_another_of_somebody(send, limit, settings):
    """Who calls directly may claim what they like: only the address of the connection counts."""
    settings.COMMONWEAL_BEHIND_PROXY = False
    for number in range(MOST):
        send(limit, number, headers={"x-forwarded-for": f"192.0.2.{number}"})
    claims = {"x-forwarded-for": THERE, "x-real-ip": THERE, "forwarded": f"for={THERE}", "client-ip": THERE}
    assert is_refused(send(limit, MOST, headers=claims), limit)


def test_behind_a_proxy_only_its_own_word_counts(send, settings):
    settings.COMMONWEAL_BEHIND_PROXY = True
    limit = LIMITS[0]
    for number in range(MOST):
        send(limit, number, remote="127.0.0.1", headers={"x-forwarded-for": f"192.0.2.{number}, {HERE}"})
    assert is_refused(send(limit, MOST, headers={"x-forwarded-for": f"{THERE}, {HERE}"}), limit)
    assert not is_refused(send(limit, MOST, headers={"x-forwarded-for": f"{HERE}, {THERE}"}), limit)


@pytest.mark.parametrize("remote", ["2001:db8:1:2::1", "2001:db8:1:2:ffff::9"])
def test_one_house_of_ipv6_is_one_address(send, remote):
    limit = LIMITS[0]
    for number in range(MOST):
        send(limit, number, remote=f"2001:db8:1:2::{number + 5}")
    assert is_refused(send(limit, MOST, remote=remote), limit)


def test_one_code_takes_five_wrong_tries_from_wherever_they_come(ours):
    address = f"/sign-in/{ours.tokens['sign_in']}/"
    for number in range(codes.MOST_TRIES + 3):
        answer = ours.browser().post(address, {"code": f"{number:06}"}, REMOTE_ADDR=f"192.0.2.{number}")
        assert answer.status_code == 422
    assert "wrong too often" in answer.content.decode()
    assert Confirmation.objects.filter(tries=codes.MOST_TRIES).count() == 1


def test_who_is_counted_is_not_written_down_and_is_forgotten(send):
    for limit in LIMITS:
        send(limit, 1)
    assert Tally.objects.exists()
    assert not any(
        word in key for key in Tally.objects.values_list("key", flat=True) for word in (HERE, "qqtyped", "@")
    )
    # A form's stamp is counted for as long as it is good.
    with clock.frozen(MONDAY + LASTS + HOUR):
        limits.forget_old()
    assert not Tally.objects.exists()
