"""The pages: of who told it, of who reads it, of who decides, and of an appeal."""

from datetime import timedelta

import pytest
from django.urls import reverse

from commonweal.assembly.care import actions
from commonweal.assembly.care.models import Measure, Report, Said
from commonweal.assembly.tests.care.cast import SECRET, Role, fresh, person, told, walk
from commonweal.base.eventlog import story_of
from commonweal.members.actions import hold_back, leave
from commonweal.members.tests.cast import sign_in
from commonweal.messaging.models import Message
from commonweal.networks.tests.cast import NOON

DAY = timedelta(days=1)
BEFORE = ("listen", "safe", "talk", "meet")


@pytest.fixture
def report(harbor, carol, dora, alma, ben):
    return told(harbor, carol, by=alma, about=ben, reach="after six")


def to(name, *args):
    return reverse(f"assembly:{name}", args=args)


def suspended(report, carol):
    return actions.suspend(
        report=report,
        by=carol,
        days=9,
        reason="For now.",
        words="We look into something.",
        review_at=NOON + 3 * DAY,
    )


class TestTheOwnersPage:
    def test_it_says_how_it_stands_and_who_looked(self, client, report, carol):
        actions.open_report(report=report, by=carol)
        actions.answer_owner(report=report, by=carol, words="I believe you.")
        actions.note(report=report, by=carol, words="Ask Dora.")
        actions.keep_apart(report=report, by=carol, days=9)
        page = client.get(to("told", report.token_box))
        text = page.content.decode()

        for words in (SECRET, "I believe you.", "Carol", "not brought together"):
            assert words in text
        assert "Ask Dora." not in text
        assert "no-store" in page.headers["Cache-Control"]

    def test_words_wishes_readers_and_the_way_back(self, client, report, dora):
        token = report.token_box
        client.post(to("told_add", token), {"words": "And more."})
        client.post(to("told_wish", token), {"wish": "note"})
        client.post(to("told_reader", token), {"reader": str(dora.pk)})
        report = fresh(report)
        assert (Said.objects.get().words, report.wish, report.reader) == ("And more.", "note", dora)

        assert client.get(to("told_withdraw", token)).status_code == 200
        client.post(to("told_withdraw", token))
        assert fresh(report).outcome == "withdrawn"
        assert "This is closed" in client.get(to("told", token)).content.decode()
        assert client.post(to("told_add", token), {"words": "x"}).status_code == 409

    def test_what_makes_no_sense_is_said_and_changes_nothing(self, client, report, ben):
        token = report.token_box
        for name, said in (
            ("told_add", {"words": " "}),
            ("told_wish", {"wish": "burn"}),
            ("told_reader", {"reader": str(ben.pk)}),
        ):
            assert client.post(to(name, token), said).status_code == 422
        assert client.get(to("told", "nonsense")).status_code == 404
        assert fresh(report).wish == "act"

    def test_it_is_asked_before_it_is_handed_on(self, client, report, carol, dora):
        actions.propose_hand_over(report=report, by=carol, to=dora)
        assert "May" in client.get(to("told", report.token_box)).content.decode()
        client.post(to("told_hand", report.token_box), {"answer": "no"})
        assert (fresh(report).reader, fresh(report).hand_to) == (carol, None)
        actions.propose_hand_over(report=report, by=carol, to=dora)
        client.post(to("told_hand", report.token_box), {"answer": "yes"})
        assert fresh(report).reader == dora

    def test_danger_shows_the_emergency_number(self, client, harbor, carol):
        harbor.emergency = "In danger? Call 911."
        harbor.save()
        assert (
            "Call 911"
            in client.get(to("told", told(harbor, carol, in_danger=True).token_box)).content.decode()
        )


class TestTheReadersPages:
    def test_who_has_no_role_of_care_comes_nowhere(self, client, harbor, report, ben):
        assert client.get(to("care")).status_code == 302
        gus = person(harbor, "Gus", Role.DISPATCHER)
        for member in (ben, gus):
            sign_in(client, member)
            assert client.get(to("care")).status_code == 403
            assert client.get(to("report", report.pk)).status_code == 403

    def test_others_with_a_role_see_nothing_of_it(self, client, report, dora, fran):
        for member in (dora, fran):
            sign_in(client, member)
            assert str(report.pk) not in client.get(to("care")).content.decode()
            assert client.get(to("report", report.pk)).status_code == 404
            assert client.post(to("report_note", report.pk), {"note-words": "x"}).status_code == 404
        assert not Said.objects.exists()

    def test_its_reader_opens_it_which_its_owner_sees(
        self, client, report, carol, django_assert_max_num_queries
    ):
        sign_in(client, carol)
        assert str(report.pk) in client.get(to("care")).content.decode()
        with django_assert_max_num_queries(22):
            text = client.get(to("report", report.pk)).content.decode()
        for words in (SECRET, "Alma", "Ben", "after six"):
            assert words in text
        assert story_of(report).get(verb="opened").actor == carol.pk

    def test_the_path_is_walked(self, client, report, carol, dora):
        sign_in(client, carol)
        client.post(to("report_step", report.pk), {"step": "listen", "how": "done", "words": "She is calm."})
        client.post(to("report_answer", report.pk), {"answer-words": "I believe you."})
        client.post(to("report_note", report.pk), {"note-words": "Ask Dora."})
        client.post(to("report_hand", report.pk), {"hand-reader": str(dora.pk)})
        assert fresh(report).step == "safe"
        assert fresh(report).hand_to == dora
        assert {one.words for one in Said.objects.all()} == {"I believe you.", "Ask Dora."}
        client.post(to("report_close", report.pk), {"outcome": "heard"})
        assert fresh(report).outcome == "heard"
        assert client.post(to("report_close", report.pk), {"outcome": "heard"}).status_code == 409

    @pytest.mark.parametrize(
        ("name", "said"),
        [
            ("report_step", {"step": "listen", "how": "dance"}),
            ("report_answer", {"answer-words": " "}),
            ("report_note", {}),
            ("report_hand", {"hand-reader": "x"}),
            ("report_close", {"outcome": "withdrawn"}),
            ("report_act", {"kind": "apart", "days": "0"}),
            ("report_act", {"kind": "homes", "days": "3"}),
            ("report_act", {"kind": "held", "days": "3"}),
            ("report_act", {"kind": "suspended", "days": "3", "words": "…", "reason": "…", "review": "soon"}),
            (
                "report_act",
                {"kind": "suspended", "days": "3", "words": "…", "reason": "…", "review": "9999-12-31"},
            ),
            (
                "report_act",
                {"kind": "suspended", "days": "3", "words": "…", "reason": "…", "review": "2000-01-01"},
            ),
            ("report_act", {"kind": "removed", "days": "3", "words": "…"}),
        ],
    )
    def test_what_makes_no_sense_is_said_and_changes_nothing(self, client, report, carol, name, said):
        sign_in(client, carol)
        assert client.post(to(name, report.pk), said).status_code == 422
        assert not Measure.objects.exists()
        assert not Said.objects.exists()

    def test_what_is_less_is_offered_first(self, client, report, carol):
        sign_in(client, carol)
        page = client.get(to("report", report.pk)).content.decode()
        places = [
            page.index(f'value="{kind}"') for kind in ("apart", "homes", "held", "suspended", "removed")
        ]
        assert places == sorted(places)

    def test_what_keeps_people_safe_begins_and_ends_here(self, client, report, carol, ben):
        sign_in(client, carol)
        said = {"days": "3", "words": "We need a moment.", "reason": "…", "review": "2026-12-31"}
        for kind in ("apart", "homes", "held"):
            client.post(to("report_act", report.pk), {**said, "kind": kind})
        assert (fresh(ben).is_held_from_homes, fresh(ben).is_held) == (True, True)
        for measure in Measure.objects.all():
            client.post(to("measure_lift", measure.pk))
        assert (fresh(ben).is_held_from_homes, fresh(ben).is_held) == (False, False)
        refused = client.post(to("report_act", report.pk), {**said, "kind": "removed"})
        assert refused.status_code == 409
        assert "A removal comes at the end" in refused.content.decode()
        too_late = client.post(to("report_act", report.pk), {**said, "kind": "suspended"})
        assert too_late.status_code == 400

    def test_a_review_is_on_the_morning_of_its_day(self, client, harbor, report, carol, ben):
        sign_in(client, carol)
        said = {"kind": "suspended", "days": "3", "words": "…", "reason": "…"}
        day = NOON.astimezone(harbor.zone).date()
        client.post(to("report_act", report.pk), {**said, "review": f"{day:%Y-%m-%d}"})
        assert Measure.objects.get().review_at == NOON + timedelta(hours=1)
        Measure.objects.all().delete()
        hold_back(member=ben, until=NOON + DAY)
        client.post(to("report_act", report.pk), {**said, "review": f"{day + DAY:%Y-%m-%d}"})
        assert Measure.objects.get().review_at.astimezone(harbor.zone).hour == 9


class TestRemovalsAndAppeals:
    def test_a_second_person_reads_the_reason_and_nothing_of_what_was_told(
        self, client, report, carol, fran, ben
    ):
        measure = actions.propose_removal(
            report=walk(report, *BEFORE), by=carol, days=90, reason="Twice.", words="Stay away, please."
        )
        sign_in(client, fran)
        assert str(measure.pk) in client.get(to("care")).content.decode()
        text = client.get(to("measure", measure.pk)).content.decode()
        assert "Twice." in text
        assert not [words for words in (SECRET, "Alma", "after six") if words in text]

        client.post(to("measure_agree", measure.pk), {"answer": "yes"})
        assert fresh(ben).is_out

    def test_or_says_no(self, client, report, carol, fran, ben):
        measure = actions.propose_removal(
            report=walk(report, *BEFORE), by=carol, days=90, reason="Twice.", words="Stay away, please."
        )
        sign_in(client, carol)
        assert client.post(to("measure_agree", measure.pk), {"answer": "yes"}).status_code == 403
        sign_in(client, fran)
        client.post(to("measure_agree", measure.pk), {"answer": "no"})
        assert not fresh(ben).is_out
        assert client.post(to("measure_agree", measure.pk), {"answer": "yes"}).status_code in (404, 409)

    def test_an_appeal_is_written_read_and_answered(self, client, report, carol, dora, ben):
        measure = suspended(report, carol)
        link = to("appeal", measure.token_box)
        page = client.get(link).content.decode()
        assert "We look into something." in page
        assert not [words for words in (SECRET, "Alma", "Carol", "For now.") if words in page]
        assert client.post(link, {"words": " "}).status_code == 422
        client.post(link, {"words": "It was not me."})
        assert "is being read" in client.get(link).content.decode()

        sign_in(client, dora)
        assert "It was not me." in client.get(to("measure", measure.pk)).content.decode()
        assert client.post(to("measure_answer", measure.pk), {"words": "…"}).status_code == 422
        client.post(to("measure_answer", measure.pk), {"words": "You are right.", "decision": "lift"})
        assert not fresh(ben).is_out
        answered = client.get(link).content.decode()
        assert "You are right." in answered
        assert "This is over" in answered
        assert client.post(link, {"words": "Thanks."}).status_code == 409

    def test_what_nobody_may_see_is_not_there(self, client, harbor, report, carol, ben):
        measure = suspended(report, carol)
        assert client.get(to("appeal", "nonsense")).status_code == 404
        sign_in(client, person(harbor, "Sue", Role.STEWARD))
        assert client.get(to("measure", measure.pk)).status_code == 404


class TestLetters:
    def test_who_cannot_be_reached_is_not_written_to(self, harbor, carol, alma, ben):
        ben.contact_points.all().delete()
        report = told(harbor, carol, by=alma, about=ben)
        actions.hold_back(report=report, by=carol, days=3, words="…")
        assert not Message.objects.filter(template="care_held").exists()

    def test_a_report_whose_reader_is_gone_is_added_to_all_the_same(self, harbor, carol, alma):
        report = told(harbor, carol, by=alma)
        Report.objects.update(reader=None)
        actions.add_words(report=report, words="Is anybody there?")
        assert Message.objects.filter(template="care_waiting").count() == 1
        leave(member=carol)
        assert Said.objects.count() == 1
