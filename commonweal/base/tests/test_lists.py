"""Words in a row."""

import pytest
from django.utils import translation

from commonweal.base.lists import in_a_row


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
