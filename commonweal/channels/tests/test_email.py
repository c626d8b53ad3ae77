"""Messages by e-mail, against a small SMTP server that does what a test tells it."""

import socketserver
import threading
from email import message_from_bytes, policy

import pytest
from django.core import mail

from commonweal.channels.email.channel import Channel, as_mail
from commonweal.messaging.errors import ChannelDown, PermanentFailure, RetryableFailure


class Server(socketserver.ThreadingTCPServer):
    """Counts who comes, keeps what it took, and says what a test wants."""

    daemon_threads = True

    def __init__(self):
        self.answers: dict[str, str] = {}
        self.taken: list[bytes] = []
        self.connections = 0
        super().__init__(("127.0.0.1", 0), Conversation)


class Conversation(socketserver.StreamRequestHandler):
    """As much of SMTP as a client needs; ``server.answers`` overrides what is said to a command."""

    server: Server

    def handle(self):
        self.server.connections += 1
        self.say("220 here")
        while line := self.rfile.readline().decode().strip():
            command = line.split(" ")[0].split(":")[0].upper()
            if command == "DATA":
                self.data()
            elif command == "QUIT":
                self.say("221 bye")
                return
            else:
                self.say(self.server.answers.get(command, "250 ok"))

    def data(self):
        self.say("354 go on")
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line)
        self.server.taken.append(b"".join(lines))
        self.say(self.server.answers.get("DATA", "250 taken"))

    def say(self, words):
        self.wfile.write(words.encode() + b"\r\n")


@pytest.fixture
def smtp(settings):
    with Server() as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.server_address[1]
        settings.EMAIL_USE_TLS, settings.EMAIL_HOST_USER = False, ""
        settings.DEFAULT_FROM_EMAIL = "post@mutual.example"
        yield server
        server.shutdown()


@pytest.fixture
def channel():
    channel = Channel()
    yield channel
    channel.close()


def test_message_arrives_plain_with_headers_that_say_what_it_is(smtp, channel, outgoing):
    receipt = channel.send(outgoing())
    channel.close()

    (raw,) = smtp.taken
    arrived = message_from_bytes(raw, policy=policy.default)
    assert receipt == arrived["Message-ID"] == "<01890a5d-ac96-774b-bcce-b302099a8057@mutual.example>"
    assert arrived["Subject"] == "Groceries — für zwei"
    assert arrived["From"] == "Alder Street <post@mutual.example>"
    assert arrived["To"] == "ana@example.org"
    assert arrived["Auto-Submitted"] == "auto-generated"
    assert arrived["Content-Language"] == "en"
    assert arrived.get_content_type() == "text/plain"
    assert arrived.get_content().replace("\r\n", "\n") == "Hello,\n\nis it still needed?\n"


def test_one_connection_serves_a_round(smtp, channel, outgoing):
    channel.send(outgoing())
    channel.send(outgoing(to="ben@example.org"))
    channel.close()
    assert smtp.connections == 1

    channel.send(outgoing())
    assert (smtp.connections, len(smtp.taken)) == (2, 3)


@pytest.mark.parametrize(
    ("answers", "failure", "words"),
    [
        ({"RCPT": "550 no such ana@example.org"}, PermanentFailure, "SMTP 550"),
        ({"RCPT": "450 mailbox of ana@example.org is busy"}, RetryableFailure, "SMTP 450"),
        ({"DATA": "554 we don't like it"}, PermanentFailure, "SMTP 554"),
        ({"DATA": "451 later"}, RetryableFailure, "SMTP 451"),
        ({"MAIL": "530 sign in first"}, ChannelDown, "SMTP 530"),
        ({"MAIL": "421 too busy"}, ChannelDown, "SMTP 421"),
    ],
)
def test_failure_says_whether_trying_again_helps_and_names_nobody(
    smtp, channel, outgoing, answers, failure, words
):
    smtp.answers = answers

    with pytest.raises(failure) as caught:
        channel.send(outgoing())

    assert type(caught.value) is failure
    assert str(caught.value) == words


def test_after_a_failure_the_next_message_goes_out(smtp, channel, outgoing):
    smtp.answers = {"RCPT": "550 no"}
    with pytest.raises(PermanentFailure):
        channel.send(outgoing())
    smtp.answers = {}

    channel.send(outgoing())

    assert len(smtp.taken) == 1


def test_server_that_is_not_there_is_a_channel_that_is_down(settings, smtp, channel, outgoing):
    settings.EMAIL_PORT = 1

    with pytest.raises(ChannelDown, match="ConnectionRefusedError"):
        channel.send(outgoing())


def test_refused_sign_in_is_a_channel_that_is_down(settings, smtp, channel, outgoing):
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "post", "word"

    with pytest.raises(ChannelDown):
        channel.send(outgoing())


def test_mail_that_comes_again_and_again_says_where_to_stop_it(outgoing):
    link = "https://mutual.example/me/profile/"

    assert as_mail(outgoing(stop_link=link)).message()["List-Unsubscribe"] == f"<{link}>"
    assert "List-Unsubscribe" not in as_mail(outgoing()).message()


def test_name_of_a_network_cannot_break_the_header(outgoing):
    assert as_mail(outgoing(network_name='Alder, "the" Street')).message()["From"].startswith('"Alder')


def test_letters_of_every_language_stand_in_the_sender(outgoing):
    message = as_mail(outgoing(network_name="حيّ الألدر")).message()

    assert (
        message_from_bytes(message.as_bytes(), policy=policy.default)["From"].addresses[0].display_name
        == "حيّ الألدر"
    )


def test_any_backend_of_django_can_carry_it(channel, outgoing):
    channel.send(outgoing())

    assert [sent.to for sent in mail.outbox] == [["ana@example.org"]]
