"""Calling others: bounded in time and size, never into our own network, and clear about what may have been heard."""

import socket
import ssl
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from commonweal.base import clock
from commonweal.channels import calling
from commonweal.channels.calling import AddressRefused, Answer, Line, call, check_address, refuse
from commonweal.channels.tests.provider import Handler, Say
from commonweal.messaging.errors import ChannelDown, PermanentFailure, RetryableFailure


def get(provider, path="/x?y=1", **more):
    return call("GET", provider.base + path, headers={}, **more)


def test_answer_comes_back_whole(provider):
    provider.always = Say(status=202, said={"a": 1}, headers={"X-Thing": "yes"})

    answer = call("POST", provider.base + "/x?y=1", headers={"X-Ours": "1"}, body=b"{}")

    (told,) = provider.told
    assert (told.method, told.path, told.query, told.body) == ("POST", "/x", {"y": ["1"]}, b"{}")
    assert told.headers["x-ours"] == "1"
    assert (answer.status, answer.json(), answer.headers["x-thing"]) == (202, {"a": 1}, "yes")


@pytest.mark.parametrize("body", [b"", b"[1]", b"{", b"\xff", b"[" * 50_000])
def test_answer_that_is_no_object_is_an_empty_one(body):
    assert Answer(status=200, headers={}, body=body).json() == {}


def test_nobody_there_was_not_heard(provider):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        with pytest.raises(ChannelDown, match="ConnectionRefusedError") as caught:
            call("GET", f"http://127.0.0.1:{closed.getsockname()[1]}/", headers={})
    assert not caught.value.unsure


@pytest.mark.parametrize(
    "say", [Say(late=0.5), Say(drop=True), Say(said=b"x" * 200), Say(said=b"x" * 90, trickle=True)]
)
def test_line_that_fails_after_the_call_may_have_been_heard(provider, monkeypatch, say):
    monkeypatch.setattr(calling, "SECONDS", 0.2)
    provider.always = say

    with pytest.raises(ChannelDown) as caught:
        get(provider, most=100)
    assert caught.value.unsure


def test_redirect_is_not_followed(provider):
    provider.always = Say(status=302, headers={"Location": "http://127.0.0.1:1/"})

    assert get(provider).status == 302
    with pytest.raises(ChannelDown, match="HTTP 302"):
        refuse(get(provider))


@pytest.mark.parametrize(
    "address",
    [
        "https://api.example.org", "https://api.example.org:8443/v1", "https://93.184.216.34/x",
    ],
)  # fmt: skip
def test_public_address_by_https_may_be_called(address):
    assert check_address(address).hostname


@pytest.mark.parametrize(
    "address",
    [
        "http://api.example.org", "https://127.0.0.1", "https://10.0.0.1/x", "https://169.254.169.254/",
        "https://[::ffff:10.0.0.1]/", "https://0.0.0.0/", "https://224.0.0.1/", "ftp://example.org", "example.org", "",
        "https://", "https://user:word@example.org", "https://example.org/?x=1", "https://example.org/#x",
        "https://example.org:99999", "https://example.org:0", "https://[::1", "https://100.64.0.1/",
    ],
)  # fmt: skip
def test_any_other_address_may_not(address):
    with pytest.raises(AddressRefused):
        check_address(address)
    if "?" not in address:
        with pytest.raises(ChannelDown, match="address refused"):
            call("GET", address, headers={})


def test_house_may_be_called_where_its_keeper_allows_it(settings):
    settings.COMMONWEAL_LAN_CHANNELS = True

    assert check_address("http://192.168.1.20:8080")
    assert check_address("https://127.0.0.1")
    for never in ("http://169.254.169.254/", "http://93.184.216.34", "http://0.0.0.0"):
        with pytest.raises(AddressRefused):
            check_address(never)


def test_name_that_leads_into_the_house_is_refused(monkeypatch):
    monkeypatch.setattr(
        socket,
        "getaddrinfo",
        lambda *args, **more: [(2, 1, 6, "", ("93.184.216.34", 443)), (2, 1, 6, "", ("10.0.0.1", 443))],
    )

    with pytest.raises(ChannelDown, match="address refused"):
        call("GET", "https://two-faced.example/", headers={})


def test_name_that_does_not_exist_was_not_heard(monkeypatch):
    def fail(*args, **more):
        raise socket.gaierror("no such name")

    monkeypatch.setattr(socket, "getaddrinfo", fail)

    with pytest.raises(ChannelDown, match="gaierror") as caught:
        call("GET", "https://nowhere.example/", headers={})
    assert not caught.value.unsure


def test_https_checks_who_answers(provider):
    """A server without a certificate is not spoken to, and has heard nothing."""
    with pytest.raises(ChannelDown, match="SSL") as caught:
        call("GET", provider.base.replace("http:", "https:") + "/", headers={})
    assert not caught.value.unsure
    assert provider.told == []
    assert calling._tls().verify_mode == ssl.CERT_REQUIRED


@pytest.mark.parametrize(
    ("status", "kind", "unsure"),
    [
        (400, PermanentFailure, None), (409, PermanentFailure, None), (422, PermanentFailure, None),
        (401, ChannelDown, False), (403, ChannelDown, False), (404, ChannelDown, False), (503, ChannelDown, False),
        (429, RetryableFailure, False), (408, RetryableFailure, True), (500, RetryableFailure, True),
        (502, RetryableFailure, True), (504, RetryableFailure, True),
    ],
)  # fmt: skip
def test_status_says_what_kind_of_failure_it_is(status, kind, unsure):
    with pytest.raises(kind) as caught:
        refuse(Answer(status=status, headers={}, body=b""), "7")
    assert type(caught.value) is kind
    assert str(caught.value) == f"HTTP {status} code 7"
    assert getattr(caught.value, "unsure", None) is unsure


def test_other_side_names_the_time_to_wait():
    now = datetime(2026, 3, 3, 12, 0, tzinfo=UTC)
    with clock.frozen(now):
        for said, waited in [
            ("120", timedelta(minutes=2)),
            ("99999999999", timedelta(days=1)),
            (format_datetime(now + timedelta(hours=1), usegmt=True), timedelta(hours=1)),
            (format_datetime(now - timedelta(hours=1), usegmt=True), timedelta(0)),
            ("soon", None),
            ("", None),
            ("Tue, 03 Mar 2026 12:00:00", None),
        ]:
            assert Answer(status=429, headers={"retry-after": said}, body=b"").retry_after == waited


def test_what_no_steward_chose_is_never_inside(provider, connects, settings):
    """Whoever gives out an address by themselves can't turn this program against its own house."""
    for address in (provider.base, "https://127.0.0.1/x", "http://example.org"):
        check_address(address)
        with pytest.raises(AddressRefused):
            check_address(address, public=True)
    with pytest.raises(ChannelDown, match="address refused"):
        call("POST", provider.base, headers={}, public=True)
    # A name that leads inside is found out when it is looked up.
    with pytest.raises(ChannelDown, match="address refused"):
        call("POST", "https://localhost/", headers={}, public=True)
    assert not provider.told
    assert call("POST", provider.base, headers={}).status == 201


@pytest.fixture
def connects(monkeypatch):
    """How often somebody was called up."""
    connect, made = calling._connect, []

    def counted(parts, **how):
        made.append(connect(parts, **how))
        return made[-1]

    monkeypatch.setattr(calling, "_connect", counted)
    yield made
    for each in made:
        each.close()


@pytest.fixture
def line(provider, monkeypatch):
    monkeypatch.setattr(Handler, "protocol_version", "HTTP/1.1")
    line = Line()
    yield line
    line.close()


def test_line_stays_open_between_two_calls(provider, connects, line):
    assert [get(provider, line=line).status for _ in range(3)] == [201, 201, 201]

    assert len(connects) == 1
    assert len(provider.told) == 3

    line.close()
    assert get(provider, line=line).status == 201
    assert len(connects) == 2


def test_line_that_was_idle_is_not_trusted(provider, connects, line, monkeypatch):
    get(provider, line=line)
    monkeypatch.setattr(calling, "IDLE", 0.0)

    get(provider, line=line)

    assert len(connects) == 2


def test_line_that_the_other_side_hung_up_is_called_anew(provider, connects, line):
    get(provider, line=line)
    connects[0].sock.shutdown(socket.SHUT_WR)
    wait_until_it_can_be_read(connects[0].sock)

    assert get(provider, line=line).status == 201
    assert len(connects) == 2


def wait_until_it_can_be_read(plain):
    plain.settimeout(5)
    assert plain.recv(1, socket.MSG_PEEK) == b""


def test_line_leads_to_one_place(provider, connects, line):
    get(provider, line=line)

    call("GET", provider.base.replace("127.0.0.1", "localhost") + "/", headers={}, line=line)

    assert len(connects) == 2


def test_line_that_failed_is_not_used_again(provider, connects, line, monkeypatch):
    provider.answers.append(Say(said=b"x" * 200))
    with pytest.raises(ChannelDown):
        get(provider, line=line, most=100)

    assert get(provider, line=line).status == 201
    assert len(connects) == 2
    assert connects[0].sock is None


def test_server_that_hangs_up_after_each_answer_is_called_each_time(provider, connects, line, monkeypatch):
    monkeypatch.setattr(Handler, "protocol_version", "HTTP/1.0")

    get(provider, line=line), get(provider, line=line)

    assert len(connects) == 2


def test_call_that_is_broken_off_leaves_nothing_open(provider, connects, monkeypatch):
    def stopped(*_arguments):
        raise KeyboardInterrupt

    monkeypatch.setattr(calling, "_read", stopped)
    with pytest.raises(KeyboardInterrupt):
        get(provider)

    assert connects[0].sock is None
