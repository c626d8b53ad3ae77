"""Why somebody is asked, in words: "600 m away", "speaks Spanish", "free on Tuesday".

A match keeps its reasons as codes with facts and without personal content; here they become words in the reader's
language. They are said in two voices: about the helper, for whoever chooses, and to the helper, for the invitation.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from babel import Locale, UnknownLocaleError
from babel.units import format_unit
from django.utils import translation
from django.utils.dates import WEEKDAYS
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from commonweal.exchange.needs import offered

Facts = Mapping[str, Any]
Phrases = Callable[[Facts], list[str]]

THEY_ARE_ABLE: dict[str, str | Promise] = {
    "stairs": gettext_lazy("climbs stairs"),
    "step_free": gettext_lazy("can be reached without stairs"),
    "wheelchair": gettext_lazy("has room for a wheelchair or walker"),
    "pets_here": gettext_lazy("is fine with animals"),
    "no_pets": gettext_lazy("comes without animals and their hair"),
    "no_smoke": gettext_lazy("comes without smoke"),
    "mask": gettext_lazy("wears a mask"),
    "calm": gettext_lazy("is at ease with confusion or dementia"),
    "sign": gettext_lazy("signs"),
    "woman": gettext_lazy("is a woman"),
    "man": gettext_lazy("is a man"),
}
THEIR_VEHICLE: dict[str, str | Promise] = {
    "foot": gettext_lazy("comes on foot"),
    "bicycle": gettext_lazy("has a bicycle"),
    "cargo": gettext_lazy("has a cargo bike"),
    "car": gettext_lazy("has a car"),
    "van": gettext_lazy("has a van"),
}
YOUR_VEHICLE: dict[str, str | Promise] = {
    "foot": gettext_lazy("you come on foot"),
    "bicycle": gettext_lazy("you have a bicycle"),
    "cargo": gettext_lazy("you have a cargo bike"),
    "car": gettext_lazy("you have a car"),
    "van": gettext_lazy("you have a van"),
}
THEY_CARRY: dict[int, str | Promise] = {
    2: gettext_lazy("carries boxes, up stairs too"),
    3: gettext_lazy("carries furniture, with others"),
}
YOU_CARRY: dict[int, str | Promise] = {
    2: gettext_lazy("you can carry boxes, up stairs too"),
    3: gettext_lazy("you can carry furniture, with others"),
}


def reasons_in_words(
    reasons: Iterable[Facts], language: str | None = None, *, to_helper: bool = False
) -> list[str]:
    """The reasons as short phrases in ``language`` (the reader's own when None), in the order in which they came.

    ``to_helper`` says them to the helper ("you speak Spanish"), and keeps from them that they know the asker: who
    asks is told on acceptance and not before. A code that has no words any more is left out.
    """
    phrases = TO_HELPER if to_helper else ABOUT_HELPER
    with translation.override(language or translation.get_language()):
        return [
            phrase
            for reason in reasons
            if reason["code"] in phrases
            for phrase in phrases[reason["code"]](reason)
        ]


def distance_in_words(metres: int) -> str:
    """A distance in the reader's language, to 100 m below a kilometre and to a tenth of one above: "600 m"."""
    if metres < 1000:
        return format_unit(metres, "length-meter", "short", locale=_locale())
    return format_unit(round(metres / 1000, 1), "length-kilometer", "short", locale=_locale())


def language_in_words(code: str) -> str:
    """The name of a language in the reader's language; the code itself where it has none."""
    names = _locale().languages
    return names.get(code.replace("-", "_")) or names.get(code.split("-", maxsplit=1)[0]) or code


def _locale() -> Locale:
    try:
        return Locale.parse(translation.get_language() or "en", sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale("en")


def _weekday(facts: Facts) -> str:
    return str(WEEKDAYS[facts["weekday"]])


def _of_table(table: Mapping[Any, str | Promise], key: Any) -> list[str]:
    return [str(table[key])] if key in table else []


def _far_from_them(facts: Facts) -> list[str]:
    if not facts["m"]:
        return [_("close by")]
    return [_("%(distance)s away") % {"distance": distance_in_words(facts["m"])}]


def _far_from_you(facts: Facts) -> list[str]:
    if not facts["m"]:
        return [_("close to you")]
    return [_("%(distance)s from you") % {"distance": distance_in_words(facts["m"])}]


def _their_week(facts: Facts) -> list[str]:
    agreed, most = facts["agreed"], facts["per_week"]
    has = ngettext("has helped once this week", "has helped %(count)s times this week", agreed) % {
        "count": agreed
    }
    limit = ngettext("says up to once a week", "says up to %(count)s times a week", most) % {"count": most}
    return [has if agreed else _("has not helped yet this week"), limit]


def _your_week(facts: Facts) -> list[str]:
    agreed, most = facts["agreed"], facts["per_week"]
    has = ngettext("you have helped once this week", "you have helped %(count)s times this week", agreed)
    limit = ngettext("you said up to once a week", "you said up to %(count)s times a week", most) % {
        "count": most
    }
    return [has % {"count": agreed} if agreed else _("you have not helped yet this week"), limit]


def _they_give(facts: Facts) -> list[str]:
    if facts["quantity"] >= facts["of"]:
        return [_("has as many as are wanted")]
    return [_("has %(quantity)s of the %(of)s wanted") % {"quantity": facts["quantity"], "of": facts["of"]}]


def _you_give(facts: Facts) -> list[str]:
    if facts["quantity"] >= facts["of"]:
        return [_("you have as many as are wanted")]
    return [
        _("you have %(quantity)s of the %(of)s wanted") % {"quantity": facts["quantity"], "of": facts["of"]}
    ]


ABOUT_HELPER: dict[str, Phrases] = {
    "trip": lambda facts: [_("on the same trip as %(codes)s") % {"codes": facts["ask"]}],
    "preferred": lambda facts: [_("did it the last time")],
    "known": lambda facts: [_("has helped here before")],
    "distance": _far_from_them,
    "area_unknown": lambda facts: [_("area unknown")],
    "language": lambda facts: [_("speaks %(language)s") % {"language": language_in_words(facts["language"])}],
    "interpreter": lambda facts: [_("no language in common, somebody must interpret")],
    "free": lambda facts: [_("free on %(weekday)s") % {"weekday": _weekday(facts)}],
    "varies": lambda facts: [_("days vary")],
    "week": _their_week,
    "rested": lambda facts: [_("has not been asked for a week or more")],
    "able": lambda facts: [phrase for code in facts["needs"] for phrase in _of_table(THEY_ARE_ABLE, code)],
    "vehicle": lambda facts: _of_table(THEIR_VEHICLE, facts["vehicle"]),
    "carries": lambda facts: _of_table(THEY_CARRY, facts["load"]),
    "gives": _they_give,
}
TO_HELPER: dict[str, Phrases] = {
    "trip": lambda facts: [_("next door to %(code)s, where you are going") % {"code": facts["ask"]}],
    "preferred": lambda facts: [_("you did it the last time")],
    "distance": _far_from_you,
    "language": lambda facts: [
        _("you speak %(language)s") % {"language": language_in_words(facts["language"])}
    ],
    "interpreter": lambda facts: [_("you have no language in common, somebody must interpret")],
    "free": lambda facts: [_("you are free on %(weekday)s") % {"weekday": _weekday(facts)}],
    "varies": lambda facts: [_("you said that your days vary")],
    "week": _your_week,
    "rested": lambda facts: [_("you have not been asked for a week or more")],
    "able": lambda facts: [_("you said: %(what)s") % {"what": offered(code)} for code in facts["needs"]],
    "vehicle": lambda facts: _of_table(YOUR_VEHICLE, facts["vehicle"]),
    "carries": lambda facts: _of_table(YOU_CARRY, facts["load"]),
    "gives": _you_give,
}
