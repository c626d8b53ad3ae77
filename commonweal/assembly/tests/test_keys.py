"""Changing a key: in front, everything anew under it, and the old one out; killed, raced and refused."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from commonweal.assembly.actions import agree_deed, ask_deed, give_mandate
from commonweal.assembly.models import Deed
from commonweal.base import clock, crypto, lasting
from commonweal.base.keys import (
    NotOurs,
    StillInUse,
    add_key,
    drop_oldest,
    reencrypting,
    retire_oldest,
    take_census,
)
from commonweal.base.keys.columns import BEFORE, in_batches
from commonweal.base.locks import in_use
from commonweal.base.models import Rekeying, Secret
from commonweal.members.models import ContactPoint, KeptOut, Member

OLD = "an old key that is long enough to be taken for one"
NEW = "a new key that is long enough to be taken for one"


def silent(done, total):
    """Nobody is watching."""


@pytest.fixture
def people(settings, tmp_path, harbor):
    """Five members written under the old key; the new one is in front now."""
    settings.COMMONWEAL_DATA = tmp_path
    settings.COMMONWEAL_KEYS = [OLD]
    for number in range(5):
        member = Member.objects.create(network=harbor, name=f"Rosa {number}", place={"text": "Elm Street 5"})
        ContactPoint.objects.create(
            network=harbor,
            member=member,
            kind="email",
            value=f"rosa{number}@example.org",
            confirmed_at=clock.now(),
        )
    settings.COMMONWEAL_KEYS = [NEW, OLD]
    return list(Member.objects.order_by("pk"))


def stored(row, model, name):
    """The ciphertext in a column of a row."""
    found = {entry["pk"]: entry for batch in in_batches(model, 2) for entry in batch}
    return found[row.pk][BEFORE + name]


def finish():
    while reencrypting.is_wanted():
        reencrypting.go_on()


def test_everything_is_written_anew_and_can_still_be_read(people):
    before = take_census()
    assert (before.older, before.values[crypto.mark(NEW)], before.indexed[crypto.mark(OLD)]) == (15, 0, 5)

    finish()

    after = take_census()
    assert (after.older, after.values[crypto.mark(NEW)], after.unreadable) == (0, 15, 0)
    assert [member.name for member in Member.objects.order_by("pk")] == [
        f"Rosa {number}" for number in range(5)
    ]
    assert Member.objects.first().place == {"text": "Elm Street 5"}
    assert not reencrypting.is_wanted()
    assert after.as_json()["keys"][0] == {"mark": crypto.mark(NEW), "values": 15, "indexed": 0}


def test_with_one_key_there_is_nothing_to_do(people, settings):
    settings.COMMONWEAL_KEYS = [OLD]
    assert not reencrypting.is_wanted()


def test_what_was_left_in_the_middle_goes_on_from_there(people, monkeypatch):
    monkeypatch.setattr(reencrypting, "AT_ONCE", 2)
    assert reencrypting.go_on(seconds=-1) == 2  # one batch, and the time is over

    work = Rekeying.objects.get()
    assert (work.found, work.finished_at) == (2, None)
    assert take_census().older == 15 - 2
    finish()
    assert take_census().older == 0


def test_what_somebody_wrote_meanwhile_is_not_overwritten(people, monkeypatch):
    rosa = people[0]
    put, raced = reencrypting._put, []

    def late(model, row, anew):
        if model is Member and not raced:
            raced.append(row["pk"])
            Member.objects.filter(pk=row["pk"]).update(name="Rosalind")
        return put(model, row, anew)

    monkeypatch.setattr(reencrypting, "_put", late)
    finish()
    rosa.refresh_from_db()
    assert raced == [rosa.pk]
    assert (rosa.name, rosa.place) == ("Rosalind", {"text": "Elm Street 5"})
    assert take_census().older == 0


def test_what_no_key_opens_stays_as_it_is_and_is_counted(people, settings):
    settings.COMMONWEAL_KEYS = [NEW]
    closed = stored(people[0], Member, "name")
    assert take_census().unreadable == 15
    settings.COMMONWEAL_KEYS = [NEW, "another key that is long enough to be taken for one"]
    finish()
    assert stored(people[0], Member, "name") == closed


def test_the_old_key_is_not_taken_out_while_something_needs_it(people, settings):
    with pytest.raises(StillInUse, match="15 values"):
        retire_oldest(silent)
    settings.COMMONWEAL_KEYS = [NEW]
    with pytest.raises(StillInUse, match="only one key"):
        retire_oldest(silent)
    settings.COMMONWEAL_KEYS = [NEW, "another key that is long enough to be taken for one"]
    with pytest.raises(StillInUse, match="No key opens 15"):
        retire_oldest(silent)


def test_it_is_not_taken_out_under_a_running_program(people):
    finish()
    with in_use(), pytest.raises(StillInUse, match="running"):
        retire_oldest(silent)


def test_afterwards_everybody_is_found_and_nothing_is_under_the_old_key(people, settings, harbor):
    finish()
    index = ContactPoint.objects.order_by("pk").first().value_index
    KeptOut.objects.create(network=harbor, contact_index=index, until=clock.now())
    KeptOut.objects.create(network=harbor, contact_index="of nobody that is left", until=clock.now())
    sheet = lasting.fingerprint("row 1", "sheet")
    told = []

    assert retire_oldest(lambda done, total: told.append(done / total)) == 7

    settings.COMMONWEAL_KEYS = [NEW]
    found = ContactPoint.objects.get(value_index=crypto.blind_index("rosa0@example.org", "contact"))
    assert found.member == people[0]
    assert KeptOut.objects.filter(contact_index=found.value_index).exists()
    census = take_census()
    assert (census.indexed[crypto.mark(NEW)], census.unreadable, told[-1]) == (5, 0, 1)
    assert lasting.fingerprint("row 1", "sheet") == sheet
    assert Secret.objects.count() == 1


def test_the_file_of_keys_gets_a_new_one_in_front_and_loses_the_last(settings, tmp_path, monkeypatch):
    monkeypatch.delenv("COMMONWEAL_KEYS", raising=False)
    settings.COMMONWEAL_DATA, settings.COMMONWEAL_KEYS = tmp_path, [OLD]
    (tmp_path / "keys").write_text(f"{OLD}\n")

    new = add_key()

    assert (tmp_path / "keys").read_text() == f"{new}\n{OLD}\n"
    assert (tmp_path / "keys").stat().st_mode & 0o777 == 0o600
    assert [new, OLD] == settings.COMMONWEAL_KEYS
    drop_oldest()
    assert (tmp_path / "keys").read_text() == f"{new}\n"
    assert [path.name for path in tmp_path.iterdir()] == ["keys"]


def test_keys_of_the_environment_are_changed_where_they_are_set(settings, tmp_path, monkeypatch):
    settings.COMMONWEAL_DATA, settings.COMMONWEAL_KEYS = tmp_path, [OLD]
    monkeypatch.setenv("COMMONWEAL_KEYS", OLD)
    with pytest.raises(NotOurs, match="COMMONWEAL_KEYS"):
        add_key()
    with pytest.raises(NotOurs, match="last key"):
        drop_oldest()
    assert not list(tmp_path.iterdir())


def test_a_program_that_was_running_hears_of_the_new_key(settings, tmp_path, monkeypatch):
    monkeypatch.delenv("COMMONWEAL_KEYS", raising=False)
    settings.COMMONWEAL_DATA, settings.COMMONWEAL_KEYS = tmp_path, [NEW, OLD]
    written = crypto.encrypt("Rosa")
    settings.COMMONWEAL_KEYS = [OLD]
    with pytest.raises(crypto.Unreadable):
        crypto.decrypt(written)

    (tmp_path / "keys").write_text(f"{NEW}\n{OLD}\n")

    assert crypto.decrypt(written) == "Rosa"
    assert settings.COMMONWEAL_KEYS == [NEW, OLD]


def keys(*words):
    """What the command says."""
    out = StringIO()
    call_command("keys", *words, stdout=out, stderr=StringIO())
    return out.getvalue()


class TestCommand:
    def test_from_the_first_step_to_the_last(self, people, settings, tmp_path, monkeypatch):
        monkeypatch.delenv("COMMONWEAL_KEYS", raising=False)
        settings.COMMONWEAL_KEYS = [OLD]
        (tmp_path / "keys").write_text(f"{OLD}\n")

        assert "in front of the file" in keys("rotate")
        assert json.loads(keys("status", "--json"))["older"] == 15
        assert not json.loads(keys("status", "--json"))["finished"]
        with pytest.raises(CommandError, match="15 values"):
            keys("retire")
        assert Deed.objects.filter(state=Deed.State.DONE).count() == 1  # what fell through may be done again

        finish()
        assert json.loads(keys("status", "--json"))["finished"]
        assert "5 fingerprints" in keys("retire")
        assert "Key 1 (" in keys("status")
        assert "Key 2" not in keys("status")
        assert OLD not in (tmp_path / "keys").read_text()

    def test_says_what_no_key_opens(self, people, settings):
        settings.COMMONWEAL_KEYS = [NEW]
        assert "No key opens 15 values" in keys("status")

    def test_says_what_to_set_where_the_keys_are_in_the_environment(self, people, settings, monkeypatch):
        monkeypatch.setenv("COMMONWEAL_KEYS", OLD)
        settings.COMMONWEAL_KEYS = [OLD]
        assert "Put this one in front" in keys("rotate")
        settings.COMMONWEAL_KEYS = [NEW, OLD]
        finish()
        assert "Take the last key out" in keys("retire")

    def test_takes_two_where_a_network_has_two_founders(self, people, settings, tmp_path, monkeypatch):
        monkeypatch.delenv("COMMONWEAL_KEYS", raising=False)
        settings.COMMONWEAL_KEYS = [OLD]
        (tmp_path / "keys").write_text(f"{OLD}\n")
        for member in people[:2]:
            give_mandate(
                member=member, role="founder", until=clock.now() + timedelta(days=90), reason="We began it."
            )
        with pytest.raises(CommandError):
            keys("rotate")
        assert (tmp_path / "keys").read_text() == f"{OLD}\n"

        deed = ask_deed(by=people[0], what=Deed.What.KEY, reason="A laptop was lost.")
        agree_deed(deed=deed, by=people[1])
        assert "in front" in keys("rotate", "--deed", deed.code)
