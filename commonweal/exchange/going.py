"""What is known and written about helpers on the way: who goes along, who is missed, and what each is told."""

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from commonweal.assembly.care.people import holders
from commonweal.assembly.models import Mandate
from commonweal.exchange import notices
from commonweal.exchange.homes import AT_HOME
from commonweal.exchange.models import COMMITTED, Ask, Buddy, CheckIn, Match
from commonweal.exchange.titles import ask_title
from commonweal.exchange.whens import moment
from commonweal.gatherings.queries import shift_now
from commonweal.members.contacts import Contact
from commonweal.members.models import Member
from commonweal.messaging.actions import cancel_messages, queue_message
from commonweal.messaging.port import Address
from commonweal.networks.models import Network

S = Match.State
Watcher = CheckIn.Watcher


def is_home_visit(ask: Ask) -> bool:
    """Whether somebody goes into another's home for it."""
    return ask.nature in AT_HOME and bool(ask.place)


def buddy_of(match: Match) -> Buddy | None:
    """Who goes along."""
    return Buddy.objects.filter(network_id=match.network_id, match=match).select_related("member").first()


def needs_buddy(match: Match) -> bool:
    """Whether the policy wants somebody to go along: on the first visits to homes, unless another has agreed too.

    As long as it does, the helper sees the area and not the exact place.
    """
    first = match.network.policy.home_pairs
    if not first or not is_home_visit(match.ask) or buddy_of(match) is not None or _another_goes(match):
        return False
    visits = Match.objects.filter(
        network_id=match.network_id,
        member=match.member_id,
        state__in=[S.DONE, S.PARTLY],
        ask__nature__in=AT_HOME,
    )
    return visits.count() < first


def _another_goes(match: Match) -> bool:
    """Whether somebody else has agreed to come to the same."""
    others = Match.objects.filter(network_id=match.network_id, ask=match.ask_id, state__in=COMMITTED)
    return match.ask.hands > 1 and others.exclude(pk=match.pk).exists()


def check_in_of(match: Match) -> CheckIn | None:
    """The helper's way that isn't over."""
    return CheckIn.objects.filter(network_id=match.network_id, match=match, over_at=None).first()


def missed(network: Network) -> list[CheckIn]:
    """Helpers who aren't back and of whom somebody was told; the longest missed first."""
    rows = CheckIn.objects.filter(network=network, alarmed_at__isnull=False, over_at=None)
    asks = ("match__member", "match__ask__category", "match__ask__area")
    return list(rows.select_related("match", "match__ask", *asks).order_by("back_by", "id"))


def two_come(match: Match, buddy: Buddy) -> None:
    """The asker is told who comes along."""
    ask = match.ask
    reader = notices.asker(ask)
    with translation.override(reader.language):
        words = {
            "helper": match.member.name,
            "name": buddy.name,
            "title": ask_title(ask),
            "link": notices.ask_link(ask),
        }
    _write(reader, "buddy_comes", words, about=match, occasion=f"{buddy.pk}:{buddy.member_id or ''}")


def ask_whether_back(check_in: CheckIn, match: Match) -> None:
    """The helper is asked whether they are back."""
    reader = notices.member(match.member)
    with translation.override(reader.language):
        words = {
            "title": ask_title(match.ask),
            "until": moment(check_in.back_by, match.network),
            "link": notices.match_link(match),
        }
    _write(reader, "late_reminder", words, about=check_in, occasion=f"{check_in.back_by:%y%m%d%H%M}")


def alarm(check_in: CheckIn, match: Match) -> None:
    """Whoever the helper chose is told: who it is, how to reach them, roughly where, since when; nothing of the ask."""
    if check_in.watcher == Watcher.DESK:
        for member in _on_duty(match.network):
            _call_desk(check_in, match, member)
        return
    reader = _watcher(check_in, match)
    with translation.override(reader.language):
        words = {
            "name": match.member.name,
            "phone": notices.member(match.member).shown,
            "where": match.ask.area.name if match.ask.area else match.network.name,
            "until": moment(check_in.back_by, match.network),
        }
    _write(reader, "late_alarm", words, about=check_in, occasion=f"{check_in.back_by:%y%m%d%H%M}")


def back(check_in: CheckIn) -> None:
    """They are back: what was on its way to say otherwise isn't sent."""
    cancel_messages(about=check_in)


def _watcher(check_in: CheckIn, match: Match) -> notices.Reader:
    buddy = buddy_of(match)
    if check_in.watcher == Watcher.BUDDY and buddy is not None and buddy.member is not None:
        return notices.member(buddy.member)
    contact = Contact(kind=check_in.contact_kind, value=check_in.contact) if check_in.contact else None
    return notices.Reader(contact=contact, language=match.member.language)


def _on_duty(network: Network) -> list[Member]:
    """Who is on shift; where nobody is, every dispatcher."""
    return [shift.member for shift in shift_now(network)] or holders(network, Mandate.Role.DISPATCHER)


def _call_desk(check_in: CheckIn, match: Match, dispatcher: Member) -> None:
    reader = notices.member(dispatcher)
    with translation.override(reader.language):
        words = {
            "title": _("%(name)s isn't back yet") % {"name": match.member.name},
            "link": settings.COMMONWEAL_BASE_URL + "/desk/",
        }
    _write(
        reader, "desk_alert", words, about=check_in, occasion=f"{dispatcher.pk}:{check_in.back_by:%y%m%d%H%M}"
    )


def _write(
    reader: notices.Reader, template: str, words: dict[str, str], *, about: Match | CheckIn, occasion: str
) -> None:
    if reader.contact is None:
        return
    network = about.network
    queue_message(
        network=network,
        to=Address(kind=reader.contact.kind, value=reader.contact.value, language=reader.language),
        template=template,
        context={**words, "network": network.name},
        key=f"{template}:{about.pk}:{occasion}",
        about=about,
        others=reader.others,
    )
