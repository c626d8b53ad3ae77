"""Buttons pressed twice, pages that were open for long, links that are forged, old or used up, made-up answers."""

import uuid

import pytest
from django.urls import reverse

from commonweal.base import clock
from commonweal.base.ids import new_token
from commonweal.base.paging import Cursor
from commonweal.exchange.models import Ask, Match, Offer
from commonweal.members.codes import LASTS
from commonweal.members.models import Confirmation
from commonweal.members.sessions import MEMBER, NETWORK, PLACE
from commonweal.networks.actions import change_policy
from commonweal.networks.models import Network
from tests.adversary.cast import DAY, HOUR, MONDAY, OUR_HOST, THEIR_HOST, snapshot, undone
from tests.adversary.doors import doors
from tests.adversary.papers import PAPERS

# A code more is on its way, or another challenge wanted; five codes an hour to one address is the limit.
ANOTHER_CODE = {
    "can", "sign in", "reach", "once more", "new passkey",
    "members:code_again", "members:reach_again", "members:prove_again", "exchange:can_again",
}  # fmt: skip
# What grows by pressing again is only the record that somebody did so, or looked, and the searching, which
# may be done twice.
GROWS = {"base_event", "exchange_look", "django_tasks_database_dbtaskresult"}
PRESSED = [
    paper for paper in PAPERS if paper.name not in ANOTHER_CODE and not paper.name.startswith("code, ")
]
BUTTONS = [
    door
    for door in doors()
    if door.name not in {paper.door for paper in PAPERS} | ANOTHER_CODE | {"design", "set_language"}
]


def counts():
    return {table: len(rows) for table, rows in snapshot().items() if table not in GROWS}


@pytest.mark.parametrize("paper", PRESSED, ids=lambda paper: paper.name)
def test_a_form_sent_twice_counts_once(ours, paper):
    browser, address, said = paper.browser(ours), paper.address(ours), paper.good(ours)
    browser.post(address, said)
    once = snapshot()
    answer = browser.post(address, said)
    assert answer.status_code in (200, 302, 409)
    twice = snapshot()
    # A profile that is changed to what it is has the time of the later change.
    assert {table for table in twice if twice[table] != once[table]} <= GROWS | {"members_member"}
    assert len(twice["members_member"]) == len(once["members_member"])


@pytest.mark.parametrize("door", BUTTONS, ids=lambda door: door.name)
def test_a_button_pressed_twice_counts_once(ours, door):
    browser = ours.browser(ours.dispatcher if door.name.startswith("desk:") else ours.helper)
    for address in door.of(ours):
        browser.post(address)
        once = counts()
        assert browser.post(address).status_code < 500
        assert counts() == once


def test_an_answer_that_was_given_is_not_given_again(ours):
    """Yes, then no, then yes to one invitation, each from a page that still showed the question."""
    browser, token = ours.browser(), ours.tokens["invited"]
    for answer, state in (
        ("no", Match.State.DECLINED),
        ("yes", Match.State.DECLINED),
        ("cannot", Match.State.DECLINED),
    ):
        assert browser.post(f"/i/{token}/{answer}/", {"version": "1"}).status_code in (302, 409)
        assert Match.objects.get(pk=ours.matches["invited"].pk).state == state
    assert Ask.objects.get(pk=ours.asks["asked"].pk).hands_taken == 0


@pytest.mark.parametrize("version", ["0", "2", "999"])
@pytest.mark.parametrize("name", ["change", "change an offer"])
def test_a_page_that_was_open_too_long_loses_nothing(ours, name, version):
    (paper,) = (paper for paper in PAPERS if paper.name == name)
    before = snapshot()
    browser, address = paper.browser(ours), paper.address(ours)
    answer = browser.post(address, {**paper.good(ours), "version": version, "words": "qqTyped & kept"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Somebody changed this in the meantime" in page
    assert "qqTyped &amp; kept" in page
    assert snapshot() == before
    # What stands in the page now goes through as it is.
    assert '<input type="hidden" name="version" value="1"' in page
    assert browser.post(address, {**paper.good(ours), "words": "qqTyped & kept"}).status_code == 302


def test_rules_that_were_changed_meanwhile_keep_the_reason(ours):
    (paper,) = (paper for paper in PAPERS if paper.name == "rules in force")
    browser, said = paper.browser(ours), {**paper.good(ours), "reason": "qqTyped & kept"}
    with undone():
        change_policy(network=ours.network, changes={"near_m": 700}, reason="Somebody was faster.")
        before = snapshot()
        answer = browser.post(paper.address(ours), said)
        assert (answer.status_code, "qqTyped &amp; kept" in answer.content.decode()) == (409, True)
        assert snapshot() == before
    ours.network.refresh_from_db()


def test_an_ask_that_changed_since_the_desk_looked_is_not_acted_on(ours):
    code = ours.asks["desk"].code
    browser = ours.browser(ours.dispatcher)
    browser.get(f"/desk/ask/{code}/")
    before = snapshot()
    for act in ("close", "again", "take", "reach", "invite"):
        said = {"version": "99", "why": "met", "member": str(ours.helper.pk)}
        answer = browser.post(f"/desk/ask/{code}/{act}/", said)
        assert answer.status_code in (409, 422), act
    assert {table for table, rows in snapshot().items() if rows != before[table]} <= {"exchange_ask"}
    assert Ask.objects.get(pk=ours.asks["desk"].pk).state == "desk"


def test_a_note_outlives_the_hold_of_another_and_the_end_of_the_shift(ours):
    code, words = ours.asks["desk"].code, "qqTyped & kept"
    ours.browser(ours.dispatcher).get(f"/desk/ask/{code}/")
    relief = ours.browser(ours.relief)
    over = relief.post(f"/desk/ask/{code}/note/", {"text": words, "again": "due"})
    assert (over.status_code, "qqTyped &amp; kept" in over.content.decode()) == (403, True)
    relief.post("/desk/shift/start/", {"hours": "2"})
    held = relief.post(f"/desk/ask/{code}/note/", {"text": words, "again": "due"})
    assert (held.status_code, "qqTyped &amp; kept" in held.content.decode()) == (409, True)


ANSWERS = [
    ("/i/{invited}/no/", {"rest": "everything"}),
    ("/i/{invited}/no/", {"rest": ["category", "\x00" * 9]}),
    ("/i/{invited}/yes/", {"version": "-1"}),
    ("/i/{invited}/yes/", {"version": "9" * 400}),
    ("/language/", {"language": "xx"}),
    ("/language/", {"language": ["es", "\x00"], "next": "/"}),
    ("/language/", {"language": "es", "next": "/" + "a" * 9000}),
    ("/need/places/", {"street": "\x00" * 900}),
    ("/need/places/", {"street": "x" * 9000}),
    ("/need/places/", {"street": "1 " * 4000}),
    ("/need/", {"find": "", "street": "é" * 4000, "square": "9" * 900, "area": "\x00"}),
    ("/need/", {"map": "", "square": "NaN,Infinity", "category": "<script>alert(1)</script>"}),
    ("/can/", {"map": "", "slots": ["99", "x"] * 90, "categories": ["x"] * 90}),
    ("/a/{met}/withdraw/", {"of": "ZZZZZZ", "why": "other"}),
    ("/a/{met}/change/", {"map": "", "of": "ZZZZZZ"}),
]


@pytest.mark.parametrize(("address", "said"), ANSWERS)
def test_answers_that_no_page_offers_are_answered(ours, address, said):
    before = snapshot()
    answer = ours.browser().post(address.format(**ours.tokens), said)
    assert answer.status_code in (200, 302, 400, 422)
    assert "<script>alert" not in answer.content.decode()
    if not address.startswith("/i/"):
        assert snapshot() == before


SQUARES = [
    "1",
    "1,2,3",
    "a,b",
    "9" * 18 + "," + "9" * 18,
    "-1,-1",
    "0,0",
    "15731,-24515.5",
    "99999,99999",
    "NaN,1",
    "15731,",
    "1e5,1",
    "٣,٣",
]


@pytest.mark.parametrize("square", SQUARES)
def test_a_square_that_is_nowhere_near_is_refused(ours, square):
    before = snapshot()
    answer = ours.browser().post(
        "/need/", {"category": "groceries", "people": "1", "when": "soon", "square": square}
    )
    assert answer.status_code == 422
    assert snapshot() == before


@pytest.mark.parametrize("member", ["", "x", "\x00", "0" * 32, "theirs"])
def test_only_somebody_of_the_network_can_be_asked(ours, theirs, member):
    browser = ours.browser(ours.dispatcher)
    wanted = str(theirs.helper.pk) if member == "theirs" else member
    answer = browser.post(f"/desk/ask/{ours.asks['desk'].code}/invite/", {"member": wanted})
    assert answer.status_code in (404, 409)
    assert not Match.objects.filter(member=theirs.helper, network=ours.network).exists()


@pytest.mark.parametrize("to", ["", "x", "theirs", "helper", "oneself"])
def test_a_shift_goes_to_a_dispatcher_of_the_network_only(ours, theirs, to):
    people = {"theirs": theirs.relief, "helper": ours.helper, "oneself": ours.dispatcher}
    before = snapshot()
    said = {"to": str(people[to].pk) if to in people else to}
    assert ours.browser(ours.dispatcher).post("/desk/shift/hand-over/", said).status_code == 422
    assert snapshot() == before


def cursors(ours, theirs):
    """Cursors that no page gave out: made up, of another network, at the ends of time."""
    row = Ask.objects.filter(network=theirs.network).latest("created_at")
    good = Cursor(at=MONDAY, id=uuid.UUID(int=0)).encode()
    return [
        Cursor(at=row.created_at, id=row.pk).encode(), Cursor(at=row.created_at, id=row.pk, back=True).encode(),
        good[:-1], good + "A", good.swapcase(), "A" * 34, "_" * 34, "-1", "999999", "\x00" * 34, "é" * 34,
    ]  # fmt: skip


@pytest.mark.parametrize("address", ["/board/?from={}", "/desk/board/?state=near&after={}"])
def test_a_made_up_cursor_shows_a_page_of_ours(ours, theirs, address):
    browser, secrets = ours.browser(ours.dispatcher), theirs.secrets()
    for cursor in cursors(ours, theirs):
        answer = browser.get(address.format(cursor))
        page = answer.content.decode().lower()
        assert answer.status_code == 200
        assert not [secret for secret in secrets if secret.lower() in page]


@pytest.mark.parametrize(
    "query",
    [
        "limit=999999",
        "page=-1",
        "per_page=9" + "9" * 99,
        "kind=x&category=x&area=x",
        "kind[]=asks",
        "state=\x00",
    ],
)
@pytest.mark.parametrize("address", ["/board/", "/desk/board/", "/desk/queue/", "/desk/find/", "/"])
def test_a_made_up_query_shows_no_more_than_a_page(ours, address, query):
    answer = ours.browser(ours.dispatcher).get(f"{address}?{query}", follow=True)
    assert answer.status_code == 200
    assert len(answer.content) < 100_000


def forged(token):
    """Links that were never given out, but nearly."""
    return [
        token[:-1],
        token + "A",
        token.swapcase(),
        token[::-1],
        new_token(),
        "A" * 32,
        token[:16] + "%00" + token[16:],
    ]


@pytest.mark.parametrize(
    ("name", "address"),
    [("open", "/a/{}/"), ("agreed", "/i/{}/"), ("sign_in", "/sign-in/{}/"), ("offer", "/can/{}/")],
)
def test_a_link_that_is_nearly_right_leads_nowhere(ours, name, address):
    browser = ours.browser(ours.helper)
    assert browser.get(address.format(ours.tokens[name])).status_code == 200
    for token in forged(ours.tokens[name]):
        assert browser.get(address.format(token)).status_code == 404


@pytest.mark.parametrize("name", ["sign_in", "offer", "contact", "prove"])
def test_a_link_of_one_kind_opens_no_other_door(ours, name):
    """A token is good for what it was made for, and nowhere else."""
    browser = ours.browser(ours.helper)
    addresses = {
        "sign_in": "/sign-in/{}/",
        "offer": "/can/{}/",
        "contact": "/me/profile/reach/{}/",
        "prove": "/me/again/{}/",
        "a": "/a/{}/",
        "i": "/i/{}/",
    }
    for kind, address in addresses.items():
        assert browser.get(address.format(ours.tokens[name])).status_code == (200 if kind == name else 404)
    assert browser.get(f"/a/{ours.tokens['agreed']}/").status_code == 404
    assert browser.get(f"/i/{ours.tokens['met']}/").status_code == 404


def test_a_code_that_ran_out_opens_nothing(ours):
    with clock.frozen(MONDAY + LASTS + HOUR):
        answer = ours.browser().post(f"/sign-in/{ours.tokens['sign_in']}/", {"code": "123456"})
    assert answer.status_code == 422
    assert not Confirmation.objects.filter(used_at__isnull=False).exists()


def test_a_code_of_somebody_else_s_contact_is_not_typed_by_another_member(ours):
    token = ours.tokens["contact"]
    assert ours.browser(ours.newcomer).get(f"/me/profile/reach/{token}/").status_code == 404
    assert ours.browser(ours.newcomer).post(f"/me/profile/reach/{token}/again/").status_code == 404


@pytest.mark.parametrize(
    "change", [{PLACE: "0" * 32}, {NETWORK: "x"}, {MEMBER: "0" * 32}, {NETWORK: None, MEMBER: None}]
)
def test_a_session_that_does_not_fit_is_nobody_s(ours, change):
    browser = ours.browser(ours.dispatcher)
    assert browser.get("/me/").status_code == 200
    session = browser.session
    session.update(change)
    session.save()
    assert browser.get("/me/").status_code == 302
    assert browser.get("/desk/").status_code == 302


def test_a_session_of_ours_is_worth_nothing_at_the_other_host(ours, theirs):
    browser = ours.browser(ours.dispatcher)
    for address in ("/me/", "/desk/", "/policy/change/", "/mandates/"):
        assert browser.get(address).status_code == 200
        assert browser.get(address, headers={"host": THEIR_HOST}).status_code == 302
    assert Network.objects.count() == 2
    assert OUR_HOST != THEIR_HOST


def test_who_left_or_lost_the_mandate_is_out_at_once(ours):
    with clock.frozen(MONDAY + 91 * DAY):
        browser = ours.browser(ours.dispatcher)
        assert browser.get("/desk/").status_code == 403
        assert browser.post(f"/policy/trials/{ours.ids['trial']}/adopt/").status_code == 403
    with undone():
        ours.browser(ours.dispatcher).post("/me/profile/leave/")
        assert ours.browser(ours.dispatcher).get("/me/").status_code == 302


@pytest.mark.parametrize(
    "onward",
    [
        "https://evil.example/", "//evil.example/", "/\\evil.example", "\\\\evil.example", "/\t/evil.example",
        "javascript:alert(1)", "/%0d%0aSet-Cookie:x=1", "/\r\nSet-Cookie: x=1", "http:///evil.example",
        "/" + "a" * 3000, "http:evil.example", "///evil.example", "https:evil.example", "data:text/html,x",
        "%2f%2fevil.example", "\x00//evil.example", "/ok/\ufeff", "/ok/\u2028",
    ],
)  # fmt: skip
def test_nobody_is_led_elsewhere(ours, onward):
    member, anybody = ours.browser(ours.helper), ours.browser()
    answers = [
        member.get(reverse("members:sign_in"), {"next": onward}),
        member.post(reverse("members:sign_in"), {"next": onward}),
        anybody.post(reverse("set_language"), {"language": "es", "next": onward}),
    ]
    for answer in answers:
        assert answer.status_code in (302, 400)
        where = answer.get("Location", "/")
        assert where.startswith("/")
        assert not where.startswith(("//", "/\\", "/\t", "/%09"))
        assert "\n" not in where
    page = anybody.get(reverse("members:sign_in"), {"next": onward}).content.decode()
    assert "evil.example" not in page.replace("/language/", "").split("<main", 1)[1]


def test_an_offer_of_somebody_else_is_not_there(ours):
    offer = ours.offers["offer"]
    browser = ours.browser(ours.newcomer)
    before = snapshot()
    for verb in ("", "withdraw/", "pause/", "resume/", "stands/"):
        assert browser.post(f"/me/offers/{offer.pk}/{verb}", {"version": "1"}).status_code == 404
    assert snapshot() == before
    assert Offer.objects.get(pk=offer.pk).state == Offer.State.OPEN
