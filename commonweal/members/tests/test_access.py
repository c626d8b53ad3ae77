"""Who may see a member's own pages, away from any page."""

from typing import Any, cast

import pytest
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpResponse
from django.test import RequestFactory

from commonweal.members.access import onward_path, require_member, sign_in_url, signed_in
from commonweal.members.requests import MemberRequest
from commonweal.members.sessions import confirmed_here, demo_code
from commonweal.networks.models import Network


@pytest.mark.parametrize(
    ("wanted", "path"),
    [
        ("/asks/?kind=offers", "/asks/?kind=offers"),
        ("/", "/"),
        ("", ""),
        (None, ""),
        (7, ""),
        ("asks/", ""),
        ("//evil.example/", ""),
        ("/\\evil.example/", ""),
        ("https://evil.example/", ""),
        ("/\n/evil.example", ""),
        ("/" + "a" * 500, ""),
    ],
)
def test_only_paths_of_this_site_are_gone_on_to(wanted, path):
    assert onward_path(RequestFactory().get("/"), wanted) == path


def test_a_form_that_was_sent_is_not_gone_back_to():
    assert sign_in_url(RequestFactory().post("/me/profile/leave/")) == "/sign-in/"
    assert sign_in_url(RequestFactory().get("/me/?a=1&b=2")) == "/sign-in/?next=%2Fme%2F%3Fa%3D1%26b%3D2"


def _request(member: Any) -> MemberRequest:
    request = cast(MemberRequest, RequestFactory().get("/"))
    request.member, request.session = member, cast(SessionBase, {})
    return request


def test_guard_keeps_the_name_of_its_view():
    @require_member
    def somewhere(request: MemberRequest) -> HttpResponse:
        """A page."""
        return HttpResponse(str(signed_in(request)))

    assert somewhere(_request("Alma")).content == b"Alma"
    assert (somewhere.__name__, somewhere.__doc__) == ("somewhere", "A page.")


def test_a_view_without_its_guard_is_a_fault_of_the_program():
    with pytest.raises(TypeError):
        signed_in(_request(None))


def test_a_session_without_a_code_has_none():
    request = _request(None)

    assert demo_code(request, "token") == ""
    assert confirmed_here(request, Network(), "token") is None
