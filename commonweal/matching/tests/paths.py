"""Every path by which Rosa may be brought to an ask: the search, the desk, the board, a ring, a series."""

from commonweal.exchange import actions
from commonweal.exchange.drafts import Candidate
from commonweal.exchange.models import Ask
from commonweal.exchange.tests.cast import MONDAY, fresh
from commonweal.matching.actions import invite_candidate, search_for


def search(town, ask):
    search_for(network_id=ask.network_id, ask_id=ask.pk, at=MONDAY)


def desk(town, ask):
    invite_candidate(ask=ask, member_id=town.rosa.pk, dispatcher=town.jo, why="knows")


def desk_anyhow(town, ask):
    actions.invite(ask=ask, candidate=Candidate(member_id=town.rosa.pk), by=town.jo)


def suggest(town, ask):
    actions.propose(ask=ask, candidates=[Candidate(member_id=town.rosa.pk)])


def pick(town, ask):
    actions.pick_from_board(ask=ask, member=fresh(town.rosa))


def ring(town, ask):
    actions.agree_together(pairs=[(ask, Candidate(member_id=town.rosa.pk))])


def series(town, ask):
    Ask.objects.filter(pk=ask.pk).update(preferred=town.rosa)
    search(town, ask)


PATHS = [search, desk, desk_anyhow, suggest, pick, ring, series]
