"""Notes are looked through for what they need not say, and the form asks once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commonweal.exchange.forms.when import KEEP
from commonweal.exchange.models import Ask, Handover
from commonweal.exchange.scanning import KINDS, finding, pieces_of, scan, without
from commonweal.exchange.tests.cast import DAY, fresh
from commonweal.networks.places.gazetteer import Place


def found(text, **about):
    return [(one.kind, text[one.start : one.end]) for one in scan(text, **{"country": "US", **about})]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "Call me at 410-555-0123, or +49 30 901820",
            [("phone", "410-555-0123"), ("phone", "+49 30 901820")],
        ),
        ("٤١٠٥٥٥٠١٢٣ اتصل", [("phone", "٤١٠٥٥٥٠١٢٣")]),
        ("write a.b@example.org today", [("email", "a.b@example.org")]),
        ("I live at 2901 Guilford Avenue, 3rd floor", [("street", "2901 Guilford Avenue")]),
        ("Ring at apt 4, please", [("street", "apt 4")]),
        ("Calle Mayor 12, segundo piso", [("street", "Calle Mayor 12")]),
        ("أنا حامل، شارع النيل 12", [("health", "حامل"), ("street", "شارع النيل 12")]),
        ("He has NO PAPERS and is diabetic", [("immigration", "NO PAPERS"), ("health", "diabetic")]),
        ("estoy embarazada, sin papeles", [("health", "embarazada"), ("immigration", "sin papeles")]),
        ("بدون أوراق والسرطان", [("immigration", "بدون أوراق"), ("health", "والسرطان")]),
        ("My visas and strokes", [("immigration", "visas"), ("health", "strokes")]),
    ],
)
def test_what_is_found(text, told):
    assert found(text) == told


@pytest.mark.parametrize(
    "text",
    [
        "Third floor, no lift. 4 bags, at 14:30",
        "12 eggs and 2 litres of milk for 3 people",
        "10 diapers size 4 please",
        "2026-11-25 at 10, or at 3 drive me home",
        "A trip to the advisory council, visages, a hivemind",
        "K7F-2QM is my code",
        "12 huevos y leche para 3",
        "خبز وحليب لأربعة أشخاص",
        "",
    ],
)
def test_what_is_not(text):
    assert found(text) == []


def test_a_number_of_here_needs_to_be_known_as_one():
    assert found("410 555 0123", country="") == []


def test_a_street_of_the_map_needs_no_word_for_a_street(monkeypatch):
    here = Place("2901 Guilford", "address", 39.3, -76.6, "Abell", True, "abell")
    asked = []

    def places(_network, text, _limit):
        asked.append(text)
        return [here] if "guilford" in text else []

    monkeypatch.setattr(finding, "find_places", places)
    assert (
        found("at 2901 Guilford, or 2 bags and 3 boxes and 4 jars and 5 tins", network=object())[0][0]
        == "street"
    )
    assert len(asked) <= finding.MOST_LOOKED_UP


@given(st.text(max_size=300))
def test_whatever_is_typed_the_pieces_are_the_text(text):
    marked = scan(text, country="US")
    assert "".join(piece for piece, _kind in pieces_of(text, marked)) == text
    assert all(one.kind in KINDS and 0 <= one.start < one.end <= len(text) for one in marked)
    left = without(text, marked)
    assert left.count("…") == text.count("…") + len(marked) - sum(
        text[one.start : one.end].count("…") for one in marked
    )


SAID = {"category": "groceries", "people": "1", "area": "abell", "when": "soon"}
WORDS = "My number is 410-555-0123, thank you"


class TestAsking:
    @pytest.fixture
    def asked(self, client, town):
        return client.post("/need/", {**SAID, "words": WORDS})

    def test_the_form_comes_back_once_with_the_words_marked(self, asked):
        page = asked.content.decode()
        assert asked.status_code == 422
        assert not Ask.objects.exists()
        assert "This may say more than it has to: a phone number." in page
        assert '<mark title="a phone number">410-555-0123</mark>' in page
        assert WORDS in page
        assert 'name="words-kept" value="1"' in page

    def test_sent_once_more_it_is_kept_as_it_is(self, asked, client):
        assert client.post("/need/", {**SAID, "words": WORDS, "words-kept": "1"}).status_code == 302
        assert Ask.objects.get().words == WORDS

    def test_what_is_marked_is_left_out_by_a_button(self, asked, client):
        client.post("/need/", {**SAID, "words": WORDS, "words-kept": "1", "words-leave": "1"})
        assert Ask.objects.get().words == "My number is …, thank you"

    def test_words_alone_are_still_an_ask(self, client, town):
        said = {name: value for name, value in SAID.items() if name != "category"}
        page = client.post("/need/", {**said, "words": WORDS}).content.decode()
        assert "What is nearest to it?" not in page

    def test_what_stood_there_before_is_not_asked_about_again(self, client, town):
        ask = town.ask(words=WORDS)
        page = f"/a/{ask.token_box}/change/"
        answer = client.post(
            page, {**SAID, "words": WORDS, "version": ask.version, "when": KEEP, "people": "2"}
        )
        assert (answer.status_code, fresh(ask).people) == (302, 2)


def test_a_note_about_how_it_went_is_read_through_too(client, town, hand):
    match = town.agreed(town.ask(), town.rosa)
    hand.advance(2 * DAY)
    page = f"/i/{match.token_box}/went/"
    said = {"outcome": "done", "note": "She is diabetic"}
    assert client.post(page, said).status_code == 422
    client.post(page, {**said, "note-leave": "1"})
    assert Handover.objects.get().note == "She is …"
