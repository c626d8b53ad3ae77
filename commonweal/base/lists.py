"""Words in a row, as the reader's language sets them."""

from collections.abc import Iterable

from django.utils.translation import get_language_bidi, pgettext

# Begin and end of words that have a direction of their own.
APART = "\u2068{}\u2069"


def in_a_row(words: Iterable[str]) -> str:
    """The words with the reader's own comma between them: "bread, milk" in English, "خبز، حليب" in Arabic."""
    return pgettext("between the words of a list", ", ").join(words)


def side_by_side(*parts: str) -> str:
    """What there is of the parts, with a dot between them: "Canton · 3 December".

    From right to left each keeps its own direction; or else a number after a name in Latin letters would be read
    together with it, before the name.
    """
    said = [part for part in parts if part]
    return " · ".join(APART.format(part) for part in said) if get_language_bidi() else " · ".join(said)
