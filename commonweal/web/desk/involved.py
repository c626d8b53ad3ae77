"""Who has to do with an ask already: who is being asked, who said yes, and what can be said of them on the phone."""

from dataclasses import dataclass

from django.urls import reverse

from commonweal.base import clock
from commonweal.exchange.lifecycle import SEARCHING, State
from commonweal.exchange.models import COMMITTED, Ask, Match
from commonweal.exchange.notices import meeting
from commonweal.exchange.whens import moment, when_met

S = Match.State
# What was said once can be set right while the ask is with a person on shift.
SAID = (S.DONE, S.PARTLY, S.MISSED)
SHOWN = (S.INVITED, *COMMITTED, S.SILENT, *SAID)
STEPS_BACK = (*SEARCHING, State.AGREED, State.AFTER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Involved:
    """Somebody who was asked or said yes: ``when`` they meet, or until when they may answer.

    ``can_say`` how it went, ``can_drop`` out, ``is_lent``: what to say of them. Each goes to an address of its own.
    """

    match: Match
    name: str
    state: str
    is_asked: bool
    when: str
    can_say: bool
    can_drop: bool
    is_lent: bool
    how_url: str
    went_url: str
    drop_url: str
    back_url: str
    longer_url: str

    @property
    def has_verbs(self) -> bool:
        """Whether there is anything to say."""
        return self.can_say or self.can_drop or self.is_lent


def involved_in(ask: Ask) -> list[Involved]:
    """Who is being asked or said yes, the oldest first, in one query."""
    matches = Match.objects.filter(network_id=ask.network_id, ask=ask, state__in=SHOWN)
    found = matches.select_related("member").order_by("created_at", "id")
    return [_row(ask, match) for match in found]


def _row(ask: Ask, match: Match) -> Involved:
    match.ask = ask
    starts_at, ends_at = meeting(match)
    answer_by = match.answer_by if match.state == S.INVITED else None
    urls = {
        f"{name}_url": reverse(f"desk:{name}", args=[ask.code, match.pk])
        for name in ("how", "went", "drop", "back", "longer")
    }
    return Involved(
        match=match,
        name=match.member.name,
        state=match.get_state_display(),
        is_asked=answer_by is not None,
        when=moment(answer_by, ask.network) if answer_by else when_met(starts_at, ends_at, ask.network),
        can_say=match.state == S.SILENT
        or (match.state == S.ACCEPTED and starts_at <= clock.now())
        or (match.state in SAID and ask.state == State.DESK),
        can_drop=match.state == S.ACCEPTED and ask.state in STEPS_BACK,
        is_lent=match.state == S.LENT,
        **urls,
    )
