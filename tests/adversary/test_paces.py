"""The table of limits is the program's; and the outer ones hold at every door."""

import ast
import importlib
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.http import HttpResponse

from commonweal.base import clock
from commonweal.base.errors import NotFound
from commonweal.base.ids import new_token
from commonweal.channels import doors as machines
from commonweal.web import pace
from tests.adversary.cast import MONDAY, snapshot, undone
from tests.adversary.doors import doors
from tests.adversary.papers import need

ROOT = Path(__file__).resolve().parents[2]
TABLE = ROOT / "docs/reference/limits.md"
ROW = re.compile(r"^\| `([^`]+)` \| [^|]+ \| (\d+) \| (\d+) (min|h|d) \|", re.M)
UNITS = {"min": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}
COUNTERS = {"count_once", "count_both", "Guessing"}
WRITING = [door for door in doors() if door.name not in {"channels:incoming", "exchange:need", "design"}]


def limits_of(path):
    """Every limit of a module: what is counted, how many, in how long."""
    tree = ast.parse(path.read_text("utf-8"))
    names = vars(importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts)))
    for node in ast.walk(tree):
        called = getattr(getattr(node, "func", None), "id", "") if isinstance(node, ast.Call) else ""
        if called not in COUNTERS:
            continue
        said = {one.arg: one.value for one in node.keywords}
        if not {"most", "within"} <= said.keys():
            continue
        first = said.get("what") or (node.args[0].elts[0] if called == "count_both" else node.args[0])
        if isinstance(first, ast.Constant):
            yield first.value, said["most"], said["within"], names


def test_the_table_of_limits_is_the_program_s():
    rows = ROW.findall(TABLE.read_text())
    shown = {name: (int(most), int(number) * UNITS[unit]) for name, most, number, unit in rows}
    found = {}
    for path in sorted(ROOT.glob("commonweal/**/*.py")):
        if "tests" not in path.parts and re.search(r"count_(once|both)\(", path.read_text()):
            for name, most, within, names in limits_of(path):
                local = {**names, "most": pace.MOST_FROM_ONE}
                found[name] = tuple(
                    eval(compile(ast.Expression(each), path.name, "eval"), local) for each in (most, within)
                )
    assert shown == found


@pytest.fixture
def few(monkeypatch):
    """Every outer limit lets two through."""
    for name in ("MOST_OF_ONE", "MOST_FROM_ONE", "MOST_LOOKS", "MOST_WRONG"):
        monkeypatch.setattr(pace, name, 2)


def is_refused(answer):
    return answer.status_code == 429 and "That was a lot in a short time" in answer.content.decode()


@pytest.mark.parametrize("door", WRITING, ids=lambda door: door.name)
@pytest.mark.parametrize("who", ["member", "stranger"])
def test_no_door_takes_more_presses_than_that(ours, few, door, who):
    browser = ours.browser(ours.helper if who == "member" else None)
    address = next(iter(door.of(ours)))
    for _number in range(2):
        browser.post("/language/", {"language": "en"})
    before = snapshot()
    answer = browser.post(address)
    assert is_refused(answer)
    assert 0 < int(answer["Retry-After"]) <= 3600
    assert snapshot() == before
    with clock.frozen(MONDAY + timedelta(hours=1, seconds=1)), undone():
        assert not is_refused(ours.browser(ours.helper if who == "member" else None).post(address))


def test_one_member_s_haste_is_no_other_s(ours, few):
    for _number in range(3):
        answer = ours.browser(ours.helper).post("/language/", {"language": "en"})
    assert is_refused(answer)
    for other in (ours.asker, None):
        assert not is_refused(ours.browser(other).post("/language/", {"language": "en"}))


def test_an_ask_is_never_refused_for_what_others_press(ours, few):
    for _number in range(5):
        answer = ours.browser().post("/need/", {**need(ours), "key": new_token()})
        assert answer.status_code == 302


@pytest.mark.parametrize("address", ["/a/{}/", "/i/{}/", "/sign-in/{}/", "/can/{}/", "/told/{}/"])
def test_guessing_at_links_is_stopped(ours, few, address):
    statuses = [ours.browser().get(address.format(new_token())).status_code for _number in range(4)]
    assert statuses == [404, 404, 429, 429]
    # Who has a true link from the same house still gets in.
    assert ours.browser().get(f"/a/{ours.tokens['open']}/").status_code == 200


def test_members_are_not_found_by_trying_ids(ours, theirs, few):
    browser = ours.browser(ours.asker)
    tried = (ours.ids["point"], theirs.ids["point"], ours.newcomer.pk, theirs.helper.pk)
    answers = [browser.post(f"/me/profile/reach/{key}/remove/").status_code for key in tried]
    # Somebody else's, another network's and nobody's are answered alike, and soon not at all.
    assert answers == [404, 404, 429, 429]


def test_reveals_are_not_replayed(ours, few):
    code, browser = ours.asks["desk"].code, ours.browser(ours.dispatcher)
    said = {"version": "1", "why": "unclear"}
    statuses = [browser.post(f"/desk/ask/{code}/reach/", said).status_code for _number in range(4)]
    assert 429 not in statuses[:2]
    assert statuses[2:] == [429, 429]


def test_what_other_servers_say_is_not_slowed(ours, few):
    for _number in range(5):
        answer = ours.browser().post(
            f"/in/{ours.ids['channel']}/{ours.tokens['channel']}/message",
            b"{}",
            content_type="application/json",
        )
        assert answer.status_code in (400, 403)
    assert machines.MOST_WRONG > 5


def test_before_there_is_a_network_nothing_is_counted(rf):
    middleware, request = pace.Pace(lambda _request: HttpResponse()), rf.post("/language/")
    request.network = None
    assert middleware.process_view(request) is None
    assert middleware.process_exception(request, NotFound()) is None
