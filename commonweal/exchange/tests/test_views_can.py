"""I can: what is said, the code, and the offer that comes of it."""

import re
from datetime import timedelta

import pytest

from commonweal.base import clock
from commonweal.base.guard import new_stamp
from commonweal.exchange.forms.can import ALWAYS, EVENINGS, WEEKENDS
from commonweal.exchange.models import Offer
from commonweal.exchange.tests.cast import letters
from commonweal.members.models import Member
from commonweal.members.tests.cast import reach, sign_in
from commonweal.networks.models import Category
from commonweal.networks.places.gazetteer import Place

CAN = "/can/"
OFFER = {
    "categories": ["groceries", "ride"], "radius_m": "4000", "free": "evenings", "carries": "2", "vehicle": "bicycle",
    "able": ["stairs"], "area": "abell", "is_public": "on",
}  # fmt: skip
WHO = {
    "per_week": "2",
    "languages": ["en"],
    "other_language": "so",
    "name": "Nia",
    "contact": "nia@example.org",
}


def say(client, **said):
    return client.post(CAN, {**OFFER, **WHO, **said})


def the_code():
    return letters("code").order_by("-created_at", "-id")[0].context["code"]


def test_the_page_asks_what_how_far_and_when(client, town):
    page = client.get(CAN)

    text = page.content.decode()
    assert page.status_code == 200
    assert text.count("<h1") == 1
    assert text.count('name="slots"') == 42
    for shown in ("Groceries", "A walk: 1.5 km", "Weekday evenings", "Shopping bags", "We send a code there"):
        assert shown in text


def test_the_page_costs_four_queries(client, town, django_assert_max_num_queries):
    with django_assert_max_num_queries(4):
        client.get(CAN)


class TestSomebodyNew:
    def test_the_link_of_the_letter_does_as_well_as_the_code_in_the_same_browser(self, client, town):
        say(client)
        link = letters("code").get().context["open_at"]
        assert "Go on" in client.get(link).content.decode()
        assert not Offer.objects.exists()

        answer = client.post(link, follow=True)

        assert answer.redirect_chain[-1] == ("/me/", 302)
        assert Offer.objects.get().member.name == "Nia"

    def test_a_code_goes_out_and_nothing_is_up_yet(self, client, town):
        answer = say(client)

        assert re.fullmatch(r"/can/[A-Za-z0-9_-]{32}/", answer.url)
        assert letters("code").get().to == "nia@example.org"
        assert not Offer.objects.exists()
        page = client.get(answer.url)
        assert b"nia@example.org" in page.content
        assert the_code() not in page.content.decode()

    def test_with_the_code_the_offer_is_up_and_they_are_signed_in(self, client, town):
        onward = say(client).url

        assert client.post(onward, {"code": the_code()}).url == "/me/"

        offer = Offer.objects.get()
        nia = offer.member
        assert (nia.name, nia.per_week, nia.languages) == ("Nia", 2, ["en", "so"])
        assert reach(nia).value == "nia@example.org"
        assert (offer.slots, offer.radius_m, offer.vehicle, offer.carries) == (EVENINGS, 4000, "bicycle", 2)
        assert {link.category.slug for link in offer.categories.all()} == {"groceries", "ride"}
        assert (offer.area, offer.cell_y, offer.able) == (town.abell, town.abell.cell_y, ["stairs"])
        assert b"Hello, Nia" in client.get("/me/").content

    def test_the_code_pressed_twice_is_one_offer(self, client, town):
        onward = say(client).url
        code = the_code()

        for _ in range(2):
            assert client.post(onward, {"code": code}).url == "/me/"
        assert client.get(onward).url == "/me/"
        assert Offer.objects.count() == 1
        assert Member.objects.filter(network=town.network).count() == 5

    def test_a_wrong_code_is_said_and_the_offer_waits(self, client, town):
        onward = say(client).url

        page = client.post(onward, {"code": "000000" if the_code() != "000000" else "111111"})

        assert page.status_code == 422
        assert b"not the code we sent" in page.content
        assert client.post(onward, {"code": the_code()}).url == "/me/"

    def test_the_code_of_another_is_no_help(self, client, town):
        onward = say(client).url
        first = the_code()
        say(client, contact="zoe@example.org")

        if the_code() != first:
            assert client.post(onward, {"code": the_code()}).status_code == 422

    def test_a_new_code_takes_the_offer_along(self, client, town):
        onward = say(client).url

        again = client.post(f"{onward}again/").url
        assert again != onward
        assert client.post(again, {"code": the_code()}).url == "/me/"
        assert Offer.objects.get().radius_m == 4000

    def test_an_old_code_is_over(self, client, town, hand):
        onward = say(client).url
        hand.advance(timedelta(minutes=11))

        page = client.post(onward, {"code": the_code()})
        assert b"too old" in page.content
        assert not Offer.objects.exists()

    def test_somebody_known_is_signed_in_and_stays_who_they_are(self, client, town):
        onward = say(client, contact=reach(town.rosa).value, name="Somebody else", per_week="9").url
        client.post(onward, {"code": the_code()})

        offer = Offer.objects.get()
        assert offer.member == town.rosa
        assert (offer.member.name, offer.member.per_week) == ("Rosa", 3)

    def test_who_joined_in_another_window_meanwhile_is_one_member(self, client, town):
        first, second = say(client).url, say(client, radius_m="500").url
        codes = [letter.context["code"] for letter in letters("code").order_by("created_at", "id")]

        client.post(first, {"code": codes[0]})
        client.post(second, {"code": codes[1]})

        assert Member.objects.filter(network=town.network).count() == 5
        assert Offer.objects.count() == 2

    def test_who_joins_in_another_window_in_this_very_moment_is_one_member(self, client, town, monkeypatch):
        known = [None, town.rosa]
        monkeypatch.setattr(
            "commonweal.exchange.views.can.member_for_contact", lambda network, contact: known.pop(0)
        )
        onward = say(client, contact=reach(town.rosa).value).url

        assert client.post(onward, {"code": the_code()}).url == "/me/"
        assert Offer.objects.get().member == town.rosa

    def test_a_contact_that_is_taken_and_leads_to_nobody_is_refused_with_words(
        self, client, town, monkeypatch
    ):
        monkeypatch.setattr("commonweal.exchange.views.can.member_for_contact", lambda network, contact: None)
        onward = say(client, contact=reach(town.rosa).value).url

        assert client.post(onward, {"code": the_code()}).status_code == 409
        assert not Offer.objects.exists()

    @pytest.mark.parametrize("token", ["x", "x" * 300, "%00"])
    def test_a_forged_link_leads_nowhere(self, client, town, token):
        assert client.get(f"/can/{token}/").status_code == 404
        assert client.post(f"/can/{token}/", {"code": "123456"}).status_code == 404
        assert client.post(f"/can/{token}/again/").status_code == 404

    def test_too_many_codes_wait_with_everything_kept(self, client, town):
        for _ in range(40):
            with clock.frozen(clock.now() - timedelta(minutes=1)):
                stamp = new_stamp()
            page = say(client, words="Mornings", stamp=stamp)
            if page.status_code != 302:
                break

        assert page.status_code == 429
        assert b"Mornings" in page.content
        assert int(page.headers["Retry-After"]) > 0


class TestMember:
    def test_a_member_s_offer_is_up_at_once(self, client, town):
        sign_in(client, town.rosa)

        assert b"We send a code there" not in client.get(CAN).content
        assert client.post(CAN, OFFER).url == "/me/"
        assert Offer.objects.get().member == town.rosa
        assert not letters("code").exists()

    def test_pressed_twice_it_is_one_offer(self, client, town):
        sign_in(client, town.rosa)
        for _ in range(2):
            assert client.post(CAN, {**OFFER, "key": "k" * 32}).url == "/me/"

        assert Offer.objects.count() == 1

    def test_going_back_to_offer_something_else_is_another_offer(self, client, town):
        sign_in(client, town.rosa)
        client.post(CAN, {**OFFER, "key": "k" * 32})
        client.post(CAN, {**OFFER, "key": "k" * 32, "categories": ["moving"]})

        assert Offer.objects.count() == 2

    def test_their_area_is_filled_in(self, client, town):
        town.rosa.area = town.waverly
        town.rosa.save()
        sign_in(client, town.rosa)

        assert b'<option value="waverly" selected>' in client.get(CAN).content


class TestWhatIsSaid:
    @pytest.mark.parametrize(
        ("free", "slots", "bits"),
        [
            ("always", [], ALWAYS),
            ("evenings", ["0"], EVENINGS),
            ("weekends", [], WEEKENDS),
            ("choose", ["0", "41"], 1 | 1 << 41),
        ],
    )
    def test_days_and_hours(self, client, town, free, slots, bits):
        sign_in(client, town.rosa)
        client.post(CAN, {**OFFER, "free": free, "slots": slots})

        assert Offer.objects.get().slots == bits

    def test_own_words_stand_for_a_category(self, client, town):
        sign_in(client, town.rosa)
        client.post(CAN, {**OFFER, "categories": [], "words": "I tune pianos"})

        assert Offer.objects.get().categories.get().category.slug == "other"

    def test_a_thing_is_counted(self, client, town):
        sign_in(client, town.rosa)
        client.post(CAN, {**OFFER, "categories": ["things"], "quantity": "12", "unit": "packs"})

        offer = Offer.objects.get()
        assert (offer.quantity, offer.quantity_left, offer.unit) == (12, 12, "packs")

    def test_only_the_square_of_a_street_is_kept(self, client, town, monkeypatch):
        place = Place("Guilford Avenue, Abell", "street", 39.331, -76.611, "Abell", True, "abell")
        monkeypatch.setattr(
            "commonweal.exchange.forms.where.find_places", lambda network, text, limit=8: [place]
        )
        onward = say(client, street="2901 guilford").url
        client.post(onward, {"code": the_code()})

        offer = Offer.objects.select_related("member").get()
        assert (offer.cell_y, offer.cell_x) == (15732, -24516)
        assert offer.member.place == {}

    @pytest.mark.parametrize(
        ("said", "at"),
        [
            ({"categories": []}, "categories"),
            ({"categories": ["nonsense"]}, "categories"),
            ({"words": "x" * 601}, "words"),
            ({"summary": "x" * 81}, "summary"),
            ({"radius_m": "-1"}, "radius_m"),
            ({"radius_m": "9" * 5000}, "radius_m"),
            ({"free": "never"}, "free"),
            ({"free": "choose"}, "slots"),
            ({"free": "choose", "slots": ["42"]}, "slots"),
            ({"carries": "9"}, "carries"),
            ({"vehicle": "rocket"}, "vehicle"),
            ({"able": ["fly"]}, "able"),
            ({"quantity": "-5"}, "quantity"),
            ({"quantity": "1000001"}, "quantity"),
            ({"area": ""}, "area"),
            ({"area": "elsewhere"}, "area"),
            ({"street": "x" * 121}, "street"),
            ({"per_week": "0"}, "per_week"),
            ({"per_week": "51"}, "per_week"),
            ({"languages": ["xx"]}, "languages"),
            ({"name": ""}, "name"),
            ({"name": "x" * 61}, "name"),
            ({"contact": ""}, "contact"),
            ({"contact": "nia@"}, "contact"),
            ({"contact": "123"}, "contact"),
        ],
    )
    def test_what_can_not_be_is_said_at_its_field(self, client, town, said, at):
        page = say(client, **said)

        assert page.status_code == 422
        assert list(page.context["form"].errors) == [at]
        assert not letters("code").exists()

    def test_what_was_typed_is_kept(self, client, town):
        text = say(
            client, contact="nonsense", words="Mornings are best", free="choose", slots=["3"]
        ).content.decode()

        for kept in ("nonsense", "Mornings are best", 'value="Nia"'):
            assert kept in text
        assert re.search(r'name="slots" value="3"[^>]* checked', text)

    def test_find_it_keeps_everything(self, client, town):
        text = say(client, find="street", street="guilford", slots=["3"]).content.decode()

        assert re.search(r'name="slots" value="3"[^>]* checked', text)
        assert len(re.findall(r'name="categories"[^>]* checked', text)) == 2
        assert "wrong" not in text

    def test_a_link_may_bring_a_category_along(self, client, town):
        assert re.search(r'value="ride"[^>]* checked', client.get(CAN, {"category": "ride"}).content.decode())

    def test_a_network_that_closed_something_else_asks_what_is_nearest(self, client, town):
        Category.objects.filter(network=town.network, slug="other").update(is_open=False)

        page = say(client, categories=[], words="I tune pianos")
        assert list(page.context["form"].errors) == ["categories"]
