"""Every address the program answers to, with arguments of every kind."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.converters import get_converters

from commonweal.base.crypto import blind_index
from tests.adversary.cast import Side

JUNK: dict[str, list[str]] = {
    "str": [
        "x", "%00", "%ED%A0%80", "%FF%FE", "%E2%80%AE%E2%80%AC", "..%5C..", "'--", "%0d%0aSet-Cookie:x=1", "{{7*7}}",
        "a" * 3000,
    ],
    "path": ["x", "../x", "%00", "a/" * 1500],
    "int": ["0", "999", "9" * 30],
    "slug": ["x", "-", "a" * 3000],
    "uuid": ["00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff"],
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """One pattern: its name, its pieces of text, and the name and converter of each argument between them."""

    name: str
    route: str
    texts: tuple[str, ...]
    arguments: tuple[tuple[str, str], ...]

    def paths(self, *values: Sequence[str]) -> Iterator[str]:
        """An address for every combination of what the arguments may be."""
        for chosen in product(*values):
            parts = [part for pair in zip(self.texts, chosen, strict=False) for part in pair]
            yield "/" + "".join([*parts, self.texts[-1]])

    def junk(self) -> Iterator[str]:
        """Addresses with made-up arguments, each beside otherwise harmless ones."""
        kinds = [kind for _name, kind in self.arguments]
        for place, kind in enumerate(kinds):
            plain = [[JUNK[other][0]] for other in kinds]
            plain[place] = JUNK[kind]
            yield from self.paths(*plain)

    def of(self, side: Side, *, instead: Side | None = None) -> Iterator[str]:
        """The address of something real; with ``instead``, of something of the other side in each place in turn."""
        yield from self.paths(*([known(side, self.name, *pair)] for pair in self.arguments))
        if instead is None or len(self.arguments) < 2:
            return
        for place, pair in enumerate(self.arguments):
            values = [known(side, self.name, *other) for other in self.arguments]
            values[place] = known(instead, self.name, *pair)
            yield from self.paths(*([value] for value in values))


def doors() -> list[Door]:
    """All of them, as ``config.urls`` has them."""
    return [_door(name, route, pattern) for name, route, pattern in _walk(get_resolver(), "", "")]


def _walk(resolver: URLResolver, spaces: str, route: str) -> Iterator[tuple[str, str, URLPattern]]:
    for entry in resolver.url_patterns:
        whole = route + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield spaces + (entry.name or ""), whole, entry
        else:
            yield from _walk(entry, f"{spaces}{entry.namespace}:" if entry.namespace else spaces, whole)


def _door(name: str, route: str, pattern: URLPattern) -> Door:
    kinds = {type(converter): kind for kind, converter in get_converters().items()}
    converters = pattern.pattern.converters
    texts, rest = [], route
    for argument, converter in converters.items():
        text, _sign, rest = rest.partition(f"<{kinds[type(converter)]}:{argument}>")
        texts.append(text)
    arguments = tuple((argument, kinds[type(converter)]) for argument, converter in converters.items())
    return Door(name=name, route=route, texts=(*texts, rest), arguments=arguments)


def known(side: Side, door: str, argument: str, kind: str) -> str:
    """What of this side an argument may name. An argument that nothing here knows fails the walk, on purpose."""
    if argument == "token":
        return side.tokens[token_of(door)]
    if argument == "code":
        return side.asks["desk" if door.startswith("desk:") else "open"].code
    named: dict[str, Any] = {
        "match": side.matches["agreed"].pk,
        "offer": side.offers["offer"].pk,
        "point": side.ids["point"],
        "device": side.ids["device"],
        "blocked": side.ids["member"],
        "taker": side.ids["member"],
        "other": side.ids["member"],
        "block": side.ids["block"],
        "place": side.ids["place"],
        "passkey": side.ids["passkey"],
        "link": side.tokens["link"],
        "trial": side.ids["trial"],
        "proposal": side.ids["proposal"],
        "pk": side.ids["letter" if "letter" in door else "shift"],
        "name": "baltimore",
        "setup": side.ids["channel"],
        "channel": side.ids["channel"],
        "phone": blind_index("+14105550123", "contact"),
        "position": 0,
        "adapter": "webhook",
        "rest": "message",
        "language": "es",
        "mandate": side.ids["founder dispatcher" if "give_back" in door else "dispatcher relief"],
        "decision": side.ids["decision"],
        "deed": side.ids["deed"],
        "report": side.ids["report"],
        "measure": side.ids["measure"],
        "check_in": side.ids["check_in"],
        "role": "treasurer",
    }
    return str(named[argument])


def token_of(door: str) -> str:
    room, _sign, name = door.rpartition(":")
    if name == "vouch":
        return "vouch"
    if room == "members" and name.startswith("prove"):
        return "prove"
    if room == "members":
        return "contact" if "reach" in name else "sign_in"
    if name in {"can_code", "can_again"}:
        return "offer"
    if room == "matching":
        return "ring"
    if room == "assembly":
        return "appeal" if name == "appeal" else "told"
    if name == "along":
        return "buddy"
    if room == "channels":
        return "channel"
    return "met" if name in OF_ASKERS else "agreed"


OF_ASKERS = {
    "status", "change", "withdraw", "pause", "resume", "keep", "call", "status_went", "status_back",
    "status_instead", "status_write", "status_report", "tell_of_helper", "never_helper", "vouch_helper", "kept",
    "kept_json", "kept_html", "erase_ask",
}  # fmt: skip
