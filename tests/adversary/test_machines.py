"""Forms that machines fill in: an ask goes to the desk instead of being refused; codes wait."""

from datetime import timedelta

import pytest

from commonweal.base import clock
from commonweal.base.guard import new_stamp
from commonweal.base.tests.test_guard import work
from commonweal.exchange.actions import UNCHECKED
from commonweal.exchange.models import Ask, Match
from commonweal.exchange.queries import desk_queue
from commonweal.exchange.views import need as need_view
from commonweal.members.models import Confirmation
from commonweal.networks.actions import change_policy
from tests.adversary.cast import MONDAY, undone
from tests.adversary.papers import need, offer

FORMS = {
    "/need/": need,
    "/can/": lambda side: {**offer(side), "per_week": "2", "name": "New", "contact": "new@example.org"},
    "/sign-in/": lambda side: {"contact": "new@example.org"},
}
EVERY = pytest.mark.parametrize("address", FORMS)


@pytest.fixture
def always(ours):
    """The members want proof at all times."""
    with undone():
        change_policy(network=ours.network, changes={"proof": "always"}, reason="So many machines.")
        yield ours
    ours.network.refresh_from_db()


def send(side, address, after=60, **said):
    stamp = new_stamp()
    if said.pop("works", False):
        said["proof"] = work(stamp)
    with clock.frozen(MONDAY + timedelta(seconds=after)):
        return side.browser().post(address, {**FORMS[address](side), "stamp": stamp, **said})


def newest():
    return Ask.objects.latest("created_at", "id")


@EVERY
def test_the_page_holds_what_tells_them_apart_and_asks_for_no_work(ours, address):
    page = ours.browser().get(address).content.decode()
    assert 'name="stamp"' in page
    assert 'name="website" tabindex="-1"' in page
    assert "data-proof" not in page


@EVERY
def test_a_member_is_known_and_needs_none(ours, address):
    page = ours.browser(ours.helper).get(address, follow=True).content.decode()
    assert 'name="stamp"' not in page


@EVERY
def test_where_the_members_want_it_the_browser_works(always, address):
    assert 'data-proof="16"' in always.browser().get(address).content.decode()
    with undone():
        assert send(always, address, after=3, works=True).status_code == 302


@EVERY
def test_without_a_script_half_a_minute_is_as_good(always, address):
    with undone():
        assert send(always, address, after=31).status_code == 302


@pytest.mark.parametrize(
    ("after", "said"), [(60, {"website": "https://spam.example"}), (1, {})], ids=["trapped", "hasty"]
)
def test_an_ask_of_a_machine_goes_to_the_desk_and_nobody_is_asked(ours, after, said):
    before = Match.objects.count()
    answer = send(ours, "/need/", after=after, **said)
    ask = newest()
    assert answer.status_code == 302
    assert (ask.source, ask.state) == (UNCHECKED, "desk")
    assert Match.objects.count() == before
    row = next(row for row in desk_queue(ours.network, clock.now()) if row.code == ask.code)
    assert "came in a rush" in row.why
    # Its page says the same to the asker as any other's: that a person looks at it.
    assert ours.browser().get(answer["Location"]).status_code == 200


def test_an_ask_without_proof_goes_to_the_desk(always):
    assert send(always, "/need/", after=5).status_code == 302
    assert newest().source == UNCHECKED


@pytest.mark.parametrize("address", ["/can/", "/sign-in/"])
def test_no_code_is_sent_for_a_machine(always, address):
    before = Confirmation.objects.count()
    answer = send(always, address, after=5)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Please wait half a minute and press again" in page
    assert 'value="new@example.org"' in page
    assert Confirmation.objects.count() == before
    # The stamp came back with the page: the wait has begun.
    stamp = page.partition('name="stamp" value="')[2].partition('"')[0]
    with clock.frozen(MONDAY + timedelta(seconds=40)):
        assert always.browser().post(address, {**FORMS[address](always), "stamp": stamp}).status_code == 302


def test_beyond_the_limit_an_ask_still_reaches_a_person(ours, monkeypatch):
    monkeypatch.setattr(need_view, "MOST", 2)
    for _number in range(4):
        assert send(ours, "/need/").status_code == 302
    sources = list(Ask.objects.order_by("-created_at", "-id").values_list("source", flat=True)[:4])
    # The second of two is within the limit, and near enough to it that the work is wanted; half a minute is as good.
    assert sources == [UNCHECKED, UNCHECKED, "web", "web"]


def test_only_what_nobody_could_read_is_refused_with_a_time(ours, monkeypatch):
    monkeypatch.setattr(need_view, "MOST", 1)
    monkeypatch.setattr(need_view, "MOST_UNCHECKED", 2)
    assert [send(ours, "/need/").status_code for _number in range(5)] == [302, 302, 302, 429, 429]
    answer = send(ours, "/need/")
    assert 0 < int(answer["Retry-After"]) <= 3600
    assert "That was a lot in a short time" in answer.content.decode()


def test_the_same_form_sent_again_in_a_rush_is_the_same_ask(ours, monkeypatch):
    said = need(ours)
    for most in (60, 0):
        monkeypatch.setattr(need_view, "MOST", most)
        answer = ours.browser().post("/need/", said)
        assert answer.status_code == 302
    assert newest().source == "web"
    assert Ask.objects.filter(source_key=newest().source_key).count() == 1
