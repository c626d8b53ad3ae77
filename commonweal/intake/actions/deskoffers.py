"""Turning a message into an offer: whoever wrote becomes a member, if they are none yet, and is told."""

from django.db import transaction

from commonweal.base.ids import new_id
from commonweal.exchange.actions import publish_offer
from commonweal.exchange.drafts import OfferDraft
from commonweal.exchange.errors import NotPossibleNow
from commonweal.exchange.models import Offer
from commonweal.intake.actions.correcting import record_correction
from commonweal.intake.actions.deskwork import SOURCES, State, close_draft, supposed_category, to_act_on
from commonweal.intake.actions.deskwork import locked_draft as locked
from commonweal.intake.models import Draft
from commonweal.intake.reading import storing
from commonweal.members.actions import join
from commonweal.members.contacts import Contact
from commonweal.members.models import Member
from commonweal.members.queries import member_for_contact
from commonweal.messaging.actions import queue_message
from commonweal.messaging.port import Address
from commonweal.networks.models import Category


@transaction.atomic
def offer_from_draft(*, draft: Draft, by: Member, said: OfferDraft, contact: Contact | None = None) -> Offer:
    """Turn it into an offer of the member at ``contact``, or at the number or address that the message came from.

    Nobody there yet: they join. A contact that was only typed at the desk stays unconfirmed until they use it. What
    the dispatcher put right is kept for the reading to learn from. Pressed twice it is one offer.

    Raises HeldByAnother, and NotPossibleNow where it was closed as something else or nobody can be reached.
    """
    draft = locked(draft)
    key = f"draft:{draft.pk}"
    if draft.state == State.OFFER:
        return Offer.objects.get(network_id=draft.network_id, source_key=key)
    draft = to_act_on(draft, by)
    inbound = draft.inbound
    offer = publish_offer(
        network=draft.network, member=_giver(draft, said, contact), draft=said, source=SOURCES[inbound.sort],
        source_key=key,
    )  # fmt: skip
    reading = storing.from_json(draft.reading)
    supposed = supposed_category(draft, reading.category.value if reading.category else None)
    chosen = list(Category.objects.filter(network_id=draft.network_id, pk__in=said.categories))
    about = supposed if supposed in chosen else chosen[0]
    assert about is not None
    record_correction(network=draft.network, text=inbound.text, category=about, supposed=supposed, by=by)
    if inbound.sender:
        language = inbound.language or reading.language.value or "en"
        queue_message(
            network=draft.network,
            to=Address(kind=inbound.sender_kind, value=inbound.sender, language=language),
            template="say_offered",
            context={"network": draft.network.name},
            key=f"offered:{draft.pk}",
        )
    close_draft(draft, State.OFFER, by)
    return offer


def _giver(draft: Draft, said: OfferDraft, contact: Contact | None) -> Member:
    inbound = draft.inbound
    came_from = Contact(kind=inbound.sender_kind, value=inbound.sender) if inbound.sender else None
    reached = contact or came_from
    if reached is None:
        raise NotPossibleNow
    return member_for_contact(draft.network, reached) or join(
        network=draft.network, name=said.name, contact=reached, languages=said.languages, language=said.language,
        imported_as=None if reached == came_from else new_id(),
    )  # fmt: skip
