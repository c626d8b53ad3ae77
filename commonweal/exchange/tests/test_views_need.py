"""I need: the page, what it takes, what it refuses, and that nothing is lost or doubled."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from commonweal.base.ids import new_token
from commonweal.exchange.models import Ask
from commonweal.exchange.tests.cast import letters
from commonweal.members.tests.cast import sign_in
from commonweal.networks.places.gazetteer import Place

NEED = "/need/"
LEAST = {"category": "groceries", "people": "1", "area": "abell", "when": "soon"}


@pytest.fixture
def found(monkeypatch):
    """What the index of places shall find."""
    places: list[Place] = []
    monkeypatch.setattr(
        "commonweal.exchange.forms.where.find_places", lambda network, text, limit=8: list(places)
    )
    return places


def ask(client, **said):
    return client.post(NEED, {**LEAST, **said})


def test_the_page_asks_what_where_and_when(client, town):
    page = client.get(NEED)

    assert page.status_code == 200
    assert page.content.count(b"<h1") == 1
    assert re.search(rb"<title>I need", page.content)
    for words in (b"Groceries", b"Abell", b"As soon as possible", b"How can we reach you?"):
        assert words in page.content


def test_the_page_costs_four_queries(client, town, django_assert_max_num_queries):
    with django_assert_max_num_queries(4):
        client.get(NEED)


def test_an_ask_is_published_and_its_private_page_opens(client, town):
    answer = ask(client, contact="amina@example.org", called="Amina")

    made = Ask.objects.get()
    assert answer.status_code == 302
    assert answer.url == reverse("exchange:status", args=[made.token_box])
    assert (made.category, made.area, made.called) == (town.groceries, town.abell, "Amina")
    assert letters("ask_received").get().to == "amina@example.org"


def test_a_member_asks_as_a_member(client, town):
    sign_in(client, town.rosa)

    assert b"How can we reach you?" not in client.get(NEED).content
    ask(client)

    assert Ask.objects.get().by == town.rosa


def test_a_link_of_the_noticeboard_fills_in_what_and_where(client, town):
    page = client.get(NEED, {"category": "groceries", "area": "waverly"}).content.decode()

    assert re.search(r'value="groceries"[^>]* checked', page)
    assert '<option value="waverly" selected>' in page


@pytest.mark.parametrize("junk", ["nonsense", "\x00", "x" * 3000, "<script>"])
def test_a_made_up_link_is_a_page_all_the_same(client, town, junk):
    page = client.get(NEED, {"category": junk, "area": junk})

    assert page.status_code == 200
    assert b"<script>" not in page.content


def test_what_is_missing_is_said_and_what_was_typed_is_kept(client, town):
    page = ask(client, category="", area="", words="", called="Amina", contact="nonsense", people="7")

    assert page.status_code == 422
    text = page.content.decode()
    assert text.count('class="field wrong"') == 3
    for kept in ('value="Amina"', 'value="nonsense"', 'value="7"'):
        assert kept in text
    assert not Ask.objects.exists()


def test_pressed_twice_it_is_one_ask(client, town):
    key = new_token()

    first, second = ask(client, key=key), ask(client, key=key)

    assert first.url == second.url
    assert Ask.objects.count() == 1
    assert letters("ask_received").count() == 0


def test_going_back_to_ask_for_something_else_is_another_ask(client, town):
    key = new_token()

    assert ask(client, key=key).url != ask(client, key=key, category="ride").url
    assert Ask.objects.count() == 2


def test_without_a_token_of_the_form_nothing_is_taken(town):
    answer = Client(enforce_csrf_checks=True).post(NEED, LEAST)

    assert answer.status_code == 403
    assert not Ask.objects.exists()


def test_too_many_from_one_address_wait_with_everything_kept(client, town, monkeypatch):
    monkeypatch.setattr("commonweal.exchange.views.need.MOST", 0)
    monkeypatch.setattr("commonweal.exchange.views.need.MOST_UNCHECKED", 2)
    ask(client)
    ask(client)

    page = ask(client, words="Bread, please")

    assert page.status_code == 429
    assert int(page.headers["Retry-After"]) > 0
    assert b"Bread, please" in page.content
    assert Ask.objects.count() == 2


class TestLookingUp:
    def test_find_it_keeps_everything_and_asks_nothing(self, client, town, found):
        found += [
            Place("Guilford Avenue, Abell", "street", 39.33, -76.61, "Abell", True, "abell"),
            Place("Guilford Avenue, Waverly", "street", 39.34, -76.61, "Waverly", True, "waverly"),
        ]

        page = ask(
            client,
            find="street",
            street="guilford",
            words="Bread",
            category="",
            when="weekly",
            weekdays=["1", "3"],
        )

        text = page.content.decode()
        assert page.status_code == 200
        assert text.count('type="radio" name="found"') == 2
        assert 'value="guilford"' in text
        assert "Bread" in text
        assert len(re.findall(r'name="weekdays"[^>]* checked', text)) == 2
        assert "wrong" not in text
        assert not Ask.objects.exists()

    def test_find_it_says_when_nothing_is_called_so(self, client, town, found):
        assert b"Nothing on our map is called so" in ask(client, find="street", street="nowhere").content

    def test_find_it_with_nothing_typed_says_nothing(self, client, town, found):
        page = ask(client, find="street", street="")

        assert b"Nothing on our map" not in page.content
        assert b'name="found"' not in page.content

    def test_the_one_that_was_found_is_chosen_already(self, client, town, found):
        found.append(Place("2745 Guilford Avenue, Abell", "address", 39.33, -76.61, "Abell", True, "abell"))

        text = ask(client, find="street", street="2745 guilford").content.decode()

        assert re.search(r'name="found"[^>]* checked', text)

    def test_the_map_keeps_everything_too(self, client, town):
        town.network.map_name = "baltimore"
        town.network.save()

        page = ask(client, map="areas", words="Bread")

        assert b"<svg" in page.content
        assert b"map-places" in page.content
        assert b"Bread" in page.content
        assert not Ask.objects.exists()

    def test_while_typing_only_the_part_comes(self, client, town, found):
        found.append(Place("Guilford Avenue, Abell", "street", 39.33, -76.61, "Abell", True, "abell"))

        part = client.post("/need/places/", {"street": "guil"})

        assert part.status_code == 200
        assert b"Guilford Avenue, Abell" in part.content
        assert b"<html" not in part.content

    def test_an_address_never_stands_in_a_log(self, client, town):
        assert client.get("/need/places/", {"street": "guil"}).status_code == 405

    def test_look_ups_are_limited(self, client, town, found, monkeypatch):
        monkeypatch.setattr("commonweal.exchange.views.places.MOST", 1)

        assert client.post("/need/places/", {"street": "a"}).status_code == 200
        assert client.post("/need/places/", {"street": "a"}).status_code == 429

    def test_too_many_looks_lose_nothing(self, client, town, found, monkeypatch):
        monkeypatch.setattr("commonweal.exchange.views.places.MOST", 0)

        page = ask(client, words="Soup & bread", street="2901 Guilford", find="")

        assert page.status_code == 429
        assert int(page.headers["Retry-After"]) > 0
        assert b"Soup &amp; bread" in page.content
        assert b"2901 Guilford" in page.content
        assert not Ask.objects.exists()

    @pytest.mark.parametrize("street", ["x" * 5000, "\x00", "half \ud83d", "'; drop table", "𝟚𝟟𝟜𝟝"])
    def test_whatever_is_typed_is_looked_up_without_a_fault(self, client, town, street):
        town.network.map_name = "baltimore"
        town.network.save()
        body = f"street={street}".encode("utf-8", "surrogatepass")

        part = client.post("/need/places/", body, content_type="application/x-www-form-urlencoded")

        assert part.status_code == 200


class TestBadInput:
    @pytest.mark.parametrize(
        "body",
        [
            b"words=%ff%fe%00&people=1&area=abell&when=soon",
            b"words=%ed%a0%80&people=1&area=abell&when=soon",
            b"words=\xff\xfe&people=1&area=abell&when=soon",
            b"category=groceries&people=%00&area=abell&when=soon",
            b"&&&=&%",
            b"category=groceries&category=ride&people=1&area=abell&area=waverly&when=soon&when=today",
        ],
    )
    def test_bytes_that_are_no_text_are_no_fault(self, client, town, body):
        answer = client.post(NEED, body, content_type="application/x-www-form-urlencoded")

        assert answer.status_code in (302, 422)

    def test_a_body_that_is_too_long_is_refused_before_it_is_read(self, client, town):
        assert ask(client, words="x" * 11_000).status_code == 400
        assert not Ask.objects.exists()

    def test_more_fields_than_a_page_has_are_refused(self, client, town):
        body = "&".join(f"a{number}=1" for number in range(300)).encode()

        assert client.post(NEED, body, content_type="application/x-www-form-urlencoded").status_code == 400

    def test_an_id_of_another_network_is_not_known(self, client, town, bo):
        bo.network.domain = "hampden.example"
        bo.network.save()
        assert ask(client, area=str(bo.network_id)).status_code == 422

    @pytest.mark.parametrize("method", ["put", "patch", "delete"])
    def test_other_methods_are_not_for_this_page(self, client, town, method):
        assert getattr(client, method)(NEED).status_code == 405
