"""What comes over the wire before any page sees it: headers, bodies and addresses that no browser of ours sends."""

import io

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import RequestFactory

from config.wsgi import application
from tests.adversary.cast import OUR_HOST, THEIR_HOST, THEIRS, snapshot

PARTS = (
    b'--x\r\nContent-Disposition: form-data; name="words"\r\n\r\n+2AA- \\ud800\r\n'
    b'--x\r\nContent-Disposition: form-data; name="key"\r\n\r\n+2AA- \\ud800\r\n--x--\r\n'
)
FORM = "application/x-www-form-urlencoded"
IN_PARTS = "multipart/form-data; boundary=x"
CHARSETS = [
    "hex",
    "utf-7",
    "utf-16",
    "punycode",
    "rot13",
    "undefined",
    "unicode_escape",
    "base64",
    "\x00",
    "utf-8",
]


@pytest.fixture(autouse=True)
def same_connection():
    """The program closes the connection between two requests; a test's own is kept, as by Django's test browser."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def send(method, address, body=b"", **environ):
    """An answer of the program as a server asks for it: its status, its headers and its body."""
    asked = RequestFactory().generic(method, address, body).environ
    answer: dict[str, object] = {}

    def start(status, headers, exc_info=None):
        answer.update(status=int(status[:3]), headers=dict(headers))

    asked |= {
        "wsgi.input": io.BytesIO(body),
        "CONTENT_LENGTH": str(len(body)),
        "HTTP_HOST": OUR_HOST,
        **environ,
    }
    return {"body": b"".join(application(asked, start)).decode(), **answer}


@pytest.mark.parametrize("charset", CHARSETS)
@pytest.mark.parametrize("kind", ["text/plain", FORM, IN_PARTS])
def test_whatever_charset_a_body_claims_it_is_read_as_ours(ours, kind, charset):
    before = snapshot()
    for method in ("GET", "POST"):
        answer = send(
            method, "/need/?category=+2AA-&" + "a&" * 190, PARTS, CONTENT_TYPE=f"{kind}; charset={charset}"
        )
        assert answer["status"] in (200, 403)
        assert "\ud800" not in answer["body"]
    assert snapshot() == before


@pytest.mark.parametrize(
    "claim",
    ["x; charset*=nonsense''x", ";;;", "multipart/form-data", "multipart/form-data; boundary=", "é" * 5000],
)
def test_a_body_that_is_not_what_it_claims_is_answered(ours, claim):
    assert send("POST", "/need/", PARTS, CONTENT_TYPE=claim)["status"] in (400, 403)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"words=" + b"a" * 11_000, FORM),
        (b"&".join(b"f%d=x" % number for number in range(300)), FORM),
        (b"x=" * 5000, FORM),
        (b"--x\r\n" + b"Content-Disposition: form-data; name=a; " * 300 + b"\r\n\r\nx\r\n--x--", IN_PARTS),
        (b'--x\r\nContent-Disposition: form-data; name="a"; filename="a"\r\n\r\nx\r\n--x--\r\n', IN_PARTS),
        (b'--x\r\nContent-Disposition: form-data; name="a"\r\nContent-Transfer-Encoding: base64\r\n\r\n!\r\n--x--\r\n',
         IN_PARTS),
    ],
    ids=["too long", "too many fields", "too many pairs", "a head without end", "a file", "no base64"],
)  # fmt: skip
def test_more_than_any_form_of_ours_sends_is_a_page_that_says_so(ours, body, kind):
    answer = send("POST", "/need/", body, CONTENT_TYPE=kind)
    assert (answer["status"], "<h1" in answer["body"]) in [(400, True), (403, True)]
    assert "Nothing was" in answer["body"]


@pytest.mark.parametrize("length", ["", "-1", "x", "99999999999999999999", "1e3", "0x10", "5"])
def test_a_length_that_is_none_is_answered(ours, length):
    assert send("POST", "/need/", b"words=abc", CONTENT_TYPE=FORM, CONTENT_LENGTH=length)["status"] == 403


@pytest.mark.parametrize(
    "host",
    [
        "elsewhere.example",
        "",
        "testserver:99999999",
        "testserver\x00",
        "[",
        "a b",
        "testserver@x",
        "é.example",
    ],
)
def test_a_host_that_is_not_ours_is_refused(ours, host):
    answer = send("GET", "/", HTTP_HOST=host)
    assert answer["status"] == 400 or (answer["status"] == 200 and host == "testserver:99999999")
    assert "elsewhere" not in answer["body"]


def test_each_host_leads_to_its_own_network(ours, theirs):
    assert THEIRS not in send("GET", "/board/")["body"]
    assert THEIRS in send("GET", "/board/", HTTP_HOST=THEIR_HOST)["body"]
    assert THEIRS in send("GET", "/board/", HTTP_HOST=f"{THEIR_HOST.upper()}:8000")["body"]
    assert THEIRS not in send("GET", "/board/", HTTP_X_FORWARDED_HOST=THEIR_HOST)["body"]


@pytest.mark.parametrize(
    "cookies",
    [
        'sessionid="abcdefgh\\000ijkl"',
        "sessionid=" + "a" * 5000,
        "sessionid=' OR 1=1 --",
        'csrftoken="\\000"; messages="\\000x"; django_language="\\000"',
        "messages=" + "W" * 3000,
        "django_language=xx-yy-zz; csrftoken=short",
        ";;;===;;; ,, \xff\xfe",
    ],
)
def test_made_up_cookies_are_no_cookies(ours, cookies):
    for address in ("/", "/me/", "/need/"):
        assert send("GET", address, HTTP_COOKIE=cookies)["status"] in (200, 302)


@pytest.mark.parametrize(
    "header",
    [
        {"HTTP_ACCEPT_LANGUAGE": "x" * 5000 + ",\x00;q=é"},
        {"HTTP_HX_REQUEST": "true", "HTTP_HX_CURRENT_URL": "http://[", "HTTP_HX_TRIGGER": "\x00"},
        {
            "HTTP_IF_MODIFIED_SINCE": "31 Feb 99999",
            "HTTP_IF_NONE_MATCH": '"' * 999,
            "HTTP_RANGE": "bytes=-,,9",
        },
        {"HTTP_REFERER": "http://[", "HTTP_ORIGIN": "null", "HTTP_SEC_FETCH_SITE": "\xff"},
        {"HTTP_X_FORWARDED_FOR": "\x00, ,,;;" * 100, "REMOTE_ADDR": "nonsense"},
        {"HTTP_X_HTTP_METHOD_OVERRIDE": "DELETE", "HTTP_TRANSFER_ENCODING": "chunked"},
    ],
    ids=lambda header: next(iter(header)),
)
@pytest.mark.parametrize("address", ["/need/", "/map/baltimore.geojson", "/board/?kind=asks"])
def test_made_up_headers_change_nothing(ours, header, address):
    assert send("GET", address, **header)["status"] < 500
    assert send("POST", "/need/places/", b"street=x", CONTENT_TYPE=FORM, **header)["status"] == 403


@pytest.mark.parametrize(
    "query", ["%", "%ff=%fe", "&&==", "a=%00", "=" * 4000, "%ED%A0%80", "a=1;b=2", "from=\xff"]
)
@pytest.mark.parametrize("address", ["/board/", "/need/", "/can/", "/sign-in/", "/code/", "/"])
def test_made_up_queries_are_answered(ours, query, address):
    answer = send("GET", f"{address}?{query}")
    assert answer["status"] in (200, 400, 422)


@pytest.mark.parametrize("query", ["a&" * 201, "a" * 60_000], ids=["too many", "too long"])
def test_a_query_beyond_all_measure_is_refused_or_ignored(ours, query):
    assert send("GET", f"/board/?{query}")["status"] in (200, 400)
