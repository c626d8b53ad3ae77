"""Trying a change of the policy on the past, proposing it, and putting a proposal in force."""

import contextlib
import dataclasses
import logging
import threading
import uuid
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import Error, connections, transaction
from django.db.models import F, QuerySet

from commonweal.base import bus, clock, eventlog
from commonweal.base.eventlog import By
from commonweal.matching.errors import NoEngine
from commonweal.matching.figures import Figures
from commonweal.matching.models import PolicyProposal, PolicyTrial
from commonweal.matching.policy.access import check_may_end, is_steward
from commonweal.matching.policy.errors import ChangeNotFound, ProposalClosed
from commonweal.matching.policy.events import PolicyTried
from commonweal.matching.policy.queries import lost_trials
from commonweal.matching.policy.sections import REPLAYED
from commonweal.matching.replaying import replay
from commonweal.members.models import Member
from commonweal.networks.actions import LONGEST_REASON, change_policy
from commonweal.networks.errors import NoSuchSetting, NothingChanged, PolicyChangedMeanwhile, Unexplained
from commonweal.networks.models import Network, PolicyVersion
from commonweal.networks.policy import Policy, is_valid

logger = logging.getLogger(__name__)

MONTH = timedelta(days=28)
# Who presses once more within this is shown the trial that is there.
SAME_PRESS = timedelta(minutes=10)
KEPT = timedelta(days=7)
# A trial that is played shows a sign of life so often, in seconds.
BEAT = 5.0
MOST_TRIES = 2

Replay = Callable[..., Figures]
S = PolicyTrial.State


def try_change(*, network: Network, by: Member, changes: Mapping[str, Any], number: int) -> PolicyTrial:
    """Have last month played again under changed settings; ``number`` is of the policy that the member has seen.

    The same change tried again by the same member within ten minutes is the trial that is there. Raises NoSuchSetting,
    PolicyChangedMeanwhile and NothingChanged.
    """
    if not all(is_valid(name, value) for name, value in changes.items()):
        raise NoSuchSetting
    now = clock.now()
    with transaction.atomic():
        locked = Network.objects.select_for_update().get(pk=network.pk)
        if number != locked.policy_number:
            raise PolicyChangedMeanwhile
        in_force = locked.policy
        changed = {name: value for name, value in changes.items() if getattr(in_force, name) != value}
        if not changed:
            raise NothingChanged
        mine = PolicyTrial.objects.filter(network=locked, by=by, number=number, made_at__gt=now - SAME_PRESS)
        standing = mine.exclude(state__in=[S.FAILED, S.STOPPED])
        known = next((trial for trial in standing if trial.changes == changed), None)
        return known or _begin(locked, by, changed, now)


def try_again(*, trial: PolicyTrial, by: Member) -> PolicyTrial:
    """Try the same change on the rules that are in force by now. Raises NothingChanged where they are that already."""
    network = Network.objects.get(pk=trial.network_id)
    return try_change(network=network, by=by, changes=trial.changes, number=network.policy_number)


def stop_trial(*, trial: PolicyTrial, by: Member) -> None:
    """Stop a trial, by who began it or a steward: what is being played is played to the end of a half, for nothing.

    Nothing happens to one that has ended. Raises NotYourTrial.
    """
    check_may_end(trial, by)
    under_way = PolicyTrial.objects.filter(
        pk=trial.pk, network_id=trial.network_id, state__in=PolicyTrial.UNDER_WAY
    )
    with transaction.atomic():
        if under_way.update(state=S.STOPPED):
            eventlog.record(trial, "policy_trial_stopped", by=By.MEMBER, actor=by.pk)


def put_back(*, network: Network, by: Member, number: int) -> PolicyTrial:
    """Try the settings of the change ``number`` as they were before it. Raises ChangeNotFound and NothingChanged."""
    locked = Network.objects.get(pk=network.pk)
    changes = _before_change(network, number)
    return try_change(network=locked, by=by, changes=changes, number=locked.policy_number)


def _begin(network: Network, by: Member, changed: Mapping[str, Any], now: datetime) -> PolicyTrial:
    needed = not REPLAYED.isdisjoint(changed)
    trial = PolicyTrial.objects.create(
        network=network,
        by=by,
        number=network.policy_number,
        changes=dict(changed),
        state=S.WAITING if needed else S.NEEDLESS,
        since=now - MONTH,
        until=now,
        made_at=now,
    )
    eventlog.record(trial, "policy_tried", by=By.MEMBER, actor=by.pk, settings=sorted(changed))
    if needed:
        bus.publish(PolicyTried(network=network.pk, trial=trial.pk))
    return trial


def work_out_waiting() -> int:
    """Play every trial that waits, and those left lying by a process that was killed; returns how many were played."""
    played = 0
    return_lost_trials()
    while (
        trial := PolicyTrial.objects.filter(state=S.WAITING).order_by("made_at", "id").first()
    ) is not None:
        work_out(network_id=trial.network_id, trial_id=trial.pk)
        played += 1
    return played


def return_lost_trials() -> int:
    """Let trials wait again whose process shows no life any more; one that was lost twice is given up.

    Returns how many were lost.
    """
    lost = PolicyTrial.objects.filter(lost_trials(clock.now()))
    given_up = lost.filter(tries__gte=MOST_TRIES).update(state=S.FAILED)
    return given_up + lost.update(state=S.WAITING, done=0)


def work_out(*, network_id: uuid.UUID, trial_id: uuid.UUID, play: Replay = replay) -> None:
    """Play the month before and after the change. Begun twice, it is done once; whatever fails is said on the trial.

    One that was stopped goes no further than the half that was being played. While it goes on the trial shows signs of
    life, so that one whose process was killed is noticed.
    """
    mine = PolicyTrial.objects.filter(network_id=network_id, pk=trial_id)
    begun = {"state": S.RUNNING, "seen_at": clock.now(), "tries": F("tries") + 1}
    if not mine.filter(state=S.WAITING).update(**begun):
        return
    trial = mine.select_related("network").get()
    network = trial.network
    now_in_force = _policy_of(network, trial.number)
    figures: dict[str, Any] = {}
    running = mine.filter(state=S.RUNNING)
    try:
        with showing_life(mine):
            for half, policy in (
                ("before", now_in_force),
                ("after", dataclasses.replace(now_in_force, **trial.changes)),
            ):
                came = play(network, since=trial.since, until=trial.until, policy=policy)
                figures[half] = dataclasses.asdict(came)
                if not running.update(done=len(figures)):
                    return
    except NoEngine:
        running.update(state=S.FAILED)
    except Exception:
        running.update(state=S.FAILED)
        raise
    else:
        running.update(state=S.DONE, figures=figures)


@contextlib.contextmanager
def showing_life(mine: QuerySet[PolicyTrial]) -> Iterator[None]:
    """Renew a trial's sign of life from a thread of its own while it is played."""
    ended = threading.Event()
    thread = threading.Thread(target=_show_life, args=(mine, ended), name="trial", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def _show_life(mine: QuerySet[PolicyTrial], ended: threading.Event) -> None:
    while not ended.wait(BEAT):
        try:
            mine.filter(state=S.RUNNING).update(seen_at=clock.now())
        except Error as error:
            logger.warning("a trial's sign of life was not noted (%s)", type(error).__name__)
        finally:
            connections.close_all()


def _policy_of(network: Network, number: int) -> Policy:
    version = PolicyVersion.objects.get(network=network, number=number)
    return Policy.read(version.values)


def _before_change(network: Network, number: int) -> dict[str, Any]:
    """The settings of a change with the values they had before it; raises ChangeNotFound."""
    versions = PolicyVersion.objects.filter(network=network, number__in=[number - 1, number])
    values = {version.number: dataclasses.asdict(Policy.read(version.values)) for version in versions}
    if len(values) != 2:
        raise ChangeNotFound
    before, after = values[number - 1], values[number]
    return {name: value for name, value in before.items() if after[name] != value}


def adopt_trial(*, trial: PolicyTrial, by: Member, reason: str) -> PolicyVersion:
    """Put what was tried in force, by a steward. Raises as ``change_policy`` does."""
    return change_policy(
        network=trial.network, changes=trial.changes, reason=reason, by=by.pk, number=trial.number
    )


def propose(*, trial: PolicyTrial, by: Member, reason: str) -> PolicyProposal:
    """Propose what was tried; a second press gives the proposal that is there. Raises Unexplained."""
    reason = reason.strip()
    if not 0 < len(reason) <= LONGEST_REASON:
        raise Unexplained
    with transaction.atomic():
        proposal, is_new = PolicyProposal.objects.get_or_create(
            network_id=trial.network_id,
            trial=trial.pk,
            defaults={
                "by": by,
                "number": trial.number,
                "changes": trial.changes,
                "reason": reason,
                "figures": trial.figures,
                "since": trial.since,
                "until": trial.until,
            },
        )
        if is_new:
            eventlog.record(
                proposal, "policy_proposed", by=By.MEMBER, actor=by.pk, settings=sorted(trial.changes)
            )
    return proposal


def adopt_proposal(*, proposal: PolicyProposal, by: Member, reason: str, number: int) -> PolicyVersion:
    """Put a proposal in force, by a steward who has seen the policy of this number.

    Raises ProposalClosed, and what ``change_policy`` raises.
    """
    with transaction.atomic():
        locked = _open(proposal)
        network = Network.objects.get(pk=proposal.network_id)
        version = change_policy(
            network=network, changes=locked.changes, reason=reason, by=by.pk, number=number
        )
        _close(locked, PolicyProposal.State.ADOPTED, by, adopted_number=version.number)
    return version


def withdraw(*, proposal: PolicyProposal, by: Member) -> PolicyProposal:
    """Take a proposal back, by who made it or a steward. Raises NotYours and ProposalClosed."""
    check_may_end(proposal, by)
    with transaction.atomic():
        return _close(_open(proposal), PolicyProposal.State.WITHDRAWN, by)


def _open(proposal: PolicyProposal) -> PolicyProposal:
    """The proposal, locked; raises ProposalClosed."""
    rows = PolicyProposal.objects.select_for_update()
    locked = rows.get(network_id=proposal.network_id, pk=proposal.pk)
    if locked.state != PolicyProposal.State.OPEN:
        raise ProposalClosed
    return locked


def _close(
    proposal: PolicyProposal, state: PolicyProposal.State, by: Member, adopted_number: int | None = None
) -> PolicyProposal:
    proposal.state, proposal.closed_at, proposal.closed_by = state, clock.now(), by.pk
    proposal.adopted_number = adopted_number
    proposal.save(update_fields=["state", "closed_at", "closed_by", "adopted_number"])
    part = By.STEWARD if is_steward(by) else By.MEMBER
    eventlog.record(proposal, f"policy_proposal_{state}", by=part, actor=by.pk)
    return proposal


def forget_trials() -> int:
    """Remove the trials of all networks that are older than a week; returns how many."""
    return PolicyTrial.objects.filter(made_at__lt=clock.now() - KEPT).delete()[0]
