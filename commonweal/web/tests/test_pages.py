"""The frame's own pages, the language, the stale form, and the pages for what went wrong."""

import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.contrib.staticfiles import finders
from django.template.loader import get_template
from django.test import Client, RequestFactory
from django.urls import reverse

from commonweal.networks.actions import change_policy, create_network
from commonweal.web import views

TOKENS = Path(views.__file__).parent / "static" / "web" / "commonweal.css"
PAGES = ("home", "deciding", "keeping", "safety", "leaving", "design")
STALE = {
    "csrfmiddlewaretoken": "old",
    "words": "Shopping <for> four",
    "kind": "groceries",
    "people": "4",
    "free": ["0-1", "1-1"],
}


@pytest.fixture
def network(db):
    return create_network(
        slug="remington",
        name="Remington Neighbours",
        tagline="a mutual aid network",
        phone="410 555 0100",
        emergency="Call 911 first.",
    )


@pytest.mark.parametrize("name", PAGES)
def test_a_page_stands_in_the_frame(client, network, name):
    answer = client.get(reverse(name))
    page = answer.content.decode()
    assert answer.status_code == 200
    assert page.count("<h1") == (page.count("<h1") if name == "design" else 1)
    assert '<html lang="en" dir="ltr"' in page
    assert 'href="#main"' in page
    assert "Remington Neighbours" in page
    assert "© OpenStreetMap contributors" in page


@pytest.mark.parametrize("name", PAGES)
def test_a_page_takes_no_post(client, network, name):
    assert client.post(reverse(name)).status_code == 405


def test_design_needs_no_network(client, db):
    assert client.get(reverse("design")).status_code == 200


def test_home_has_two_doors_and_what_the_network_says_of_itself(client, network):
    page = client.get("/").content.decode()
    assert page.count('class="door ') == 2
    assert 'href="tel:410 555 0100"' in page
    assert "Call 911 first." in page
    assert "A demonstration" not in page


def test_home_says_that_a_demonstration_is_one(client, network):
    network.is_demo = True
    network.save()
    assert "The places are real, the people are made up" in client.get("/").content.decode()


def test_home_asks_the_database_little(client, network, django_assert_max_num_queries):
    with django_assert_max_num_queries(8):
        client.get("/")


def test_how_we_decide_leads_to_the_rules(client, network):
    assert f'href="{reverse("matching:policy")}"' in client.get(reverse("deciding")).content.decode()


def test_keeping_names_the_days_of_the_policy(client, network):
    change_policy(network=network, changes={"erase_days": 14}, reason="Sooner.")
    assert (
        "14 days after your ask is over we erase all of it."
        in client.get(reverse("keeping")).content.decode()
    )


def test_a_language_is_remembered_and_leads_back(client, network):
    answer = client.post(reverse("set_language"), {"language": "ar", "next": "/safety/?x=1"})
    assert (answer.status_code, answer["Location"]) == (302, "/safety/?x=1")
    page = client.get("/safety/").content.decode()
    assert '<html lang="ar" dir="rtl"' in page
    assert 'value="en" lang="en"' in page
    assert 'value="ar"' not in page


@pytest.mark.parametrize(
    "onward",
    [
        "https://elsewhere.example/",
        "//elsewhere.example",
        "javascript:alert(1)",
        "",
        "\x00",
        "%2f%2felsewhere.example",
    ],
)
def test_a_language_never_leads_elsewhere(client, network, onward):
    assert client.post(reverse("set_language"), {"language": "es", "next": onward})["Location"] == "/"


@pytest.mark.parametrize("code", ["xx", "", "../en", "e" * 5000])
def test_an_unknown_language_is_refused(client, network, code):
    answer = client.post(reverse("set_language"), {"language": code})
    assert answer.status_code == 400
    assert "Nothing was changed." in answer.content.decode()
    assert "django_language" not in answer.cookies


def test_a_language_is_not_changed_by_a_link(client, network):
    assert client.get(reverse("set_language")).status_code == 405


def stale_page(network, **headers):
    request = RequestFactory().post("/need/?from=home", STALE, headers=headers)
    request.network = network
    return views.csrf_failure(request)


def test_a_stale_form_keeps_what_was_typed_and_can_be_sent_again(network):
    answer = stale_page(network, origin="http://testserver")
    page = answer.content.decode()
    assert answer.status_code == 403
    assert "no-store" in answer["Cache-Control"]
    assert 'action="/need/?from=home"' in page
    assert '<li dir="auto">Shopping &lt;for&gt; four</li>' in page
    assert page.count('name="free"') == 2
    assert '<input type="hidden" name="people" value="4">' in page
    assert 'value="old"' not in page
    typed = re.search(r'<ul class="typed">(.*?)</ul>', page, re.S)[1]
    assert typed.count("<li ") == 1  # neither the ids nor the numbers, which only a program reads


@pytest.mark.parametrize(
    "headers",
    [{}, {"origin": "https://elsewhere.example"}, {"origin": "null"}, {"sec_fetch_site": "cross-site"}],
)
def test_what_another_site_posts_gets_no_button_of_ours(network, headers):
    page = stale_page(network, **headers).content.decode()
    assert "Shopping" not in page
    assert "csrfmiddlewaretoken" not in page


def test_a_stale_form_is_met_on_the_way_through_the_whole_program(network):
    browser = Client(enforce_csrf_checks=True)
    answer = browser.post("/design/", STALE, headers={"sec-fetch-site": "same-origin"})
    assert answer.status_code == 403
    fresh = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', answer.content.decode())[1]
    again = browser.post("/design/", {**STALE, "csrfmiddlewaretoken": fresh})
    assert again.status_code == 405  # past the check: this page takes no post


@pytest.mark.parametrize("name", ["400.html", "403.html", "404.html", "429.html", "500.html"])
def test_an_error_page_needs_nothing(name):
    page = get_template(name).render({})
    assert page.count("<h1") == 1
    assert 'href="/"' in page
    assert "Commonweal" in page


def test_an_error_page_names_the_way_to_a_person():
    network = SimpleNamespace(phone="410 555 0100", name="Remington", tagline="")
    for name in ("429.html", "500.html"):
        assert "410 555 0100" in get_template(name).render({"network": network, "minutes": 5})


def test_a_limit_says_how_long():
    assert "Please wait a minute" in get_template("429.html").render({"minutes": 1})
    assert "Please wait 5 minutes" in get_template("429.html").render({"minutes": 5})


def test_what_is_not_there_is_said_in_the_frame(client, network):
    answer = client.get("/no-such-page/")
    assert answer.status_code == 404
    assert "Remington Neighbours" in answer.content.decode()


def test_a_phone_learns_what_to_put_on_its_home_screen(client, network, settings):
    page = client.get("/").content.decode()
    (address,) = re.findall(r'<link rel="manifest" href="([^"]+)">', page)

    answer = client.get(address)

    said = answer.json()
    assert answer["Content-Type"] == "application/manifest+json"
    assert (said["name"], said["start_url"], said["display"]) == ("Remington Neighbours", "/", "standalone")
    assert said["theme_color"] == re.search(r"--paper: (#\w+);", TOKENS.read_text())[1]
    assert [icon["sizes"] for icon in said["icons"]] == ["any", "192x192", "512x512"]
    for icon in said["icons"]:
        assert finders.find(icon["src"].removeprefix(settings.STATIC_URL))
    assert re.search(r'<link rel="apple-touch-icon" href="[^"]+\.png">', page)
