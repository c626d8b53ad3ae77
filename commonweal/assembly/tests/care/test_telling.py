"""Telling that something was not right, and what its owner does with it."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from commonweal.assembly.actions import end_mandates_of
from commonweal.assembly.care import actions
from commonweal.assembly.care.errors import NotYourReader, ReportClosed
from commonweal.assembly.care.models import Report, Said
from commonweal.assembly.care.people import readers_for
from commonweal.assembly.care.queries import owners_view
from commonweal.assembly.tests.care.cast import SECRET, Role, fresh, person, told
from commonweal.base.eventlog import story_of
from commonweal.base.models import Event
from commonweal.members.actions import leave, shut_out
from commonweal.messaging.models import Message
from commonweal.networks.tests.cast import NOON

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def names(readers):
    return [member.name for member in readers.members]


def verbs(thing):
    return [event.verb for event in story_of(thing)]


def letters(template):
    return Message.objects.filter(template=template)


class TestWhoMayReadIt:
    def test_care_givers_may_and_nobody_else(self, harbor, carol, dora, fran):
        person(harbor, "Gus", Role.DISPATCHER)

        assert names(readers_for(harbor, but=())) == ["Carol", "Dora"]
        assert readers_for(harbor, but=()).are_care_givers

    def test_never_the_one_it_is_about_nor_who_tells_it(self, harbor, carol, dora, alma):
        assert names(readers_for(harbor, but=(carol.pk, alma.pk))) == ["Dora"]
        with pytest.raises(NotYourReader):
            told(harbor, carol, by=alma, about=carol)
        with pytest.raises(NotYourReader):
            told(harbor, carol, by=carol, about=alma)
        assert not Report.objects.exists()

    def test_where_the_only_care_giver_is_named_the_founders_read_it(self, harbor, carol, fran):
        readers = readers_for(harbor, but=(carol.pk,))

        assert names(readers) == ["Fran"]
        assert not readers.are_care_givers
        assert told(harbor, fran, about=carol).reader == fran

    def test_then_the_stewards_and_then_nobody(self, harbor, carol, alma):
        assert names(readers_for(harbor, but=(carol.pk,))) == []
        person(harbor, "Sue", Role.STEWARD)
        assert names(readers_for(harbor, but=(carol.pk,))) == ["Sue"]

    def test_not_who_is_shut_out_has_left_or_never_held_it(self, harbor, carol, dora, alma):
        shut_out(member=carol, until=NOON + DAY)
        assert names(readers_for(harbor, but=())) == ["Dora"]
        leave(member=dora)
        assert names(readers_for(harbor, but=())) == []
        with pytest.raises(NotYourReader):
            told(harbor, alma)

    def test_not_of_another_network(self, harbor, hills, carol):
        stranger = person(hills, "Nora", Role.CARE_GIVER)
        with pytest.raises(NotYourReader):
            told(harbor, stranger)
        assert told(harbor, carol).reader == carol

    def test_the_database_holds_it_too(self, harbor, carol, dora, ben):
        report = told(harbor, carol, about=ben)
        for change in ({"about": carol}, {"about": dora, "hand_to": dora}):
            with pytest.raises(IntegrityError), transaction.atomic():
                Report.objects.filter(pk=report.pk).update(**change)


class TestTelling:
    def test_the_reader_has_two_days_and_is_told_without_a_word_of_it(self, harbor, carol, alma, ben):
        report = told(harbor, carol, by=alma, about=ben)

        assert (report.step, report.step_due_at) == ("listen", NOON + 48 * HOUR)
        (letter,) = letters("care_waiting")
        assert letter.to == "carol@example.org"
        assert SECRET not in str(letter.context)
        assert "Ben" not in str(letter.context)

    def test_whoever_is_in_danger_does_not_wait_for_two_days(self, harbor, carol):
        assert told(harbor, carol, in_danger=True).step_due_at == NOON + 4 * HOUR

    def test_the_log_says_neither_who_nor_of_whom(self, harbor, carol, alma, ben):
        told(harbor, carol, by=alma, about=ben)

        (event,) = Event.objects.filter(thing="report")
        assert event.actor is None
        assert not {str(alma.pk), str(ben.pk), SECRET} & set(map(str, event.data.values()))

    def test_the_words_are_locked(self, harbor, carol, ben):
        told(harbor, carol, about=ben)
        with transaction.get_connection().cursor() as cursor:
            cursor.execute("SELECT words, about_called, token_box FROM assembly_report")
            row = cursor.fetchone()
        assert SECRET not in str(row)

    def test_without_an_account_nobody_is_written_to(self, harbor, carol):
        report = told(harbor, carol, letters=True)
        actions.answer_owner(report=report, by=carol, words="I am here.")

        assert not report.letters
        assert not letters("care_news").exists()


class TestItsOwner:
    def test_adds_words_which_the_reader_is_told_of_once(self, harbor, carol, alma):
        report = told(harbor, carol, by=alma)
        actions.add_words(report=report, words="And another thing.")

        assert [one.words for one in Said.objects.all()] == ["And another thing."]
        assert letters("care_waiting").count() == 1

    def test_pressed_twice_it_is_once(self, harbor, carol, alma):
        report = told(harbor, carol, by=alma)
        assert told(harbor, carol, by=alma) == report
        for _press in range(2):
            actions.add_words(report=report, words="And another thing.")
        assert (Report.objects.count(), Said.objects.count()) == (1, 1)
        assert told(harbor, carol, by=alma, words="Something else.") != report

    def test_wants_more_or_less_to_come_of_it(self, harbor, carol, alma):
        report = told(harbor, carol, by=alma, wish="note")
        assert [step.label for step in owners_view(report).steps] == ["Listen to who told it"]

        report = actions.change_wish(report=report, wish="act")
        assert len(owners_view(report).steps) == 5
        assert verbs(report) == ["told", "wish_changed"]
        actions.change_wish(report=report, wish="act")
        assert verbs(report) == ["told", "wish_changed"]

    def test_lets_somebody_else_read_it(self, harbor, carol, dora, alma, ben):
        report = actions.choose_reader(report=told(harbor, carol, by=alma, about=ben), reader=dora)

        assert fresh(report).reader == dora
        assert {letter.to for letter in letters("care_waiting")} == {"carol@example.org", "dora@example.org"}

    def test_but_not_the_one_it_is_about_nor_a_stranger(self, harbor, carol, dora, alma, ben):
        report = told(harbor, carol, by=alma, about=dora)
        for other in (dora, ben, alma):
            with pytest.raises(NotYourReader):
                actions.choose_reader(report=report, reader=other)
        assert fresh(report).reader == carol

    def test_says_no_to_whom_it_would_be_handed(self, harbor, carol, dora, alma):
        report = told(harbor, carol, by=alma)
        actions.propose_hand_over(report=report, by=carol, to=dora)
        report = actions.choose_reader(report=report, reader=None)

        assert (report.reader, report.hand_to) == (carol, None)

    def test_choosing_the_same_reader_changes_nothing(self, harbor, carol, alma):
        report = told(harbor, carol, by=alma)
        actions.choose_reader(report=report, reader=carol)
        assert verbs(report) == ["told"]

    def test_learns_that_the_reader_holds_no_role_any_more(self, harbor, carol, dora, alma):
        report = told(harbor, carol, by=alma)
        assert not owners_view(report).is_lost
        end_mandates_of(network=harbor.pk, member=carol.pk)
        assert owners_view(fresh(report)).is_lost

    def test_takes_it_back_and_it_is_gone_at_once(self, harbor, carol, alma, ben):
        report = told(harbor, carol, by=alma, about=ben, reach="call me at noon")
        actions.add_words(report=report, words="More.")
        actions.withdraw_report(report=report)
        actions.withdraw_report(report=report)

        report = fresh(report)
        assert (report.words, report.reach, report.about, report.outcome) == ("", "", None, "withdrawn")
        assert not Said.objects.exists()
        assert verbs(report) == ["told", "added", "withdrawn"]
        for late in (
            lambda: actions.add_words(report=report, words="x"),
            lambda: actions.change_wish(report=report, wish="talk"),
            lambda: actions.choose_reader(report=report, reader=carol),
        ):
            with pytest.raises(ReportClosed):
                late()

    def test_who_leaves_is_forgotten_and_what_they_told_is_not(
        self, harbor, carol, alma, ben, django_capture_on_commit_callbacks
    ):
        report = told(harbor, carol, by=alma, about=ben, reach="call me", letters=True)
        with django_capture_on_commit_callbacks(execute=True):
            leave(member=alma)

        report = fresh(report)
        assert (report.reporter, report.reach, report.letters) == (None, "", False)
        assert (report.words, report.about) == (SECRET, ben)
