"""What a member does with what they can do or give."""

import uuid
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Sum

from commonweal.base import bus, clock
from commonweal.base.eventlog import By, record
from commonweal.exchange import notices
from commonweal.exchange.actions.moving import DAY, recount_offer, save_offer
from commonweal.exchange.drafts import OfferDraft
from commonweal.exchange.errors import NotPossibleNow, PageWasStale
from commonweal.exchange.events import OfferPublished
from commonweal.exchange.models import GONE, Match, Offer, OfferCategory
from commonweal.members.models import Member
from commonweal.networks.models import Area, Category, Network

State = Offer.State
# Days before an offer rests at which its owner is asked whether it still stands.
ASKED_BEFORE = (7, 1)
SAID = ("summary", "words", "radius_m", "slots", "vehicle", "carries", "quantity", "unit", "is_public")

# What nobody needs any more of an offer that was taken back.
ERASED: dict[str, Any] = {"summary": "", "words": "", "unit": "", "able": [], "cell_y": None, "cell_x": None}


def publish_offer(
    *, network: Network, member: Member, draft: OfferDraft, source: str = "web", source_key: str = ""
) -> Offer:
    """Put an offer up. The same ``source_key`` gives the offer that is there already.

    Raises Category.DoesNotExist or Area.DoesNotExist for a draft of another network.
    """
    offers = Offer.objects.filter(network=network, source=source, source_key=source_key)
    known = offers.first() if source_key else None
    if known:
        return known
    try:
        with transaction.atomic():
            return _publish(network, member, draft, source=source, source_key=source_key)
    except IntegrityError:
        known = offers.first() if source_key else None
        if known is None:
            raise
        return known


def _publish(network: Network, member: Member, draft: OfferDraft, **origin: str) -> Offer:
    now = clock.now()
    offer = Offer(network=network, member=member, confirmed_at=now, **origin)
    _fill(offer, draft)
    offer.quantity_left = offer.quantity
    _stands_from_now(offer)
    offer.save(force_insert=True)
    _file_under(offer, draft.categories)
    record(offer, "published", by=By.MEMBER, actor=member.pk, source=offer.source)
    bus.publish(OfferPublished(network=network.pk, offer=offer.pk))
    return offer


@transaction.atomic
def change_offer(*, offer: Offer, version: int, draft: OfferDraft) -> Offer:
    """Say it anew; ``draft.quantity`` is how many there are to give now. Raises PageWasStale."""
    offer = _locked(offer)
    if offer.version != version:
        raise PageWasStale
    if offer.state == State.WITHDRAWN:
        raise NotPossibleNow
    _fill(offer, draft)
    if offer.quantity:
        helped = Match.objects.filter(network_id=offer.network_id, offer=offer, state__in=GONE)
        offer.quantity += helped.aggregate(total=Sum("quantity"))["total"] or 0
    offer.quantity_left = offer.quantity
    offer.state = State.OPEN if offer.state == State.USED_UP else offer.state
    offer.version += 1
    _stands_from_now(offer)
    offer.save()
    _file_under(offer, draft.categories)
    offer = recount_offer(offer.pk, offer.network_id) or offer
    record(offer, "changed", by=By.MEMBER, actor=offer.member_id)
    bus.publish(OfferPublished(network=offer.network_id, offer=offer.pk))
    return offer


@transaction.atomic
def pause_offer(*, offer: Offer) -> Offer:
    """Take it off the board for a while; what was agreed stands."""
    return _turn(_locked(offer), State.PAUSED, "paused", State.OPEN, State.USED_UP)


@transaction.atomic
def resume_offer(*, offer: Offer) -> Offer:
    """Put it up again."""
    offer = _locked(offer)
    _stands_from_now(offer)
    offer = _turn(offer, State.OPEN, "resumed", State.PAUSED)
    offer = recount_offer(offer.pk, offer.network_id) or offer
    bus.publish(OfferPublished(network=offer.network_id, offer=offer.pk))
    return offer


@transaction.atomic
def withdraw_offer(*, offer: Offer) -> Offer:
    """Take it back for good; what was agreed stands. Its words, and where and who somebody is, are erased at once."""
    offer = _turn(_locked(offer), State.WITHDRAWN, "withdrawn", State.OPEN, State.USED_UP, State.PAUSED)
    for name, nothing in ERASED.items():
        setattr(offer, name, nothing)
    offer.save(update_fields=[*ERASED])
    offer.categories.update(cell_y=None, cell_x=None)
    return offer


@transaction.atomic
def confirm_offer(*, offer: Offer) -> Offer:
    """Its owner says that it still stands; one that rested since it was asked about is put up again."""
    offer = _locked(offer)
    if offer.state == State.PAUSED:
        return resume_offer(offer=offer)
    _stands_from_now(offer)
    save_offer(offer, "confirmed_at", "check_at")
    record(offer, "confirmed", by=By.MEMBER, actor=offer.member_id)
    return offer


@transaction.atomic
def check_offer(*, offer_id: uuid.UUID, network_id: uuid.UUID) -> None:
    """Ask the owner whether the offer still stands, or let it rest when they were asked in vain. Not due: nothing."""
    offers = Offer.objects.select_for_update(of=("self",)).select_related("network", "member")
    offer = offers.filter(network_id=network_id, pk=offer_id, check_at__lte=clock.now()).first()
    if offer is None:
        return
    ends_at = offer.confirmed_at + offer.network.policy.span("offer_days")
    left = ends_at - clock.now()
    if offer.state in (State.PAUSED, State.WITHDRAWN) or left <= DAY * 0:
        _rest(offer)
        return
    coming = [days for days in ASKED_BEFORE if left > days * DAY]
    offer.check_at = ends_at - coming[0] * DAY if coming else ends_at
    offer.save(update_fields=["check_at"])
    record(offer, "asked", by=By.PROGRAM)
    notices.offer_check(offer, until=ends_at)


def _rest(offer: Offer) -> None:
    """Nobody said that it still stands: it is off the board, and not asked about again until it is put up again."""
    offer.check_at = clock.now() + offer.network.policy.span("offer_days")
    if offer.state in (State.OPEN, State.USED_UP):
        offer.state = State.PAUSED
        record(offer, "rested", by=By.PROGRAM)
    save_offer(offer, "state", "check_at")


def _locked(offer: Offer) -> Offer:
    offers = Offer.objects.select_for_update(of=("self",)).select_related("network", "member")
    return offers.get(network_id=offer.network_id, pk=offer.pk)


def _turn(offer: Offer, state: Offer.State, verb: str, *sources: Offer.State) -> Offer:
    """Change the state from one of ``sources``; from itself it stays, from any other NotPossibleNow."""
    if offer.state == state:
        return offer
    if offer.state not in sources:
        raise NotPossibleNow
    offer.state = state
    save_offer(offer, "state", "confirmed_at", "check_at")
    record(offer, verb, by=By.MEMBER, actor=offer.member_id)
    return offer


def _stands_from_now(offer: Offer) -> None:
    offer.confirmed_at = clock.now()
    offer.check_at = offer.confirmed_at + offer.network.policy.span("offer_days") - ASKED_BEFORE[0] * DAY


def _fill(offer: Offer, draft: OfferDraft) -> None:
    for name in SAID:
        setattr(offer, name, getattr(draft, name))
    offer.able = list(draft.able)
    offer.area = Area.objects.get(network=offer.network, pk=draft.area) if draft.area else None
    offer.cell_y, offer.cell_x = draft.cell or (None, None)


def _file_under(offer: Offer, wanted: tuple[uuid.UUID, ...]) -> None:
    """File the offer under these categories, and no others, with what the searches need beside them."""
    categories = list(Category.objects.filter(network=offer.network, pk__in=wanted))
    if len(categories) != len(set(wanted)) or not categories:
        raise Category.DoesNotExist
    is_open = offer.state == State.OPEN
    beside: dict[str, Any] = {
        "cell_y": offer.cell_y, "cell_x": offer.cell_x, "area": offer.area, "created_at": offer.created_at,
        "is_open": is_open, "on_board": is_open and offer.is_public,
    }  # fmt: skip
    OfferCategory.objects.filter(network=offer.network, offer=offer).delete()
    OfferCategory.objects.bulk_create(
        OfferCategory(network=offer.network, offer=offer, category=category, **beside)
        for category in categories
    )
