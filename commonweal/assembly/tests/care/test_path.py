"""The path: what its reader does, step by step, and what time does when they don't."""

from datetime import timedelta

import pytest

from commonweal.assembly import tasks
from commonweal.assembly.actions import end_mandates_of
from commonweal.assembly.care import actions
from commonweal.assembly.care.access import (
    measure_by_token,
    measure_for,
    own_measure,
    own_report,
    report_for,
)
from commonweal.assembly.care.errors import (
    MeasureNotFound,
    MeasureOver,
    MeasureThere,
    NobodyToActOn,
    NotThereYet,
    NotWished,
    NotYourReader,
    ReportClosed,
    ReportNotFound,
    TakesTwo,
    ToldWithoutAccount,
    TooLong,
)
from commonweal.assembly.care.models import Measure, Report, Said, StepTaken
from commonweal.assembly.care.queries import cares_of, openings_of
from commonweal.assembly.models import Mandate
from commonweal.assembly.tests.care.cast import SECRET, Role, fresh, hold, person, told, walk
from commonweal.base.eventlog import story_of
from commonweal.base.models import Event
from commonweal.members import actions as members
from commonweal.members.apart import blocked_ids
from commonweal.members.models import Block, KeptOut, Member
from commonweal.members.queries import contact_points
from commonweal.messaging.models import Message
from commonweal.networks.tests.cast import NOON

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
BEFORE = ("listen", "safe", "talk", "meet")


@pytest.fixture
def report(harbor, carol, alma, ben):
    """Alma tells Carol of Ben, and wants something done."""
    return told(harbor, carol, by=alma, about=ben, letters=True)


def verbs(thing):
    return [event.verb for event in story_of(thing)]


def letters(template):
    return Message.objects.filter(template=template)


class TestSteps:
    def test_each_has_its_time_and_the_next_one_follows(self, report, carol, hand):
        due = []
        for step in ("listen", "safe", "talk", "meet", "follow"):
            assert report.step == step
            due.append((report.step_due_at - NOON) / HOUR)
            report = walk(report, step)
        assert due == [48, 48, 168, 168, 30 * 24]
        assert report.step == "done"
        assert letters("care_news").count() == 5

    def test_an_old_page_or_a_second_press_changes_nothing(self, report):
        walk(report, "safe")
        walk(report, "listen")
        walk(report, "listen")
        assert [taken.step for taken in StepTaken.objects.all()] == ["listen"]
        report = walk(fresh(report), "safe", "talk", "meet", "follow", "done")
        assert StepTaken.objects.count() == 5

    def test_only_its_reader_takes_them(self, report, dora, ben, alma):
        for other in (dora, ben, alma):
            with pytest.raises(ReportNotFound):
                actions.take_step(report=report, by=other, step="listen", how="done")
        assert not StepTaken.objects.exists()

    def test_words_for_the_owner_and_notes_of_ones_own(self, report, carol, alma):
        actions.answer_owner(report=report, by=carol, words="I believe you.")
        actions.note(report=report, by=carol, words="Ask Dora about the door.")

        assert [(one.by, one.words) for one in Said.objects.order_by("at", "id")] == [
            ("reader", "I believe you."),
            ("note", "Ask Dora about the door."),
        ]
        (letter,) = letters("care_news")
        assert "believe" not in str(letter.context)
        assert letter.to == "alma@example.org"

    def test_every_look_is_on_record_for_the_owner(self, report, carol, hand):
        actions.open_report(report=report, by=carol)
        hand.advance(HOUR)
        actions.open_report(report=report, by=carol)

        assert [(look.who, look.at) for look in openings_of(report)] == [
            ("Carol", NOON + HOUR),
            ("Carol", NOON),
        ]
        members.leave(member=carol)
        assert openings_of(report)[0].who == "somebody who has left"

    def test_it_is_handed_on_only_when_its_owner_agrees(self, report, carol, dora, ben):
        with pytest.raises(NotYourReader):
            actions.propose_hand_over(report=report, by=carol, to=ben)
        actions.propose_hand_over(report=report, by=carol, to=dora)
        with pytest.raises(ReportNotFound):
            report_for(dora, report.pk)

        actions.choose_reader(report=report, reader=dora)
        assert report_for(dora, report.pk) == report
        with pytest.raises(ReportNotFound):
            report_for(carol, report.pk)

    def test_closing_it_ends_everything_to_do(self, report, carol):
        report = actions.close_report(report=report, by=carol, outcome="agreed")

        assert (report.outcome, report.step_due_at, report.erase_at) == ("agreed", None, NOON + 90 * DAY)
        event = story_of(report).get(verb="closed")
        assert event.data == {"kind": "unsafe", "outcome": "agreed"}
        with pytest.raises(ReportClosed):
            actions.note(report=report, by=carol, words="x")
        with pytest.raises(ReportClosed):
            actions.keep_apart(report=report, by=carol, days=3)


class TestLateSteps:
    def test_first_the_reader_then_the_others_and_never_the_one_it_is_about(
        self, harbor, carol, dora, alma, hand
    ):
        hold(alma, Role.CARE_GIVER)
        named = person(harbor, "Ned", Role.CARE_GIVER)
        report = told(harbor, carol, by=alma, about=named)
        assert tasks.nag_late() == 0

        hand.advance(48 * HOUR)
        assert tasks.nag_late() == 1
        assert [letter.to for letter in letters("care_overdue")] == ["carol@example.org"]
        assert not letters("care_passed").exists()
        assert tasks.nag_late() == 0

        hand.advance(DAY)
        tasks.nag_late()
        assert [letter.to for letter in letters("care_passed")] == ["dora@example.org"]
        assert letters("care_overdue").count() == 2
        assert verbs(report) == ["told", "overdue", "overdue"]
        assert SECRET not in str([letter.context for letter in Message.objects.all()])

    def test_a_step_in_time_is_not_called_to_mind(self, report, hand):
        hand.advance(47 * HOUR)
        walk(report, "listen")
        hand.advance(2 * HOUR)
        assert tasks.nag_late() == 0

    def test_where_the_reader_is_gone_the_others_still_hear_of_it(self, report, carol, dora, hand):
        Report.objects.filter(pk=report.pk).update(reader=None)
        hand.advance(48 * HOUR)
        tasks.nag_late()
        hand.advance(DAY)
        tasks.nag_late()
        assert {letter.to for letter in letters("care_passed")} == {"carol@example.org", "dora@example.org"}
        assert not letters("care_overdue").exists()

    def test_two_workers_at_once_call_it_once(self, report, hand):
        hand.advance(48 * HOUR)
        stale = fresh(report)
        actions.nag_late()
        assert actions.background._nag(stale) is False


class TestKeepingApart:
    def test_matching_never_brings_them_together_until_it_ends(self, report, carol, alma, ben, hand):
        actions.keep_apart(report=report, by=carol, days=30)
        assert Block.objects.filter(member=alma, blocked=ben).exists()
        assert not letters("care_held").exists()
        with pytest.raises(MeasureThere):
            actions.keep_apart(report=report, by=carol, days=30)

        hand.advance(30 * DAY)
        assert tasks.end_measures() == 1
        assert not Block.objects.exists()
        assert tasks.end_measures() == 0

    def test_a_block_of_her_own_outlives_it(self, report, carol, alma, ben):
        members.block(member=alma, blocked=ben)
        actions.lift(measure=actions.keep_apart(report=report, by=carol, days=30), by=carol)
        assert Block.objects.count() == 1

    def test_what_she_wants_for_good_meanwhile_outlives_it(
        self, report, carol, alma, ben, django_capture_on_commit_callbacks
    ):
        measure = actions.keep_apart(report=report, by=carol, days=30)
        with django_capture_on_commit_callbacks(execute=True):
            members.block(member=alma, blocked=ben)
        actions.lift(measure=measure, by=carol)
        assert Block.objects.get().blocked == ben

    def test_one_end_does_not_end_another(
        self, harbor, report, carol, alma, ben, django_capture_on_commit_callbacks
    ):
        again = told(harbor, carol, by=alma, about=ben, words="and once more")
        with django_capture_on_commit_callbacks(execute=True):
            first = actions.keep_apart(report=report, by=carol, days=3)
            second = actions.keep_apart(report=again, by=carol, days=30)
        actions.lift(measure=first, by=carol)
        assert Block.objects.exists()
        actions.lift(measure=second, by=carol)
        assert not Block.objects.exists()

    @pytest.mark.parametrize("by_member", [True, False])
    def test_a_block_by_a_contact_from_before_she_joined_outlives_it(
        self, harbor, report, carol, alma, ben, by_member
    ):
        """Alma asked without an account then; whichever of the two wanted never to meet again."""
        contact = contact_points(alma)[0].as_contact
        members.block_contact(member=ben, contact=contact, by_member=by_member)
        measure = actions.keep_apart(report=report, by=carol, days=30)
        assert measure.is_in_force
        actions.lift(measure=measure, by=carol)
        assert blocked_ids(harbor, alma.pk) == {ben.pk}
        assert blocked_ids(harbor, ben.pk) == {alma.pk}

    def test_it_ends_well_when_one_of_them_has_left(self, report, carol, alma, hand):
        measure = actions.keep_apart(report=report, by=carol, days=30)
        members.leave(member=alma)
        assert actions.lift(measure=measure, by=carol).over_at == NOON

    def test_nothing_is_done_for_who_only_wants_to_be_read(self, harbor, carol, alma, ben):
        report = told(harbor, carol, by=alma, about=ben, wish="note")
        with pytest.raises(NotWished):
            actions.keep_apart(report=report, by=carol, days=30)
        actions.change_wish(report=report, wish="talk")
        assert actions.keep_apart(report=report, by=carol, days=30).is_in_force
        with pytest.raises(NotWished):
            actions.hold_back(report=report, by=carol, days=3, words="…")

    def test_two_members_are_needed_and_a_number_of_days(self, harbor, carol, alma, ben, report):
        with pytest.raises(ToldWithoutAccount):
            actions.keep_apart(report=told(harbor, carol, about=ben), by=carol, days=3)
        with pytest.raises(NobodyToActOn):
            actions.keep_apart(report=told(harbor, carol, by=alma), by=carol, days=3)
        for days in (0, 366):
            with pytest.raises(TooLong):
                actions.keep_apart(report=report, by=carol, days=days)
        members.leave(member=ben)
        with pytest.raises(NobodyToActOn):
            actions.keep_apart(report=report, by=carol, days=3)

    def test_only_its_reader_does_anything(self, report, dora, fran):
        for other in (dora, fran):
            with pytest.raises(ReportNotFound):
                actions.keep_apart(report=report, by=other, days=3)
        assert not Measure.objects.exists()


class TestHoldingBack:
    def test_they_are_told_until_when_and_no_name(self, report, carol, ben):
        actions.hold_back(report=report, by=carol, days=7, words="We want to talk with you first.")

        assert fresh(ben).held_until == NOON + 7 * DAY
        (letter,) = letters("care_held")
        assert letter.to == "+14105550123"
        assert "Alma" not in str(letter.context)
        with pytest.raises(MeasureThere):
            actions.hold_back(report=report, by=carol, days=7, words="Again.")

    def test_it_ends_by_itself(self, report, carol, ben, hand):
        actions.hold_back(report=report, by=carol, days=7, words="We want to talk.")
        hand.advance(7 * DAY)
        tasks.end_measures()
        assert (fresh(ben).state, fresh(ben).held_until) == ("active", None)
        assert letters("care_back").count() == 1

    def test_lifting_a_suspension_leaves_it_in_force(self, report, carol, ben, harbor):
        actions.hold_back(report=report, by=carol, days=30, words="We want to talk.")
        measure = suspended(report, carol)
        actions.lift(measure=measure, by=carol)

        assert (fresh(ben).is_out, fresh(ben).is_held) == (False, True)
        assert not letters("care_back").exists()

    def test_and_ending_it_leaves_a_suspension_in_force(self, report, carol, ben):
        held = actions.hold_back(report=report, by=carol, days=3, words="We want to talk.")
        suspended(report, carol)
        actions.lift(measure=held, by=carol)
        assert fresh(ben).is_out


def suspended(report, by, days=10, review=5 * DAY):
    return actions.suspend(
        report=report, by=by, days=days, reason="A knife was shown.", words="We need to look into something.",
        review_at=NOON + review,
    )  # fmt: skip


class TestSuspending:
    def test_at_once_with_a_reason_and_a_way_to_appeal(self, harbor, carol, alma, ben):
        report = told(harbor, carol, by=alma, about=ben, wish="note")
        measure = suspended(report, carol)

        assert fresh(ben).out_until == NOON + 10 * DAY
        (letter,) = letters("care_out")
        assert measure.token_box in letter.context["link"]
        assert measure_by_token(harbor, measure.token_box) == measure

    def test_no_longer_than_the_policy_and_looked_at_within(self, report, carol, ben):
        for days, review in ((15, 5 * DAY), (10, 11 * DAY), (10, timedelta(0))):
            with pytest.raises(TooLong):
                suspended(report, carol, days=days, review=review)
        assert not fresh(ben).is_out

    def test_once(self, report, carol, ben):
        suspended(report, carol)
        with pytest.raises(MeasureThere):
            suspended(report, carol)
        assert Measure.objects.count() == 1

    def test_it_lifts_by_itself(self, report, carol, ben, hand):
        suspended(report, carol)
        hand.advance(10 * DAY)
        tasks.end_measures()
        assert (fresh(ben).state, fresh(ben).out_until) == ("active", None)
        assert not KeptOut.objects.exists()

    def test_ending_it_for_who_has_left_changes_nothing_else(self, report, carol, ben, hand):
        measure = suspended(report, carol)
        members.leave(member=ben)
        assert actions.lift(measure=measure, by=carol).over_at == NOON
        assert KeptOut.objects.count() == 1

    def test_lifting_what_is_over_or_ones_own_is_refused(self, report, carol, ben):
        measure = suspended(report, carol)
        with pytest.raises(TakesTwo):
            actions.lift(measure=measure, by=ben)
        actions.lift(measure=measure, by=carol)
        with pytest.raises(MeasureOver):
            actions.lift(measure=measure, by=carol)


def proposed(report, by, days=90):
    return actions.propose_removal(
        report=report,
        by=by,
        days=days,
        reason="Twice, and no wish to talk.",
        words="We ask you to stay away.",
    )


class TestRemoving:
    def test_not_before_the_path_was_gone(self, report, carol):
        for step in BEFORE:
            with pytest.raises(NotThereYet):
                proposed(report, carol)
            report = walk(report, step)
        assert proposed(report, carol).waits_for_second

    def test_nor_where_nobody_tried_to_talk_with_them(self, report, carol):
        walk(walk(walk(report, "listen", "safe"), "talk", how="unwanted"), "meet")
        with pytest.raises(NotThereYet):
            proposed(report, carol)

    def test_one_proposes_and_nothing_happens(self, report, carol, dora, fran, ben):
        measure = proposed(walk(report, *BEFORE), carol)

        assert not fresh(ben).is_out
        assert {letter.to for letter in letters("care_second")} == {"dora@example.org", "fran@example.org"}
        with pytest.raises(TakesTwo):
            actions.agree_to_removal(measure=measure, by=carol)
        with pytest.raises(TakesTwo):
            actions.refuse_removal(measure=measure, by=carol)
        assert not fresh(ben).is_out

    def test_a_second_agrees_and_their_roles_end(self, report, carol, fran, ben):
        hold(ben, Role.DISPATCHER)
        suspended(report, carol)
        measure = actions.agree_to_removal(measure=proposed(walk(report, *BEFORE), carol), by=fran)

        assert fresh(ben).out_until == NOON + 90 * DAY
        assert not Mandate.objects.in_force(ben.network_id, NOON).filter(member=ben).exists()
        assert Measure.objects.get(kind="suspended").over_at == NOON
        assert letters("care_out").count() == 2
        with pytest.raises(MeasureOver):
            actions.agree_to_removal(measure=measure, by=fran)

    def test_or_does_not_and_it_never_was(self, report, carol, fran, ben):
        measure = actions.refuse_removal(measure=proposed(walk(report, *BEFORE), carol), by=fran)
        assert not measure.waits_for_second
        assert not fresh(ben).is_out
        with pytest.raises(MeasureOver):
            actions.agree_to_removal(measure=measure, by=fran)

    def test_neither_the_one_named_nor_a_dispatcher_nor_a_stranger_is_the_second(
        self, report, carol, ben, hills
    ):
        hold(ben, Role.FOUNDER)
        others = [ben, person(report.network, "Gus", Role.DISPATCHER), person(hills, "Nora", Role.FOUNDER)]
        measure = proposed(walk(report, *BEFORE), carol)
        for other in others:
            with pytest.raises(MeasureNotFound):
                actions.agree_to_removal(measure=measure, by=other)
            with pytest.raises(MeasureNotFound):
                measure_for(other, measure.pk)

    def test_it_lasts_no_longer_than_the_policy_and_lifts_by_itself(self, report, carol, fran, ben, hand):
        report = walk(report, *BEFORE)
        with pytest.raises(TooLong):
            proposed(report, carol, days=181)
        actions.agree_to_removal(measure=proposed(report, carol, days=180), by=fran)
        hand.advance(180 * DAY)
        tasks.end_measures()
        assert (fresh(ben).state, fresh(ben).is_out) == ("active", False)

    def test_a_proposal_nobody_answers_lapses(self, report, carol, ben, hand):
        measure = proposed(walk(report, *BEFORE), carol)
        hand.advance(13 * DAY)
        assert tasks.end_measures() == 0
        hand.advance(DAY)
        assert tasks.end_measures() == 1
        assert not fresh(measure).waits_for_second
        assert actions.background._end(measure) is False
        assert not letters("care_back").exists()

    def test_a_proposal_may_be_taken_back(self, report, carol, ben):
        actions.lift(measure=proposed(walk(report, *BEFORE), carol), by=carol)
        assert not letters("care_back").exists()


class TestAppeals:
    def test_somebody_else_reads_it_and_may_end_it(self, report, carol, dora, ben):
        measure = actions.appeal(measure=suspended(report, carol), words="It was not me.")
        assert [letter.to for letter in letters("care_second")] == ["dora@example.org"]
        with pytest.raises(TakesTwo):
            actions.answer_appeal(measure=measure, by=carol, words="No.", is_lifted=False)

        measure = actions.answer_appeal(measure=measure, by=dora, words="You are right.", is_lifted=True)
        assert not fresh(ben).is_out
        assert fresh(measure).answer == "You are right."
        with pytest.raises(MeasureOver):
            actions.answer_appeal(measure=measure, by=dora, words="Once more.", is_lifted=True)

    def test_or_it_stays_and_the_answer_is_the_last(self, report, carol, dora, ben):
        measure = actions.appeal(measure=suspended(report, carol), words="It was not me.")
        for _press in range(2):
            measure = actions.appeal(measure=measure, words="It was my brother.")
        actions.answer_appeal(measure=measure, by=dora, words="It stays.", is_lifted=False)

        assert fresh(ben).is_out
        assert letters("care_answered").count() == 1
        with pytest.raises(MeasureOver):
            actions.appeal(measure=measure, words="Please.")

    def test_what_nobody_appealed_against_is_not_answered(self, report, carol, dora, fran, ben, alma):
        measure = suspended(report, carol)
        with pytest.raises(MeasureOver):
            actions.answer_appeal(measure=measure, by=dora, words="…", is_lifted=True)
        with pytest.raises(MeasureNotFound):
            actions.answer_appeal(measure=measure, by=alma, words="…", is_lifted=True)
        with pytest.raises(MeasureNotFound):
            actions.answer_appeal(measure=measure, by=ben, words="…", is_lifted=True)


class TestForgetting:
    def test_everything_goes_after_the_days_of_the_policy(self, report, carol, hand):
        actions.note(report=report, by=carol, words="x")
        suspended(walk(report, "listen"), carol, days=5, review=3 * DAY)
        actions.close_report(report=report, by=carol, outcome="heard")
        hand.advance(5 * DAY)
        tasks.end_measures()
        hand.advance(85 * DAY)
        tasks.erase_care()
        assert (Report.objects.count(), Said.objects.count(), StepTaken.objects.count()) == (0, 0, 0)
        assert Measure.objects.count() == 1
        hand.advance(5 * DAY)
        assert tasks.erase_care() == 1
        assert not Measure.objects.exists()
        assert Event.objects.filter(thing="report", verb="closed").exists()

    def test_what_is_open_stays(self, report, hand):
        hand.advance(400 * DAY)
        assert tasks.erase_care() == 0


class TestDoors:
    """Who is given what; everybody else is answered as if it were not there."""

    def test_a_report_is_for_its_reader_while_they_hold_the_role(
        self, harbor, hills, report, carol, dora, fran, ben
    ):
        assert report_for(carol, report.pk) == report
        gus = person(harbor, "Gus", Role.DISPATCHER, Role.STEWARD)
        nora = person(hills, "Nora", Role.CARE_GIVER)
        for other in (dora, fran, ben, gus, nora):
            with pytest.raises(ReportNotFound):
                report_for(other, report.pk)
        end_mandates_of(network=harbor.pk, member=carol.pk)
        with pytest.raises(ReportNotFound):
            report_for(carol, report.pk)

    def test_the_private_link_is_of_one_network(self, harbor, hills, report):
        assert own_report(harbor, report.token_box) == report
        for network, token in (
            (hills, report.token_box),
            (harbor, ""),
            (harbor, "x" * 65),
            (harbor, "wrong"),
        ):
            with pytest.raises(ReportNotFound):
                own_report(network, token)

    def test_an_appeal_is_for_who_was_sent_its_link(self, harbor, hills, report, carol):
        measure = suspended(report, carol)
        assert measure_by_token(harbor, measure.token_box) == measure
        for network, token in (
            (hills, measure.token_box),
            (harbor, ""),
            (harbor, "x" * 65),
            (harbor, "wrong"),
        ):
            with pytest.raises(MeasureNotFound):
                measure_by_token(network, token)

    def test_nobody_learns_of_a_proposal_by_its_link(self, harbor, report, carol):
        measure = proposed(walk(report, *BEFORE), carol)
        with pytest.raises(MeasureNotFound):
            measure_by_token(harbor, measure.token_box)

    def test_a_suspension_is_seen_by_who_began_it_and_after_an_appeal_by_the_others(
        self, report, carol, dora, ben
    ):
        hold(ben, Role.CARE_GIVER)
        measure = suspended(report, carol)
        assert measure_for(carol, measure.pk) == measure
        with pytest.raises(MeasureNotFound):
            measure_for(dora, measure.pk)
        actions.appeal(measure=measure, words="It was not me.")
        assert measure_for(dora, measure.pk) == measure
        with pytest.raises(MeasureNotFound):
            measure_for(ben, measure.pk)

    def test_a_measure_is_ended_by_the_reader_of_its_report(self, harbor, report, carol, dora, ben):
        measure = actions.keep_apart(report=report, by=carol, days=3)
        assert own_measure(carol, measure.pk) == measure
        for other in (dora, ben):
            with pytest.raises(MeasureNotFound):
                own_measure(other, measure.pk)
        with pytest.raises(MeasureNotFound):
            measure_for(carol, measure.pk)
        end_mandates_of(network=harbor.pk, member=carol.pk)
        with pytest.raises(MeasureNotFound):
            own_measure(carol, measure.pk)

    def test_the_list_shows_nobody_what_is_about_themselves(self, report, carol, dora, fran, ben):
        hold(ben, Role.CARE_GIVER)
        measure = proposed(walk(report, *BEFORE), carol)
        mine, others, named = cares_of(carol), cares_of(fran), cares_of(ben)

        assert (mine.reports, mine.to_answer, mine.running) == ([report], [], [measure])
        assert (others.reports, others.to_answer) == ([], [measure])
        assert (named.reports, named.to_answer, named.running) == ([], [], [])
        assert Member.objects.get(pk=ben.pk).state == "active"
