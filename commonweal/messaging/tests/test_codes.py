"""One-time codes go through the outbox, and so does news of a member's ways in."""

import pytest
from django.urls import reverse

from commonweal.members.actions import add_contact, join, remove_contact, start_confirmation
from commonweal.members.codes import link_of
from commonweal.members.models import Confirmation
from commonweal.members.tests.cast import ALMA, BEN, HERE
from commonweal.messaging.models import Message
from commonweal.messaging.subscribers import queue_code, queue_news
from commonweal.networks.tests.cast import HILLS_HOST, harbor, hills

pytestmark = pytest.mark.django_db


def test_a_code_is_queued_once_for_whom_it_is(monkeypatch):
    network = harbor()
    monkeypatch.setattr("commonweal.members.codes.new_code", lambda digits: "123456")

    start_confirmation(network=network, contact=ALMA, purpose="sign_in", language="es", remote=HERE)
    confirmation = Confirmation.objects.get()
    link = reverse("members:link", args=[link_of(confirmation.pk)])
    queue_code(confirmation=confirmation, code="654321", link=link)

    message = Message.objects.get()
    assert (message.kind, message.to, message.language) == ("email", ALMA.value, "es")
    assert message.context == {
        "code": "123456",
        "minutes": 10,
        "open_at": f"http://127.0.0.1:8000{link}",
        "network": "Harbor Neighbors",
    }
    assert (message.about, message.about_id) == ("confirmation", confirmation.pk)


def test_a_text_holds_the_code_alone():
    start_confirmation(network=harbor(), contact=BEN, purpose="sign_in", language="en", remote=HERE)

    assert Message.objects.get().context["open_at"] == ""


def test_a_link_leads_to_the_networks_own_address():
    harbor()
    start_confirmation(network=hills(), contact=ALMA, purpose="sign_in", language="en", remote=HERE)

    assert Message.objects.get().context["open_at"].startswith(f"https://{HILLS_HOST}/sign-in/link/")


def test_a_way_in_is_told_of_once_wherever_else_its_member_is_reached():
    alma = join(network=harbor(), name="Alma", contact=ALMA, languages=[], language="es")

    added = add_contact(member=alma, contact=BEN)
    (told,) = Message.objects.all()
    occasion = told.key.split(":")[1]
    queue_news(
        member=alma, news="contact_added", occasion=occasion, points=alma.contact_points.filter(kind="email")
    )

    assert (told.template, told.to, told.language) == ("contact_added", ALMA.value, "es")
    assert told.context["link"] == "http://127.0.0.1:8000/me/profile/"
    assert Message.objects.count() == 1

    remove_contact(member=alma, contact_point=added.pk)

    assert Message.objects.exclude(pk=told.pk).get().to == ALMA.value
