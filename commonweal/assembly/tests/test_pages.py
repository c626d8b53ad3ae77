"""The pages of roles, decisions, what takes two, and the record."""

from datetime import timedelta

import pytest
from django.test import Client

from commonweal.assembly import actions
from commonweal.assembly.models import Decision, Deed, Mandate, Standing
from commonweal.base import clock
from commonweal.base.eventlog import By, record
from commonweal.members.tests.cast import sign_in
from commonweal.messaging.models import Broadcast
from commonweal.networks.actions import change_policy
from commonweal.networks.tests.cast import HILLS_HOST, NOON

pytestmark = pytest.mark.django_db

DAY, YEAR = timedelta(days=1), timedelta(days=365)
Role = Mandate.Role


def browser(member, **about):
    client = Client(**about)
    sign_in(client, member)
    return client


def page(client, path, **said):
    return client.get(path, said).content.decode()


def press(client, path, **said):
    return client.post(path, said, follow=True)


def test_from_standing_to_holding_to_giving_back(founders, dora):
    alma, ben = (browser(one) for one in founders)
    theirs = browser(dora)
    Standing.objects.exclude(role=Role.TREASURER).delete()

    form = alma.get("/mandates/give/").context["form"]
    assert [label for _key, label in form.fields["who"].choices] == ["Treasurer: Dora"]
    chosen = Standing.objects.get()
    asked = press(
        alma, "/mandates/give/", who=chosen.pk, last_day="2027-03-31", reason="We met on 4 May and said so."
    )
    assert "A second founder has to agree" in asked.content.decode()
    deed = Deed.objects.get()
    assert "I agree" not in asked.content.decode()
    assert "I agree" not in page(theirs, f"/together/{deed.pk}/")
    assert "I agree" in page(ben, f"/together/{deed.pk}/")
    assert "It is decided" in press(ben, f"/together/{deed.pk}/agree/").content.decode()

    roles = page(theirs, "/mandates/")
    assert "We met on 4 May and said so." in roles
    mandate = Mandate.objects.get(role=Role.TREASURER)
    assert (mandate.ends_at, mandate.member) == (mandate.last_moment + timedelta(microseconds=1), dora)
    assert f"/decisions/{mandate.decision}/" in roles
    decision = page(theirs, f"/decisions/{mandate.decision}/")
    for said in ("Treasurer", "Dora", "Alma", "Ben", "by two founders", "March 31, 2027"):
        assert said in decision
    assert "Give this role back?" in page(theirs, f"/mandates/{mandate.pk}/give-back/")
    assert "Thank you" in press(theirs, f"/mandates/{mandate.pk}/give-back/").content.decode()
    assert "Treasurer" in page(theirs, "/decisions/")
    assert theirs.post(f"/mandates/{mandate.pk}/give-back/").status_code == 404


def test_what_others_hold_is_not_given_back(founders, dora):
    mandate = Mandate.objects.get(member=founders[0])

    assert browser(dora).post(f"/mandates/{mandate.pk}/give-back/").status_code == 404
    assert Mandate.objects.get(pk=mandate.pk).ended_at is None


def test_the_last_founder_is_told_what_giving_back_means(alma):
    mandate = actions.give_mandate(member=alma, role=Role.FOUNDER, until=NOON + YEAR, reason="She began it.")

    assert "You are the last founder" in page(browser(alma), f"/mandates/{mandate.pk}/give-back/")


def test_standing_and_rather_not(ben):
    client = browser(ben)

    assert "It is noted" in press(client, "/mandates/stand/care_giver/").content.decode()
    press(client, "/mandates/stand/care_giver/")
    assert Standing.objects.get().role == Role.CARE_GIVER
    assert "rather not, after all" in page(client, "/mandates/")
    press(client, "/mandates/stand/care_giver/back/")
    assert not Standing.objects.exists()
    assert client.post("/mandates/stand/king/").status_code == 404
    assert client.post("/mandates/stand/king/back/").status_code == 404


def test_roles_are_searched_by_name_and_role(founders, dora):
    client = browser(dora)

    assert "Would take it" in page(client, "/mandates/", search="dor")
    assert "They began it." not in page(client, "/mandates/", search="dor")
    assert "They began it." in page(client, "/mandates/", search="alma")
    assert "Nobody found" in page(client, "/mandates/", search="nobody at all")
    only = page(client, "/mandates/", role="treasurer")
    assert "Is to keep the books" in only
    assert "Puts changes of the rules in force" not in only
    assert "Puts changes of the rules in force" in page(client, "/mandates/", role="king")


def test_a_founder_ends_a_role_with_the_second(founders, dora):
    alma, ben = (browser(one) for one in founders)
    mandate = actions.give_mandate(member=dora, role=Role.STEWARD, until=NOON + YEAR, reason="Assembly")

    assert "Another founder reads it" in page(alma, f"/mandates/{mandate.pk}/end/")
    assert alma.post(f"/mandates/{mandate.pk}/end/", {"reason": ""}).status_code == 422
    press(alma, f"/mandates/{mandate.pk}/end/", reason="We agreed on a pause.")
    again = alma.post(f"/mandates/{mandate.pk}/end/", {"reason": "We agreed on a pause."})
    assert (again.status_code, "asked for already" in again.content.decode()) == (409, True)
    deed = Deed.objects.get()
    assert "End a role before its date: Steward" in page(browser(dora), "/together/")
    press(ben, f"/together/{deed.pk}/agree/")

    assert "No longer Steward" in page(ben, "/decisions/")
    assert ben.get(f"/mandates/{mandate.pk}/end/").status_code == 404
    assert ben.post(f"/together/{deed.pk}/agree/").status_code == 409


def test_the_only_founder_is_told_that_they_decide_alone(alma, dora):
    actions.give_mandate(member=alma, role=Role.FOUNDER, until=NOON + YEAR, reason="She began it.")
    client = browser(alma)
    mandate = actions.give_mandate(member=dora, role=Role.STEWARD, until=NOON + YEAR, reason="Assembly")

    for path in ("/mandates/give/", f"/mandates/{mandate.pk}/end/", "/together/ask/"):
        assert "You are the only founder" in page(client, path)
    assert "There is only one founder at present" in page(client, "/together/")
    done = press(client, "/together/ask/", what="export", reason="We move.").content.decode()
    assert "A founder asked for what takes two · Alma" in done
    assert "It was agreed to · Alma" in done
    assert "I would go on with it" in page(client, "/mandates/")
    assert "there was no second founder" in done
    deed = Deed.objects.get()
    assert f"commonweal export FOLDER --network harbor --deed {deed.shown_code}" in done
    press(client, f"/together/{deed.pk}/call-off/")
    assert "called off" in page(client, "/together/")


def test_nobody_founds(ben):
    assert "There is no founder at present" in page(browser(ben), "/together/")
    assert "Nothing was decided yet" in page(browser(ben), "/decisions/")
    assert "Nobody holds this role right now" in page(browser(ben), "/mandates/")


def test_the_code_is_for_founders(founders, dora):
    alma, ben = (browser(one) for one in founders)
    press(alma, "/together/ask/", what="erase", reason="We close.")
    deed = Deed.objects.get()
    assert deed.shown_code not in page(alma, f"/together/{deed.pk}/")
    press(ben, f"/together/{deed.pk}/agree/")

    assert f"commonweal network erase harbor --deed {deed.shown_code}" in page(ben, f"/together/{deed.pk}/")
    theirs = page(browser(dora), f"/together/{deed.pk}/")
    assert deed.shown_code not in theirs
    assert "We close." in theirs
    assert "allows what can" in page(browser(dora), f"/decisions/{Decision.objects.get(does='allows').pk}/")


def test_what_nobody_agreed_to_is_over(founders, hand):
    alma = browser(founders[0])
    press(alma, "/together/ask/", what="key", reason="A laptop is gone.")
    assert alma.post("/together/ask/", {"what": "key", "reason": "Again."}).status_code == 409
    assert alma.post("/together/ask/", {"what": "give", "reason": "Again."}).status_code == 422
    hand.advance(8 * DAY)

    sign_in(alma, founders[0])
    assert "nobody agreed, or did it, in time" in page(alma, "/together/")


def test_nobody_to_put_forward(founders):
    client = browser(founders[0])

    assert "Nobody has said yet" in page(client, "/mandates/give/")
    assert client.post("/mandates/give/", {"reason": "r"}).status_code == 422


def test_a_refusal_keeps_the_form(founders, dora):
    client = browser(founders[0])
    said = {"who": Standing.objects.get(role=Role.STEWARD).pk, "last_day": "2027-03-31", "reason": "qqKept"}
    press(client, "/mandates/give/", **said)

    again = client.post("/mandates/give/", said)

    assert (again.status_code, "qqKept" in again.content.decode()) == (409, True)


@pytest.mark.parametrize("day", ["2026-01-01", "2030-01-01", "9999-12-31", "junk"])
def test_a_last_day_lies_ahead_and_within_two_years(founders, dora, day):
    said = {"who": Standing.objects.get(role=Role.STEWARD).pk, "last_day": day, "reason": "r"}

    assert browser(founders[0]).post("/mandates/give/", said).status_code == 422
    assert not Deed.objects.exists()


def test_what_is_of_another_network_is_not_found(founders, dora, cleo):
    deed = actions.ask_deed(what="key", by=founders[0], reason="We met.")
    mandate, decision = Mandate.objects.all()[0], Decision.objects.all()[0]
    actions.give_mandate(member=cleo, role=Role.FOUNDER, until=NOON + YEAR, reason="She began it.")
    client = browser(cleo, headers={"host": HILLS_HOST})

    for path in (f"/together/{deed.pk}/", f"/decisions/{decision.pk}/", f"/mandates/{mandate.pk}/end/"):
        assert client.get(path).status_code == 404
    for path in (f"/together/{deed.pk}/agree/", f"/together/{deed.pk}/call-off/"):
        assert client.post(path).status_code == 404
    assert "They began it." not in page(client, "/mandates/")
    assert "They began it." not in page(client, "/decisions/")


def test_the_record_by_kind_and_time(founders, dora, harbor, hand):
    change_policy(network=harbor, changes={"near_m": 900}, reason="We met.", by=founders[0].pk)
    record(Mandate.objects.all()[0], "given", by=By.MEMBER, actor=dora.pk, role="steward")
    told = Broadcast.objects.create(
        network=harbor, by=dora, words={"en": "x"}, key="x", at=NOON, people=7, texts=0, parts=0, cost=0,
        erase_at=NOON + YEAR,
    )  # fmt: skip
    record(told, "announced", by=By.DISPATCHER, actor=dora.pk, people=7, parts=0)
    hand.advance(40 * DAY)
    deed = actions.ask_deed(what="export", by=founders[0], reason="We move.")
    client = browser(dora)

    everything = page(client, "/record/")
    for said in (
        "A role was given",
        "Founder",
        "Rules were changed",
        "How far",
        "Write out everything",
        "Alma",
    ):
        assert said in everything
    # What a member does as themselves is no use of power.
    assert "A role was given: Steward" not in everything
    assert "Rules were changed" not in page(client, "/record/", kind="two")
    assert "Rules were changed" not in page(client, "/record/", since="30")
    assert "A founder asked" in page(client, "/record/", since="30", kind="two")
    assert "A message went to everybody: To 7 members" in page(client, "/record/", kind="messages")
    assert "Nothing of this kind" in page(client, "/record/", kind="channels")
    assert "Rules were changed" in page(client, "/record/", kind="junk", since="junk")
    assert deed.code not in everything


def test_the_record_of_looks_says_neither_who_nor_at_whose(founders, dora, harbor):
    record(dora, "shut_out", by=By.CARE_GIVER, actor=founders[1].pk, until="x")

    said = page(browser(dora), "/record/", kind="care")

    assert "A care-giver" in said
    assert "A member was asked to stay away" in said
    assert "Ben" not in said.partition("<tbody>")[2]


def test_the_record_turns_its_pages(founders, dora, harbor, hand, django_assert_max_num_queries):
    for metres in range(45):
        hand.advance(timedelta(minutes=1))
        change_policy(network=harbor, changes={"near_m": 900 + metres}, reason="We met.", by=founders[0].pk)
    client = browser(dora)
    # One for each of five verbs, however long the log is.
    with django_assert_max_num_queries(8 + 5):
        first = client.get("/record/", {"kind": "rules"})
    assert len(first.context["page"].rows) == 40
    assert "kind=rules" in first.content.decode().partition('rel="next"')[0].rpartition("<a ")[2]

    second = client.get("/record/", {"kind": "rules", "page": first.context["page"].next})
    back = client.get("/record/", {"kind": "rules", "page": second.context["page"].previous})

    assert len(second.context["page"].rows) == 6
    assert [one.at for one in back.context["page"].rows] == [one.at for one in first.context["page"].rows]
    assert clock.now() == first.context["page"].rows[0].at


@pytest.mark.parametrize("path", ["/decisions/", "/together/"])
def test_lists_turn_their_pages(founders, dora, path, django_assert_max_num_queries):
    for _ in range(23):
        deed = actions.ask_deed(what="key", by=founders[0], reason="We met.")
        actions.agree_deed(deed=deed, by=founders[1])
        actions.cancel_deed(deed=deed, by=founders[0])
    client = browser(dora)

    with django_assert_max_num_queries(8):
        first = client.get(path)

    assert len(first.context["page"].rows) == 20
    assert len(client.get(path, {"page": first.context["page"].next}).context["page"].rows) in (3, 5)
