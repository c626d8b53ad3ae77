"""One-time codes go through the outbox."""

import pytest

from commonweal.members.actions import start_confirmation
from commonweal.members.models import Confirmation
from commonweal.members.tests.cast import ALMA, HERE
from commonweal.messaging.models import Message
from commonweal.messaging.subscribers import queue_code
from commonweal.networks.tests.cast import harbor

pytestmark = pytest.mark.django_db


def test_a_code_is_queued_once_for_whom_it_is(monkeypatch):
    network = harbor()
    monkeypatch.setattr("commonweal.members.codes.new_code", lambda: "123456")

    start_confirmation(network=network, contact=ALMA, purpose="sign_in", language="es", remote=HERE)
    confirmation = Confirmation.objects.get()
    queue_code(confirmation=confirmation, code="654321")

    message = Message.objects.get()
    assert (message.kind, message.to, message.language) == ("email", ALMA.value, "es")
    assert message.context == {"code": "123456", "minutes": 10, "network": "Harbor Neighbors"}
    assert (message.about, message.about_id) == ("confirmation", confirmation.pk)
