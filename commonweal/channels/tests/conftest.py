"""A message on its way."""

import uuid

import pytest

from commonweal.messaging.port import Address, OutgoingMessage, Written

ID = uuid.UUID("01890a5d-ac96-774b-bcce-b302099a8057")


@pytest.fixture
def outgoing():
    """Make a message; what a test does not care about has a value already."""

    def outgoing(
        kind="email",
        to="ana@example.org",
        network_name="Alder Street",
        subject="Groceries — für zwei",
        stop_link="",
    ):
        return OutgoingMessage(
            id=ID,
            template="still_needed",
            network_name=network_name,
            to=Address(kind=kind, value=to, language="en"),
            written=Written(subject=subject, body="Hello,\n\nis it still needed?\n", text="Still needed?"),
            stop_link=stop_link,
        )

    return outgoing
