"""What every answer carries, and how a refusal is answered."""

import pytest
from django.http import HttpResponse
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
