"""E-mail that comes in: what is read of it, who may post it, and what is fetched from a mailbox."""

import hashlib
import hmac
import imaplib
import json
from email.message import EmailMessage

import pytest
from django.urls import reverse

from commonweal.channels.email.channel import as_mail
from commonweal.channels.email_in import mailbox
from commonweal.channels.email_in.adapter import MailboxForm, PostedForm, check_mailbox, check_posted
from commonweal.channels.email_in.parsing import LARGEST, read_mail
from commonweal.channels.email_in.taking import fingerprint
from commonweal.channels.email_in.words import plain_of_html, without_quotes
from commonweal.channels.models import ChannelSetup
from commonweal.channels.signing import sign
from commonweal.channels.tests.conftest import NOON
from commonweal.intake.models import Attachment, Inbound
from commonweal.messaging.actions import queue_message
from commonweal.messaging.errors import ChannelDown
from commonweal.messaging.models import Message
from commonweal.messaging.port import Address

KEY = "a shared key of some length"
NOW = str(int(NOON.timestamp()))
ADDRESS = "help@alder.example"


def letter(text="We need nappies, size 4.", **headers):
    mail = EmailMessage()
    named = {
        "From": "Ana <Ana@Example.org>",
        "To": ADDRESS,
        "Subject": "Nappies",
        "Message-ID": "<m1@example.org>",
    }
    for name, value in {**named, **headers}.items():
        if value:
            mail[name.replace("_", "-")] = value
    mail.set_content(text)
    return mail


def report(original, action="failed", status="5.1.1", inner="message/rfc822"):
    return (
        "From: MAILER-DAEMON@example.org\r\nTo: help@alder.example\r\nSubject: Undelivered\r\n"
        'MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nSorry.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; example.org\r\n\r\n"
        f"Final-Recipient: rfc822; ana@example.org\r\nAction: {action}\r\nStatus: {status}\r\n\r\n"
        f"--b\r\nContent-Type: {inner}\r\n\r\nMessage-ID: {original}\r\nSubject: x\r\n\r\nHello\r\n--b--\r\n"
    ).encode()


OURS = "mx.alder.example"
PASSED = f"{OURS}; spf=fail smtp.mailfrom=x.example; dmarc=pass (p=none dis=none) header.from=example.org"


class TestProof:
    @pytest.mark.parametrize(
        ("headers", "answered"),
        [
            ({}, ()),
            ({"In_Reply_To": "<a@x> <a@x>"}, ("<a@x>",)),
            ({"References": "<old@x> <new@x>", "In_Reply_To": "<new@x>"}, ("<new@x>", "<old@x>")),
            ({"In_Reply_To": "no id at all"}, ()),
            (
                {"References": " ".join(f"<{n}@x>" for n in range(200))},
                tuple(f"<{n}@x>" for n in range(199, 179, -1)),
            ),
        ],
    )
    def test_what_it_answers(self, headers, answered):
        assert read_mail(letter(**headers).as_bytes()).answers == answered

    @pytest.mark.parametrize(
        ("said", "is_vouched_for"),
        [
            ([PASSED], True),
            ([f"{OURS} 1; dkim=pass header.i=@example.org header.d=example.org"], True),
            ([f"{OURS.upper()}; DMARC=PASS header.from=Example.org"], True),
            ([f"{OURS}; dkim=pass header.d=elsewhere.example"], False),
            ([f"{OURS}; dmarc=pass header.from=elsewhere.example"], False),
            ([f"{OURS}; dmarc=fail header.from=example.org (dmarc=pass)"], False),
            ([f"{OURS}; none"], False),
            ([OURS], False),
            ([f"elsewhere.example; x={OURS}; dmarc=pass header.from=example.org"], False),
            # The server's own stands on top; what the letter brought along is not looked at.
            ([f"{OURS}; dmarc=fail header.from=example.org", PASSED], False),
            (["elsewhere.example; dmarc=fail header.from=example.org", PASSED], True),
            ([";"], False),
            ([], False),
        ],
    )
    def test_who_vouches_for_it(self, said, is_vouched_for):
        top = "".join(f"Authentication-Results: {line}\r\n" for line in said).encode()
        assert read_mail(top + letter().as_bytes(), OURS).vouched is is_vouched_for

    def test_nobody_vouches_where_no_server_is_named_or_there_is_no_sender(self):
        top = f"Authentication-Results: {PASSED}\r\n".encode()
        assert not read_mail(top + letter().as_bytes()).vouched
        assert not read_mail(top + letter(From="").as_bytes(), OURS).vouched


class TestReading:
    def test_who_wrote_what(self):
        mail = read_mail(letter().as_bytes())

        assert (mail.sender, mail.to, mail.subject) == ("Ana@Example.org", ADDRESS, "Nappies")
        assert (mail.text, mail.message_id) == ("We need nappies, size 4.", "<m1@example.org>")
        assert (mail.automatic, mail.bounce, mail.media) == (False, None, ())

    def test_plain_part_is_preferred_and_attachments_stay_out(self):
        mail = letter("Plain words")
        mail.add_alternative("<p>HTML words</p>", subtype="html")
        mail.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="a.pdf")
        mail.add_attachment("a note", filename="b.txt")
        mail.add_attachment(b"sound", maintype="audio", subtype="mpeg", filename="c.mp3")
        for _more in range(5):
            mail.add_attachment(b"picture", maintype="image", subtype="png")
        read = read_mail(mail.as_bytes())

        assert read.text == "Plain words"
        assert [(each.kind, each.name) for each in read.media] == [("audio", "c.mp3")] + [("image", "")] * 3

    def test_html_alone_becomes_text(self):
        mail = letter()
        mail.set_content(
            "<html><head><title>no</title><style>p{}</style></head><body><p>We  need\nfood</p>for&nbsp;five<br>"
            "<script>no()</script><blockquote>old</blockquote></div></body></html>",
            subtype="html",
        )

        assert read_mail(mail.as_bytes()).text == "We need food\nfor five"

    @pytest.mark.parametrize("charset", ["no-such-set", "utf-8", "ascii"])
    def test_wrong_character_set_is_borne(self, charset):
        raw = (
            b"From: a@example.org\r\nContent-Type: text/plain; charset="
            + charset.encode()
            + b"\r\n\r\nComida \xff"
        )

        assert read_mail(raw).text.startswith("Comida")

    @pytest.mark.parametrize(
        "raw", [b"", b"\x00\xff\xfe", b"From: =?x?q?=\r\nTo: <<>>\r\n\r\n", b"Subject: a\nb: \x80\n\nx"]
    )
    def test_rubbish_is_borne(self, raw):
        assert read_mail(raw).message_id.startswith("sha256:")

    def test_only_so_many_parts_are_looked_at(self):
        mail = letter()
        for _more in range(150):
            mail.add_attachment(b"x", maintype="application", subtype="pdf")
        mail.add_attachment(b"late", maintype="audio", subtype="mpeg")

        assert read_mail(mail.as_bytes()).media == ()

    @pytest.mark.parametrize(
        "headers",
        [
            {"Auto_Submitted": "auto-replied"},
            {"Precedence": "bulk"},
            {"X_Autoreply": "yes"},
            {"List_Id": "<a.example>"},
            {"Return_Path": "<>"},
            {"From": "MAILER-DAEMON@example.org"},
            {"From": ""},
        ],
    )
    def test_machine_is_known_for_one(self, headers):
        assert read_mail(letter(**headers).as_bytes()).automatic

    def test_said_to_be_no_machine(self):
        assert not read_mail(letter(Auto_Submitted="no").as_bytes()).automatic

    @pytest.mark.parametrize("inner", ["message/rfc822", "text/rfc822-headers"])
    def test_bounce(self, inner):
        bounce = read_mail(report("<one@alder.example>", inner=inner)).bounce

        assert (bounce.receipt, bounce.arrived, bounce.status) == ("<one@alder.example>", False, "5.1.1")

    def test_late_is_no_bounce_but_a_machine(self):
        mail = read_mail(report("<one@alder.example>", action="delayed"))

        assert mail.bounce is None
        assert mail.automatic


@pytest.mark.parametrize(
    "above",
    [
        "On Tue, 3 Mar 2026 at 12:00, Alder <a@b.example> wrote:",
        "On Tue, 3 Mar 2026 at 12:00, Alder Street\n<a@b.example> wrote:",
        "El mar, 3 mar 2026 a las 12:00, Alder (<a@b.example>) escribió:",
        "في ٣ مارس ٢٠٢٦، كتب Alder:",
        "----- Original Message -----",
        "From: Alder <a@b.example>",
        "-- ",
        "Sent from my phone",
    ],
)
def test_quotation_and_signature_are_cut(above):
    assert (
        without_quotes(f"Yes please\r\n> old\n\n\n\nSix o'clock\n\n{above}\n\nWhat time?")
        == "Yes please\n\nSix o'clock"
    )


def test_words_that_only_look_alike_stay():
    assert without_quotes("On Monday we need bread") == "On Monday we need bread"
    assert plain_of_html("a </blockquote> b") == "a \n b".replace(" \n ", "\n")


@pytest.fixture
def posted(set_up):
    return set_up("email", carries=[], options={"address": ADDRESS}, credentials={"secret": KEY})


@pytest.fixture
def post(client, posted):
    """Post a letter, signed as it should be unless a test says otherwise."""

    def post(raw, *, key=KEY, now=NOW, rest="raw"):
        return client.post(
            reverse("channels:incoming", args=[posted.pk, posted.token, rest]),
            raw,
            content_type="message/rfc822",
            headers={
                "X-Commonweal-Timestamp": now,
                "X-Commonweal-Signature": sign(key, now.encode(), b".", raw),
            },
        )

    return post


@pytest.fixture
def post_form(client, posted):
    def post_form(fields, *, key=KEY, content_type=None):
        signature = hmac.new(key.encode(), f"{NOW}tok".encode(), hashlib.sha256).hexdigest()
        fields = {"timestamp": NOW, "token": "tok", "signature": signature, **fields}
        body = "".join(
            f'--xx\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
            for name, value in fields.items()
        )
        return client.post(
            reverse("channels:incoming", args=[posted.pk, posted.token, "form"]),
            (body + "--xx--\r\n").encode(),
            content_type=content_type or "multipart/form-data; boundary=xx",
        )

    return post_form


@pytest.mark.django_db
class TestPosted:
    @pytest.mark.parametrize(
        ("sender", "named", "is_proven"),
        [
            ("ana@example.org", True, True),
            ("ana@example.org", False, False),
            ("mallory@example.org", True, False),
        ],
    )
    def test_who_answers_a_letter_of_ours_is_believed(self, post, network, sender, named, is_proven):
        to = Address(kind="email", value="ana@example.org", language="en")
        sent = queue_message(
            network=network, to=to, template="stopped", context={"network": "Alder"}, key="one"
        )
        Message.objects.filter(pk=sent.pk).update(
            receipt="<one@alder.example>", about="ask", about_id=network.pk
        )
        named = {"In_Reply_To": "<one@alder.example>"} if named else {}

        post(letter(From=sender, **named).as_bytes())

        inbound = Inbound.objects.get()
        assert inbound.proven is is_proven
        assert inbound.answers == (network.pk if is_proven else None)

    @pytest.mark.parametrize(
        ("server", "is_proven"), [(OURS, True), ("mx.elsewhere.example", False), ("", False)]
    )
    def test_whom_our_mail_server_vouches_for_is_believed(self, post, posted, server, is_proven):
        posted.options["vouching_server"] = server
        posted.save()
        post(f"Authentication-Results: {PASSED}\r\n".encode() + letter().as_bytes())
        assert Inbound.objects.get().proven is is_proven

    def test_letter_is_stored_once_however_often_it_is_posted(self, post):
        mail = letter()
        mail.add_attachment(b"sound", maintype="audio", subtype="mpeg", filename="c.mp3")
        assert [post(mail.as_bytes()).status_code for _ in range(2)] == [204, 204]

        (inbound,) = Inbound.objects.all()
        assert (inbound.sender, inbound.sort, inbound.channel) == ("ana@example.org", "email", "email")
        assert (inbound.subject, inbound.text) == ("Nappies", "We need nappies, size 4.")
        assert Attachment.objects.count() == 1

    def test_subject_stands_for_an_empty_letter(self, post):
        post(letter("").as_bytes())

        assert Inbound.objects.get().text == "Nappies"

    @pytest.mark.parametrize(
        ("change", "status"),
        [
            ({"key": "another key of some length"}, 403),
            ({"now": "1000"}, 403),
            ({"rest": "elsewhere"}, 404),
            ({"raw": b"  "}, 400),
            ({"raw": letter(From="nobody").as_bytes()}, 400),
            ({"raw": letter(From="+14105550123").as_bytes()}, 400),
            ({"raw": b"x" * (LARGEST + 1)}, 413),
        ],
    )
    def test_what_is_refused_is_not_stored(self, post, change, status):
        assert post(**{"raw": letter().as_bytes(), **change}).status_code == status
        assert not Inbound.objects.exists()

    def test_bounce_is_news_of_our_letter_and_no_message(self, post, network):
        message = queue_message(
            network=network,
            to=Address(kind="email", value="ana@example.org", language="en"),
            template="code",
            context={"code": "123456", "minutes": 10, "network": "x", "open_at": ""},
            key="one",
        )
        Message.objects.filter(pk=message.pk).update(state="sent", due_at=None, receipt="<one@alder.example>")
        assert post(report("<one@alder.example>")).status_code == 204

        message.refresh_from_db()
        assert message.delivery == Message.Delivery.FAILED
        assert not Inbound.objects.exists()

    def test_form_with_pieces(self, post_form):
        pieces = {
            "from": "Ana <ana@example.org>",
            "subject": "Hi\r\nBcc: x@y.example",
            "body-plain": "Bread, please",
        }
        assert post_form({**pieces, "message-id": "<f1@example.org>"}).status_code == 204

        inbound = Inbound.objects.get()
        assert (inbound.provider_id, inbound.text) == (fingerprint("<f1@example.org>"), "Bread, please")
        assert inbound.subject == "Hi Bcc: x@y.example"

    def test_form_with_html_only_and_with_the_whole_letter(self, post_form):
        post_form({"from": "ana@example.org", "html": "<p>Bread</p>"})
        post_form({"body-mime": letter("Milk").as_string()})

        assert {each.text for each in Inbound.objects.all()} == {"Bread", "Milk"}

    @pytest.mark.parametrize(
        ("change", "status"),
        [
            ({"key": "another key of some length"}, 403),
            ({"content_type": "application/json"}, 400),
            ({"content_type": "multipart/form-data"}, 400),
        ],
    )
    def test_form_that_is_refused(self, post_form, change, status):
        assert post_form({"from": "ana@example.org", "text": "Bread"}, **change).status_code == status
        assert not Inbound.objects.exists()

    def test_form_that_makes_no_letter(self, post_form, monkeypatch):
        monkeypatch.setattr(EmailMessage, "as_bytes", lambda *_: json.loads("{"))
        assert post_form({"from": "ana@example.org", "text": "Bread"}).status_code == 400

    def test_answers_to_our_letters_go_there(self, posted, network, outgoing):
        assert as_mail(outgoing(network=network.pk)).reply_to == [ADDRESS]
        posted.is_on = False
        posted.save()
        assert as_mail(outgoing(network=network.pk)).reply_to == []

    def test_check_says_whether_anything_came(self, post, posted):
        assert "Nothing has come in yet" in check_posted(posted).words
        post(letter().as_bytes())
        posted.refresh_from_db()
        assert check_posted(posted).words == "E-mail has come in here."


class Box:
    """As much of an IMAP server as a mailbox needs."""

    def __init__(self, *letters):
        self.letters = {str(place): raw for place, raw in enumerate(letters, 1)}
        self.seen, self.login_fails, self.folder, self.search = [], False, "OK", "OK"
        self.is_closed = False

    def login(self, name, password):
        if self.login_fails:
            raise imaplib.IMAP4.error(f"no {password}")
        self.signed_in = (name, password)

    def select(self, folder):
        return self.folder, [b""]

    def uid(self, command, *what):
        if command == "SEARCH":
            unseen = [number for number in self.letters if number not in self.seen]
            return self.search, [" ".join(unseen).encode()]
        if command == "STORE":
            assert what[1:] == ("+FLAGS", r"(\Seen)")
            self.seen.append(what[0])
            return "OK", []
        raw = self.letters[what[0]]
        if what[1] == "(RFC822.SIZE)":
            return "OK", [f"1 (RFC822.SIZE {len(raw)} UID 1)".encode()]
        return "OK", [(b"1 (BODY[] {3}", raw), b")"]

    def logout(self):
        self.is_closed = True


@pytest.mark.django_db
class TestMailbox:
    @pytest.fixture
    def box(self, monkeypatch):
        box = Box(letter().as_bytes())
        monkeypatch.setattr(mailbox, "connect", lambda host, port: box)
        return box

    @pytest.fixture
    def setup_(self, set_up):
        about = {
            "host": "imap.example.org",
            "port": 993,
            "login": "help",
            "folder": "INBOX",
            "address": ADDRESS,
        }
        return set_up("imap", carries=[], options=about, credentials={"password": "pw"})

    def test_new_letter_is_taken_and_then_marked(self, box, setup_):
        assert mailbox.mailboxes_wait()
        assert mailbox.look_into_all() == 1
        assert (box.seen, box.signed_in, box.is_closed) == (["1"], ("help", "pw"), True)
        assert Inbound.objects.get().sender == "ana@example.org"
        assert mailbox.look_into_all() == 0
        assert ChannelSetup.objects.get().light == "good"

    def test_what_could_not_be_stored_stays_unseen(self, box, setup_, monkeypatch):
        def fails(*_args):
            raise RuntimeError

        with monkeypatch.context() as broken:
            broken.setattr(mailbox, "take_mail", fails)
            with pytest.raises(RuntimeError):
                mailbox.look_into(setup_)
        assert box.seen == []
        assert mailbox.look_into(setup_) == 1

    def test_what_nobody_wrote_or_is_too_large_is_only_marked(self, box, setup_):
        box.letters = {"1": b"From: nobody\r\n\r\nx", "2": b"x" * (LARGEST + 1)}

        assert mailbox.look_into(setup_) == 0
        assert box.seen == ["1", "2"]
        assert not Inbound.objects.exists()

    @pytest.mark.parametrize("fault", [{"login_fails": True}, {"folder": "NO"}, {"search": "NO"}])
    def test_mailbox_that_does_not_open(self, box, setup_, fault):
        for name, value in fault.items():
            setattr(box, name, value)
        assert mailbox.look_into_all() == 0
        setup_.refresh_from_db()

        assert setup_.failures_in_row == 1
        assert "pw" not in setup_.last_error

    def test_check_opens_it(self, box, setup_):
        assert check_mailbox(setup_).is_well
        box.login_fails = True
        checked = check_mailbox(setup_)
        assert not checked.is_well
        assert "pw" not in checked.words

    @pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "169.254.169.254", "a b"])
    def test_own_house_is_not_called(self, host):
        with pytest.raises((ChannelDown, OSError)):
            mailbox.connect(host, 993)

    def test_line_is_encrypted(self, settings):
        settings.COMMONWEAL_LAN_CHANNELS = True
        with pytest.raises(OSError):
            mailbox.connect("127.0.0.1", 9)

    def test_forms(self):
        about = {
            "name": "Post",
            "address": ADDRESS,
            "host": "imap.example.org",
            "port": 993,
            "login": "x",
            "folder": "INBOX",
        }
        assert MailboxForm({**about, "password": "pw"}).is_valid()
        assert not MailboxForm({**about, "password": "pw", "host": "127.0.0.1"}).is_valid()
        assert PostedForm({"name": "Post", "address": ADDRESS, "secret": KEY}).is_valid()
