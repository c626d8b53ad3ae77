"""What the engine reads: whatever comes in, it is right, or refused by name."""

import zipfile

import numpy as np
import pytest
from hypothesis import given, settings

from commonweal.algorithms.matching.instance import FULL, NOBODY, Asks, BadInstance, Helpers, Instance
from commonweal.algorithms.tests.matching_crowd import crowds

NAN = float("nan")


def same(one: Instance, other: Instance) -> bool:
    """Whether two instances hold the same arrays of the same types."""
    pairs = [(one.blocked, other.blocked), (one.known, other.known)]
    for side, its in ((one.asks, other.asks), (one.helpers, other.helpers)):
        pairs += [(getattr(side, name), getattr(its, name)) for name in side.__slots__]
    return all(a.dtype == b.dtype and np.array_equal(a, b, equal_nan=a.dtype.kind == "f") for a, b in pairs)


@pytest.fixture
def saved(tmp_path):
    path = tmp_path / "city.npz"
    asks, helpers = Asks.of(3, category=[0, 1, 0], urgency=2), Helpers.of(2, categories=[1, 3], slots=FULL)
    Instance.of(asks, helpers, blocked=[(0, 1)], known=[(2, 0), (1, 1)]).save(path)
    return path


# ---- Well-formed.


def test_what_is_not_given_is_plain():
    crowd = Instance.of(Asks.of(2), Helpers.of(3, categories=[1, 2, 4]))
    assert (len(crowd.asks), len(crowd.helpers)) == (2, 3)
    assert crowd.asks.hands.tolist() == [1, 1]
    assert np.isnan(crowd.asks.lat).all()
    assert crowd.asks.slots.tolist() == [FULL, FULL]
    assert crowd.blocked.shape == crowd.known.shape == (0, 2)


def test_one_value_is_for_everybody():
    asks = Asks.of(3, lat=39.3, lon=-76.6, urgency=np.int64(2))
    assert asks.urgency.tolist() == [2, 2, 2]
    assert asks.lat.flags.c_contiguous


def test_some_are_taken_in_order():
    helpers = Helpers.of(3, categories=[1, 2, 4]).take(np.array([2, 0]))
    assert helpers.categories.tolist() == [4, 1]


@pytest.mark.parametrize(("lat", "lon"), [(90, 0), (-90, 180), (0, -180), (39.3, -76.6), (NAN, NAN)])
def test_every_place_on_earth_is_one(lat, lon):
    crowd = Instance.of(Asks.of(1, lat=lat, lon=lon), Helpers.of(1, lat=[lat], lon=[lon]))
    assert np.array_equal(crowd.asks.lat, [lat], equal_nan=True)


@settings(deadline=None)
@given(crowds())
def test_what_is_saved_is_read_again(tmp_path_factory, crowd):
    path = tmp_path_factory.mktemp("crowd") / "crowd.npz"
    crowd.save(path)
    assert same(Instance.load(path), crowd)


def test_a_file_may_leave_out_what_is_plain(tmp_path):
    path = tmp_path / "few.npz"
    np.savez(path, **{"asks.category": [0, 1], "helpers.categories": np.array([3], np.uint64)})
    assert same(Instance.load(path), Instance.of(Asks.of(2, category=[0, 1]), Helpers.of(1, categories=[3])))


# ---- Places.


@pytest.mark.parametrize(
    ("lat", "lon"),
    [
        (NAN, 4.0),
        (4.0, NAN),
        (-76.6, 190.0),
        (-139.2, 39.3),
        (90.01, 0),
        (0, 180.01),
        (np.inf, 0),
        (np.inf, np.inf),
    ],
)
@pytest.mark.parametrize("side", ["asks", "helpers"])
def test_what_is_nowhere_on_earth_is_refused(side, lat, lon):
    place = {"lat": [39.3, lat], "lon": [-76.6, lon]}
    asks = Asks.of(2, **(place if side == "asks" else {}))
    helpers = Helpers.of(2, **(place if side == "helpers" else {}))
    with pytest.raises(BadInstance, match=f"{side} 1 is at .* nowhere on earth"):
        Instance.of(asks, helpers)


# ---- Numbers.


@pytest.mark.parametrize(
    ("kind", "name", "value"),
    [
        (Asks, "category", 64),
        (Asks, "category", -1),
        (Asks, "hands", 0),
        (Asks, "hands", 2**40),
        (Asks, "urgency", 3),
        (Asks, "slots", 1 << 42),
        (Asks, "slots", -1),
        (Asks, "waiting_d", -1),
        (Asks, "within_m", 2**31),
        (Asks, "load", 4),
        (Asks, "vehicles", 256),
        (Asks, "person", -2),
        (Helpers, "capacity", 1001),
        (Helpers, "capacity", 2**16 + 1),
        (Helpers, "radius_m", -1),
        (Helpers, "vehicle", 5),
        (Helpers, "per_week", -1),
        (Helpers, "rested_h", -2),
        (Helpers, "carries", -1),
    ],
)
def test_a_number_that_means_nothing_is_refused_and_never_wraps(kind, name, value):
    with pytest.raises(BadInstance, match=rf"{name}\[1\] is {value}, outside"):
        kind.of(2, **{name: np.array([1, value])})


@pytest.mark.parametrize("value", [["a", "b"], [1.5, 2], [1j, 2], [object(), None], [NAN, 1]])
def test_what_is_no_whole_number_is_refused(value):
    with pytest.raises(BadInstance, match="urgency holds"):
        Asks.of(2, urgency=value)


@pytest.mark.parametrize("value", [[1], [1, 1, 1], [[1, 1]], []])
def test_a_list_of_another_length_is_refused(value):
    with pytest.raises(BadInstance, match="urgency has the shape"):
        Asks.of(2, urgency=np.array(value, int))


def test_an_array_nobody_knows_is_refused():
    with pytest.raises(BadInstance, match="nobody knows the array mood"):
        Asks.of(1, mood=3)


def test_more_hands_than_wanted_cannot_be_needed():
    with pytest.raises(BadInstance, match="ask 1 needs more hands"):
        Instance.of(Asks.of(2, hands=[2, 1], at_least=[2, 2]), Helpers.of(0))


@pytest.mark.parametrize("preferred", [1, 2**31 - 1, -2])
def test_somebody_who_is_not_there_cannot_be_preferred(preferred):
    with pytest.raises(BadInstance, match="prefers a helper who isn't there"):
        Instance.of(Asks.of(1, preferred=preferred), Helpers.of(1))


@pytest.mark.parametrize("name", ["blocked", "known"])
@pytest.mark.parametrize("pair", [(2, 0), (0, 1), (-1, 0), (0, -1), (2**32, 0), (0, 2**63 - 1)])
def test_pairs_of_people_who_are_not_there_are_refused(name, pair):
    with pytest.raises(BadInstance, match=f"{name} names an ask or a helper who isn't there"):
        Instance.of(Asks.of(2), Helpers.of(1), **{name: [(0, 0), pair]})


@pytest.mark.parametrize("pairs", [[0, 1], [(0, 0, 0)], [(0.0, 0.0)], [("a", "b")]])
def test_what_are_no_pairs_is_refused(pairs):
    with pytest.raises(BadInstance, match=r"blocked must be whole numbers of the shape"):
        Instance.of(Asks.of(1), Helpers.of(1), blocked=pairs)


# ---- Files.


def test_half_a_file_is_refused(saved):
    whole = saved.read_bytes()
    for length in (0, 3, 100, len(whole) // 2, len(whole) - 1):
        saved.write_bytes(whole[:length])
        with pytest.raises(BadInstance, match="no npz file"):
            Instance.load(saved)


def test_a_damaged_file_is_refused(saved):
    whole = bytearray(saved.read_bytes())
    whole[60:75] = b"\xff" * 15
    saved.write_bytes(whole)
    with pytest.raises(BadInstance, match="no npz file"):
        Instance.load(saved)


def test_a_file_with_something_to_run_is_refused_and_not_run(tmp_path):
    path = tmp_path / "objects.npz"
    np.savez(path, **{"asks.category": np.array([print, None], object)})
    with pytest.raises(BadInstance, match="no npz file of plain arrays"):
        Instance.load(path)


@pytest.mark.parametrize("what", [b"", b"asks,helpers\n1,2\n", b"\x80\x04N."])
def test_what_is_no_file_of_arrays_is_refused(tmp_path, what):
    path = tmp_path / "other.npz"
    path.write_bytes(what)
    with pytest.raises(BadInstance, match="no npz file"):
        Instance.load(path)


def test_a_single_array_is_refused(tmp_path):
    np.save(tmp_path / "one.npy", np.zeros(3))
    with pytest.raises(BadInstance, match="no npz file"):
        Instance.load(tmp_path / "one.npy")


def test_a_file_that_is_not_there_is_an_error_of_the_system(tmp_path):
    with pytest.raises(FileNotFoundError):
        Instance.load(tmp_path / "none.npz")


@pytest.mark.parametrize(
    ("arrays", "words"),
    [
        ({"helpers.categories": [1]}, "no list asks.category"),
        ({"asks.category": [1]}, "no list helpers.categories"),
        ({"asks.category": 3, "helpers.categories": [1]}, "no list asks.category"),
        ({"asks.category": [1], "helpers.categories": [1], "moods": [1]}, "nobody knows: moods"),
        ({"asks.category": [1], "helpers.categories": [1], "asks.mood": [1]}, "nobody knows the array mood"),
        ({"asks.category": [1], "helpers.categories": [1], "asks.urgency": [1, 2]}, "urgency has the shape"),
    ],
)
def test_a_file_of_other_arrays_is_refused(tmp_path, arrays, words):
    path = tmp_path / "others.npz"
    np.savez(path, **arrays)
    with pytest.raises(BadInstance, match=words):
        Instance.load(path)


def test_a_file_that_holds_more_than_arrays_is_refused(saved):
    with zipfile.ZipFile(saved, "a") as archive:
        archive.writestr("asks.urgency.txt", "one")
    with pytest.raises(BadInstance, match=r"nobody knows the array urgency\.txt"):
        Instance.load(saved)


def test_an_instance_in_another_order_means_the_same():
    instance = Instance.of(
        Asks.of(3, category=[4, 5, 6], preferred=[1, NOBODY, 0]),
        Helpers.of(2, categories=[1, 2]),
        blocked=[(0, 1)],
        known=[(2, 0), (1, 1)],
    )
    turned = instance.arranged(np.array([2, 0, 1]), np.array([1, 0]))
    assert turned.asks.category.tolist() == [6, 4, 5]
    assert turned.asks.preferred.tolist() == [1, 0, NOBODY]
    assert turned.helpers.categories.tolist() == [2, 1]
    assert turned.blocked.tolist() == [[1, 0]]
    assert turned.known.tolist() == [[0, 1], [2, 0]]
    assert turned.blocked.dtype == turned.known.dtype == turned.asks.preferred.dtype == np.int32
