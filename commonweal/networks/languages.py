"""The languages people speak: codes, and their names for the reader."""

from collections.abc import Iterable, Mapping
from functools import lru_cache

from babel import Locale
from django.conf import settings
from django.utils.translation import get_language, override

from commonweal.networks.models import Network

# Besides every language with a two-letter code: signed and spoken ones that neighbours have and ISO 639-1 has not.
FURTHER = frozenset({"ase", "chr", "ckb", "fil", "haw", "hmn", "kea", "luy", "quc", "rom", "yue", "zgh"})
NOBODYS = frozenset({"ae", "cu", "ie", "pi", "vo"})  # liturgical, ancient, and two that never caught on
ENGLISH: Mapping[str, str] = Locale("en").languages
CHOICES = frozenset(code for code in ENGLISH if len(code) == 2) - NOBODYS | FURTHER


def language_name(code: str) -> str:
    """The language's name in the reader's language; the code itself where nobody knows a name."""
    reader: Mapping[str, str] = Locale.parse((get_language() or "en").split("-")[0]).languages
    return reader.get(code) or ENGLISH.get(code, code)


def named(codes: Iterable[str]) -> list[tuple[str, str]]:
    """Codes with their names, as choices of a form, in the order given."""
    return [(code, _capital(language_name(code))) for code in codes]


def usual_languages(network: Network) -> list[tuple[str, str]]:
    """What is spoken in the network, the commonest first, as the members put it."""
    return named(network.languages or ["en"])


def own_languages(network: Network) -> list[str]:
    """The network's languages that the program is written in, in its order; none where it speaks only others."""
    ours = dict(settings.LANGUAGES)
    return [code for code in network.languages if code in ours]


def other_languages(network: Network) -> list[tuple[str, str]]:
    """Every further language, by name."""
    reader = (get_language() or "en").split("-")[0]
    return list(_others(reader, frozenset(network.languages or ["en"])))


@lru_cache(maxsize=64)
def _others(reader: str, usual: frozenset[str]) -> tuple[tuple[str, str], ...]:
    """All but the usual ones, in the order and the words of a reader; some hundred names, made once."""
    with override(reader):
        return tuple(sorted(named(CHOICES - usual), key=lambda choice: choice[1].casefold()))


def _capital(name: str) -> str:
    return name[:1].upper() + name[1:]
