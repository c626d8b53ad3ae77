"""Handing words on between the two who are matched, so that neither needs the other's number."""

from datetime import timedelta

from django.db import transaction

from commonweal.base import clock
from commonweal.base.eventlog import By, record
from commonweal.exchange import notices, reveal
from commonweal.exchange.actions import moving
from commonweal.exchange.errors import NotPossibleNow, TooMuchToPassOn
from commonweal.exchange.models import Match, PassedOn
from commonweal.members.actions import lock_member
from commonweal.members.models import Member, Reached

LONGEST_WORDS = 600
# More than two who settle a meeting need; far less than what would make the network somebody's loudspeaker.
MOST_A_DAY, DAY = 40, timedelta(days=1)
SIDES = (By.ASKER, By.HELPER)


@transaction.atomic
def pass_on(*, match: Match, by: By, words: str, via: str, key: str) -> PassedOn:
    """Hand the words of one side to the other, by the outbox; the same ``key`` again is the same words.

    Raises NotPossibleNow outside of the window in which the two reach one another, or without words, and
    TooMuchToPassOn.
    """
    said = words.strip()[:LONGEST_WORDS]
    if not said:
        raise NotPossibleNow
    row, is_new = _put_down(match, by, said, via, key)
    if is_new:
        notices.passed_on(row)
    return row


@transaction.atomic
def put_through(*, match: Match, by: By, key: str) -> PassedOn:
    """Note that a call of one side is put through to the other. Raises NotPossibleNow, TooMuchToPassOn."""
    return _put_down(match, by, "", PassedOn.Via.CALL, key)[0]


@transaction.atomic
def report_words(*, match: Match, by: By) -> int:
    """Show the desk what the other side said so far, and have a person look; returns how much was new.

    Only what the other side said is shown, and only to the desk. Saying so twice changes nothing.
    """
    match = moving.locked_match(match)
    ask, now = match.ask, clock.now()
    rows = PassedOn.objects.filter(network_id=match.network_id, match=match, reported_at=None)
    shown = rows.exclude(by=by.value).exclude(words="").update(reported_at=now)
    if shown:
        promise = now + ask.network.policy.span("desk_minutes")
        ask.desk_at = min(filter(None, (ask.desk_at, promise)))
        ask.save(update_fields=["desk_at"])
        actor = match.member_id if by == By.HELPER else ask.by_id
        record(ask, "words_reported", by=by, actor=actor, helper=str(match.member_id))
    return shown


@transaction.atomic
def choose_reached(*, member: Member, reached: str) -> Member:
    """Say how one wants to be reached by whoever one is matched with; empty: as is usual in the network."""
    member = lock_member(member)
    if member.reached != reached:
        member.reached = Reached(reached).value if reached else ""
        member.save(update_fields=["reached"])
        record(member, "profile_changed", by=By.MEMBER, actor=member.pk)
    return member


def erase_passed_on() -> int:
    """Forget what was handed on, once the policy's days are over; returns how much."""
    return PassedOn.objects.filter(erase_at__lte=clock.now()).delete()[0]


def _put_down(match: Match, by: By, words: str, via: str, key: str) -> tuple[PassedOn, bool]:
    match = moving.locked_match(match)
    known = PassedOn.objects.filter(network_id=match.network_id, key=key).first()
    if known is not None:
        return known, False
    if by not in SIDES or not reveal.is_open(match):
        raise NotPossibleNow
    now = clock.now()
    mine = PassedOn.objects.filter(network_id=match.network_id, match=match, by=by.value, at__gt=now - DAY)
    if mine.count() >= MOST_A_DAY:
        raise TooMuchToPassOn
    row = PassedOn.objects.create(
        network_id=match.network_id, match=match, by=by.value, via=via, words=words, key=key, at=now,
        erase_at=now + match.network.policy.span("erase_days"),
    )  # fmt: skip
    row.match = match
    actor = match.member_id if by == By.HELPER else match.ask.by_id
    record(match.ask, "passed_on", by=by, actor=actor, match=str(match.pk), via=via)
    return row, True
