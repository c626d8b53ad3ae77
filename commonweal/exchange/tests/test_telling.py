"""Telling a care-giver that something was not right, by web: from three pages."""

from datetime import timedelta

import pytest
from django.urls import reverse

from commonweal.assembly.actions import give_mandate
from commonweal.assembly.care.actions import end_measures, erase_old
from commonweal.assembly.care.models import Report
from commonweal.exchange import actions
from commonweal.exchange.errors import CantBeTogether
from commonweal.exchange.tests.cast import MONDAY, member_of
from commonweal.members.actions import leave
from commonweal.members.models import Member
from commonweal.members.tests.cast import sign_in
from commonweal.members.trusting import ContactBlock

DAY = timedelta(days=1)
SAID = {"kind": "unsafe", "words": "He would not leave.", "wish": "act"}


@pytest.fixture
def nia(town):
    """The care-giver."""
    nia = member_of(town.network, "Nia")
    give_mandate(member=nia, role="care_giver", until=MONDAY + 90 * DAY, reason="Assembly")
    return nia


@pytest.fixture
def ask(town):
    return town.ask()


@pytest.fixture
def visit(town, ask, nia):
    return town.agreed(ask, town.rosa)


def of_helper(ask, match):
    return reverse("exchange:tell_of_helper", args=[ask.token_box, match.pk])


def of_asker(match):
    return reverse("exchange:tell_of_asker", args=[match.token_box])


class TestByAnAsker:
    def test_about_a_helper_without_an_account(self, client, town, ask, visit, nia):
        page = client.post(of_helper(ask, visit), {**SAID, "reader": str(nia.pk), "in_danger": "on"})

        report = Report.objects.get()
        assert page.url == reverse("assembly:told", args=[report.token_box])
        assert (report.about, report.about_called, report.reporter) == (town.rosa, "Rosa", None)
        assert (report.reader, report.in_danger, report.source) == (nia, True, visit.pk)

    def test_the_emergency_number_stands_above_it(self, client, ask, visit, town):
        town.network.emergency = "In danger? Call 911."
        town.network.save()
        page = client.get(of_helper(ask, visit)).content.decode()
        assert page.index("Call 911") < page.index("What happened?")

    def test_who_it_is_about_is_not_among_those_who_read(self, client, town, ask, visit, nia):
        give_mandate(member=town.rosa, role="care_giver", until=MONDAY + 90 * DAY, reason="Assembly")
        page = client.get(of_helper(ask, visit)).content.decode()
        assert str(nia.pk) in page
        assert str(town.rosa.pk) not in page
        client.post(of_helper(ask, visit), {**SAID, "reader": str(town.rosa.pk)})
        assert not Report.objects.exists()

    def test_only_of_who_agreed_once(self, client, town, ask, nia):
        invited = town.invited(ask, town.lee)
        assert client.get(of_helper(ask, invited)).status_code == 404
        match = actions.accept_invitation(match=invited)
        actions.drop_out(match=match)
        assert client.get(of_helper(ask, match)).status_code == 200

    def test_where_nobody_could_read_it_one_is_sent_outside(self, client, town, ask, nia):
        town.network.care_outside = "House of Ruth, 410-889-7884"
        town.network.save()
        match = town.agreed(ask, nia)
        page = client.get(of_helper(ask, match)).content.decode()
        assert "House of Ruth" in page
        assert "There is nobody in this network" in page
        assert client.post(of_helper(ask, match), SAID).status_code == 400

    def test_what_is_missing_is_said_and_what_was_typed_stays(self, client, ask, visit):
        page = client.post(of_helper(ask, visit), {"words": "He would not leave."})
        assert page.status_code == 422
        assert "He would not leave." in page.content.decode()

    def test_five_a_day_are_enough(self, client, ask, visit, nia):
        for number in range(5):
            client.post(of_helper(ask, visit), {**SAID, "words": f"{number}.", "reader": str(nia.pk)})
        assert client.post(of_helper(ask, visit), {**SAID, "reader": str(nia.pk)}).status_code == 429
        assert Report.objects.count() == 5


class TestByAHelper:
    def test_about_an_asker_without_an_account(self, client, town, visit, nia):
        client.post(of_asker(visit), {**SAID, "reader": str(nia.pk), "letters": "on"})

        report = Report.objects.get()
        assert (report.about, report.about_called, report.reporter) == (None, "Amina", town.rosa)
        assert report.letters

    def test_about_an_asker_who_is_a_member_though_they_asked_as_nobody(self, client, town, nia):
        ask = town.ask(contact="jo@example.org")
        match = town.agreed(ask, town.rosa)
        client.post(of_asker(match), {**SAID, "reader": str(nia.pk)})
        assert Report.objects.get().about == town.jo

    def test_about_an_asker_who_left_no_contact(self, client, town, nia):
        match = town.agreed(town.ask(contact="", contact_kind=""), town.rosa)
        client.post(of_asker(match), {**SAID, "reader": str(nia.pk)})
        assert Report.objects.get().about is None

    def test_not_of_an_invitation(self, client, town, ask, nia):
        assert client.get(of_asker(town.invited(ask, town.lee))).status_code == 404


class TestByAMember:
    def page(self, client):
        return client.get(reverse("exchange:tell"))

    def test_strangers_sign_in_first(self, client, town):
        assert self.page(client).status_code == 302

    def test_of_whom_they_met_of_who_holds_a_role_or_of_the_network(self, client, town, nia):
        ask = actions.publish_ask(network=town.network, draft=town.draft(), by=town.jo).ask
        town.agreed(ask, town.rosa)
        town.agreed(town.ask(), town.jo)
        sign_in(client, town.jo)
        page = self.page(client).content.decode()

        assert "Rosa" in page
        assert "Nia" in page
        assert "The network itself" in page
        assert "Lee" not in page
        sign_in(client, town.rosa)
        assert str(town.jo.pk) in self.page(client).content.decode()

    def test_it_reaches_the_one_they_choose(self, client, town, nia):
        sign_in(client, town.jo)
        client.post(reverse("exchange:tell"), {**SAID, "about": "network", "reader": str(nia.pk)})
        report = Report.objects.get()
        assert (report.about, report.reporter, report.reader) == (None, town.jo, nia)

    def test_of_the_only_care_giver_a_founder_reads(self, client, town, nia):
        give_mandate(member=town.lee, role="founder", until=MONDAY + 90 * DAY, reason="Assembly")
        sign_in(client, town.jo)
        url = reverse("exchange:tell")
        refused = client.post(url, {**SAID, "about": str(nia.pk), "reader": str(nia.pk)})
        assert refused.status_code == 422
        assert "choose somebody else" in refused.content.decode()

        client.post(url, {**SAID, "about": str(nia.pk), "reader": str(town.lee.pk)})
        assert (Report.objects.get().about, Report.objects.get().reader) == (nia, town.lee)
        not_theirs = client.post(url, {**SAID, "about": "network", "reader": str(town.lee.pk)})
        assert not_theirs.status_code == 400

    def test_not_of_who_has_left_nor_of_themselves(self, client, town, nia, run_commits):
        match = town.agreed(
            actions.publish_ask(network=town.network, draft=town.draft(), by=town.jo).ask, town.rosa
        )
        actions.report_handover(match=match, outcome="done", said_by="asker")
        with run_commits():
            leave(member=town.rosa)
        sign_in(client, town.jo)
        page = self.page(client).content.decode()
        assert str(town.rosa.pk) not in page
        assert str(town.jo.pk) not in page


class TestTheWayThere:
    def test_from_the_page_of_the_ask_the_commitment_and_ones_own(self, client, town, ask, visit):
        assert (
            of_helper(ask, visit)
            in client.get(reverse("exchange:status", args=[ask.token_box])).content.decode()
        )
        commitment = client.get(reverse("exchange:invitation", args=[visit.token_box])).content.decode()
        assert of_asker(visit) in commitment
        sign_in(client, town.jo)
        assert reverse("exchange:tell") in client.get("/me/").content.decode()


class TestWhereTheTwoNeverMeetAgain:
    """Amina asks without an account; one of the two said "never again", and the path is gone all the same."""

    @pytest.fixture(params=["never_asker", "never_helper"])
    def report(self, request, client, ask, visit, nia):
        args = [visit.token_box] if request.param == "never_asker" else [ask.token_box, visit.pk]
        client.post(reverse(f"exchange:{request.param}", args=args))
        assert ContactBlock.objects.get().by_member == (request.param == "never_asker")
        client.post(of_helper(ask, visit), {**SAID, "reader": str(nia.pk)})
        return Report.objects.get()

    def act(self, client, report, kind, **said):
        usual = {"kind": kind, "days": "3", "words": "We want to talk.", "reason": "A knife was shown."}
        return client.post(reverse("assembly:report_act", args=[report.pk]), {**usual, **said})

    def test_every_step_is_taken_and_what_they_wanted_outlives_it(self, client, town, report, nia, hand):
        sign_in(client, nia)
        apart = self.act(client, report, "apart")
        assert apart.status_code == 409
        assert "has no account here" in apart.content.decode()
        for kind in ("homes", "held"):
            assert self.act(client, report, kind).status_code == 302
        for step in ("listen", "safe", "talk", "meet"):
            client.post(reverse("assembly:report_step", args=[report.pk]), {"step": step, "how": "done"})
        assert self.act(client, report, "removed").status_code == 302
        hand.advance(4 * DAY)
        end_measures()
        rosa = Member.objects.get(pk=town.rosa.pk)
        assert (rosa.state, rosa.is_held, rosa.is_held_from_homes) == ("active", False, False)
        with pytest.raises(CantBeTogether):
            actions.pick_from_board(ask=town.ask(), member=rosa)

    def test_closing_and_erasing_it_leaves_them_apart(self, client, town, report, nia, hand):
        sign_in(client, nia)
        client.post(reverse("assembly:report_close", args=[report.pk]), {"outcome": "agreed"})
        hand.advance(100 * DAY)
        erase_old()
        assert not Report.objects.exists()
        draft = {"starts_at": MONDAY + 101 * DAY, "ends_at": MONDAY + 102 * DAY}
        with pytest.raises(CantBeTogether):
            actions.pick_from_board(ask=town.ask(**draft), member=town.rosa)
