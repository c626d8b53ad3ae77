"""Taking an ask by phone: the asker's own, whoever writes it down."""

import pytest

from commonweal.exchange.models import Ask
from commonweal.exchange.tests.cast import letters
from commonweal.web.desk.tests.conftest import url, words

SAID = {
    "key": "once", "category": "groceries", "people": "2", "area": "abell", "when": "soon",
    "contact": "410 555 0123", "called": "Mrs. Green", "words": "Third floor.",
}  # fmt: skip


def test_asks_what_everybody_is_asked(town, jo):
    page = words(jo.get("need"))
    assert page.count("<h1") == 1
    assert page.count('class="button primary"') == 1
    for name in ("category", "words", "people", "area", "when", "contact", "called"):
        assert f'name="{name}"' in page
    assert "We reach you as always" not in page


def test_it_is_theirs_and_opens_on_the_desk(town, jo):
    answer = jo.post("need", **SAID)
    ask = Ask.objects.get()
    assert answer["Location"] == url("ask", ask.code)
    assert (ask.by, ask.source, ask.called, ask.contact) == (None, "phone", "Mrs. Green", "+14105550123")
    assert letters("ask_received").get().kind == "phone"
    assert f"Their code is {ask.shown_code}" in words(jo.open(ask))


def test_pressed_twice_is_one_ask(town, jo):
    jo.post("need", **SAID)
    assert jo.post("need", **SAID).status_code == 302
    assert Ask.objects.count() == 1


@pytest.mark.parametrize(
    "sent",
    [{"category": "gold"}, {"people": "-1"}, {"contact": "nowhere"}, {"when": ""}, {"words": "x" * 5000}],
)
def test_what_is_wrong_is_told_at_its_field_and_the_rest_kept(town, jo, sent):
    answer = jo.post("need", **{**SAID, **sent})
    assert answer.status_code == 422
    assert 'value="Mrs. Green"' in words(answer)
    assert not Ask.objects.exists()


def test_a_street_is_looked_up_without_publishing(town, jo):
    answer = jo.post("need", **SAID, street="Guilford Avenue", find="street")
    assert answer.status_code == 200
    assert 'value="Mrs. Green"' in words(answer)
    assert not Ask.objects.exists()
