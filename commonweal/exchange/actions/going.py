"""Going together, and being missed: a buddy, setting out, coming home, and the alarm when somebody doesn't.

Locks: the ask of the match, then the check-in.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from commonweal.base import clock
from commonweal.base.eventlog import By, record
from commonweal.base.ids import new_token, token_hash
from commonweal.exchange import going
from commonweal.exchange.actions import moving
from commonweal.exchange.errors import BuddyWanted, InvitationNotFound, NotPossibleNow
from commonweal.exchange.lifecycle import CLOSED
from commonweal.exchange.models import COMMITTED, LIVE, Buddy, CheckIn, Match
from commonweal.exchange.queries.apart import apart_from
from commonweal.members.actions import lock_member
from commonweal.members.apart import blocked_ids
from commonweal.members.contacts import Contact
from commonweal.members.errors import HasLeft
from commonweal.members.models import Member

Watcher = CheckIn.Watcher
LONGEST = timedelta(hours=24)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
# What nobody settled is settled by nobody any more.
FORGOTTEN_AFTER = timedelta(days=7)
BATCH = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """Who is told when a helper isn't back; ``contact`` of somebody they name."""

    watcher: str = Watcher.DESK
    contact: Contact | None = None


@transaction.atomic
def bring_buddy(*, match: Match, name: str, said_by: By = By.HELPER, actor: uuid.UUID | None = None) -> Buddy:
    """Somebody goes along, known by a first name; the asker is told that two will come. Named anew, it is another one.

    ``said_by`` and ``actor`` say who said so, where the helper told the desk. Raises NotPossibleNow for what isn't
    agreed.
    """
    match = _agreed(match)
    known = Buddy.objects.filter(network_id=match.network_id, match=match)
    for buddy in known:
        if buddy.name == name and buddy.member_id is None:
            return buddy
    known.delete()
    token = new_token()
    buddy = Buddy.objects.create(
        network_id=match.network_id, match=match, name=name, token_hash=token_hash(token), token_box=token
    )
    record(match, "buddy_named", by=said_by, actor=actor or match.member_id)
    going.two_come(match, buddy)
    return buddy


@transaction.atomic
def go_alone(*, match: Match) -> None:
    """Nobody goes along after all. Nothing happens where nobody did."""
    match = moving.locked_match(match)
    if Buddy.objects.filter(network_id=match.network_id, match=match).delete()[0]:
        _nobody_watches(match)
        record(match, "buddy_gone", by=By.HELPER, actor=match.member_id)


@transaction.atomic
def join_as_buddy(*, buddy: Buddy, member: Member) -> Buddy:
    """A member opened the link they were given, and goes along.

    Raises InvitationNotFound for who can't, without saying why: the helper or the asker themselves, who is kept from
    helping, there or at all, and who must not be brought together with one of the two.
    """
    match = _agreed(buddy.match)
    member = lock_member(member)
    two = {match.member_id, match.ask.by_id}
    if member.pk in two | apart_from(match.ask) or member.is_held:
        raise InvitationNotFound
    if match.member_id in blocked_ids(match.network, member.pk):
        raise InvitationNotFound
    fresh = Buddy.objects.select_for_update().filter(network_id=match.network_id, pk=buddy.pk).first()
    if fresh is None or (fresh.member_id and fresh.member_id != member.pk):
        raise InvitationNotFound
    if fresh.member_id is None:
        fresh.member, fresh.name = member, member.name
        fresh.save(update_fields=["member", "name"])
        record(match, "buddy_joined", by=By.MEMBER, actor=member.pk)
        going.two_come(match, fresh)
    return fresh


@transaction.atomic
def set_out(*, match: Match, back_by: datetime, watch: Watch) -> CheckIn:
    """A helper is on the way, and wants to be back by then; said again, it is put off.

    Raises NotPossibleNow for what isn't agreed, a time that is past or more than a day away, or a watcher who isn't
    there, and BuddyWanted where the policy wants nobody to go alone.
    """
    match = _agreed(match)
    if not clock.now() < back_by <= clock.now() + LONGEST:
        raise NotPossibleNow
    if going.needs_buddy(match):
        raise BuddyWanted
    buddy = going.buddy_of(match)
    if watch.watcher == Watcher.BUDDY and (buddy is None or buddy.member_id is None):
        raise NotPossibleNow
    if watch.watcher == Watcher.OTHER and watch.contact is None:
        raise NotPossibleNow
    running = _running(match)
    if running is not None and _is_said_again(running, back_by, watch):
        return running
    check_in = running or CheckIn(network_id=match.network_id, match=match, set_out_at=clock.now())
    check_in.watcher, check_in.back_by = Watcher(watch.watcher), back_by
    check_in.contact_kind = watch.contact.kind if watch.contact else ""
    check_in.contact = watch.contact.value if watch.contact else ""
    check_in.next_at = back_by + match.network.policy.span("late_minutes")
    check_in.asked_at = check_in.alarmed_at = None
    check_in.save()
    record(match, "set_out", by=By.HELPER, actor=match.member_id)
    return check_in


@transaction.atomic
def come_home(*, match: Match) -> None:
    """A helper is back: nobody is told otherwise any more. Nothing happens where they weren't away."""
    match = moving.locked_match(match)
    check_in = _running(match)
    if check_in is not None:
        _end(check_in)
        record(match, "came_home", by=By.HELPER, actor=match.member_id)


@transaction.atomic
def settle_alarm(*, check_in: CheckIn, by: Member) -> None:
    """A person on shift has heard from the helper. Pressed twice, it is once."""
    match = moving.locked_match(check_in.match)
    running = _running(match)
    if running is not None and running.pk == check_in.pk:
        running.settled_by = by
        _end(running)
        record(match, "alarm_settled", by=By.DISPATCHER, actor=by.pk)


def watch_late(*, limit: int = BATCH) -> int:
    """Ask helpers who aren't back, and then tell those they chose; returns how many."""
    due = CheckIn.objects.filter(next_at__lte=clock.now()).select_related("match").order_by("next_at")[:limit]
    return sum(_watch(check_in) for check_in in due)


@transaction.atomic
def _watch(seen: CheckIn) -> bool:
    match = moving.locked_match(seen.match)
    check_in = _running(match)
    if check_in is None or check_in.next_at is None or check_in.next_at > clock.now():
        return False
    if check_in.asked_at is None:
        check_in.asked_at = clock.now()
        check_in.next_at = clock.now() + match.network.policy.span("late_minutes")
        going.ask_whether_back(check_in, match)
        verb = "asked_whether_back"
    else:
        check_in.alarmed_at, check_in.next_at = clock.now(), None
        going.alarm(check_in, match)
        verb = "alarm"
    check_in.save(update_fields=["asked_at", "alarmed_at", "next_at"])
    record(match, verb, by=By.PROGRAM)
    return True


def forget_ways() -> int:
    """Delete who was on the way and who went along, a day after it was over; returns how many."""
    now = clock.now()
    over = CheckIn.objects.filter(over_at__lte=now - DAY) | CheckIn.objects.filter(
        back_by__lte=now - FORGOTTEN_AFTER
    )
    gone = over.delete()[0]
    ended = Buddy.objects.exclude(match__state__in=LIVE) | Buddy.objects.filter(
        match__ask__state__in=sorted(CLOSED)
    )
    return gone + ended.filter(match__meets_until__lte=now - DAY).delete()[0]


def _is_said_again(check_in: CheckIn, back_by: datetime, watch: Watch) -> bool:
    """Whether a button was pressed twice: what it says stands there already."""
    contact = Contact(kind=check_in.contact_kind, value=check_in.contact) if check_in.contact else None
    same = (check_in.watcher, contact) == (watch.watcher, watch.contact)
    return same and check_in.asked_at is None and abs(back_by - check_in.back_by) < MINUTE


def _agreed(match: Match) -> Match:
    match = moving.locked_match(match)
    if match.state not in COMMITTED:
        raise NotPossibleNow
    if match.member.state == Member.State.LEFT:
        raise HasLeft
    return match


def _running(match: Match) -> CheckIn | None:
    rows = CheckIn.objects.select_for_update().filter(network_id=match.network_id, match=match, over_at=None)
    return rows.first()


def _end(check_in: CheckIn) -> None:
    check_in.over_at, check_in.next_at = clock.now(), None
    check_in.contact_kind = check_in.contact = ""
    check_in.save()
    going.back(check_in)


def _nobody_watches(match: Match) -> None:
    """Where the one who went along was to be told, whoever is on shift is."""
    check_in = _running(match)
    if check_in is not None and check_in.watcher == Watcher.BUDDY:
        check_in.watcher = Watcher.DESK
        check_in.save(update_fields=["watcher"])
