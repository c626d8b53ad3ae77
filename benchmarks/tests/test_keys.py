"""The benchmark of keys changes a key as it says, and leaves nothing under the old one."""

import contextlib
import json
import random

import pytest

from benchmarks import keys, keys_inside
from commonweal.base.keys import take_census
from commonweal.exchange.models import Ask

OLD = "an old key that is long enough to be taken for one"
WRITES = {"writes": 1}


@pytest.fixture
def alone(db, settings, tmp_path, monkeypatch):
    """A program with a file of keys, in which nobody else writes."""
    monkeypatch.delenv("COMMONWEAL_KEYS", raising=False)
    monkeypatch.setattr(keys_inside, "ALONE_S", 0)
    monkeypatch.setattr(keys_inside, "writing", lambda: contextlib.nullcontext(WRITES))
    settings.COMMONWEAL_DATA, settings.COMMONWEAL_KEYS = tmp_path, [OLD]
    (tmp_path / "keys").write_text(f"{OLD}\n")


def test_it_changes_the_key_of_what_it_made_up(alone):
    result = keys_inside.change(70, 1)

    census = take_census()
    assert (result["values"], result["fingerprints"]) == (70, 20)
    # One more is what makes the fingerprints of rows that are erased.
    assert (len(census.marks), census.values[census.marks[0]], census.unreadable) == (1, 71, 0)
    assert result["write_anew"]["values_a_second"] > 0
    assert result["somebody_writes"] == {"alone": WRITES, "meanwhile": WRITES}


def test_the_same_seed_makes_the_same_words(alone):
    made = []
    for slug in ("once", "again"):
        keys_inside.fill(14, random.Random(5), slug=slug)
        made.append([ask.words for ask in Ask.objects.filter(network__slug=slug).order_by("code")])
    assert made[0] == made[1]
    assert len(made[0]) == 2


def test_it_prints_what_was_measured_and_on_what(monkeypatch, capsys):
    asked = []
    monkeypatch.setattr(
        keys, "measure", lambda values, seed: asked.append((values, seed)) or {"values": values}
    )
    monkeypatch.setattr("sys.argv", ["keys", "--json", "--values", "70"])
    keys.main()
    result = json.loads(capsys.readouterr().out)
    assert asked == [(70, keys_inside.SEED)]
    assert {"machine", "seed", "mix", "writer", "values"} == result.keys()
    assert result["machine"]["cores"] >= 1
