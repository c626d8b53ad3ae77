"""Encryption, and the index by which what is encrypted is found."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commonweal.base import crypto

OLD = "an old key that is long enough to be taken for one"
NEW = "a new key that is long enough to be taken for one"
TEXTS = st.text(st.characters(exclude_categories=["Cs"]))


@given(TEXTS)
def test_text_comes_back_as_it_was(text):
    assert crypto.decrypt(crypto.encrypt(text)) == text


@given(TEXTS.filter(lambda text: len(text) > 3))
def test_ciphertext_tells_nothing_and_is_different_each_time(text):
    first, second = crypto.encrypt(text), crypto.encrypt(text)

    assert first != second
    assert text not in first


@given(TEXTS, st.integers(min_value=0))
def test_changed_ciphertext_is_not_opened(text, place):
    stored = crypto.encrypt(text)
    at = place % len(stored.rstrip("="))
    letter = "A" if stored[at] != "A" else "B"
    changed = stored[:at] + letter + stored[at + 1 :]

    try:
        opened = crypto.decrypt(changed)
    except crypto.Unreadable:
        return
    # The last letter before the padding carries bits that no byte uses: the same bytes, then, and the same text.
    assert opened == text


@pytest.mark.parametrize("junk", ["", "junk", "gAAAA", "Änä"])
def test_junk_is_unreadable(junk):
    with pytest.raises(crypto.Unreadable):
        crypto.decrypt(junk)


def test_newest_key_writes_and_all_read(settings):
    settings.COMMONWEAL_KEYS = [OLD]
    before = crypto.encrypt("Ana")
    settings.COMMONWEAL_KEYS = [NEW, OLD]
    after = crypto.encrypt("Ana")
    assert crypto.decrypt(before) == "Ana"

    settings.COMMONWEAL_KEYS = [NEW]
    assert crypto.decrypt(after) == "Ana"
    with pytest.raises(crypto.Unreadable):
        crypto.decrypt(before)


def test_index_stays_when_a_newer_key_comes(settings):
    settings.COMMONWEAL_KEYS = [OLD]
    before = crypto.blind_index("ana@example.org", "contact")
    settings.COMMONWEAL_KEYS = [NEW, OLD]

    assert crypto.blind_index("ana@example.org", "contact") == before


def test_index_depends_on_the_key(settings):
    settings.COMMONWEAL_KEYS = [OLD]
    before = crypto.blind_index("ana@example.org", "contact")
    settings.COMMONWEAL_KEYS = [NEW]

    assert crypto.blind_index("ana@example.org", "contact") != before


@given(TEXTS, TEXTS, TEXTS, TEXTS)
def test_index_is_the_same_for_the_same_value_and_use_only(value, use, other_value, other_use):
    use, other_use = use.replace("\x00", ""), other_use.replace("\x00", "")
    index = crypto.blind_index(value, use)

    assert len(index) == 32
    assert index == crypto.blind_index(value, use)
    same = (value, use) == (other_value, other_use)
    assert (index == crypto.blind_index(other_value, other_use)) == same


def test_mark_knows_a_key_again_and_shows_nothing_of_it():
    assert crypto.mark(OLD) == crypto.mark(OLD) != crypto.mark(NEW)
    assert len(crypto.mark(OLD)) == 16
