"""Fifty who were all invited to one ask say yes in one moment, in a real browser, to the program as it is served."""

import json
import re

import pytest

from commonweal.base.tests.site import wait_until
from commonweal.base.tests.test_serve import answers, free_port

pytestmark = pytest.mark.journey

FIFTY = 50
INVITE = """
from datetime import timedelta
import json
from commonweal.base import clock
from commonweal.exchange.models import Match
from commonweal.exchange.tests.cast import found_town, member_of
from commonweal.messaging.models import Message
town, now = found_town(), clock.now()
ask = town.ask(starts_at=now + timedelta(days=2), ends_at=now + timedelta(days=3))
for number in range(50):
    town.invited(ask, member_of(town.network, f"Neighbour{number}"))
letters = Message.objects.filter(template="invitation")
print(json.dumps([letter.context["link"] for letter in letters]))
"""
# Every page is read first, with its form; then all forms are sent, and none waits for the answer to another.
ALL_AT_ONCE = """
async links => {
    const forms = await Promise.all(links.map(async link => {
        const page = new DOMParser().parseFromString(await (await fetch(link)).text(), "text/html");
        const form = [...page.forms].find(form => form.getAttribute("action").endsWith("/yes/"));
        return [form.getAttribute("action"), new URLSearchParams(new FormData(form))];
    }));
    return Promise.all(forms.map(async ([action, body]) => (await fetch(action, {method: "POST", body})).status));
}
"""


@pytest.fixture
def served(site):
    """The address of the program, served with a worker as on anybody's machine."""
    port = free_port()
    process = site.start("serve", "--port", str(port), "--workers", "1")
    wait_until(lambda: process.poll() is not None or answers(port))
    assert process.poll() is None, process.communicate()
    return f"http://127.0.0.1:{port}"


def test_fifty_accept_one_place_and_one_has_it(served, site, new_context):
    links = [re.sub(r"^https?://[^/]+", "", link) for link in json.loads(site.python(INVITE))]
    assert len(links) == FIFTY
    page = new_context(base_url=served).new_page()
    page.goto(links[0])
    page.get_by_role("button", name="Yes, I can").wait_for()

    answered = page.evaluate(ALL_AT_ONCE, links)

    # Who comes too late is told so: 409, never a fault of the program.
    assert min(answered) == 200
    assert set(answered) <= {200, 409}
    states = dict(site.rows("SELECT state, COUNT(*) FROM exchange_match GROUP BY state"))
    assert states == {"accepted": 1, "taken_back": FIFTY - 1}
    assert site.rows("SELECT state, hands_taken FROM exchange_ask") == [("agreed", 1)]
    shown = []
    for link in links:
        page.goto(link)
        assert page.get_by_role("button", name="Yes, I can").count() == 0
        shown.append("amina@example.org" in page.content())
    assert shown.count(True) == 1
