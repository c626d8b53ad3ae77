"""Ids for machines, codes for people, tokens for strangers."""

import uuid
from unittest.mock import patch

from hypothesis import given
from hypothesis import strategies as st

from commonweal.base.ids import (
    CODE_LENGTH,
    CODE_LETTERS,
    new_code,
    new_id,
    new_token,
    read_code,
    shown_code,
    token_hash,
)

CODES = st.text(CODE_LETTERS, min_size=CODE_LENGTH, max_size=CODE_LENGTH)
TIMES = st.integers(min_value=0, max_value=(1 << 48) * 1_000_000 - 1)


def test_ids_of_one_process_sort_as_they_were_made():
    made = [new_id() for _ in range(2000)]

    assert sorted(made) == made
    assert len(set(made)) == len(made)
    assert {(one.version, one.variant) for one in made} == {(7, uuid.RFC_4122)}


@given(st.lists(TIMES, min_size=2, max_size=2))
def test_ids_sort_by_time_and_carry_it(moments):
    ids = []
    for moment in moments:
        with patch("time.time_ns", return_value=moment):
            ids.append(new_id())

    assert [one.int >> 80 for one in ids] == [moment // 1_000_000 for moment in moments]
    if moments[0] + 250 < moments[1]:
        assert ids[0] < ids[1]


def test_codes_have_no_letters_that_look_alike():
    assert not set("0O1IL5S8BU") & set(CODE_LETTERS)
    assert len(set(CODE_LETTERS)) == len(CODE_LETTERS) == 26
    assert all(len(new_code()) == CODE_LENGTH and set(new_code()) <= set(CODE_LETTERS) for _ in range(100))


@given(CODES)
def test_code_is_read_back_however_it_is_typed(code):
    shown = shown_code(code)

    assert (len(shown), shown[3]) == (7, "-")
    for typed in (shown, shown.lower(), code, f"  {code[:2]} {code[2:]}. "):
        assert read_code(typed) == code


@given(st.text(max_size=20))
def test_what_is_read_as_a_code_is_one(typed):
    code = read_code(typed)

    assert code is None or (len(code) == CODE_LENGTH and set(code) <= set(CODE_LETTERS))


def test_what_cannot_be_a_code_is_none():
    assert [read_code(typed) for typed in ("", "K7F-2Q", "K7F-2QMM", "K7F-2Q0", "ﬀßßß", "٤٤٤٤٤٤")] == [
        None
    ] * 6


def test_tokens_are_long_different_and_safe_in_a_link():
    tokens = {new_token() for _ in range(200)}

    assert len(tokens) == 200
    assert all(len(token) == 32 and token.replace("-", "a").replace("_", "a").isalnum() for token in tokens)


@given(st.text(), st.text())
def test_token_is_known_by_its_hash_and_only_by_its_own(one, other):
    assert len(token_hash(one)) == 64
    assert (token_hash(one) == token_hash(other)) == (one == other)


def test_half_a_character_is_no_fault_of_ours():
    assert len(token_hash("\ud800")) == 64
