"""One-time codes."""

import pytest

from commonweal.base.ids import new_id
from commonweal.members import codes


def test_codes_have_six_digits_and_differ():
    made = {codes.new_code() for _ in range(50)}

    assert all(len(code) == 6 and code.isdigit() for code in made)
    assert len(made) > 40


def test_code_fits_only_its_own_confirmation():
    one, other = new_id(), new_id()
    stored = codes.fingerprint(one, "012345")

    assert codes.fits(one, "012345", stored)
    assert not codes.fits(one, "012346", stored)
    assert not codes.fits(other, "012345", stored)
    assert "012345" not in stored


def test_fingerprint_hangs_on_a_key_outside_the_database(settings):
    confirmation = new_id()
    before = codes.fingerprint(confirmation, "012345")
    settings.COMMONWEAL_KEYS = ["another secret of at least thirty-two characters"]

    assert codes.fingerprint(confirmation, "012345") != before


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("123456", "123456"),
        (" 123 456 ", "123456"),
        ("123-456", "123456"),
        ("١٢٣٤٥٦", "123456"),
        ("\u200e123456", "123456"),
        ("123 456 789", "123456789"),
        ("12345", None),
        ("1234567", None),
        ("12345x", None),
        ("½23456", None),
        ("", None),
        ("\ud800", None),
    ],
)
def test_code_is_read_however_it_is_typed(typed, code):
    assert codes.read_code(typed) == code
