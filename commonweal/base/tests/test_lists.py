"""Words in a row."""

import pytest
from django.utils import translation

from commonweal.base.lists import in_a_row, side_by_side


@pytest.mark.parametrize(
    ("language", "words", "row"),
    [
        ("en", ["bread", "milk"], "bread, milk"),
        ("es", ["pan", "leche", "sal"], "pan, leche, sal"),
        ("ar", ["خبز", "حليب"], "خبز، حليب"),
        ("en", ["bread"], "bread"),
        ("en", [], ""),
    ],
)
def test_each_language_has_its_own_comma(language, words, row):
    with translation.override(language):
        assert in_a_row(words) == row


def test_what_stands_side_by_side_keeps_its_direction():
    parts = ["Canton", "", "3 ديسمبر"]

    with translation.override("en"):
        assert side_by_side(*parts) == "Canton · 3 ديسمبر"
    with translation.override("ar"):
        assert side_by_side(*parts) == "\u2068Canton\u2069 · \u20683 ديسمبر\u2069"
        assert side_by_side("", "") == ""
