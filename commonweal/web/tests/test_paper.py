"""Posters, strips and sheets: anyone may print them, and what is on them leads here."""

import io
import re

import pytest
import typst
import zxingcpp
from django.urls import reverse
from PIL import Image

from commonweal.exchange.tests.cast import found_town
from commonweal.web.paper import printing

CHOSEN = {"kind": "tear", "languages": ["en", "es"], "size": "a4", "count": "3"}


@pytest.fixture
def town(db):
    town = found_town()
    town.network.phone = "+1 410-555-0100"
    town.network.languages = ["en", "es", "ar"]
    town.network.save()
    return town


def printed(client, **changes):
    return client.get(reverse("printed"), CHOSEN | changes)


def text_of(answer):
    return " ".join(answer.content.decode().split())


def pages_of(pdf):
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


@pytest.fixture
def pictures(monkeypatch):
    """What would be printed, as pictures: the same pages, drawn instead of written."""
    drawn = []

    def draw(source, **how):
        made = typst.compile(source, **{**how, "format": "png", "ppi": 110})
        drawn.extend(made if isinstance(made, list) else [made])
        return b"%PDF"

    monkeypatch.setattr(printing, "typst", type("Drawing", (), {"compile": staticmethod(draw)}))
    return drawn


def scanned(picture):
    return [found.text for found in zxingcpp.read_barcodes(Image.open(io.BytesIO(picture)))]


def test_anyone_may_choose_what_to_print(client, town, django_assert_max_num_queries):
    with django_assert_max_num_queries(3):
        page = text_of(client.get(reverse("paper")))
    assert page.count("<h1") == 1
    assert page.count('class="button primary"') == 1
    for name in CHOSEN:
        assert f'name="{name}"' in page
    assert page.count(" checked") == 5  # strips, three languages, the paper of the country


def test_a_network_without_a_number_is_told_so(client, town):
    town.network.phone = ""
    town.network.save()
    assert "no telephone number yet" in text_of(client.get(reverse("paper")))


@pytest.mark.parametrize("kind", ["tear", "poster", "strips", "sheet"])
@pytest.mark.parametrize("size", ["a4", "us-letter"])
@pytest.mark.parametrize("languages", [["en"], ["es", "ar"], ["ar", "en", "es"]])
def test_each_is_a_pdf(client, town, kind, size, languages):
    answer = printed(client, kind=kind, size=size, languages=languages)

    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == f'inline; filename="{town.network.slug}-{kind}.pdf"'
    assert answer.content.startswith(b"%PDF-")
    assert pages_of(answer.content) == (3 if kind == "sheet" else 1)


@pytest.mark.parametrize("kind", ["tear", "poster"])
def test_a_telephone_that_scans_the_poster_comes_here_in_its_language(client, town, pictures, settings, kind):
    settings.COMMONWEAL_BASE_URL = "https://alder.example.org"
    printed(client, kind=kind, languages=["es", "en"])

    assert scanned(pictures[0]) == ["https://alder.example.org/hello/es/"]
    answer = client.get("/hello/es/")
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert 'lang="es"' in client.get("/").content.decode()


def test_no_language_we_do_not_speak(client, town):
    assert client.get(reverse("hello", args=["xx"])).status_code == 404


def test_no_two_sheets_have_the_same_code(client, town, monkeypatch):
    told = []
    monkeypatch.setattr(printing, "_set", lambda _name, data: told.extend(data["sheets"]) or b"%PDF-")
    printed(client, kind="sheet", count="50")
    printed(client, kind="sheet", count="")

    assert len(set(told)) == 51


def test_a_sheet_names_each_category_once_with_its_number(client, town, monkeypatch):
    told = {}
    monkeypatch.setattr(printing, "_set", lambda _name, data: told.update(data) or b"%PDF-")
    printed(client, kind="sheet", languages=["en", "es"])

    assert [kind["number"] for kind in told["kinds"]] == list(range(1, len(told["kinds"]) + 1))
    assert [way["names"] for way in told["ways"]][1] == ["Today", "Hoy"]
    assert {"called", "reach", "what", "where", "kept"} <= set(told["tongues"][1])


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"languages": []}, "Choose at least one language"),
        ({"languages": ["en", "xx"]}, "Please choose one of these"),
        ({"kind": "banner"}, "Please choose one of these"),
        ({"size": "a0"}, "Please choose one of these"),
        ({"count": "51"}, "50"),
        ({"count": "many"}, "Write a whole number"),
    ],
)
def test_what_is_wrong_is_told_at_its_field(client, town, wrong, words):
    answer = printed(client, **wrong)

    assert answer.status_code == 422
    assert words in text_of(answer)


def test_more_than_three_languages_are_too_many(client, town, settings):
    settings.LANGUAGES = [*settings.LANGUAGES, ("fr", "French")]
    town.network.languages = ["en", "es", "ar", "fr"]
    town.network.save()
    answer = printed(client, languages=["en", "es", "ar", "fr"])

    assert answer.status_code == 422
    assert "Three at most" in text_of(answer)


def test_nobody_prints_without_end(client, town, monkeypatch):
    monkeypatch.setattr(printing, "_set", lambda *_: b"%PDF-")
    answers = [printed(client).status_code for _ in range(61)]

    assert answers == [200] * 60 + [429]


def test_names_that_look_like_markup_are_printed_as_they_are(client, town, pictures):
    town.network.name, town.network.tagline = '#panic() "$x$" \\ *', "]#("
    town.network.save()

    assert printed(client).content == b"%PDF"


def test_without_our_typefaces_it_prints_all_the_same(client, town, monkeypatch, tmp_path):
    monkeypatch.setattr(printing, "TYPEFACES", [tmp_path / "none"])

    assert printed(client).content.startswith(b"%PDF-")
