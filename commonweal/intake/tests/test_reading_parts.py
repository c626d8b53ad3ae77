"""What each reader finds, sentence by sentence: people, names, times, how soon, offers, languages."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from commonweal.intake.reading.folding import fold
from commonweal.intake.reading.language import find_language
from commonweal.intake.reading.names import find_name
from commonweal.intake.reading.numbers import value_of
from commonweal.intake.reading.people import find_people
from commonweal.intake.reading.signals import find_offer, find_urgency
from commonweal.intake.reading.times import find_span

ZONE = ZoneInfo("America/New_York")
MONDAY = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)


def value(found):
    return found.value if found else None


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("Family of 5", 5),
        ("we are seven", 7),
        ("there are three of us", 3),
        ("2 adults and 3 kids need dinner", 5),
        ("for me and my two kids", 3),
        ("food for 20", 20),
        ("for one night", None),
        ("for 4 pm", None),
        ("for 3 days", None),
        ("just me", 1),
        ("we are 5000 people", None),
        ("Somos cuatro, comida halal", 4),
        ("una familia de seis", 6),
        ("para 3 personas", 3),
        ("vivo sola", 1),
        ("عائلة من 5 أشخاص", 5),
        ("لأربعة أشخاص", 4),
        ("نحن ستة", 6),
        ("عائلة من ٥", 5),
        ("شخصين", 2),
        ("pour 3 personnes", 3),
        ("Nou se sis moun", 6),
        ("", None),
    ],
)
def test_for_how_many(text, people):
    assert value(find_people(fold(text))) == people


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("My name is Maria Lopez.", "Maria Lopez"),
        ("my name is maria", "maria"),
        ("I'm Bob and I need help", "Bob"),
        ("I am hungry", None),
        ("I am HUNGRY", None),
        ("call me tomorrow", None),
        ("call me Bob", "Bob"),
        ("me llamo José", "José"),
        ("soy Ana", "Ana"),
        ("soy madre soltera", None),
        ("اسمي أحمد", "أحمد"),
        ("أنا فاطمة", "فاطمة"),
        ("أنا مريض", None),
        ("je m'appelle Jean-Luc", "Jean-Luc"),
        ("mwen rele Marie", "Marie"),
        ("my name is", None),
        ("my name is and", None),
    ],
)
def test_a_name(text, name):
    assert value(find_name(fold(text))) == name


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("tomorrow morning", "24 06:00 24 12:00"),
        ("mañana por la tarde", "24 12:00 24 18:00"),
        ("por la mañana", "23 10:00 23 12:00"),
        ("pasado mañana", "25 06:00 25 22:00"),
        ("Friday 3-5pm", "27 15:00 27 17:00"),
        ("next Friday", "04 06:00 04 22:00"),
        ("Monday at 8am", "30 08:00 30 09:00"),
        ("hoy", "23 10:00 23 22:00"),
        ("غدا صباحا", "24 06:00 24 12:00"),
        ("الجمعة الساعة 3", "27 15:00 27 16:00"),
        ("Martes después de las 4", "24 16:00 24 22:00"),
        ("by 6 tomorrow", "24 06:00 24 18:00"),
        ("de 3 a 5 de la tarde el jueves", "26 15:00 26 17:00"),
        ("between 9 and 11am on 27 November", "27 09:00 27 11:00"),
        ("tomorrow 11-2pm", "24 11:00 24 14:00"),
        ("11/27 15:30", "27 15:30 27 16:30"),
        ("2026-12-01 at noon", "01 12:00 01 14:00"),
        ("demain à 15h", "24 15:00 24 16:00"),
        ("weekends", "28 06:00 29 22:00"),
        ("next week", "30 06:00 06 22:00"),
        ("this week", "23 10:00 29 22:00"),
        ("at 9am", "24 09:00 24 10:00"),
        ("tomorrow at 11:30 pm", "24 23:30 24 23:59"),
        ("2020-01-01", None),
        ("at 27", None),
        ("11/31/26", None),
        ("sometime", None),
    ],
)
def test_a_time(text, span):
    found = find_span(fold(text), at=MONDAY, zone=ZONE, country="US")
    shown = (
        " ".join(moment.astimezone(ZONE).strftime("%d %H:%M") for moment in found.value) if found else None
    )
    assert shown == span


def test_the_day_goes_before_the_month_where_people_write_so():
    found = find_span(fold("3/12/26"), at=MONDAY, zone=ZONE, country="ES")
    assert found.value[0].astimezone(ZONE).date().isoformat() == "2026-12-03"


@pytest.mark.parametrize(
    ("at", "text", "hours"),
    [
        (datetime(2026, 3, 7, 17, tzinfo=UTC), "tomorrow", 16),  # the clocks go forward at two, before six
        (datetime(2026, 3, 7, 17, tzinfo=UTC), "tomorrow between 1:00 am and 4:00 am", 2),
        (datetime(2026, 10, 31, 16, tzinfo=UTC), "tomorrow between 1:00 am and 4:00 am", 4),
        (datetime(2026, 3, 7, 17, tzinfo=UTC), "tomorrow at 2:30 am", 1),
    ],
)
def test_days_on_which_the_clocks_change(at, text, hours):
    starts, ends = find_span(fold(text), at=at, zone=ZONE, country="US").value
    assert (ends - starts).total_seconds() / 3600 == hours


def test_today_said_at_night_is_until_midnight():
    late = datetime(2026, 11, 24, 3, 30, tzinfo=UTC)
    starts, ends = find_span(fold("today"), at=late, zone=ZONE, country="US").value
    assert (starts, ends.astimezone(ZONE).hour) == (late, 0)


@pytest.mark.parametrize(
    ("text", "urgency"),
    [
        ("urgent!", 2), ("not urgent", 0), ("no rush", 0), ("hoy por favor", 2), ("sin prisa", 0), ("عاجل", 2),
        ("غير مستعجل", 0), ("tout de suite", 2), ("ijan", 2), ("not today", None), ("next month", None),
    ],
)  # fmt: skip
def test_how_soon(text, urgency):
    assert value(find_urgency(fold(text))) == urgency


@pytest.mark.parametrize(
    ("text", "offers"),
    [
        ("I can drive on weekends", True),
        ("I can't drive, I need a ride", False),
        ("we have extra blankets to give", True),
        ("I need food", False),
        ("Puedo cocinar", True),
        ("necesito ayuda", False),
        ("أستطيع المساعدة", False),
        ("يمكنني أن أساعد", True),
        ("أحتاج طعام", False),
        ("je peux aider", True),
        ("mwen ka ede", True),
        ("I can help cook. Can someone drive me?", True),
        ("hello", False),
    ],
)
def test_asks_or_offers(text, offers):
    assert find_offer(fold(text)).value is offers


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("I need food for my family", "en"),
        ("Necesito comida para mi familia", "es"),
        ("أحتاج إلى طعام", "ar"),
        ("J'ai besoin d'eau pour mes enfants", "fr"),
        ("mwen bezwen dlo pou pitit mwen", "ht"),
        ("мне нужна помощь", "ru"),
        ("我需要帮助", "zh"),
        ("مجھے کھانا چاہیے ہے", "fa"),
        ("???", "en"),
    ],
)
def test_a_language(text, language):
    assert find_language(fold(text), ["en", "es", "ar"]).value == language


def test_of_languages_in_one_script_the_networks_own():
    assert find_language(fold("мені потрібна допомога"), ["en", "uk"]).value == "uk"


def test_numbers():
    assert [value_of(word) for word in ("7", "seven", "siete", "sept", "سبعه", "nothing")] == [
        7,
        7,
        7,
        7,
        7,
        0,
    ]


def test_folding_keeps_the_way_back():
    folded = fold("Ñandú  ①٣ ﷺ")
    assert folded.said(0, 5) == "Ñandú"
    assert folded.said(2, 2) == ""
