"""What takes two founders."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from commonweal.assembly import actions, errors
from commonweal.assembly.access import holds_mandate
from commonweal.assembly.models import Decision, Deed, Mandate
from commonweal.assembly.queries import deeds_waiting, founders_of
from commonweal.base.eventlog import story_of
from commonweal.members.actions import leave, shut_out
from commonweal.messaging.models import Message
from commonweal.networks.tests.cast import NOON

pytestmark = pytest.mark.django_db

DAY, YEAR = timedelta(days=1), timedelta(days=365)
What, State, Role = Deed.What, Deed.State, Mandate.Role


def ask(by, what=What.EXPORT):
    return actions.ask_deed(what=what, by=by, reason="We move to another machine.")


def put_forward(by, member, role=Role.TREASURER, until=NOON + YEAR):
    return actions.ask_mandate(by=by, member=member, role=role, until=until, reason="Assembly, 4 May")


def steps(deed):
    return list(story_of(deed).values_list("verb", flat=True))


def test_what_one_founder_asks_and_another_agrees_to_is_done_once(founders, harbor):
    alma, ben = founders

    deed = ask(alma)
    assert deed.waits_for_second
    assert deeds_waiting(harbor) == [deed]
    agreed = actions.agree_deed(deed=deed, by=ben)
    assert agreed.waits_for_doing
    done = actions.use_deed(network=harbor, what=What.EXPORT, code=agreed.shown_code.lower())

    assert (done.pk, done.state) == (deed.pk, State.DONE)
    assert steps(deed) == ["asked", "agreed", "done"]
    with pytest.raises(errors.DeedNeeded):
        actions.use_deed(network=harbor, what=What.EXPORT, code=agreed.code)
    decision = Decision.objects.get(does="allows")
    assert (decision.by, decision.agreed_by, decision.way, decision.what) == (alma, ben, "two", "export")
    assert deeds_waiting(harbor) == []


def test_the_other_founders_are_written_to(founders):
    alma, ben = founders

    ask(alma, What.ERASE)

    (letter,) = Message.objects.filter(template="second_wanted")
    assert letter.to == ben.contact_points.get().value
    assert letter.context["name"] == alma.name
    assert "2026" in letter.context["until"]


def test_who_asked_cannot_be_the_second(founders, harbor):
    alma, _ben = founders
    deed = ask(alma)

    with pytest.raises(errors.TakesTwo):
        actions.agree_deed(deed=deed, by=alma)
    with pytest.raises(errors.DeedNeeded):
        actions.use_deed(network=harbor, what=What.EXPORT, code=deed.code)
    with pytest.raises(IntegrityError), transaction.atomic():
        Deed.objects.filter(pk=deed.pk).update(agreed_by=alma)

    assert steps(deed) == ["asked"]


def test_who_is_no_founder_asks_agrees_and_calls_off_nothing(founders, dora, cleo):
    deed = ask(founders[0])

    for stranger in (dora, cleo):
        with pytest.raises(errors.NoMandate):
            ask(stranger)
        with pytest.raises(errors.NoMandate):
            actions.agree_deed(deed=deed, by=stranger)
        with pytest.raises(errors.NoMandate):
            actions.cancel_deed(deed=deed, by=stranger)

    assert steps(deed) == ["asked"]


def test_nobody_agrees_in_the_name_of_who_is_no_founder_any_more(founders, harbor):
    alma, ben = founders
    deed = ask(alma)
    actions.give_back(mandate=Mandate.objects.get(member=alma), by=alma)

    with pytest.raises(errors.AskerNoFounder):
        actions.agree_deed(deed=deed, by=ben)


@pytest.mark.parametrize("who", [0, 1])
def test_both_are_founders_still_when_it_is_done(founders, harbor, dora, who):
    deed = actions.agree_deed(deed=ask(founders[0]), by=founders[1])
    actions.give_mandate(member=dora, role=Role.FOUNDER, until=NOON + YEAR, reason="Assembly")
    actions.give_back(mandate=Mandate.objects.get(member=founders[who]), by=founders[who])

    with pytest.raises(errors.DeedNeeded):
        actions.use_deed(network=harbor, what=What.EXPORT, code=deed.code)


@pytest.mark.parametrize("agreed", [False, True])
def test_it_is_over_by_itself(founders, harbor, hand, agreed):
    alma, ben = founders
    deed = ask(alma)
    if agreed:
        actions.agree_deed(deed=deed, by=ben)
    hand.advance(7 * DAY)

    deed.refresh_from_db()
    assert not deed.is_open
    with pytest.raises(errors.DeedOver):
        actions.agree_deed(deed=deed, by=ben)
    with pytest.raises(errors.DeedOver):
        actions.cancel_deed(deed=deed, by=ben)
    with pytest.raises(errors.DeedNeeded):
        actions.use_deed(network=harbor, what=What.EXPORT, code=deed.code)
    assert ask(alma).waits_for_second


def test_any_founder_calls_it_off(founders, harbor):
    alma, ben = founders
    for by in (alma, ben):
        deed = actions.agree_deed(deed=ask(alma), by=ben)
        actions.cancel_deed(deed=deed, by=by)

        assert steps(deed) == ["asked", "agreed", "called_off"]
        with pytest.raises(errors.DeedNeeded):
            actions.use_deed(network=harbor, what=What.EXPORT, code=deed.code)


def test_the_same_is_not_asked_for_twice_at_a_time(founders):
    alma, ben = founders
    ask(alma)

    with pytest.raises(errors.AlreadyAsked):
        ask(ben)
    ask(ben, What.KEY)


@pytest.mark.parametrize("reason", ["", "  ", "a" * 301])
def test_it_has_a_reason(founders, reason):
    with pytest.raises(errors.MandateUnexplained):
        actions.ask_deed(what=What.KEY, by=founders[0], reason=reason)
    with pytest.raises(ValueError, match="not done by a command"):
        actions.ask_deed(what=What.GIVE, by=founders[0], reason="Because.")


def test_a_code_opens_what_it_was_agreed_for_in_its_own_network(founders, harbor, hills):
    deed = actions.agree_deed(deed=ask(founders[0]), by=founders[1])
    for network in (hills, harbor):
        with pytest.raises(errors.DeedNeeded):
            actions.use_deed(network=network, what=What.ERASE, code=deed.code)
    with pytest.raises(errors.DeedNeeded):
        actions.use_deed(network=hills, what=What.EXPORT, code=deed.code)
    for junk in ("", "x", "222222", "\x00"):
        with pytest.raises(errors.DeedNeeded):
            actions.use_deed(network=harbor, what=What.EXPORT, code=junk)


def test_the_only_founder_decides_alone_and_the_record_says_so(alma, harbor):
    actions.give_mandate(member=alma, role=Role.FOUNDER, until=NOON + YEAR, reason="She began it.")

    deed = ask(alma)

    assert (deed.state, deed.agreed_by) == (State.AGREED, None)
    assert Decision.objects.get(does="allows").way == "alone"
    actions.use_deed(network=harbor, what=What.EXPORT, code=deed.code)
    assert not Message.objects.filter(template="second_wanted").exists()


def test_what_one_decided_alone_falls_when_a_second_founder_comes(alma, harbor, dora):
    actions.give_mandate(member=alma, role=Role.FOUNDER, until=NOON + YEAR, reason="She began it.")
    deed = ask(alma)
    actions.give_mandate(member=dora, role=Role.FOUNDER, until=NOON + YEAR, reason="Assembly")

    with pytest.raises(errors.DeedNeeded):
        actions.use_deed(network=harbor, what=What.EXPORT, code=deed.code)


@pytest.mark.parametrize("count", [0, 1])
def test_whoever_keeps_the_machine_needs_no_code_where_there_are_no_two_founders(alma, harbor, count):
    if count:
        actions.give_mandate(member=alma, role=Role.FOUNDER, until=NOON + YEAR, reason="She began it.")

    done = actions.use_deed(network=harbor, what=What.KEY, code="")

    assert (done.state, done.asked_by, steps(done)) == (State.DONE, None, ["done"])
    assert Decision.objects.get(does="allows").way == "keeper"


def test_a_suspended_founder_is_not_left_out(founders, harbor):
    alma, ben = founders
    shut_out(member=ben, until=NOON + 9 * DAY)

    deed = ask(alma)

    assert deed.waits_for_second
    assert founders_of(harbor) == {alma.pk, ben.pk}
    with pytest.raises(errors.DeedNeeded):
        actions.use_deed(network=harbor, what=What.EXPORT, code="")


def test_a_founder_who_left_is_none(founders, harbor):
    alma, ben = founders
    leave(member=ben)

    assert founders_of(harbor) == {alma.pk}
    assert ask(alma).state == State.AGREED


def test_what_did_not_work_may_be_done_again(founders, harbor):
    deed = actions.agree_deed(deed=ask(founders[0]), by=founders[1])
    with (
        pytest.raises(OSError, match="full"),
        actions.allowed(network=harbor, what=What.EXPORT, code=deed.code),
    ):
        raise OSError("full")
    with actions.allowed(network=harbor, what=What.EXPORT, code=deed.code):
        pass

    assert steps(deed) == ["asked", "agreed", "done", "fell_through", "done"]


def test_a_role_is_given_when_the_second_agrees(founders, dora):
    alma, ben = founders

    deed = put_forward(alma, dora)
    assert not holds_mandate(dora, Role.TREASURER)
    actions.agree_deed(deed=deed, by=ben)

    assert holds_mandate(dora, Role.TREASURER)
    mandate = Mandate.objects.get(role=Role.TREASURER)
    decision = Decision.objects.get(pk=mandate.decision)
    assert (decision.way, decision.by, decision.agreed_by, decision.member) == ("two", alma, ben, dora)
    assert story_of(mandate).get().actor == alma.pk
    assert Message.objects.filter(template="mandate_given", about_id=mandate.pk).count() == 1


def test_nobody_gives_themselves_a_role_alone_where_there_is_a_second_founder(founders):
    alma, _ben = founders
    actions.stand(member=alma, role=Role.STEWARD)

    deed = put_forward(alma, alma, Role.STEWARD)

    with pytest.raises(errors.TakesTwo):
        actions.agree_deed(deed=deed, by=alma)
    assert not holds_mandate(alma, Role.STEWARD)


def test_who_did_not_say_they_would_is_given_nothing(founders, dora):
    alma, ben = founders
    with pytest.raises(errors.NotStanding):
        put_forward(alma, ben)
    deed = put_forward(alma, dora)
    actions.stand_back(member=dora, role=Role.TREASURER)

    with pytest.raises(errors.NotStanding):
        actions.agree_deed(deed=deed, by=ben)
    deed.refresh_from_db()
    assert deed.waits_for_second
    with pytest.raises(errors.MandateTooLong):
        put_forward(alma, dora, until=NOON)


def test_a_role_is_ended_when_the_second_agrees(founders, dora):
    alma, ben = founders
    mandate = actions.give_mandate(member=dora, role=Role.STEWARD, until=NOON + YEAR, reason="Assembly")
    deed = actions.ask_end(by=alma, mandate=mandate, reason="We agreed on a pause.")
    assert holds_mandate(dora, Role.STEWARD)

    actions.agree_deed(deed=deed, by=ben)

    assert not holds_mandate(dora, Role.STEWARD)
    assert Decision.objects.get(does="ends").words == "We agreed on a pause."


def test_a_role_that_is_over_meanwhile_is_not_ended_again(founders, dora):
    alma, ben = founders
    mandate = actions.give_mandate(member=dora, role=Role.STEWARD, until=NOON + YEAR, reason="Assembly")
    deed = actions.ask_end(by=alma, mandate=mandate, reason="We agreed on a pause.")
    actions.give_back(mandate=mandate, by=dora)

    with pytest.raises(errors.MandateOver):
        actions.agree_deed(deed=deed, by=ben)


def test_one_founder_does_not_put_the_other_out(founders):
    alma, ben = founders
    deed = actions.ask_end(
        by=alma, mandate=Mandate.objects.get(member=ben), reason="I would rather be alone."
    )

    with pytest.raises(errors.TakesTwo):
        actions.agree_deed(deed=deed, by=alma)
    assert holds_mandate(ben, Role.FOUNDER)


def test_decisions_are_for_good(founders):
    decision = Decision.objects.first()
    assert decision is not None
    decision.words = "Something else"

    with pytest.raises(TypeError):
        decision.save()
    with pytest.raises(TypeError):
        decision.delete()
    with pytest.raises(TypeError):
        Decision.objects.update(words="Something else")
    with pytest.raises(TypeError):
        Decision.objects.all().delete()
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE assembly_decision SET words = ''")
