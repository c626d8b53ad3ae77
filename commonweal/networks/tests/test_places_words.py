"""How names are folded, spelt and fitted: examples, properties, and slow twins."""

import unicodedata
from functools import cache
from itertools import permutations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from commonweal.networks.places import words as w

SHORT = st.text("abc1 ", min_size=0, max_size=7)
WORD = st.text("abcd", min_size=1, max_size=9)


def naive_words(text):
    """The words of a text, sign by sign: the twin of `words`."""
    found, current = [], ""
    for sign in w.fold(text) + " ":
        if sign.isalnum():
            current += sign
        elif current:
            found.append(current)
            current = ""
    return tuple(found)


def naive_slip_distance(a, b):
    """Optimal string alignment by its recursive definition: the twin of `slip_distance`."""

    @cache
    def distance(i, j):
        if not i or not j:
            return i + j
        best = min(
            distance(i - 1, j) + 1,
            distance(i, j - 1) + 1,
            distance(i - 1, j - 1) + (a[i - 1] != b[j - 1]),
        )
        if i > 1 and j > 1 and a[i - 1] == b[j - 2] and a[i - 2] == b[j - 1]:
            best = min(best, distance(i - 2, j - 2) + 1)
        return best

    return distance(len(a), len(b))


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("O'Donnell St.", ("odonnell", "st")),
        ("O’DONNELL ʻST", ("odonnell", "ʻst")),
        ("Ellwood Park/Monument", ("ellwood", "park", "monument")),
        ("Straße des 17. Juni", ("strasse", "des", "17", "juni")),
        ("Łódź – Ærø", ("lodz", "aero")),
        ("Ñuñoa, São Paulo", ("nunoa", "sao", "paulo")),
        ("شارع الملك", ("شارع", "الملك")),
        ("  -- ", ()),
        ("①㉗", ("127",)),
    ],
)
def test_words(text, folded):
    assert w.words(text) == folded


@given(st.text(max_size=40))
@example("\u0149")
@example("ŉ'İ")
def test_words_are_plain_and_folding_twice_changes_nothing(text):
    found = w.words(text)
    assert found == naive_words(text)
    assert w.words(" ".join(found)) == found
    assert all(not unicodedata.combining(sign) for word in found for sign in word)


@given(st.text(st.characters(categories=["Ll", "Lu", "Nd"], max_codepoint=0x24F), max_size=20))
def test_case_and_composition_never_matter(text):
    assert w.words(text) == w.words(unicodedata.normalize("NFD", text))
    assert w.fold(w.fold(text)) == w.fold(text)


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("1401 W. 27th St., Apt. 3B", ("1401", "w", "27th", "st")),
        ("12 Main St #4", ("12", "main", "st")),
        ("12 Main St Unit C", ("12", "main", "st")),
        ("Suite 5", ("suite", "5")),
        ("Flower Street", ("flower", "street")),
        ("a\0b", ()),
        ("\ud800", ()),
        ("line\nbreak", ()),
        ("x" * 121, ()),
        ("a " * 13, ()),
        ("", ()),
        ("🏠", ()),
    ],
)
def test_what_was_asked(text, asked):
    assert w.asked_words(text) == asked


@given(st.text(max_size=130))
def test_any_text_is_taken(text):
    assert len(w.asked_words(text)) <= w.MOST_WORDS


def test_spellings():
    assert {"st", "street", "str"} <= w.spellings("street")
    assert {"st", "saint"} <= w.spellings("saint")
    assert w.spellings("27th") == {"27th", "27"}
    assert w.spellings("22") == {"22", "22nd"}
    assert "113th" in w.spellings("113")
    assert w.spellings("thames") == {"thames"}
    assert "muehle" in w.name_words("Mühle")[0].same
    assert [part.plain for part in w.name_words("Straße")] == ["strasse"]


def test_umlauts_that_change_the_number_of_words_are_left_alone(monkeypatch):
    monkeypatch.setattr(w, "UMLAUTS", {"ü": "u e"})
    assert w.name_words.__wrapped__("Süd")[0].same == {"sud"}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("E. Baltimore St", "East Baltimore Street"),
        ("St. Paul Ave.", "Saint Paul Avenue"),
        ("5th Ave", "Fifth Avenue"),
        ("Mt Royal Terr", "Mount Royal Terrace"),
    ],
)
def test_spellings_of_a_name_have_one_key(one, other):
    assert w.key(one) == w.key(other)


def test_names_that_differ_have_different_keys():
    assert w.key("East Pratt Street") != w.key("West Pratt Street")
    assert w.key("Boston Street") != w.key("Boston Avenue")


def covered(asked, name):
    fit = w.fit(asked.split(), w.name_words(name))
    return sorted(fit.covered), sorted(fit.used), round(fit.quality, 3)


def test_fitting():
    assert covered("thames st", "Thames Street") == ([0, 1], [0, 1], 2.0)
    assert covered("st paul st", "Saint Paul Street") == ([0, 1, 2], [0, 1, 2], 3.0)
    assert covered("tham", "Thames Street") == ([0], [0], 0.6)
    assert covered("t", "Thames Street") == ([0], [0], 0.15)
    assert covered("t street", "Thames Street") == ([1], [1], 1.0)
    assert covered("12", "125th Street") == ([], [], 0.0)
    assert covered("45 45th st", "45th Street") == ([1, 2], [0, 1], 2.0)
    assert covered("bank", "Thames Street") == ([], [], 0.0)


@given(st.lists(WORD, max_size=4), st.lists(WORD, min_size=1, max_size=4))
def test_each_word_is_laid_once_and_whole_words_as_often_as_can_be(asked, name):
    parts = w.name_words(" ".join(name))
    fit = w.fit(asked, parts)
    assert len(fit.covered) == len(fit.used) <= min(len(asked), len(parts))
    whole = max(
        sum(a == b for a, b in zip(order, name))
        for order in permutations([*asked, *[""] * len(name)], len(name))
    )
    assert fit.quality >= whole


@given(WORD, WORD)
def test_slip_distance_is_its_definition(a, b):
    distance = naive_slip_distance(a, b)
    for most in (1, 2, 9):
        assert w.slip_distance(a, b, most) == (distance if distance <= most else None)


@given(
    st.text("abcdefgh", min_size=4, max_size=14),
    st.integers(0, 2**16),
    st.integers(0, 3),
    st.sampled_from("xyz"),
)
def test_a_word_with_a_slip_shares_a_start_with_letters_left_out(word, where, how, letter):
    at = where % len(word)
    slipped = [
        word[:at] + word[at + 1 :],
        word[:at] + letter + word[at:],
        word[:at] + letter + word[at + 1 :],
        word[:at] + word[at : at + 2][::-1] + word[at + 2 :],
    ][how]
    assert w.slips(word, 1) & w.slips(slipped, 1)


def test_how_many_slips_are_forgiven():
    assert [w.reach(word) for word in ("cat", "main", "thames", "jefferson", "27th")] == [0, 1, 1, 2, 0]


def test_slugs():
    assert w.slug("O'Donnell Heights") == "odonnell-heights"
    assert w.slug("Baltimore - Linwood") == "baltimore-linwood"
    assert w.slug("Südend", {"sudend", "sudend-2"}) == "sudend-3"
    assert w.slug("شارع") == "area"
    assert len(w.slug("long name " * 30)) <= 50


@given(SHORT, st.sets(SHORT, max_size=3))
def test_a_slug_is_never_taken(name, taken):
    assert w.slug(name, taken) not in taken
