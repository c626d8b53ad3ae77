"""Many queue and send at the same moment: nothing is written to anybody twice."""

from collections import Counter

import pytest

from commonweal.base.tests.racing import CROWD, all_at_once, on_disk
from commonweal.messaging import sending
from commonweal.messaging.models import Message
from commonweal.messaging.sending import send_due

__all__ = ["on_disk"]
pytestmark = pytest.mark.django_db(transaction=True)


def test_same_occasion_queued_by_many_is_one_message(on_disk, queue):
    queue(key="warm")

    assert all_at_once(lambda: queue(key="1")) == Counter({"done": CROWD})

    assert Message.objects.filter(key="1").count() == 1


def test_many_senders_send_each_message_once(on_disk, queue, channel):
    for number in range(30):
        queue(key=str(number))

    assert all_at_once(lambda: send_due(limit=5), crowd=8) == Counter({"done": 8})
    send_due()

    assert Counter(message.id for message in channel.sent).most_common(1)[0][1] == 1
    assert len(channel.sent) == 30
    assert set(Message.objects.values_list("state", "attempts")) == {("sent", 1)}
    assert not sending.claim_due(sending.Round(), 1)
