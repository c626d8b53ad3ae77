"""What is written to askers and helpers, and the private links it carries. Called inside the action's transaction."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from commonweal.base import clock
from commonweal.base.eventlog import By
from commonweal.base.lists import in_a_row
from commonweal.exchange import reveal
from commonweal.exchange.models import COMMITTED, Ask, Match, Offer, PassedOn
from commonweal.exchange.reasons import reasons_in_words
from commonweal.exchange.titles import ask_title, offer_title
from commonweal.exchange.whens import meeting, moment, when_met
from commonweal.gatherings.models import Shift
from commonweal.members.contacts import PHONE, Contact
from commonweal.members.models import Member
from commonweal.members.queries import contact_points, push_devices
from commonweal.messaging.actions import cancel_messages, queue_message
from commonweal.messaging.catalogue import CATALOGUE
from commonweal.messaging.port import Address
from commonweal.networks.models import Network

# The doors by which somebody asks who may never see a page.
WITHOUT_PAGES = ("sms", "voice", "phone", "paper")
LATER = ("reminder_asker", "reminder_helper", "how_did_it_go", "return_due")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Somebody to write to, and the language they read. ``contact`` is None for somebody who can't be reached.

    ``others`` are the further ways that they have confirmed: each takes over when the one before it is in vain.
    """

    contact: Contact | None
    language: str
    others: tuple[Contact, ...] = ()

    @property
    def shown(self) -> str:
        """How they are reached, as people read it."""
        return self.contact.shown if self.contact else ""


def ask_link(ask: Ask) -> str:
    """The asker's private link, whole."""
    return _link("exchange:status", ask.token_box)


def match_link(match: Match) -> str:
    """The helper's link, whole."""
    return _link("exchange:invitation", match.token_box)


def asker_name(ask: Ask) -> str:
    """What the asker wants to be called."""
    return ask.called or (ask.by.name if ask.by else "") or _("A neighbour")


def asker(ask: Ask) -> Reader:
    """The asker: by what they wrote on the ask, else as a member."""
    if ask.contact:
        # Who put one contact on an ask may want to hear of it there and nowhere else.
        return Reader(contact=Contact(kind=ask.contact_kind, value=ask.contact), language=ask.language)
    if ask.by is None:
        return Reader(contact=None, language=ask.language)
    return replace(member(ask.by), language=ask.language)


def member(person: Member) -> Reader:
    """A member, by what they put first, then by whatever else they have confirmed, then on their own devices."""
    points = contact_points(person)
    confirmed = [point for point in points[1:] if point.confirmed_at]
    others = [point.as_contact for point in confirmed] + [
        device.as_contact for device in push_devices(person)
    ]
    return Reader(
        contact=points[0].as_contact if points else None,
        language=person.language,
        others=tuple(others),
    )


def received(ask: Ask) -> None:
    """We have it: the code and the private link."""
    _to_asker(ask, "ask_received", about=ask)


def link_again(ask: Ask, *, occasion: str) -> None:
    """The private link once more, for somebody who lost it."""
    _to_asker(ask, "ask_link", about=ask, occasion=occasion)


def merged(ask: Ask) -> None:
    """It goes on in another ask that is the same; of the other one nothing is said."""
    _to_asker(ask, "ask_merged", about=ask, occasion=f"{ask.state_since:%y%m%d%H%M%S}")


def unmerged(ask: Ask) -> None:
    """It was another one after all. Who has not read yet that they were one is not told so any more."""
    cancel_messages(about=ask, templates=("ask_merged",))
    _to_asker(ask, "ask_unmerged", about=ask, occasion=f"{ask.state_since:%y%m%d%H%M%S}")


def still_needed(ask: Ask) -> None:
    """Is it still needed?"""
    _to_asker(ask, "still_needed", about=ask, occasion=f"{ask.state_since:%y%m%d%H%M%S}:{ask.tries}")


def return_due(ask: Ask, match: Match) -> None:
    """The day has come on which a lent thing goes back: both are told."""
    _to_asker(ask, "return_due", about=match, occasion=ask.tries, at=(ask.returns_at or ask.ends_at, None))
    _to_helper(match, "return_due", occasion=ask.tries, at=(ask.returns_at or ask.ends_at, None))


def invited(match: Match, *, send_after: datetime | None = None) -> None:
    """Somebody is invited, and told why it is them; not before ``send_after``."""
    _to_helper(match, "invitation", send_after=send_after)


def taken_back(match: Match, *, was_told: bool) -> None:
    """What was on its way to a helper is stopped; who knew of it is told that nothing is expected of them."""
    cancel_messages(about=match)
    if was_told:
        _to_helper(match, "invitation_taken_back")


def agreed(match: Match) -> None:
    """Both learn how to reach one another, are reminded before, and are asked afterwards how it went."""
    policy, meets_at, meets_until = match.network.policy, *meeting(match)
    cancel_messages(about=match, templates=LATER)
    occasion = f"{meets_at:%y%m%d%H%M}-{meets_until:%y%m%d%H%M}"
    remind_at = meets_at - policy.span("remind_hours")
    for what, send_after in (("agreed", None), ("reminder", remind_at)):
        if send_after is None or send_after > clock.now():
            _to_asker(match.ask, f"{what}_asker", about=match, occasion=occasion, send_after=send_after)
            _to_helper(match, f"{what}_helper", occasion=occasion, send_after=send_after)
    how_did_it_go(match, occasion=occasion, send_after=meets_until + policy.span("ask_how_hours"))


def how_did_it_go(match: Match, *, occasion: object, send_after: datetime | None = None) -> None:
    """Ask both sides how it went."""
    _to_asker(match.ask, "how_did_it_go", about=match, occasion=occasion, send_after=send_after)
    _to_helper(match, "how_did_it_go", occasion=occasion, send_after=send_after)


def over(match: Match) -> None:
    """It was said how it went: nobody is reminded or asked any more."""
    cancel_messages(about=match, templates=LATER)


def dropped(match: Match, said_by: By) -> None:
    """The two won't meet; the search goes on by itself. Who said so knows it."""
    cancel_messages(about=match)
    if said_by != By.ASKER:
        _to_asker(match.ask, "dropped_asker", about=match)
    if said_by != By.HELPER:
        _to_helper(match, "invitation_taken_back")


def changed(match: Match) -> None:
    """What a helper agreed to has changed."""
    _to_helper(match, "ask_changed", occasion=match.ask.version)


def loan_returned(match: Match) -> None:
    """The lent thing is said to be back."""
    cancel_messages(about=match)
    _to_helper(match, "loan_returned")


def passed_on(said: PassedOn) -> None:
    """Hand what one of the two says to the other, with the name and not the number of whoever says it."""
    match, occasion = said.match, said.pk.hex
    if said.by == By.HELPER.value:
        more = {"name": match.member.name, "words": said.words}
        _to_asker(match.ask, "passed_on", about=match, occasion=occasion, more=more)
    else:
        more = {"name": asker_name(match.ask), "words": said.words}
        _to_helper(match, "passed_on", occasion=occasion, more=more)


def offer_check(offer: Offer, *, until: datetime) -> None:
    """Does the offer still stand? It rests from ``until`` on if nobody says so."""
    reader = member(offer.member)
    with translation.override(reader.language):
        names = [link.category.name for link in offer.categories.select_related("category")]
        words = {
            "title": offer_title(offer, names),
            "until": moment(until, offer.network),
            "link": settings.COMMONWEAL_BASE_URL + reverse("exchange:my_offer", args=[offer.pk]),
        }
    _queue(reader, "offer_check", words, about=offer, occasion=f"{clock.now():%y%m%d}")


def desk_alert(ask: Ask, dispatcher: Member) -> None:
    """Nobody looked at it in the time that was promised."""
    reader = member(dispatcher)
    with translation.override(reader.language):
        words = {"title": ask_title(ask), "link": settings.COMMONWEAL_BASE_URL + "/desk/"}
    _queue(reader, "desk_alert", words, about=ask, occasion=f"{dispatcher.pk}:{ask.state_since:%y%m%d%H%M}")


def texts_used_up(shift: Shift, day: uuid.UUID) -> None:
    """The day's text messages are used up: who is on shift knows that the rest waits for tomorrow."""
    reader = member(shift.member)
    with translation.override(reader.language):
        words = {
            "title": _("The text messages of this day are used up"),
            "link": settings.COMMONWEAL_BASE_URL + "/desk/letters/",
        }
    _queue(reader, "desk_alert", words, about=shift, occasion=day.hex)


Span = tuple[datetime, datetime | None]
NOTHING: Mapping[str, str] = {}


def _to_asker(
    ask: Ask,
    template: str,
    *,
    about: Ask | Match,
    occasion: object = "",
    send_after: datetime | None = None,
    at: Span | None = None,
    more: Mapping[str, str] = NOTHING,
) -> None:
    reader = asker(ask)
    with translation.override(reader.language):
        words: dict[str, Any] = {"title": ask_title(ask), "link": ask_link(ask), "code": ask.shown_code}
        if isinstance(about, Match):
            words |= {
                "when": _when(at or meeting(about), ask.network),
                "helper": about.member.name,
                **_reaching(about, reader, member(about.member), by_text=reads_texts(ask), at=send_after),
            }
    words |= more
    _queue(reader, template, words, about=about, occasion=f"asker:{occasion}", send_after=send_after)


def _to_helper(
    match: Match,
    template: str,
    *,
    occasion: object = "",
    send_after: datetime | None = None,
    at: Span | None = None,
    more: Mapping[str, str] = NOTHING,
) -> None:
    ask, reader = match.ask, member(match.member)
    with translation.override(reader.language):
        words: dict[str, Any] = {
            "name": match.member.name,
            "title": ask_title(ask),
            "link": match_link(match),
            "where": ask.area.name if ask.area else "",
            "when": _when(at or meeting(match), ask.network),
            "reasons": in_a_row(reasons_in_words(match.reasons, to_helper=True)),
            "answer_by": moment(match.answer_by, ask.network) if match.answer_by else "",
        }
        if match.state in COMMITTED:
            words |= {
                "asker": asker_name(ask),
                **_reaching(match, reader, asker(ask), by_text=match.by_text, at=send_after),
            }
    words |= more
    _queue(reader, template, words, about=match, occasion=f"helper:{occasion}", send_after=send_after)


def reads_texts(ask: Ask) -> bool:
    """Whether the asker came by a door that has no pages: then a text message says what a page would."""
    return ask.source in WITHOUT_PAGES


def _reaching(
    match: Match, reader: Reader, other: Reader, *, by_text: bool, at: datetime | None
) -> dict[str, Any]:
    """How the reader of a letter reaches the other side; the number itself only for somebody who reads no pages.

    A letter stays where it lies for ever: so it leads to the page, which is masked again in time.
    """
    texts = reader.contact is not None and reader.contact.kind == PHONE
    is_open, relayed = reveal.is_open(match, at), reveal.is_relayed(match)
    return {
        "reach": other.shown if texts and by_text and is_open and not relayed else "",
        "relayed": texts and is_open and relayed,
    }


def _queue(
    reader: Reader,
    template: str,
    words: dict[str, Any],
    *,
    about: Ask | Match | Offer | Shift,
    occasion: str,
    send_after: datetime | None = None,
) -> None:
    if reader.contact is None:
        return
    known = {**words, "network": about.network.name}
    queue_message(
        network=about.network,
        to=Address(kind=reader.contact.kind, value=reader.contact.value, language=reader.language),
        template=template,
        context={name: known[name] for name in CATALOGUE[template].needs},
        key=f"{template}:{about.pk}:{occasion}",
        about=about,
        send_after=send_after,
        others=reader.others,
    )


def _when(span: Span, network: Network) -> str:
    starts, ends = span
    return when_met(starts, ends, network) if ends else moment(starts, network)


def _link(name: str, token: str) -> str:
    return settings.COMMONWEAL_BASE_URL + reverse(name, args=[token])
