"""When two see how to reach one another, and what is left of it before and after."""

import pytest

from commonweal.base.eventlog import By
from commonweal.exchange import actions, reveal
from commonweal.exchange.queries import ask_status, invitation
from commonweal.exchange.tests.cast import DAY, HOUR, MONDAY, fresh, letters
from commonweal.members.contacts import Contact
from commonweal.members.models import ContactPoint
from commonweal.networks.actions import change_policy

ENDS = MONDAY + 2 * DAY + 8 * HOUR
NUMBER, SHOWN = "+14105550123", "+1 410-555-0123"


def policy(town, **changes):
    change_policy(network=town.network, changes=changes, reason="The assembly wants it.")


@pytest.fixture
def match(town):
    return town.agreed(town.ask(), town.rosa)


def seen(match):
    """What each side reads of the other: the helper, and the asker."""
    match = fresh(match)
    theirs = invitation(match).reach
    ours = [*ask_status(match.ask).commitments, *ask_status(match.ask).helped]
    return (
        theirs.contact.value if theirs and theirs.contact else "",
        ours[0].reach.contact.value if ours and ours[0].reach.contact else "",
    )


BOTH, NEITHER = ("amina@example.org", "rosa@example.org"), ("", "")


class TestWindow:
    def test_is_open_from_the_yes_until_a_day_after_the_agreed_time(self, match, hand):
        assert seen(match) == BOTH
        hand.move_to(ENDS + DAY - HOUR)
        assert seen(match) == BOTH
        hand.advance(HOUR)
        assert seen(match) == NEITHER
        reach = invitation(fresh(match)).reach
        assert (reach.name, reach.masked) == ("Amina", "a•••@•••.org")
        assert reach.closed == "It is closed again, because the agreed time is over."
        assert (reach.place, reach.words, reach.destination, reach.seen) == ("", "", "", ())

    def test_opens_so_many_hours_before_where_the_members_want_it(self, town, hand):
        policy(town, reveal_before_hours=2)
        match = town.agreed(town.ask(), town.rosa)
        assert seen(match) == NEITHER
        assert invitation(match).reach.closed == "It opens Wednesday 12:00."
        hand.move_to(MONDAY + 2 * DAY + 2 * HOUR)
        assert seen(match) == BOTH

    @pytest.mark.parametrize(("outcome", "open_for"), [("done", 24), ("partly", 24), ("missed", 0)])
    def test_after_it_was_done_a_word_of_thanks_is_possible(self, match, hand, outcome, open_for):
        hand.move_to(ENDS - HOUR)
        actions.report_handover(match=match, outcome=outcome, said_by=By.HELPER)
        assert reveal.is_open(fresh(match)) == bool(open_for)
        hand.advance(open_for * HOUR)
        assert not reveal.is_open(fresh(match))

    def test_what_was_done_before_it_opened_stays_open_as_long(self, town, hand):
        policy(town, reveal_before_hours=2)
        match = town.agreed(town.ask(), town.rosa)
        actions.report_handover(match=match, outcome="done", said_by=By.ASKER)
        assert reveal.is_open(fresh(match))

    def test_what_is_lent_is_reached_until_it_is_back(self, town, hand):
        ask = town.ask(category=town.borrow.pk, returns_at=ENDS + 2 * DAY)
        match = town.agreed(ask, town.rosa)
        hand.move_to(ENDS)
        actions.report_handover(match=match, outcome="done", said_by=By.HELPER)
        hand.advance(20 * DAY)
        assert reveal.is_open(fresh(match))
        actions.return_loan(match=match, said_by=By.HELPER)
        hand.advance(DAY)
        assert not reveal.is_open(fresh(match))

    def test_who_drops_out_or_never_agreed_sees_nothing(self, town, match):
        invited = town.invited(town.ask(), town.lee)
        actions.drop_out(match=match, said_by=By.ASKER)
        for one in (invited, match):
            assert reveal.window_of(fresh(one)) is None
            assert invitation(fresh(one)).reach is None


class TestRelayed:
    @pytest.mark.parametrize("who", ["asker", "member", "helper", "policy"])
    def test_one_of_them_is_enough_and_then_neither_learns_the_other_s(self, town, who):
        said = {"reached": "relayed"} if who == "asker" else {}
        if who == "policy":
            policy(town, reached="relayed")
        published = actions.publish_ask(network=town.network, draft=town.draft(**said), by=town.sam)
        for member in {"member": [town.sam], "helper": [town.rosa]}.get(who, []):
            member.reached = "relayed"
            member.save()
        match = fresh(town.agreed(published.ask, town.rosa))
        assert seen(match) == NEITHER
        reach = invitation(match).reach
        assert (reach.is_relayed, reach.is_open, reach.masked) == (True, True, "a•••@•••.org")
        assert reach.place == "2901 Guilford Avenue"

    def test_who_says_otherwise_is_reached_directly_where_both_do(self, town):
        policy(town, reached="relayed")
        town.rosa.reached = "direct"
        town.rosa.save()
        assert seen(town.agreed(town.ask(reached="direct"), town.rosa)) == BOTH


class TestLetters:
    """A number goes into a text message only, and only to somebody who came by texts."""

    @pytest.fixture
    def phones(self, town):
        ContactPoint.objects.filter(member=town.rosa).update(kind="phone", value=NUMBER)

    def asked(self, town, **about):
        draft = town.draft(contact_kind="phone", contact="+14105550124")
        return actions.publish_ask(network=town.network, draft=draft, **about).ask

    @pytest.mark.parametrize(("source", "told"), [("web", ""), ("sms", SHOWN), ("voice", SHOWN)])
    def test_to_the_asker(self, town, phones, source, told):
        town.agreed(self.asked(town, source=source), town.rosa)
        assert letters("agreed_asker").get().context["reach"] == told

    @pytest.mark.parametrize(("by_text", "told"), [(False, ""), (True, "+1 410-555-0124")])
    def test_to_the_helper(self, town, phones, by_text, told):
        match = town.invited(self.asked(town), town.rosa)
        actions.accept_invitation(match=match, by_text=by_text)
        assert letters("agreed_helper").get().context["reach"] == told
        assert letters("reminder_helper").get().context["reach"] == told

    def test_not_before_it_opens_and_never_where_it_is_relayed(self, town, phones):
        policy(town, reveal_before_hours=1)
        match = town.invited(self.asked(town), town.rosa)
        actions.accept_invitation(match=match, by_text=True)
        assert letters("agreed_helper").get().context["reach"] == ""
        policy(town, reached="relayed", reveal_before_hours=0)
        town.network.refresh_from_db()
        again = town.invited(self.asked(town), town.rosa)
        agreed = actions.accept_invitation(match=again, by_text=True)
        context = letters("agreed_helper").get(about_id=agreed.pk).context
        assert (context["reach"], context["relayed"]) == ("", True)


@pytest.mark.parametrize(
    ("kind", "value", "masked"),
    [
        ("phone", NUMBER, "+1 410 ••• ••23"),
        ("phone", "+4520123456", "+45 •• •• •• 56"),
        ("phone", "+12345", "+1 ••45"),
        ("phone", "12345", "•••"),
        ("email", "nia@example.org", "n•••@•••.org"),
    ],
)
def test_a_mask_says_whose_it_is_to_its_owner_and_nothing_to_others(kind, value, masked):
    assert Contact(kind=kind, value=value).masked == masked
