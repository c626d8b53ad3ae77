"""What matching listens to: each piece of news has a task, and the task searches."""

import pytest
from django_tasks_db.models import DBTaskResult

from commonweal.base import bus
from commonweal.exchange.events import SearchWanted
from commonweal.exchange.models import Match
from commonweal.matching import tasks
from commonweal.members.actions import come_back, pause

NEAR = (15731, -24515)


def waiting():
    """The tasks that wait: their names, and what they are about."""
    return [
        (row.task_path.rsplit(".", 1)[1], row.args_kwargs["args"]) for row in DBTaskResult.objects.ready()
    ]


def test_a_published_ask_is_searched_for_by_the_worker_and_not_in_the_request(town, run_commits):
    town.offer(town.rosa, cell=NEAR)
    with run_commits():
        ask = town.ask()
    assert waiting() == [("search", [str(town.network.pk), str(ask.pk)])]
    assert not Match.objects.exists()


def test_one_that_goes_ahead_is_searched_for_ahead_of_others(town, run_commits):
    ask = town.ask()
    bus.publish(SearchWanted(network=town.network.pk, ask=ask.pk, ahead=1000))
    assert [row.priority for row in DBTaskResult.objects.ready()] == [tasks.HIGHEST, 0]


def test_a_new_offer_has_the_asks_near_by_searched_for(town, run_commits, worker):
    ask = town.ask()
    with run_commits():
        offer = town.offer(town.rosa, cell=NEAR)
    assert waiting()[1:] == [("search_for_offer", [str(town.network.pk), str(offer.pk)])]
    worker.work()
    assert Match.objects.get(ask=ask).member == town.rosa


def test_somebody_who_comes_back_has_their_offers_looked_at(town, run_commits):
    one, other = town.offer(town.rosa, cell=NEAR), town.offer(town.rosa, cell=NEAR)
    pause(member=town.rosa)
    with run_commits():
        come_back(member=town.rosa)
    assert waiting() == [("search_for_offer", [str(town.network.pk), str(o.pk)]) for o in (one, other)]


@pytest.mark.parametrize("task", [tasks.search, tasks.search_for_offer])
def test_news_of_what_is_gone_does_no_harm(town, task):
    task.func(str(town.network.pk), str(town.rosa.pk))
    assert not Match.objects.exists()
    assert waiting() == []
