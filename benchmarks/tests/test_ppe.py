"""The benchmark of scarce units, on a week of three gifts and four asks whose figures were worked out by hand."""

import gzip
import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from benchmarks import ppe
from benchmarks.ppe_policies import (
    as_taken,
    by_lot,
    first_come,
    many_parcels,
    nearest_first,
    one_parcel,
    worth_a_unit,
)
from benchmarks.relief import BadRelief, Round, measure, most_fill, play, read_relief

DONORS = """,don_id,date,ppe,qty
0,don1,2020-04-01 00:00:00+00:00,gloves,10.0
1,don2,2020-04-02 00:00:00+00:00,gloves,4.0
2,don10,2020-04-03 00:00:00+00:00,gowns,5.0
3,don3,2020-04-03 00:00:00+00:00,gloves,2000.0
"""
RECIPIENTS = """,rec_id,date,ppe,qty
0,rec1,2020-04-01 00:00:00+00:00,gloves,4.0
1,rec2,2020-04-02 00:00:00+00:00,gloves,12.0
2,rec10,2020-04-02 00:00:00+00:00,gowns,10.0
3,rec3,2020-04-16 00:00:00+00:00,masks,1.0
"""
DISTANCES = """don_id,rec_id,distance
don1,rec1,50
don1,rec2,10
don2,rec1,20.0
don2,rec2,30
don10,rec10,100
don3,rec1,1
don3,rec2,1
"""


@pytest.fixture
def folder(tmp_path):
    there = tmp_path / "ppe"
    there.mkdir()
    (there / "anon_donors.csv").write_text(DONORS)
    (there / "anon_recipients.csv.gz").write_bytes(gzip.compress(RECIPIENTS.encode()))
    (there / "anon_distance_matrix.csv.gz").write_bytes(gzip.compress(DISTANCES.encode()))
    return there


@pytest.fixture
def week(folder):
    return read_relief(folder).at_most(1000)


def figures(week, policy):
    return measure(week, play(week, policy))


def test_nearest_first_as_worked_out_by_hand(week):
    """10 gloves from 1 to 2 (10 miles, a week old), 4 from 2 to 1 (20, six days), 5 gowns (100, five days)."""
    assert figures(week, nearest_first()) == {
        "fill": pytest.approx(((1 + 10 / 12) / 2 + 5 / 10 + 0) / 3),
        "nonzero_fill": pytest.approx(((1 + 10 / 12) / 2 + 5 / 10) / 2),
        "unit_miles": pytest.approx((10 * 10 + 4 * 20 + 5 * 100) / 19),
        "holding_days": pytest.approx((10 * 7 + 4 * 6 + 5 * 5) / 19),
        "shipments_a_donor": 1,
        "units": 19,
        "asks_met": 1,
    }


def test_first_come_as_worked_out_by_hand(week):
    """The first gives 4 of 10 to the first, 50 miles off; the other 6 go out a week later, 14 days old."""
    assert figures(week, first_come) == {
        "fill": pytest.approx(((1 + 10 / 12) / 2 + 5 / 10 + 0) / 3),
        "nonzero_fill": pytest.approx(((1 + 10 / 12) / 2 + 5 / 10) / 2),
        "unit_miles": pytest.approx((4 * 50 + 4 * 30 + 5 * 100 + 6 * 10) / 19),
        "holding_days": pytest.approx((4 * 7 + 4 * 6 + 5 * 5 + 6 * 14) / 19),
        "shipments_a_donor": pytest.approx(4 / 3),
        "units": 19,
        "asks_met": 1,
    }


def test_nobody_can_fill_more_than_all_there_is_allows(week):
    assert most_fill(week) == pytest.approx(((1 + 10 / 12) / 2 + 5 / 10 + 0) / 3)


def test_who_gave_twice_gives_the_eldest_first(folder):
    (folder / "anon_donors.csv").write_text(DONORS + "4,don1,2020-03-31 12:00:00+00:00,gloves,3.0\n")
    sent = play(read_relief(folder).at_most(1000), first_come)
    first = sent.giver == 0
    assert sent.units[first].tolist() == [3, 1, 8]
    # 3 of the eldest and 1 of the other on 7 April, 8 more on the 14th, always just before noon.
    assert sent.held_d[first].tolist() == [7, 6, 13]


def test_a_parcel_goes_only_as_far_as_it_is_worth(week):
    near = figures(week, one_parcel(10_000))
    assert near == figures(week, nearest_first())
    held_back = figures(week, one_parcel(200))
    assert (
        held_back["units"] == 14
    )  # 500 unit-miles of gowns are not worth half an ask at 200 for a whole one.


def test_one_parcel_is_the_best_one_and_many_are_the_best_of_all():
    now = Round(np.array([10]), np.array([2, 3, 20]), np.zeros((1, 3)))
    assert list(one_parcel(1000)(now)) == [(0, 2, 10)]
    assert sorted(many_parcels(1000)(now)) == [(0, 0, 2), (0, 1, 3), (0, 2, 5)]
    too_far = Round(np.array([10]), np.array([2, 3, 20]), np.full((1, 3), 5000.0))
    assert list(one_parcel(1000)(too_far)) == list(many_parcels(1000)(too_far)) == []


def test_equally_near_is_the_first_or_by_lot():
    now = Round(np.array([1]), np.array([1, 1, 1]), np.array([[7.0, 5.0, 5.0]]))
    assert list(nearest_first()(now)) == [(0, 1, 1)]
    drawn = {next(iter(nearest_first(by_lot(seed))(now)))[1] for seed in range(20)}
    assert drawn == {1, 2}


TAKEN = """,don_id,rec_id,ppe,date,qty
0,don1,rec2,gloves,2020-04-07 23:59:00+00:00,10.0
1,don2,rec1,gloves,2020-04-07 23:59:00+00:00,4.0
2,don10,rec10,gowns,2020-04-07 23:59:00+00:00,5.0
"""


def test_another_runs_choice_among_equals_is_taken_over(folder, tmp_path):
    alike = DISTANCES.replace("don1,rec1,50", "don1,rec1,10")
    (folder / "anon_distance_matrix.csv.gz").write_bytes(gzip.compress(alike.encode()))
    week = read_relief(folder).at_most(1000)
    (tmp_path / "taken.csv").write_text(TAKEN)
    first = play(week, nearest_first())
    assert first.units.tolist() == [4, 4, 5, 6]
    as_there = play(week, nearest_first(as_taken(week, tmp_path / "taken.csv")))
    assert as_there.units.tolist() == [10, 4, 5]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("don1,rec2", "don1,rec1"), r"don1 sent otherwise in taken\.csv"),
        (("don2,rec1", "don3,rec1"), r"don2 sent otherwise"),
        (("don2,rec1", "don77,rec1"), r"taken\.csv, line 3: KeyError"),
    ],
)
def test_a_run_that_did_otherwise_is_refused(week, tmp_path, change, said):
    (tmp_path / "taken.csv").write_text(TAKEN.replace(*change))
    with pytest.raises(BadRelief, match=said):
        play(week, nearest_first(as_taken(week, tmp_path / "taken.csv")))


def test_where_no_distance_is_known_nothing_is_sent(week):
    now = Round(np.array([5]), np.array([5]), np.array([[np.nan]]))
    for policy in (nearest_first(), one_parcel(1000), many_parcels(1000)):
        assert list(policy(now)) == []
    week.miles[:] = np.nan
    with pytest.raises(BadRelief, match="not known"):
        play(week, first_come)


@st.composite
def rounds(draw):
    givers, takers = draw(st.integers(1, 5)), draw(st.integers(1, 6))
    units = st.integers(1, 30)
    on_hand = draw(st.lists(units, min_size=givers, max_size=givers))
    wanted = draw(st.lists(units, min_size=takers, max_size=takers))
    miles = draw(st.lists(st.integers(0, 300), min_size=givers * takers, max_size=givers * takers))
    return Round(np.array(on_hand), np.array(wanted), np.array(miles, float).reshape(givers, takers))


@settings(max_examples=40)
@given(rounds(), st.integers(50, 5000))
def test_nobody_sends_more_than_they_have_nor_gets_more_than_they_asked(now, price):
    for policy in (nearest_first(), first_come, one_parcel(price), many_parcels(price)):
        sent = np.zeros(now.miles.shape, int)
        for giver, taker, units in policy(now):
            assert units > 0
            sent[giver, taker] += units
        assert (sent.sum(axis=1) <= now.on_hand).all()
        assert (sent.sum(axis=0) <= now.wanted).all()


@settings(max_examples=40)
@given(rounds(), st.integers(50, 5000))
def test_many_parcels_are_worth_as_much_as_where_everybody_is_looked_at(now, price):
    worth = worth_a_unit(now, price)
    givers, takers = worth.shape
    of_giver = np.kron(np.eye(givers), np.ones(takers))
    of_taker = np.kron(np.ones(givers), np.eye(takers))
    limits = np.concatenate([now.on_hand, now.wanted])
    best = linprog(-worth.ravel(), A_ub=np.vstack([of_giver, of_taker]), b_ub=limits)
    got = sum(worth[giver, taker] * units for giver, taker, units in many_parcels(price)(now))
    assert got == pytest.approx(-best.fun, abs=1e-6)


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("anon_donors.csv", DONORS.replace("10.0", "10.5"), "line 2: 10.5 is no whole number"),
        ("anon_donors.csv", DONORS.replace("5.0", "inf"), "anon_donors.csv, line 4"),
        ("anon_donors.csv", DONORS.replace("2020-04-02", "Thursday"), "line 3"),
        ("anon_donors.csv", DONORS.replace("qty", "quantity"), "line 2: KeyError"),
        ("anon_donors.csv", DONORS.replace("don2", "alice"), "no word of three letters and a number"),
        ("anon_distance_matrix.csv", "1,2,3\n", "does not begin with don_id,rec_id,distance"),
    ],
)
def test_files_that_are_wrong_are_refused_with_the_line(folder, name, text, said):
    (folder / f"{name}.gz").unlink(missing_ok=True)
    (folder / name).write_text(text)
    with pytest.raises(BadRelief, match=said):
        read_relief(folder)


def test_a_file_that_is_not_there_is_named(folder):
    (folder / "anon_donors.csv").unlink()
    with pytest.raises(BadRelief, match=r"there is no anon_donors\.csv in"):
        read_relief(folder)


@pytest.fixture
def run(monkeypatch, capsys):
    """Runs the benchmark in this process and reads what it printed."""
    for name, few in (("LOTS", 3), ("SHUFFLES", 1), ("CURVE", (100.0, 10_000.0))):
        monkeypatch.setattr(ppe, name, few)

    def running(*words):
        monkeypatch.setattr("sys.argv", ["ppe", *words])
        ppe.main()
        return json.loads(capsys.readouterr().out)

    return running


def test_the_report_sets_ours_beside_what_is_published(run, folder, monkeypatch):
    monkeypatch.setenv("COMMONWEAL_BENCH_DATA", str(folder.parent))
    said = run("--json")
    assert (said["offers"], said["offers_dropped"], said["asks"], said["distances"]) == (4, 1, 4, 7)
    assert set(said["table"]) == {
        "nearest_first",
        "first_come",
        "one_parcel",
        "many_parcels_near",
        "many_parcels",
    }
    assert said["table"]["nearest_first"]["share_of_bound"] == 1
    fill = said["published"]["nearest_first"]["fill"]
    assert fill == {
        "published": 0.0618,
        "ours": 0.4722,
        "agrees": False,
        "by_lot": {"least": 0.4722, "mean": 0.4722, "most": 0.4722},
    }
    assert [(point["policy"], point["unit_miles_an_ask"]) for point in said["curve"]] == [
        (name, price) for name in ("one_parcel", "many_parcels") for price in (100.0, 10_000.0)
    ]
    assert [set(table) for table in said["shuffled"]] == [set(said["table"])]
    assert "nearest_first_as_taken" not in said


def test_the_report_tells_of_another_runs_choices(run, folder, tmp_path):
    (tmp_path / "taken.csv").write_text(TAKEN)
    said = run(str(folder), "--json", "--decisions", str(tmp_path / "taken.csv"))
    assert said["nearest_first_as_taken"]["unit_miles"]["ours"] == pytest.approx(680 / 19)
    (tmp_path / "taken.csv").write_text(TAKEN.replace("don1,rec2", "don1,rec1"))
    with pytest.raises(SystemExit, match="sent otherwise"):
        run(str(folder), "--json", "--decisions", str(tmp_path / "taken.csv"))


def test_a_value_agrees_where_it_rounds_to_the_published_one():
    near = dict(zip(ppe.MEASURES, (0.06184, 0.6756, 90.66, 15.85, 2.296), strict=True))
    agreed = ppe.agreement("nearest_first", near)
    assert [one["agrees"] for one in agreed.values()] == [True, True, True, False, False]


def test_without_a_folder_it_says_what_to_give(run, tmp_path):
    with pytest.raises(SystemExit, match=r"is no folder: give the one that holds anon_donors\.csv"):
        run(str(tmp_path / "nowhere"))
