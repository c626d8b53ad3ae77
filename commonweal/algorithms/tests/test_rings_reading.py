"""The text files of the kidney-exchange solvers: what they say, and what is wrong with them."""

import os
from pathlib import Path

import pytest

from commonweal.algorithms.rings.model import BadGifts
from commonweal.algorithms.rings.reading import read_gifts
from commonweal.algorithms.rings.solving import find_rings, is_sound
from commonweal.algorithms.tests.rings_cast import edges_of

GOOD = "3\t4\n0\t1\t1\n1\t0\t1\n1\t2\t20\n2\t1\t20\n-1\t-1\t-1\n\n"


@pytest.fixture
def read(tmp_path):
    """Reads a text as if it were a file."""

    def reading(text):
        path = tmp_path / "graph.input"
        path.write_text(text, "ascii")
        return read_gifts(path)

    return reading


def test_a_file_is_read(read):
    gifts = read(GOOD)
    assert len(gifts) == 3
    assert edges_of(gifts) == {(0, 1, 1), (1, 0, 1), (1, 2, 20), (2, 1, 20)}
    assert find_rings(gifts).value == 40


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "line 1 must say"),
        ("3\n-1 -1 -1\n", "line 1 must say"),
        ("3 0\n", "the last line must be -1 -1 -1"),
        ("2 1\n0 1 1\n", "the last line must be -1 -1 -1"),
        ("2 2\n0 1 1\n-1 -1 -1\n", "2 gifts of three numbers are said to follow, and 1 lines do"),
        ("2 1\n0 1\n-1 -1 -1\n", "1 gifts of three numbers"),
        ("2 1\n0 one 1\n-1 -1 -1\n", "line 2 holds what is no whole number"),
        ("2 1\n1 1 1\n-1 -1 -1\n", "1 would give to themselves"),
        ("2 2\n1 0 1\n1 0 1\n-1 -1 -1\n", "from 1 to 0 stands there twice"),
        ("2 1\n0 2 1\n-1 -1 -1\n", "outside 0 to 1"),
    ],
)
def test_what_is_wrong_is_said(read, text, words):
    assert len(read(GOOD)) == 3
    with pytest.raises(BadGifts, match=words):
        read(text)


@pytest.mark.parametrize(
    ("name", "longest", "value"),
    [
        ("MD-00001-00000100", 4, 39),
        ("two_2cycles", 3, 40),
        ("one-cycle", 3, 2),
        ("no-cycles", 3, 0),
    ],
)
def test_published_values_are_reached(name, longest, value):
    if "COMMONWEAL_BENCH_DATA" not in os.environ:
        pytest.skip(f"COMMONWEAL_BENCH_DATA is not set: the published value of {name} is not checked")
    folder = Path(os.environ["COMMONWEAL_BENCH_DATA"]) / "rings"
    gifts = read_gifts(folder / f"{name}.input")
    rings = find_rings(gifts, longest=longest)
    assert (rings.value, rings.bound) == (value, value)
    assert is_sound(gifts, rings.members)
