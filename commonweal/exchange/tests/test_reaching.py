"""By which ways people are written to, and what the desk hears when nothing can go out."""

from commonweal.assembly.actions import give_mandate
from commonweal.base.ids import new_id
from commonweal.exchange.actions import accept_invitation, publish_ask
from commonweal.exchange.tests.cast import HOUR, MONDAY, WEEK, member_of
from commonweal.gatherings.actions import start_shift
from commonweal.members.actions import add_push_device
from commonweal.members.contacts import Contact
from commonweal.members.models import ContactPoint
from commonweal.messaging.actions import queue_message
from commonweal.messaging.models import Message
from commonweal.messaging.port import Address
from commonweal.messaging.sending import send_due
from commonweal.networks.actions import change_policy

PHONE = Contact(kind="phone", value="+14105550123")


def reach(member, contact, *, confirmed):
    ContactPoint.objects.create(
        network_id=member.network_id,
        member=member,
        kind=contact.kind,
        value=contact.value,
        confirmed_at=MONDAY if confirmed else None,
    )


def written(town, template):
    return Message.objects.get(network=town.network, template=template)


def test_further_ways_are_those_that_are_confirmed(town):
    reach(town.rosa, PHONE, confirmed=True)
    reach(town.rosa, Contact(kind="phone", value="+14105550124"), confirmed=False)

    town.invited(town.ask(), town.rosa)

    message = written(town, "invitation")
    assert message.to == "rosa@example.org"
    assert message.others == [{"kind": "phone", "value": PHONE.value}]


def test_devices_come_last_and_the_other_side_never_learns_of_them(town):
    device = Contact(kind="push", value='{"endpoint":"https://push.example/zanzibar"}')
    add_push_device(member=town.rosa, contact=device, place=new_id())
    reach(town.rosa, PHONE, confirmed=True)

    match = town.invited(town.ask(), town.rosa)
    accept_invitation(match=match)

    assert written(town, "invitation").others == [
        {"kind": "phone", "value": PHONE.value},
        {"kind": "push", "value": device.value},
    ]
    told = written(town, "agreed_asker")
    assert "zanzibar" not in f"{told.to}{told.others}{told.context}"


def test_asker_hears_of_an_ask_where_they_said_and_nowhere_else(town):
    amina = member_of(town.network, "Amina")
    reach(amina, PHONE, confirmed=True)
    publish_ask(network=town.network, draft=town.draft(), by=amina)

    assert not written(town, "ask_received").others


def test_who_is_on_shift_hears_once_that_the_texts_are_used_up(town, run_commits):
    change_policy(network=town.network, changes={"most_texts_day": 0}, reason="No money left.")
    give_mandate(member=town.jo, role="dispatcher", until=MONDAY + WEEK, reason="Chosen.")
    start_shift(member=town.jo, until=MONDAY + 4 * HOUR)
    for number in range(3):
        queue_message(
            network=town.network,
            to=Address(kind="phone", value=PHONE.value, language="en"),
            template="loan_returned",
            context={"title": "A drill", "link": "https://example.org", "network": "Remington"},
            key=str(number),
        )

    with run_commits():
        send_due()

    alert = written(town, "desk_alert")
    assert (alert.to, alert.about) == ("jo@example.org", "shift")
    assert "text messages" in alert.context["title"]
