"""Typing in sheets: one ask after the other, none of them twice."""

import pytest

from commonweal.exchange.forms.where import place_key
from commonweal.exchange.models import Ask
from commonweal.exchange.tests.cast import letters
from commonweal.networks.places.gazetteer import Place
from commonweal.web.desk.tests.conftest import Desk, url, words

SAID = {
    "key": "once", "sheet": "k7f 2qm", "row": "1", "category": "groceries", "people": "2", "area": "abell",
    "when": "soon", "contact": "410 555 0123", "called": "Mrs. Green", "words": "Third floor.",
    "other_language": "es",
}  # fmt: skip
ORDER = ("sheet", "row", "called", "contact", "category", "words", "people", "other_language", "street", "area", "when",
         "day")  # fmt: skip


@pytest.fixture
def two_oaks(monkeypatch):
    """The map has two streets of one name; the keys by which a form tells them apart."""
    places = [
        Place(label=f"Oak Street, {area}", kind="street", lat=39.3 + north, lon=-76.6, area_name=area,
              area_slug=area.lower(), exact=True)
        for area, north in (("Abell", 0.0), ("Remington", 0.01))
    ]  # fmt: skip
    monkeypatch.setattr("commonweal.exchange.forms.where.find_places", lambda *_, **__: places)
    return [place_key(place) for place in places]


def typed(jo, **changes):
    return jo.post("sheets", **{**SAID, **changes})


def test_the_fields_stand_in_the_order_of_the_sheet(town, jo):
    page = words(jo.get("sheets"))
    places = [page.index(f'name="{name}"') for name in ORDER]

    assert places == sorted(places)
    assert page.count("<h1") == 1
    assert page.count('class="button primary"') == 1
    assert page.count("autofocus") == 1


def test_only_a_dispatcher_on_shift_types(town):
    assert "sign-in" in Desk().get("sheets")["Location"]
    assert Desk(town.rosa).get("sheets").status_code == 403


def test_it_is_their_ask_from_paper_and_the_next_is_ready(town, jo):
    answer = typed(jo)
    ask = Ask.objects.get()

    assert (ask.by, ask.source, ask.source_key) == (None, "paper", "K7F2QM:1")
    assert (ask.called, ask.contact, ask.languages, ask.words) == (
        "Mrs. Green",
        "+14105550123",
        ["es"],
        "Third floor.",
    )
    assert letters("ask_received").get().kind == "phone"
    assert answer["Location"] == url("sheets") + "?sheet=K7F2QM&row=2"
    page = words(jo.browser.get(answer["Location"]))
    assert f"Their code is {ask.shown_code}" in page
    assert 'value="K7F-2QM"' in page
    assert 'name="row" value="2"' in page
    assert f'<li value="1"><a href="{url("ask", ask.code)}">' in page


def test_the_same_row_is_not_typed_twice(town, jo):
    typed(jo)
    answer = typed(jo, key="another", called="Somebody else")

    assert answer.status_code == 422
    assert f"This one is here already: {Ask.objects.get().shown_code}" in words(answer)
    assert 'value="Somebody else"' in words(answer)


def test_other_paper_has_no_code_and_counts_once_by_its_form(town, jo):
    for _press in range(2):
        assert typed(jo, sheet="", row="")["Location"] == url("sheets")
    typed(jo, sheet="", row="", key="another")

    assert Ask.objects.count() == 2


def test_own_words_are_enough(town, jo):
    typed(jo, category="")

    assert Ask.objects.get().category.slug == "other"


def test_a_street_we_do_not_know_goes_along_with_an_area(town, jo):
    answer = typed(jo, street="Behind the old mill", area="")
    assert answer.status_code == 422
    assert "We can't find that. Choose an area" in words(answer)

    typed(jo, street="Behind the old mill", area="abell")
    assert Ask.objects.get().place == {"text": "Behind the old mill"}


def test_a_street_that_may_be_two_is_asked_about(town, jo, two_oaks):
    answer = typed(jo, street="Oak Street", area="")
    assert answer.status_code == 422
    assert words(answer).count('name="found"') == 2

    typed(jo, street="Oak Street", area="", found=two_oaks[1])
    assert Ask.objects.get().place["text"].startswith("Oak Street")


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"sheet": "nonsense"}, "no code of a sheet"),
        ({"row": ""}, "Which number on the sheet is it?"),
        ({"row": "0"}, "At least 1, please"),
        ({"row": "x"}, "Write a whole number"),
        ({"category": "gold"}, "Please choose one of these"),
        ({"category": "", "words": ""}, "What do you need?"),
        ({"people": "-1"}, "At least 1, please"),
        ({"contact": "nowhere"}, "Type an e-mail address or a phone number"),
        ({"area": ""}, "Where is it, roughly?"),
        ({"when": "day", "day": ""}, "Which day is it?"),
        ({"when": "never"}, "Please choose one of these"),
        ({"other_language": "klingon"}, "Please choose one of these"),
        ({"words": "x" * 5000}, "600"),
    ],
)
def test_what_is_wrong_is_told_at_its_field_and_the_rest_kept(town, jo, wrong, said):
    answer = typed(jo, **wrong)

    assert answer.status_code == 422
    assert said in words(answer)
    assert 'value="Mrs. Green"' in words(answer)
    assert not Ask.objects.exists()


@pytest.mark.parametrize("row", ["", "0", "-1", "x", "1e9", "9" * 5000, "١"])
def test_an_address_made_up_by_hand_begins_at_the_first_row(town, jo, row):
    page = words(jo.get("sheets", data={"sheet": "K7F-2QM", "row": row}))

    assert 'name="row" value="1"' in page


def test_many_rows_cost_no_more(town, jo, django_assert_max_num_queries):
    for row in range(1, 6):
        typed(jo, row=str(row))
    with django_assert_max_num_queries(16):
        page = words(jo.get("sheets", data={"sheet": "K7F2QM", "row": "6"}))
    assert page.count("<li value=") == 5
