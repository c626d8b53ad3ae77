"""What is written to people about roles and about what takes two. Called inside the action's transaction."""

import uuid
from collections.abc import Collection
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format

from commonweal.assembly.models import Deed, Mandate
from commonweal.base.tenancy import TenantModel
from commonweal.members.models import Member
from commonweal.members.queries import contact_points
from commonweal.messaging.actions import queue_message
from commonweal.messaging.port import Address

TOLD = (Mandate.Role.FOUNDER, Mandate.Role.STEWARD)


def mandate_given(mandate: Mandate) -> None:
    """To its holder: what they hold now, until when, and that they may give it back."""
    member = mandate.member
    with translation.override(member.language):
        words = {"role": mandate.get_role_display(), **_until(mandate), "link": _link("assembly:mandates")}
    _queue(member, "mandate_given", words, about=mandate, occasion="given")


def mandate_ends(mandate: Mandate, now: datetime) -> None:
    """To its holder, and to the founders and stewards: it ends by itself soon, and renewing it is a new decision."""
    occasion = f"{mandate.tell_at:%y%m%d%H%M}"
    link = _link("assembly:mandates")
    held = Mandate.objects.in_force(mandate.network_id, now).filter(role__in=TOLD).select_related("member")
    others = {one.member_id: one.member for one in held if one.member_id != mandate.member_id}
    for reader in (mandate.member, *others.values()):
        with translation.override(reader.language):
            words = {"role": mandate.get_role_display(), **_until(mandate), "link": link}
        template = "mandate_ends"
        if reader.pk != mandate.member_id:
            template, words["name"] = "mandate_of_other_ends", mandate.member.name
        _queue(reader, template, words, about=mandate, occasion=occasion)


def second_wanted(deed: Deed, founders: Collection[uuid.UUID]) -> None:
    """To the other founders: one of them asks for something that takes two."""
    asker = deed.asked_by.name if deed.asked_by else ""
    for reader in Member.objects.filter(network_id=deed.network_id, pk__in=founders):
        with translation.override(reader.language):
            words = {
                "name": asker,
                "what": deed.get_what_display(),
                "until": _day(deed.ends_at, deed),
                "link": settings.COMMONWEAL_BASE_URL + reverse("assembly:deed", args=[deed.pk]),
            }
        _queue(reader, "second_wanted", words, about=deed, occasion="asked")


def _until(mandate: Mandate) -> dict[str, str]:
    return {"until": _day(mandate.last_moment, mandate)}


def _day(at: datetime, about: TenantModel) -> str:
    return date_format(at.astimezone(about.network.zone), "DATE_FORMAT")


def _link(name: str) -> str:
    return settings.COMMONWEAL_BASE_URL + reverse(name)


def _queue(
    reader: Member, template: str, words: dict[str, str], *, about: TenantModel, occasion: str
) -> None:
    """By what they put first, then by whatever else they have confirmed; who can't be reached reads it on the page."""
    points = contact_points(reader)
    if not points:
        return
    first, *others = points
    queue_message(
        network=about.network,
        to=Address(kind=first.kind, value=first.value, language=reader.language),
        template=template,
        context={**words, "network": about.network.name},
        key=f"{template}:{about.pk}:{reader.pk}:{occasion}",
        about=about,
        others=[point.as_contact for point in others if point.confirmed_at],
    )
