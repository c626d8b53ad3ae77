"""Vouching: codes, limits, taking it back, levels, and a ring of ten false accounts that gains nothing."""

from datetime import timedelta

import pytest
from django.urls import reverse

from commonweal.base import clock
from commonweal.base.models import Event
from commonweal.members import actions, seeds, tasks
from commonweal.members.actions.reckoning import is_reckoning_due
from commonweal.members.actions.vouching import BLOCK_LASTS, LASTS, USES
from commonweal.members.contacts import EMAIL, Contact
from commonweal.members.errors import TooManyVouches, VouchCodeOver
from commonweal.members.models import Member
from commonweal.members.tests import cast
from commonweal.members.trusting import ContactBlock, ReachRun, Vouch, VouchCode
from commonweal.members.vouched import shown_by, vouched
from commonweal.networks.actions import change_policy, want_vouched
from commonweal.networks.errors import NotUnderstood
from commonweal.networks.models import Category

pytestmark = pytest.mark.django_db
L = Category.Vouched
NEIGHBOUR, FRIEND = Vouch.How.NEIGHBOUR, Vouch.How.FRIEND


def somebody(network, name):
    contact = Contact(kind=EMAIL, value=f"{name.lower()}@example.net")
    return actions.join(network=network, name=name, contact=contact, languages=["en"])


def people(network, *names):
    return [somebody(network, name) for name in names]


def know(giver, *takers):
    for taker in takers:
        actions.vouch(giver=giver, taker=taker, how=NEIGHBOUR)


def levels(network, *members):
    actions.reckon_levels(network=network)
    found = dict(Member.objects.filter(network=network).values_list("pk", "vouched"))
    return [found[member.pk] for member in members]


@pytest.fixture
def founders(alma, ben, monkeypatch):
    """Alma and Ben hold a role."""
    monkeypatch.setattr(seeds, "_finders", [lambda network: {alma.pk, ben.pk}])
    return alma, ben


class TestACode:
    def test_is_shown_once_and_kept_as_a_hash(self, alma, ben):
        code = actions.show_code(member=alma)
        kept = VouchCode.objects.get()
        assert (kept.member, len(code)) == (alma, 8)
        assert code not in kept.code_hash
        assert shown_by(ben, f"{code[:4]}-{code[4:]}".lower()) == kept

    def test_ends_with_the_next(self, alma, ben):
        first = actions.show_code(member=alma)
        actions.show_code(member=alma)
        with pytest.raises(VouchCodeOver):
            shown_by(ben, first)

    def test_runs_out_and_is_forgotten(self, alma, ben, hand):
        code = actions.show_code(member=alma)
        found = shown_by(ben, code)
        hand.advance(LASTS)
        with pytest.raises(VouchCodeOver):
            shown_by(ben, code)
        with pytest.raises(VouchCodeOver):
            actions.vouch_by_code(giver=ben, code=found, how=FRIEND)
        tasks.forget_vouch_codes()
        assert not VouchCode.objects.exists()

    def test_serves_as_many_as_it_says_and_once_each(self, harbor, alma):
        code, friends = actions.show_code(member=alma), people(harbor, "Dee", "Eli", "Fay", "Gus")
        found = [shown_by(one, code) for one in friends]
        for one in friends[:USES]:
            for _again in range(2):
                actions.vouch_by_code(giver=one, code=found[0], how=FRIEND)
        with pytest.raises(VouchCodeOver):
            actions.vouch_by_code(giver=friends[USES], code=found[3], how=FRIEND)
        with pytest.raises(VouchCodeOver):
            shown_by(friends[USES], code)
        assert Vouch.objects.filter(taker=alma).count() == USES

    @pytest.mark.parametrize("typed", ["", "K7F2", "K7F2-QM9O", "K7F2QM9AA", "K7F2-QM9A"])
    def test_a_made_up_one_leads_nowhere(self, alma, ben, typed):
        actions.show_code(member=alma)
        with pytest.raises(VouchCodeOver):
            shown_by(ben, typed)

    def test_nobody_vouches_for_themselves_for_who_is_kept_apart_or_elsewhere(self, alma, ben, cleo):
        code = actions.show_code(member=alma)
        actions.block(member=alma, blocked=ben)
        for reader in (alma, ben, cleo):
            with pytest.raises(VouchCodeOver):
                shown_by(reader, code)
            with pytest.raises(VouchCodeOver):
                actions.vouch(giver=reader, taker=alma, how=FRIEND)
        assert not Vouch.objects.exists()


class TestAVouch:
    def test_said_twice_is_one_and_says_how_anew(self, alma, ben):
        first = actions.vouch(giver=alma, taker=ben, how=NEIGHBOUR)
        assert actions.vouch(giver=alma, taker=ben, how=FRIEND) == first
        assert Vouch.objects.get().how == FRIEND

    def test_has_a_limit_that_the_policy_sets(self, harbor, alma):
        change_policy(network=harbor, changes={"most_vouches": 5}, reason="small")
        alma.refresh_from_db()
        know(alma, *people(harbor, "A", "B", "C", "D", "E"))
        with pytest.raises(TooManyVouches):
            know(alma, somebody(harbor, "F"))

    def test_is_taken_back_in_silence(self, alma, ben):
        know(alma, ben)
        before = Event.objects.count()
        for _twice in range(2):
            actions.withdraw_vouch(giver=alma, taker=ben.pk)
        assert not Vouch.objects.exists()
        (event,) = Event.objects.order_by("id")[before:]
        assert (event.verb, event.thing_id, event.data) == ("vouch_taken_back", alma.pk, {})

    def test_ends_with_a_block_and_with_leaving(self, harbor, alma, ben):
        dee = somebody(harbor, "Dee")
        know(alma, ben, dee)
        know(ben, alma)
        actions.show_code(member=alma)
        actions.block(member=alma, blocked=ben)
        assert set(Vouch.objects.values_list("giver", "taker")) == {(alma.pk, dee.pk), (ben.pk, alma.pk)}
        actions.leave(member=alma)
        assert not Vouch.objects.exists()
        assert not VouchCode.objects.exists()

    def test_no_event_says_whom(self, alma, ben):
        know(alma, ben)
        assert not Event.objects.filter(verb="vouched", data__icontains=ben.pk.hex).exists()
        assert Event.objects.get(verb="vouched").data == {}


class TestLevels:
    def test_grow_with_vouches_by_those_who_are_vouched_for(self, harbor, founders):
        alma, ben = founders
        dee, eli, fay = people(harbor, "Dee", "Eli", "Fay")
        know(alma, dee)
        assert levels(harbor, alma, dee) == [L.TRUSTED, L.KNOWN]
        know(ben, dee)
        know(dee, eli)
        know(alma, eli)
        know(fay, eli)
        assert levels(harbor, dee, eli, fay) == [L.TRUSTED, L.TRUSTED, L.NOT]

    def test_a_ring_of_ten_false_accounts_gains_nothing(self, harbor, founders):
        alma, ben = founders
        dee = somebody(harbor, "Dee")
        ring = people(harbor, *(f"False{number}" for number in range(10)))
        know(alma, dee)
        know(ben, dee)
        for one in ring:
            know(one, *(other for other in ring if other != one), alma, ben, dee)
        assert levels(harbor, *ring) == [L.NOT] * 10
        know(dee, ring[0])  # one honest member is fooled
        assert levels(harbor, *ring) == [L.KNOWN, *[L.NOT] * 9]
        assert levels(harbor, dee) == [L.TRUSTED]

    def test_go_when_a_vouch_goes_and_while_its_giver_is_shut_out(self, harbor, founders, hand, monkeypatch):
        alma, ben = founders
        gus, dee, eli = people(harbor, "Gus", "Dee", "Eli")
        monkeypatch.setattr(seeds, "_finders", [lambda network: {alma.pk, ben.pk, gus.pk}])
        for one in (dee, eli):
            know(alma, one)
            know(ben, one)
        assert levels(harbor, dee, eli) == [L.TRUSTED] * 2
        actions.withdraw_vouch(giver=alma, taker=dee.pk)
        Member.objects.filter(pk=ben.pk).update(out_until=clock.now() + timedelta(days=1))
        assert levels(harbor, ben, dee, eli) == [L.NOT, L.NOT, L.KNOWN]
        hand.advance(timedelta(days=2))
        assert levels(harbor, ben, dee, eli) == [L.TRUSTED, L.KNOWN, L.TRUSTED]

    def test_begin_with_the_first_who_joined_where_nobody_holds_a_role(self, harbor, alma, ben, hand):
        hand.advance(timedelta(days=1))
        dee = somebody(harbor, "Dee")
        know(alma, dee)
        know(ben, dee)
        assert levels(harbor, alma, ben, dee) == [L.TRUSTED] * 3

    def test_nobody_at_all_is_no_trouble(self, harbor):
        run = actions.reckon_levels(network=harbor)
        assert (run.number, run.seeds, run.trusted, run.least_trust) == (1, 0, 0, None)

    def test_the_least_trust_is_set_once_enough_are_known_and_then_kept(self, harbor, founders):
        known = people(harbor, *(f"Known{number}" for number in range(12)))
        for founder in founders:
            know(founder, *known)
        kept = actions.reckon_levels(network=harbor).least_trust
        assert kept is not None
        assert kept > 0
        know(known[0], *people(harbor, *(f"New{number}" for number in range(9))))
        assert actions.reckon_levels(network=harbor).least_trust == kept
        assert set(levels(harbor, *known)) == {L.TRUSTED}

    def test_are_reckoned_when_something_changed_and_some_times_a_day(self, harbor, founders, hand):
        alma, _ben = founders
        assert is_reckoning_due()
        tasks.reckon_levels()
        assert not is_reckoning_due()
        know(alma, somebody(harbor, "Dee"))
        ReachRun.objects.update(took_ms=10)
        assert not is_reckoning_due()
        hand.advance(timedelta(minutes=1))
        assert is_reckoning_due()
        tasks.reckon_levels()
        hand.advance(timedelta(hours=5))
        assert actions.reckon_due(at=clock.now()) == 0
        hand.advance(timedelta(hours=1))
        assert actions.reckon_due(at=clock.now()) == 1
        assert list(ReachRun.objects.order_by("number").values_list("number", "known")) == [
            (1, 0), (2, 1), (3, 1),
        ]  # fmt: skip

    def test_old_runs_go(self, harbor, alma, monkeypatch):
        monkeypatch.setattr("commonweal.members.actions.reckoning.KEPT_RUNS", 2)
        for _again in range(4):
            actions.reckon_levels(network=harbor)
        assert sorted(ReachRun.objects.values_list("number", flat=True)) == [3, 4]

    def test_only_what_changed_is_written(self, harbor, founders, django_assert_max_num_queries):
        levels(harbor)
        with django_assert_max_num_queries(12):
            actions.reckon_levels(network=harbor)


class TestBlocksOfAContact:
    STRANGER = Contact(kind=EMAIL, value="stranger@example.net")

    def test_are_there_once_from_either_side_and_taken_back(self, alma):
        for by_member in (True, True, False):
            actions.block_contact(member=alma, contact=self.STRANGER, by_member=by_member)
        assert ContactBlock.objects.count() == 2
        mine = ContactBlock.objects.get(by_member=True)
        for _twice in range(2):
            actions.unblock_contact(member=alma, block=mine.pk)
        assert ContactBlock.objects.get().by_member is False
        actions.unblock_contact(member=alma, block=ContactBlock.objects.get().pk)
        assert ContactBlock.objects.exists()  # what the other wanted isn't the member's to take back

    def test_end_after_two_years_and_with_leaving(self, alma, ben, hand):
        actions.block_contact(member=alma, contact=self.STRANGER, by_member=True)
        actions.block_contact(member=ben, contact=self.STRANGER, by_member=True)
        actions.leave(member=alma)
        assert ContactBlock.objects.count() == 1
        hand.advance(BLOCK_LASTS)
        tasks.forget_vouch_codes()
        assert not ContactBlock.objects.exists()


class TestThePages:
    def test_show_what_is_the_reader_s_own(self, as_alma, harbor, alma, ben):
        know(ben, alma)
        want_vouched(network=harbor, levels={"childcare": 3}, by=None)
        page = as_alma.get(reverse("members:vouches")).content.decode()
        assert "Ben" in page
        assert "We are neighbours" in page
        assert "Looking after children" in page

    def test_a_code_is_shown_and_leads_to_a_vouch(self, as_alma, client, alma, ben):
        page = as_alma.post(reverse("members:show_code"))
        assert b"<svg" in page.content
        code = page.context["code"]
        cast.sign_in(client, ben)
        found = client.post(reverse("members:find_vouch"), {"code": code.lower()})
        assert found.url == reverse("members:vouch", args=[code.replace("-", "")])
        assert "Alma" in client.get(found.url).content.decode()
        assert client.post(found.url, {"how": "nonsense"}).status_code == 422
        assert client.post(found.url, {"how": "friend"}).url == reverse("members:vouches")
        assert (Vouch.objects.get().giver, Vouch.objects.get().taker) == (ben, alma)

    def test_a_wrong_code_is_said_at_its_field_or_found_nowhere(self, as_alma):
        assert as_alma.post(reverse("members:find_vouch"), {"code": "12"}).status_code == 422
        assert as_alma.get(reverse("members:vouch", args=["K7F2QM9A"])).status_code == 404

    def test_guessing_is_slow(self, as_alma):
        answers = {as_alma.get(reverse("members:vouch", args=["K7F2QM9A"])).status_code for _try in range(31)}
        assert answers == {404, 429}

    def test_taking_back_and_keeping_away(self, as_alma, harbor, alma, ben):
        know(alma, ben)
        know(ben, alma)
        as_alma.post(reverse("members:withdraw_vouch", args=[ben.pk]))
        assert Vouch.objects.get().giver == ben
        assert as_alma.post(reverse("members:keep_away", args=[ben.pk])).status_code == 302
        assert alma.blocks.get().blocked == ben
        dee = somebody(harbor, "Dee")
        assert as_alma.post(reverse("members:keep_away", args=[dee.pk])).status_code == 404

    def test_a_block_of_a_contact_is_listed_and_lifted(self, as_alma, alma):
        actions.block_contact(member=alma, contact=TestBlocksOfAContact.STRANGER, by_member=True)
        page = as_alma.get(reverse("members:profile")).content.decode()
        assert "Somebody without an account" in page
        assert "stranger@" not in page
        as_alma.post(reverse("members:unblock_contact", args=[ContactBlock.objects.get().pk]))
        assert not ContactBlock.objects.exists()

    def test_say_where_one_stands(self, harbor, founders):
        alma, ben = founders
        dee = somebody(harbor, "Dee")
        assert "Nobody whom others know" in vouched(dee).where
        know(alma, dee)
        levels(harbor)
        alma.refresh_from_db(), dee.refresh_from_db()
        assert (vouched(dee).where.split()[0], "1 more" in vouched(dee).further) == ("1", True)
        assert "knows you itself" in vouched(alma).where
        know(ben, dee)
        levels(harbor)
        dee.refresh_from_db()
        assert (vouched(dee).where.split()[0], vouched(dee).further) == ("2", "")


def test_how_well_one_has_to_be_vouched_for_is_said_for_each_category(harbor, alma):
    assert Category.objects.get(network=harbor, slug="childcare").vouched == L.VOUCHED
    assert want_vouched(network=harbor, levels={"childcare": 0, "ride": 1, "meals": 0}, by=alma.pk) == 2
    assert Event.objects.filter(verb="vouched_changed", by="steward", actor=alma.pk).count() == 2
    for wrong in ({"flying": 1}, {"ride": 9}):
        with pytest.raises(NotUnderstood):
            want_vouched(network=harbor, levels=wrong, by=None)
