"""What the "I need" form takes, and what it says about what it can't take."""

from datetime import UTC, datetime, timedelta

import pytest
from django.http import QueryDict

from commonweal.base import clock
from commonweal.exchange.forms.need import NeedForm
from commonweal.exchange.models import Ask
from commonweal.networks.actions import AreaAbout, add_areas, create_network
from commonweal.networks.models import Category
from commonweal.networks.places.gazetteer import Place

FRIDAY = {"when": "day", "day": "2026-11-20"}
pytestmark = pytest.mark.django_db

# A Wednesday, 10 o'clock in Baltimore.
NOW = datetime(2026, 11, 18, 15, 0, tzinfo=UTC)
ABELL: AreaAbout = {"slug": "abell", "name": "Abell", "cell_y": 15731, "cell_x": -24515}
WAVERLY: AreaAbout = {"slug": "waverly", "name": "Waverly", "cell_y": 15733, "cell_x": -24511}


@pytest.fixture(autouse=True)
def now():
    with clock.frozen(NOW):
        yield


@pytest.fixture
def network(db):
    made = create_network(
        slug="abell",
        name="Abell Neighbours",
        time_zone="America/New_York",
        languages=["en", "es"],
        map_name="nowhere",
    )
    add_areas(network=made, areas=[ABELL, WAVERLY])
    return made


@pytest.fixture
def found(monkeypatch):
    """What the index of places shall find."""
    places: list[Place] = []
    monkeypatch.setattr(
        "commonweal.exchange.forms.where.find_places", lambda network, text, limit=8: list(places)
    )
    return places


def a_place(label="2745 Guilford Avenue, Abell", *, kind="address", lat=39.3301, exact=True, area="abell"):
    return Place(label, kind, lat, -76.6123, area.title(), exact, area)


def filled(network, **said):
    """A form with the least that an ask needs, and what is given besides; a value of None leaves a field out."""
    values = {"category": "groceries", "people": "1", "area": "abell", "when": "soon"} | said
    data = QueryDict(mutable=True)
    for name, value in values.items():
        if value is not None:
            data.setlist(name, value if isinstance(value, list) else [value])
    return NeedForm(data, network=network)


def draft_of(network, **said):
    form = filled(network, **said)
    assert form.is_valid(), form.errors
    return form.draft()


def test_the_least_is_enough(network):
    draft = draft_of(network)

    assert Category.objects.get(pk=draft.category).slug == "groceries"
    assert draft.cell == (15731, -24515)
    assert (draft.people, draft.hands, draft.quantity, draft.contact) == (1, 1, 0, "")
    assert (draft.starts_at, draft.ends_at) == (NOW, NOW + timedelta(days=7))


def test_whom_the_asker_would_rather_have_come(network):
    assert draft_of(network, wish="woman").wish == "woman"
    assert draft_of(network).wish == ""
    assert "wish" in filled(network, wish="tree").errors


def test_own_words_stand_for_a_category(network):
    draft = draft_of(network, category=None, words="Somebody to read me my post")

    assert Category.objects.get(pk=draft.category).slug == "other"
    assert draft.words == "Somebody to read me my post"


def test_neither_category_nor_words_is_asked_for_at_the_category(network):
    form = filled(network, category=None, words="  ")

    assert not form.is_valid()
    assert list(form.errors) == ["category"]


def test_something_else_wants_words(network):
    assert list(filled(network, category="other").errors) == ["words"]


def test_words_without_a_category_where_the_network_has_no_other(network):
    Category.objects.filter(network=network, slug="other").update(is_open=False)

    assert list(filled(network, category=None, words="Help").errors) == ["category"]


@pytest.mark.parametrize(
    ("said", "at"),
    [
        ({"category": "nonsense"}, "category"),
        ({"category": "gro\x00ceries"}, "category"),
        ({"words": "x" * 601}, "words"),
        ({"words": "half \ud800 a letter"}, "words"),
        ({"people": ""}, "people"),
        ({"people": "0"}, "people"),
        ({"people": "-3"}, "people"),
        ({"people": "9" * 5000}, "people"),
        ({"people": "two"}, "people"),
        ({"hands": "51"}, "hands"),
        ({"quantity": "1000001", "category": "things"}, "quantity"),
        ({"unit": "x" * 31, "category": "things"}, "unit"),
        ({"area": "elsewhere"}, "area"),
        ({"area": ""}, "area"),
        ({"street": "x" * 121}, "street"),
        ({"destination": "x" * 121, "category": "ride"}, "destination"),
        ({"contact": "nobody"}, "contact"),
        ({"contact": "a@b"}, "contact"),
        ({"called": "x" * 41}, "called"),
        ({"languages": ["en", "klingon"]}, "languages"),
        ({"other_language": "klingon"}, "other_language"),
        ({"needs": ["gold"]}, "needs"),
        ({"summary": "x" * 81}, "summary"),
        ({"when": "yesterday"}, "when"),
        ({"when": ""}, "when"),
        ({"when": "day"}, "day"),
        ({"when": "day", "day": "2026-02-31"}, "day"),
        ({"when": "day", "day": "31/12/2026"}, "day"),
        ({"when": "day", "day": "2026-11-17"}, "day"),
        ({"when": "day", "day": "9999-12-31"}, "day"),
        ({"when": "day", "day": "0001-01-01"}, "day"),
        ({"when": "day", "day": "2026-11-20", "part": "midnight"}, "part"),
        ({"when": "day", "day": "2026-11-20", "part": "hours"}, "from_time"),
        ({"when": "day", "day": "2026-11-20", "part": "hours", "from_time": "25:00"}, "from_time"),
        (
            {
                "when": "day",
                "day": "2026-11-20",
                "part": "hours",
                "from_time": "15:00",
                "until_time": "14:00",
            },
            "until_time",
        ),
        (
            {
                "when": "day",
                "day": "2026-11-20",
                "part": "hours",
                "from_time": "15:00",
                "until_time": "15:00",
            },
            "until_time",
        ),
        ({"when": "day", "day": "2026-11-18", "part": "hours", "until_time": "09:00"}, "day"),
        ({"when": "weekly"}, "weekdays"),
        ({"when": "weekly", "weekdays": ["7"]}, "weekdays"),
        ({"when": "weekly", "weekdays": ["1"], "part": "hours"}, "from_time"),
        ({"category": "borrow", "returns_on": "2026-11-01"}, "returns_on"),
        ({"category": "borrow", "returns_on": "9999-12-31"}, "returns_on"),
        ({"category": "borrow", "returns_on": "2026-02-31"}, "returns_on"),
    ],
)
def test_what_can_not_be_is_said_at_its_field(network, said, at):
    form = filled(network, **said)

    assert not form.is_valid()
    assert list(form.errors) == [at]
    assert all(str(words) for words in form.errors[at])


def test_signs_that_no_keyboard_makes_are_left_out(network):
    assert draft_of(network, words="bread\x00 and\x07 milk").words == "bread and  milk"


def test_another_network_s_area_and_category_are_not_known_here(network):
    other = create_network(slug="other", name="Other")
    add_areas(network=other, areas=[{**ABELL, "slug": "far"}])
    Category.objects.create(network=other, slug="haircut", names={"en": "Haircut"})

    assert list(filled(network, area="far").errors) == ["area"]
    assert list(filled(network, category="haircut").errors) == ["category"]


class TestWhen:
    def test_today_ends_at_midnight_here(self, network):
        draft = draft_of(network, when="today")

        assert (draft.starts_at, draft.ends_at) == (NOW, datetime(2026, 11, 19, 5, 0, tzinfo=UTC))
        assert draft.urgency == Ask.Urgency.TODAY

    def test_today_late_at_night_still_lasts_two_hours(self, network):
        with clock.frozen(datetime(2026, 11, 19, 4, 30, tzinfo=UTC)):
            draft = draft_of(network, when="today")

        assert draft.ends_at - draft.starts_at == timedelta(hours=2)

    @pytest.mark.parametrize(
        ("part", "starts", "ends"),
        [("", 11, 27), ("morning", 11, 17), ("afternoon", 17, 23), ("evening", 23, 27)],
    )
    def test_a_part_of_a_day(self, network, part, starts, ends):
        draft = draft_of(network, when="day", day="2026-11-20", part=part)
        midnight = datetime(2026, 11, 20, tzinfo=UTC)

        assert draft.starts_at == midnight + timedelta(hours=starts)
        assert draft.ends_at == midnight + timedelta(hours=ends)

    def test_hours_of_a_day(self, network):
        draft = draft_of(
            network, when="day", day="2026-11-20", part="hours", from_time="14:30", until_time="16:00"
        )

        assert draft.starts_at == datetime(2026, 11, 20, 19, 30, tzinfo=UTC)
        assert draft.ends_at == datetime(2026, 11, 20, 21, 0, tzinfo=UTC)

    def test_times_are_ignored_unless_hours_were_chosen(self, network):
        draft = draft_of(
            network, when="day", day="2026-11-20", part="morning", from_time="20:00", until_time="19:00"
        )

        assert draft.starts_at == datetime(2026, 11, 20, 11, 0, tzinfo=UTC)

    def test_what_has_begun_begins_now(self, network):
        draft = draft_of(network, when="day", day="2026-11-18", part="morning")

        assert draft.starts_at == NOW
        assert draft.urgency == Ask.Urgency.TODAY

    @pytest.mark.parametrize(
        ("day", "urgency"), [("2026-11-20", Ask.Urgency.SOON), ("2026-12-20", Ask.Urgency.CALM)]
    )
    def test_the_farther_the_calmer(self, network, day, urgency):
        assert draft_of(network, when="day", day=day).urgency == urgency

    def test_an_hour_that_the_clocks_skip_does_not_end_before_it_begins(self, network):
        with clock.frozen(datetime(2027, 3, 10, 15, 0, tzinfo=UTC)):
            draft = draft_of(
                network, when="day", day="2027-03-14", part="hours", from_time="02:15", until_time="03:15"
            )

        assert draft.ends_at > draft.starts_at

    def test_every_week_begins_on_the_next_such_day(self, network):
        draft = draft_of(network, when="weekly", weekdays=["1", "4"], part="afternoon")

        assert draft.repeat_days == 0b10010
        assert draft.starts_at == datetime(2026, 11, 20, 17, 0, tzinfo=UTC)  # Friday

    def test_every_week_keeps_today_s_beginning_while_there_is_time(self, network):
        draft = draft_of(network, when="weekly", weekdays=["2"], part="morning")

        assert draft.starts_at == datetime(2026, 11, 18, 11, 0, tzinfo=UTC)

    def test_every_week_goes_on_next_week_when_today_is_over(self, network):
        draft = draft_of(
            network, when="weekly", weekdays=["2"], part="hours", from_time="09:00", until_time="10:30"
        )

        assert draft.starts_at == datetime(2026, 11, 25, 14, 0, tzinfo=UTC)


class TestWhere:
    def test_one_exact_find_is_taken_as_it_was_typed(self, network, found):
        found.append(a_place(area="waverly"))

        draft = draft_of(network, area="", street="2745 guilford, flat 3")

        assert draft.place == {"text": "2745 guilford, flat 3", "lat": 39.3301, "lon": -76.6123}
        assert draft.cell == (15732, -24516)
        assert draft.area is not None

    def test_a_street_is_written_out(self, network, found):
        found.append(a_place("Guilford Avenue, Abell", kind="street"))

        assert draft_of(network, street="guilford").place["text"] == "Guilford Avenue, Abell"

    def test_of_several_one_must_be_chosen(self, network, found):
        found += [
            a_place("Guilford Avenue, Abell", kind="street"),
            a_place("Guilford Avenue, Waverly", lat=39.34),
        ]

        form = filled(network, area="", street="guilford")

        assert list(form.errors) == ["found"]
        assert [label for _, label in form.fields["found"].choices] == [place.label for place in found]

    def test_the_chosen_one_is_taken(self, network, found):
        found += [
            a_place("Guilford Avenue, Abell", kind="street"),
            a_place("Guilford Avenue, Waverly", lat=39.34),
        ]

        assert draft_of(network, area="", street="guilford", found="39.34000,-76.61230").place["lat"] == 39.34

    def test_a_made_up_choice_is_none(self, network, found):
        found += [a_place(), a_place(lat=39.34)]

        assert list(filled(network, area="", street="guilford", found="0.0,0.0").errors) == ["found"]

    def test_the_one_in_the_chosen_area_goes_first(self, network, found):
        found += [a_place(), a_place(lat=39.34, area="waverly")]

        assert draft_of(network, area="waverly", street="guilford").place["lat"] == 39.34

    def test_a_guess_is_asked_about(self, network, found):
        found.append(a_place(exact=False))

        assert list(filled(network, area="", street="gilford").errors) == ["found"]

    def test_what_is_not_on_our_map_goes_along_with_the_area(self, network, found):
        draft = draft_of(network, street="the blue door behind the church")

        assert draft.place == {"text": "the blue door behind the church"}
        assert draft.cell == (15731, -24515)

    def test_what_is_not_on_our_map_wants_an_area(self, network, found):
        assert list(filled(network, area="", street="the blue door").errors) == ["street"]

    def test_a_square_of_the_map(self, network):
        draft = draft_of(network, area="", square="15733,-24512")

        assert draft.cell == (15733, -24512)
        assert draft.place == {}
        assert draft.area is not None

    def test_another_area_from_the_list_is_a_later_word_than_the_map(self, network):
        far = [
            {"slug": f"far-{n}", "name": f"Far {n}", "cell_y": 15800 + n, "cell_x": -24515} for n in range(3)
        ]
        add_areas(network=network, areas=far)

        assert draft_of(network, area="far-2", square="15731,-24515").cell == (15802, -24515)
        assert draft_of(network, area="waverly", square="15731,-24514").cell == (15731, -24514)

    @pytest.mark.parametrize("square", ["0,0", "1", "a,b", "1,2,3", "99999999,0", "nan,1", "9" * 39])
    def test_a_made_up_square_is_refused(self, network, square):
        assert "area" in filled(network, area="abell", square=square).errors

    def test_a_network_without_areas_asks_for_none(self, db):
        bare = create_network(slug="bare", name="Bare")

        draft = draft_of(bare, area=None)

        assert (draft.area, draft.cell) == (None, None)


class TestNature:
    def test_a_thing_is_counted(self, network):
        draft = draft_of(network, category="things", quantity="40", unit="packs")

        assert (draft.quantity, draft.unit) == (40, "packs")

    def test_a_task_is_not(self, network):
        draft = draft_of(network, quantity="40", unit="packs", destination="x", returns_on="2026-12-24")

        assert (draft.quantity, draft.unit, draft.destination, draft.returns_at) == (0, "", "", None)

    def test_a_loan_comes_back_in_the_evening(self, network):
        draft = draft_of(network, category="borrow", returns_on="2026-12-24")

        assert draft.returns_at == datetime(2026, 12, 25, 1, 0, tzinfo=UTC)

    def test_a_loan_may_be_open_ended(self, network):
        assert draft_of(network, category="borrow").returns_at is None

    def test_a_ride_goes_somewhere(self, network):
        assert draft_of(network, category="ride", destination="The clinic").destination == "The clinic"


def test_the_rest_is_carried_over(network):
    draft = draft_of(
        network, contact=" Ana@Example.ORG ", called="Ana", languages=["es"], other_language="ht", needs=["stairs"],
        hands="3", people="4", summary="Move a piano",
    )  # fmt: skip

    assert (draft.contact_kind, draft.contact) == ("email", "ana@example.org")
    assert (draft.called, draft.languages, draft.needs) == ("Ana", ("es", "ht"), ("stairs",))
    assert (draft.hands, draft.people, draft.summary) == (3, 4, "Move a piano")


class TestSourceKey:
    def test_two_presses_are_one(self, network):
        first, second = filled(network, key="k"), filled(network, key="k")

        assert first.is_valid()
        assert second.is_valid()
        assert first.source_key() == second.source_key() != ""

    def test_another_content_is_another_ask(self, network):
        first, second = filled(network, key="k"), filled(network, key="k", people="2")

        assert first.is_valid()
        assert second.is_valid()
        assert first.source_key() != second.source_key()

    def test_without_a_key_nothing_is_taken_for_the_same(self, network):
        form = filled(network)

        assert form.is_valid()
        assert form.source_key() == ""
