"""What a body claims to be is believed as far as our own pages would say it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commonweal.base.contenttype import believed


@pytest.mark.parametrize(
    ("claim", "kept"),
    [
        ("application/x-www-form-urlencoded", "application/x-www-form-urlencoded"),
        ("application/x-www-form-urlencoded; charset=UTF-8", "application/x-www-form-urlencoded"),
        ("Multipart/Form-Data; boundary=----WebKit7MA4YWxk", 'multipart/form-data; boundary="----WebKit7MA4YWxk"'),
        ('multipart/form-data; charset=utf-8; boundary="a b"; x=1', 'multipart/form-data; boundary="a b"'),
        ("text/plain; charset=hex", "text/plain"),
        ("text/plain; charset*=nonsense''x", "text/plain"),
        ("", ""),
        ("nonsense", ""),
        ("text/plain\x00", ""),
        ("multipart/form-data; boundary=" + "x" * 71, "multipart/form-data"),
    ],
)  # fmt: skip
def test_the_kind_and_the_boundary_are_kept(claim, kept):
    assert believed(claim) == kept
    assert believed(kept) == kept


@given(st.text())
def test_whatever_is_claimed_names_no_charset(claim):
    assert believed(f"text/plain; charset={claim}") in ("text/plain", "") or "boundary" in claim.lower()
