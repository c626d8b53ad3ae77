"""What is planted is not in any page without arguments, in files that others take along, or in faults.

The life of an ask is that of ``test_planted``; here it is looked for where browsers and logs get to alone.
"""

import itertools
import re
from urllib.parse import quote

import pytest
from django.test import Client
from django.urls import URLPattern, get_resolver
from hypothesis import HealthCheck, given, settings

from commonweal.base import clock
from commonweal.exchange.models import Ask
from commonweal.members.tests.cast import sign_in
from tests.adversary.cast import MONDAY, undone
from tests.adversary.doors import doors
from tests.adversary.test_planted import (
    DOORS,
    FILES,
    MARK,
    Life,
    Person,
    found,
    people,
    pieces,
    town,
)
from tests.adversary.test_secrets import Log

__all__ = ["town"]

FEW = settings(
    max_examples=6,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
WHOLE = ("invite", "agree", "look", "write_to_one_another", "tell")


# Whoever reads the page in another language comes back to where they are: to the address that they typed themselves.
BACK = re.compile(r'<input type="hidden" name="next" value="[^"]*">')


def two():
    """One who asks and one who helps, always the same."""
    return [
        Person(
            name=f"{MARK}{one}name",
            number=f"+1202555010{n}",
            street=f"{n} {MARK}{one}street Lane",
            words=f"{MARK}{one}words",
            later=f"{MARK}{one}later",
        )
        for n, one in enumerate(("ann", "hal"))
    ]


def lived(town, door, asker, helper, hand):
    """An ask that was met, by one of the doors."""
    life = Life(town, asker, helper, door)
    life.hand = hand
    for deed in WHOLE:
        getattr(life, deed)()
    return life


def plain():
    """Every address that takes no argument."""
    return [door.texts[0] for door in doors() if not door.arguments]


@pytest.mark.parametrize("door", DOORS)
def test_on_every_page_without_arguments(town, door):
    asker, helper = two()
    with Log() as log:
        life = lived(town, door, asker, helper, town.hand)
        life.seen.clear()
        for who, address in itertools.product(("anybody", "lee", "jo"), plain()):
            life.go(who, f"/{address}")
        life.go("jo", f"/desk/ask/{life.ask.code}/")
    everything = [*asker.everything, *helper.everything]
    assert Ask.objects.count() == 1
    assert len(plain()) > 60
    for who in ("anybody", "lee"):
        assert not found(everything, "\n".join(life.seen[who])), who
    assert not found([*asker.reach, *helper.reach], "\n".join(life.seen["jo"]))
    assert found(pieces(asker.words), "\n".join(life.seen["jo"]))  # we look where it is
    assert not found(everything, log.getvalue())


@FEW
@given(people())
def test_in_what_the_other_takes_along(town, persons):
    asker, helper = persons
    with undone(), clock.frozen(MONDAY) as hand:
        life = lived(town, "page", asker, helper, hand)
        life.seen.clear()
        for address in FILES:
            life.go("helper", address)
        for name in ("", "mine.json", "mine.html"):
            life.go("asker", f"{life.page()}kept/{name}")
        theirs = {who: "\n".join(pages) for who, pages in life.seen.items()}
        assert found(pieces(helper.name), theirs["helper"])
        assert found(pieces(asker.name), theirs["asker"])
        assert not found([*asker.reach, *pieces(asker.name)], theirs["helper"])
        assert not found(helper.reach, theirs["asker"])


def fails(request, **_arguments):
    """A page that fails, and says with what."""
    raise ValueError(request.get_full_path(), request.POST.dict())


class TestFaults:
    """Addresses, forms and headers that hold what nobody should have typed there."""

    @pytest.fixture
    def planted(self):
        return [f"{MARK}annname", "4105550177", f"{MARK}street", f"{MARK}mail@example.org"]

    @pytest.fixture
    def failing(self, monkeypatch):
        """One door more, behind which everything fails."""
        resolver = get_resolver()
        doors = [URLPattern(resolver.url_patterns[0].pattern.__class__("fails/<path:rest>"), fails)]
        monkeypatch.setitem(resolver.__dict__, "url_patterns", [*doors, *resolver.url_patterns])

    def pages(self, browser, planted):
        """Each of the faults with each of what is planted in it: (status, what the page holds)."""
        for word in map(quote, planted):
            said = {"words": word, "contact": word, "next": f"/{word}/"}
            for answer in (
                browser.get(f"/{word}/"),
                browser.get(f"/board/{word}/?from={word}"),
                browser.get(f"/a/{word}/change/"),
                browser.get(f"/i/{word}/"),
                browser.post(f"/language/{word}/", said),
                browser.post(f"/need/?{word}={word}", said),
                browser.get("/board/", {"from": word, "kind": word}),
                browser.get(f"/desk/ask/{word}/"),
                browser.get(f"/me/privacy/{word}/"),
                browser.post(f"/in/{word}/{word}/raw", word, content_type="text/plain"),
                browser.delete(f"/board/?{word}"),
                browser.get(f"/board/{word}/", headers={"host": "other.example:99999999"}),
                browser.get(f"/fails/{word}/?{word}"),
                browser.post(f"/fails/{word}/", said),
            ):
                yield answer.status_code, BACK.sub("", answer.content.decode())

    @pytest.mark.parametrize("who", ["anybody", "lee"])
    @pytest.mark.parametrize("checks", [True, False])
    def test_no_fault_repeats_it(self, town, planted, failing, who, checks):
        browser = Client(raise_request_exception=False, enforce_csrf_checks=checks)
        if who == "lee":
            sign_in(browser, town.lee)
        with Log() as log:
            answers = [*self.pages(browser, planted)]
        statuses = {status for status, _page in answers}
        assert statuses >= {400, 404, 500, 403 if checks else 405}
        for status, page in answers:
            if status >= 400 and status != 422:
                assert not found(planted, page), (status, page)
        assert not found(planted, log.getvalue())
