"""What a helper has to be able to, or be, for some asks: the one list, with the words of either side.

An ask names what it needs, an offer what its member is able to; matching compares the codes.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from commonweal.exchange.models import Ask

Words = str | Promise


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """One thing that matters to some people. ``asked`` is how an ask says it, ``offered`` how an offer does."""

    code: str
    asked: Words
    offered: Words


NEEDS: tuple[Need, ...] = (
    Need(code="stairs", asked=_("There are stairs up to my door"), offered=_("Climb stairs")),
    Need(
        code="step_free",
        asked=_("No stairs on the way"),
        offered=_("My car or place is reached without stairs"),
    ),
    Need(
        code="wheelchair",
        asked=_("A wheelchair or walker comes along"),
        offered=_("Room for a wheelchair or walker"),
    ),
    Need(code="pets_here", asked=_("Animals live here"), offered=_("Be around animals")),
    Need(
        code="no_pets", asked=_("No animals or animal hair"), offered=_("Come without animals and their hair")
    ),
    Need(code="no_smoke", asked=_("No smoke"), offered=_("Come without smoke")),
    Need(code="mask", asked=_("With a mask"), offered=_("Wear a mask when asked")),
    Need(
        code="calm",
        asked=_("Patience with confusion or dementia"),
        offered=_("Be at ease with confusion or dementia"),
    ),
    Need(code="sign", asked=_("Sign language"), offered=_("Sign")),
    Need(code="woman", asked=_("A woman, please"), offered=_("I am a woman, and glad to be asked as one")),
    Need(code="man", asked=_("A man, please"), offered=_("I am a man, and glad to be asked as one")),
)
_BY_CODE = {need.code: need for need in NEEDS}


def asked(code: str) -> Words:
    """How an ask says it; a code that is no longer on the list is said as it stands."""
    return _BY_CODE[code].asked if code in _BY_CODE else code


def offered(code: str) -> Words:
    """How an offer says it; a code that is no longer on the list is said as it stands."""
    return _BY_CODE[code].offered if code in _BY_CODE else code


def asked_of(ask: Ask) -> list[str]:
    """All that matters to an asker, as the ask says it: what a helper has to be able to, and who should come."""
    wished = [Ask.Wish(ask.wish).label] if ask.wish else []
    return [str(words) for words in (*(asked(code) for code in ask.needs), *wished)]
