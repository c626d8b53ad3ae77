"""What every answer carries, and how a refusal is answered."""

from types import SimpleNamespace

import pytest
from django.http import HttpResponse, HttpResponseNotAllowed
from django.test import RequestFactory

from commonweal.base.errors import NotAllowed, NotFound, Refused, Stale, TooMany
from commonweal.web.middleware import PRIVATE, PlainHeaders, Refusals


def answer_of(path):
    return PlainHeaders(lambda request: HttpResponse())(RequestFactory().get(path))


@pytest.mark.parametrize("path", PRIVATE)
def test_a_private_page_is_kept_nowhere(path):
    answer = answer_of(f"{path}token/")
    assert answer["Cache-Control"] == "no-store, private"
    assert answer["Referrer-Policy"] == "same-origin"
    assert "noindex" in answer["X-Robots-Tag"]


def test_a_public_page_may_be_kept():
    answer = answer_of("/safety/")
    assert "Cache-Control" not in answer
    assert "camera=()" in answer["Permissions-Policy"]


def test_what_a_member_sees_is_not_kept_on_a_shared_computer():
    request = RequestFactory().get("/board/")
    request.member = SimpleNamespace(name="Rosa")
    assert PlainHeaders(lambda request: HttpResponse())(request)["Cache-Control"] == "no-store, private"


def test_an_address_that_only_takes_a_press_says_so_in_words():
    answer = Refusals(lambda request: HttpResponseNotAllowed(["POST"]))(RequestFactory().get("/sign-out/"))
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert "Nothing was changed." in answer.content.decode()


def refused(refusal):
    return Refusals(lambda request: HttpResponse()).process_exception(RequestFactory().get("/"), refusal)


@pytest.mark.parametrize(
    ("refusal", "status", "words"),
    [
        (Refused("Not like this."), 400, "Not like this."),
        (NotFound(), 404, "The link may be old, or mistyped."),
        (NotAllowed(), 403, "This is for somebody else to do."),
        (Stale(), 409, "Somebody changed this in the meantime."),
        (TooMany(wait=90), 429, "Please wait 2 minutes"),
    ],
)
def test_a_refusal_is_a_page_with_its_words(refusal, status, words):
    answer = refused(refusal)
    assert answer.status_code == status
    assert words in answer.content.decode()
    assert answer.get("Retry-After") == ("90" if status == 429 else None)


def test_a_fault_is_not_taken_for_a_refusal():
    assert refused(ValueError()) is None


def test_what_is_no_refusal_goes_on():
    assert Refusals(lambda request: HttpResponse("on"))(RequestFactory().get("/")).content == b"on"
