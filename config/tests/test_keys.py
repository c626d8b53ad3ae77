import stat

import pytest

from config.keys import LEAST_LENGTH, load_keys


@pytest.fixture(autouse=True)
def no_keys_given(monkeypatch):
    monkeypatch.delenv("COMMONWEAL_KEYS", raising=False)


def test_the_first_start_makes_a_key_that_only_its_owner_can_read(tmp_path):
    (key,) = load_keys(tmp_path / "data")
    file = tmp_path / "data" / "keys"
    assert len(key) >= LEAST_LENGTH
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in (tmp_path / "data").iterdir()] == ["keys"]


def test_the_next_start_keeps_the_key(tmp_path):
    assert load_keys(tmp_path) == load_keys(tmp_path)


def test_two_installations_never_share_a_key(tmp_path):
    assert load_keys(tmp_path / "a") != load_keys(tmp_path / "b")


def test_a_key_that_another_process_made_meanwhile_is_kept(tmp_path, monkeypatch):
    (tmp_path / "keys").write_text("theirs\n")
    monkeypatch.setattr("pathlib.Path.exists", lambda self: False)
    assert load_keys(tmp_path) == ["theirs"]


def test_keys_in_the_file_may_be_several_newest_first(tmp_path):
    (tmp_path / "keys").write_text("new\n\nold\n")
    assert load_keys(tmp_path) == ["new", "old"]


def test_keys_that_were_given_are_taken_and_none_is_made(tmp_path, monkeypatch):
    monkeypatch.setenv("COMMONWEAL_KEYS", "new, old")
    assert load_keys(tmp_path) == ["new", "old"]
    assert list(tmp_path.iterdir()) == []
