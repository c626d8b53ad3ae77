"""Words in a row, as the reader's language sets them."""

from collections.abc import Iterable

from django.utils.translation import pgettext


def in_a_row(words: Iterable[str]) -> str:
    """The words with the reader's own comma between them: "bread, milk" in English, "خبز، حليب" in Arabic."""
    return pgettext("between the words of a list", ", ").join(words)
