"""What the exchange does about news from the rooms below."""

from django.db import transaction

from commonweal.base.bus import subscribe
from commonweal.exchange import notices
from commonweal.exchange.actions import (
    free_commitments,
    let_go,
    part,
    stand_back,
    stand_back_from_homes,
    stand_back_unvouched,
)
from commonweal.gatherings.queries import shift_now
from commonweal.members.events import (
    KeptApart,
    MemberHeldFromHomes,
    MemberLeft,
    MemberPaused,
    MemberShutOut,
)
from commonweal.members.models import Member
from commonweal.messaging.events import TextsUsedUp
from commonweal.networks.events import VouchesWanted
from commonweal.networks.models import Category, Network


@subscribe(MemberLeft)
def free_what_they_held(news: MemberLeft) -> None:
    """Somebody left: others are found for what they had agreed to."""
    member = Member.objects.filter(network_id=news.network, pk=news.member).first()
    if member is not None:
        let_go(member=member)


@subscribe(MemberPaused)
def ask_others(news: MemberPaused) -> None:
    """Somebody takes a break: what they are being asked is put to others."""
    member = Member.objects.filter(network_id=news.network, pk=news.member).first()
    if member is not None:
        stand_back(member=member)


@subscribe(MemberHeldFromHomes)
def ask_others_at_home(news: MemberHeldFromHomes) -> None:
    """Somebody isn't to help at homes for a time: what they are being asked there is put to others."""
    member = Member.objects.filter(network_id=news.network, pk=news.member).first()
    if member is not None:
        stand_back_from_homes(member=member)


@subscribe(MemberShutOut)
def find_others(news: MemberShutOut) -> None:
    """Somebody can't take part for a time: others are found for what they had agreed to."""
    member = Member.objects.filter(network_id=news.network, pk=news.member).first()
    if member is not None:
        free_commitments(member=member)


@subscribe(KeptApart)
def end_what_is_on_its_way(news: KeptApart) -> None:
    """Two are to be kept apart: neither is asked for the other any more."""
    part(network_id=news.network, helper=news.member, asker=news.other)
    part(network_id=news.network, helper=news.other, asker=news.member)


@subscribe(VouchesWanted)
def ask_who_is_vouched_for(news: VouchesWanted) -> None:
    """A kind of thing wants helpers who are vouched for: who isn't is not asked any more, and others are."""
    category = Category.objects.filter(network_id=news.network, pk=news.category).first()
    if category is not None:
        stand_back_unvouched(category=category)


@subscribe(TextsUsedUp)
def tell_the_desk(news: TextsUsedUp) -> None:
    """No more text messages today: who is on shift knows it."""
    with transaction.atomic():
        for shift in shift_now(Network.objects.get(pk=news.network)):
            notices.texts_used_up(shift, news.day)
