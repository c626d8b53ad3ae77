"""Taking a sheet in: every row is accounted for, nothing twice, nobody written to."""

import json
from datetime import UTC, datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from commonweal.base import clock
from commonweal.exchange.errors import OfferNotFound
from commonweal.exchange.models import Ask, Offer
from commonweal.intake.actions import take_sheet
from commonweal.intake.sheets.mapping import SheetMap, guess_map
from commonweal.intake.sheets.reading import open_sheet
from commonweal.members.models import ContactPoint, Member
from commonweal.messaging.models import Message
from commonweal.networks.actions import add_areas, create_network
from commonweal.networks.models import Category

NOW = datetime(2026, 3, 10, 15, tzinfo=UTC)
FORM = """Timestamp,Name,Phone Number,What do you need?,Details,Neighborhood,Household size,Status
3/9/2026 10:00,Lucía,(410) 555-0123,groceries,halal,Waverly,4,
3/9/2026 10:00,Lucía,(410) 555-0123,groceries,halal,Waverly,4,
3/9/2026 11:00,Abe,not a number,groceries,,Waverly,1,
3/9/2026 11:05,Bea,,moon rocks,,Waverly,1,
31 February,Cy,,ride,,Waverly,1,
3/9/2026 12:00,Dot,,ride,,Waverly,-3,
3/9/2026 12:30,Eve,,ride,,Abell,1,done
3/9/2026 13:00,Fay,,,,Abell,1,
3/9/2026 14:00,Gil,gil@example.org,Ride,to the clinic,Elsewhere,,
"""


@pytest.fixture(autouse=True)
def stopped():
    with clock.frozen(NOW):
        yield


@pytest.fixture
def network(db):
    network = create_network(slug="here", name="Here", time_zone="America/New_York", country="US")
    add_areas(
        network=network,
        areas=[{"slug": "waverly", "name": "Waverly", "cell_y": 1, "cell_x": 2, "outline": []}],
    )
    return network


def _take(network, tmp_path, text, sheet_map=None, kind="asks", **options):
    path = tmp_path / "sheet.csv"
    path.write_text(text, encoding="utf-8")
    sheet = open_sheet(path)
    return take_sheet(
        network=network, sheet=sheet, sheet_map=sheet_map or guess_map(kind, sheet.headers),
        dry_run=options.get("dry_run", False), progress=lambda rows: None,
    )  # fmt: skip


def test_every_row_is_taken_merged_or_refused_with_line_field_and_reason(network, tmp_path):
    report = _take(network, tmp_path, FORM)
    assert (report.rows, report.counts["taken"], report.counts["merged"], report.counts["refused"]) == (
        9,
        2,
        1,
        6,
    )
    said = {remark.line: (remark.outcome.value, remark.field) for remark in report.remarks}
    assert said == {
        3: ("merged", "key"),
        4: ("refused", "phone"),
        5: ("refused", "category"),
        6: ("refused", "created"),
        7: ("refused", "people"),
        8: ("refused", "status"),
        9: ("refused", "category"),
    }
    assert all(remark.reason for remark in report.remarks)
    lucia = Ask.objects.get(network=network, people=4)
    assert (lucia.called, lucia.contact, lucia.words, lucia.area.name) == (
        "Lucía",
        "+14105550123",
        "halal",
        "Waverly",
    )
    assert lucia.created_at == datetime(2026, 3, 9, 14, tzinfo=UTC)
    assert lucia.next_step_at == NOW


def test_a_second_run_takes_nothing_twice_and_nobody_is_written_to(network, tmp_path):
    _take(network, tmp_path, FORM)
    again = _take(network, tmp_path, FORM)
    assert again.counts["taken"] == 0
    assert again.counts["merged"] == 3
    assert Ask.objects.filter(network=network).count() == 2
    assert not Message.objects.exists()


def test_a_dry_run_says_the_same_and_changes_nothing(network, tmp_path):
    trial = _take(network, tmp_path, FORM, dry_run=True)
    assert not Ask.objects.exists()
    assert trial.as_json() == _take(network, tmp_path, FORM).as_json()


def test_new_categories_are_made_once_and_only_when_wished_for(network, tmp_path):
    sheet_map = SheetMap(
        kind="asks",
        columns={"category": ("ppe",), "quantity": ("qty",)},
        new_categories=True,
        defaults={"nature": "gift"},
    )
    sheet = "ppe,qty\nfaceShields,5000.0\nfaceShields,7\nride,1\n"
    report = _take(network, tmp_path, sheet, sheet_map)
    assert report.new_categories == ["face-shields"]
    made = Category.objects.get(network=network, slug="face-shields")
    assert (made.names, made.nature) == ({"en": "Face shields"}, "gift")
    assert sorted(Ask.objects.filter(category=made).values_list("quantity", flat=True)) == [7, 5000]
    assert _take(network, tmp_path, sheet, sheet_map).new_categories == []


def test_a_time_that_has_passed_begins_anew_and_is_counted(network, tmp_path):
    report = _take(
        network,
        tmp_path,
        "What do you need?,Date,Until\nride,2020-04-02,2020-04-05\nride,2026-03-09,2026-03-20\n",
    )
    assert report.late == 1
    old, new = Ask.objects.order_by("created_at")
    assert old.starts_at == NOW
    assert (new.starts_at, new.ends_at) == (NOW, datetime(2026, 3, 20, 4, tzinfo=UTC))


def test_an_end_before_its_beginning_is_refused(network, tmp_path):
    report = _take(network, tmp_path, "What do you need?,From,Until\nride,2026-05-02,2026-05-01\n")
    assert [(remark.field, remark.outcome.value) for remark in report.remarks] == [("ends", "refused")]


def test_givers_are_known_again_by_name_number_or_contact(network, tmp_path):
    rows = [
        "d1,ride,,yes,",
        "d1,groceries;ride,,van,3000",
        "d2,ride,D2@Example.org,,",
        "d3,ride,,,5",
        "d4,,,,",
    ]
    sheet = "\n".join(["Donor,Category,Email,Vehicle,How far", *rows, ""])
    report = _take(network, tmp_path, sheet, kind="offers")
    assert (report.counts["taken"], report.counts["refused"]) == (3, 2)
    assert Member.objects.filter(network=network).count() == 2
    assert sorted(Offer.objects.values_list("vehicle", flat=True)) == ["car", "foot", "van"]
    point = ContactPoint.objects.get(network=network)
    assert (point.value, point.confirmed_at) == ("d2@example.org", None)
    _take(network, tmp_path, sheet, kind="offers")
    assert (Offer.objects.count(), Member.objects.count()) == (3, 2)
    later = _take(
        network, tmp_path, "Donor,Category,Email\nother name,errand,d2@example.org\n", kind="offers"
    )
    assert later.counts["taken"] == 1
    assert Member.objects.count() == 2


def test_a_very_long_text_and_a_doubtful_count_are_said(network, tmp_path):
    report = _take(
        network, tmp_path, f"Category,Notes,Quantity\nthings,{'x' * 2001},1\nthings,,10000000000\n"
    )
    assert [(remark.outcome.value, remark.field) for remark in report.remarks] == [
        ("refused", "words"),
        ("taken", "row"),
    ]
    assert Ask.objects.get().quantity == 10**10


def _command(*words):
    out, err = StringIO(), StringIO()
    call_command("import", *words, stdout=out, stderr=err)
    return out.getvalue()


def test_the_command_prints_json_and_ends_with_one_when_a_row_was_refused(network, tmp_path):
    path = tmp_path / "sheet.csv"
    path.write_text(FORM, encoding="utf-8")
    remarks = tmp_path / "remarks.csv"
    out = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command(
            "import", "asks", str(path), "--json", "--report", str(remarks), stdout=out, stderr=StringIO()
        )
    assert ended.value.code == 1
    assert json.loads(out.getvalue())["refused"] == 6
    assert remarks.read_text().count("\n") == 8


def test_the_command_writes_the_map_it_guessed_and_reads_it_again(network, tmp_path):
    path, map_path = tmp_path / "sheet.csv", tmp_path / "map.toml"
    path.write_text("Category,Name\nride,Ann\n", encoding="utf-8")
    assert "guessed map" in _command("asks", str(path), "--write-map", str(map_path))
    assert "1 rows: 1 taken" in _command("asks", str(path), "--map", str(map_path))
    assert "A trial" in _command("asks", str(path), "--map", str(map_path), "--dry-run")


def test_the_command_says_what_is_wrong(network, tmp_path):
    path = tmp_path / "sheet.csv"
    path.write_text("Colour\nblue\n", encoding="utf-8")
    with pytest.raises(CommandError, match="No column looks like"):
        _command("asks", str(path))
    with pytest.raises(CommandError, match="can't be opened"):
        _command("asks", str(tmp_path / "nowhere.csv"))
    with pytest.raises(CommandError, match="Say which network"):
        _command("asks", str(path), "--network", "nobody", "--map", str(_map(tmp_path)))


def _map(tmp_path):
    path = tmp_path / "colour.toml"
    path.write_text('[columns]\ncategory = "Colour"\n')
    return path


def test_what_the_exchange_refuses_is_refused_with_its_words(network, tmp_path, monkeypatch):
    def refuse(**_given):
        raise OfferNotFound

    monkeypatch.setattr("commonweal.intake.actions.sheets.publish_offer", refuse)
    report = _take(network, tmp_path, "Donor,Category\nd1,ride\n", kind="offers")
    assert [(remark.outcome.value, remark.field) for remark in report.remarks] == [("refused", "row")]
    assert not Member.objects.exists()


def test_whom_an_asker_would_rather_have_come_is_read_from_a_sheet(network, tmp_path):
    sheet = "id,category,who should come,words\n1,ride,Mujer,x\n2,ride,a man,x\n3,ride,whoever,x\n"
    _take(network, tmp_path, sheet)
    assert sorted(Ask.objects.values_list("wish", flat=True)) == ["", "man", "woman"]
