"""One real thing for every address, so that "not found" in the table means that somebody is kept out."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from commonweal.base import clock
from commonweal.gatherings.actions import plan_shift
from commonweal.intake.actions import Media, make_draft, receive
from commonweal.intake.reading import read_message
from commonweal.intake.tests.test_media import photograph
from commonweal.matching.policy import actions as policy
from commonweal.members.contacts import Contact
from commonweal.members.models import Member
from commonweal.messaging.broadcasting import estimate, send_broadcast
from tests.adversary.cast import MONDAY, Side
from tests.adversary.doors import known

#: What a button says besides, where an empty one leads nowhere.
SAID: dict[str, Callable[[Side], dict[str, Any]]] = {
    "matching:put_back": lambda side: {"number": "2"},
    "desk:merge": lambda side: {"into": side.asks["counted"].code},
}


def lay_out(side: Side, on_shift: Member) -> None:
    """What the adversary's cast has not: a message with a picture, news, and a shift and a proposal of one's own."""
    text = "We need groceries tomorrow morning"
    inbound = receive(
        network=side.network,
        channel="test",
        provider_id="1",
        sender=Contact(kind="phone", value="+14105550111"),
        text=text,
        media=[Media(kind="image", content=photograph(), name="hall.jpg")],
    ).inbound
    draft = make_draft(
        network=side.network,
        inbound=inbound,
        reading=read_message(side.network, text, at=clock.now()),
        why="unclear",
    )
    words = {"en": "The hub is open today."}
    news = send_broadcast(
        network=side.network,
        by=on_shift,
        area=None,
        words=words,
        told=estimate(network=side.network, area=None, words=words),
        key="news",
    )
    own_shift = plan_shift(
        member=on_shift, starts_at=MONDAY + timedelta(days=3), ends_at=MONDAY + timedelta(days=3, hours=2)
    )
    trial = policy.try_change(
        network=side.network, by=side.helper, changes={"erase_days": 40}, number=side.network.policy_number
    )
    proposed = policy.propose(trial=trial, by=side.helper, reason="We talked about it.")
    policy.adopt_trial(
        trial=policy.try_change(
            network=side.network,
            by=side.dispatcher,
            changes={"near_m": 1600},
            number=side.network.policy_number,
        ),
        by=side.dispatcher,
        reason="We met and said so.",
    )
    side.network.refresh_from_db()
    side.ids |= {"draft": draft.pk, "news": news.pk, "own shift": own_shift.pk, "own proposal": proposed.pk}


def value_of(side: Side, door: str, argument: str, kind: str) -> str:
    """What stands in the address: the adversary's, or where that fits nothing else in the address, ours."""
    if argument == "code" and door in OF_THE_MET:
        return side.asks["met"].code
    if argument == "pk" and door.startswith("desk:message"):
        return str(side.ids["draft"])
    if (door, argument) in OURS:
        return str(side.ids[OURS[door, argument]])
    return known(side, door, argument, kind)


OF_THE_MET = {"desk:how", "desk:went", "desk:twos", "desk:along", "desk:drop", "desk:back", "desk:longer"}
OURS = {
    ("desk:broadcast_stop", "pk"): "news",
    ("desk:shift_end", "pk"): "own shift",
    ("matching:proposal", "proposal"): "own proposal",
    ("matching:withdraw_proposal", "proposal"): "own proposal",
    ("assembly:give_back", "mandate"): "founder relief",
}
