"""What every answer carries, whoever asks, on every page: walked over http and as over https."""

import re
from wsgiref.headers import Headers

import pytest

from commonweal.web.middleware import PERMISSIONS
from config.guards import guards, of_a_file
from tests.adversary.cast import PRIVATE
from tests.adversary.test_doors import WALK, said_in

EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": PERMISSIONS,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "media-src": "'self' data:",
    "connect-src": "'self'",
    "worker-src": "'self'",
    "manifest-src": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
    "require-trusted-types-for": "'script'",
    "trusted-types": "default",
}
YEAR = "max-age=31536000; includeSubDomains; preload"


@pytest.fixture(params=["http", "https"])
def scheme(request, settings):
    """How people come."""
    for name, value in guards(https=request.param == "https", media="").items():
        setattr(settings, name, value)
    return request.param


def answers(side, door, scheme):
    """What each visitor is answered at the door, looking."""
    for visitor in (None, side.helper, side.dispatcher):
        for address in door.of(side):
            browser = side.browser(visitor)
            yield visitor, browser.get(address, secure=scheme == "https")


def policy_of(answer):
    """The directives of its content security policy."""
    parts = [
        part.strip().partition(" ") for part in answer["Content-Security-Policy"].split(";") if part.strip()
    ]
    return {name: value for name, _space, value in parts}


@WALK
def test_every_answer_tells_the_browser_what_to_refuse(ours, door, scheme):
    for visitor, answer in answers(ours, door, scheme):
        assert {name: answer.get(name) for name in EVERYWHERE} == EVERYWHERE
        assert policy_of(answer) == POLICY | ({"upgrade-insecure-requests": ""} if scheme == "https" else {})
        assert answer.get("Strict-Transport-Security") == (YEAR if scheme == "https" else None)
        assert (
            not {"Server", "X-Powered-By", "Report-To", "Reporting-Endpoints", "NEL"} & answer.headers.keys()
        )
        if PRIVATE.lower() in said_in(answer) or visitor:
            assert "no-store" in answer["Cache-Control"]
        if PRIVATE.lower() in said_in(answer):
            assert "noindex" in answer["X-Robots-Tag"]
        check_cookies(answer, scheme)


def check_cookies(answer, scheme):
    """No cookie that another host, another site or a script could read or plant."""
    for name, cookie in answer.cookies.items():
        assert cookie["httponly"] or not cookie.value, name  # one without a value is taken away
        assert cookie["samesite"] == "Lax", name
        assert not cookie["domain"], name
        assert cookie["path"] == "/", name
        if scheme == "https":
            assert cookie["secure"], name
            assert name.startswith("__Host-"), name


def test_each_kind_of_cookie_is_held_to_it(ours, scheme):
    """Session, form token, language and note: the walk above would be content without any."""
    browser, secure = ours.browser(), scheme == "https"
    page = browser.get("/need/", secure=secure)
    chosen = browser.post("/language/", {"language": "es"}, secure=secure)
    member = ours.browser(ours.helper)
    noted = member.post(f"/desk/letters/{ours.ids['letter']}/drop/", secure=secure)
    desk = ours.browser(ours.dispatcher).post(f"/desk/letters/{ours.ids['letter']}/drop/", secure=secure)
    gone = member.post("/sign-out/", secure=secure)
    names = {name for answer in (page, chosen, noted, desk, gone) for name in answer.cookies}
    for answer in (page, chosen, noted, desk, gone):
        check_cookies(answer, scheme)
    prefix = "__Host-" if secure else ""
    assert names == {f"{prefix}{name}" for name in ("csrftoken", "django_language", "sessionid", "messages")}


def test_who_comes_without_tls_is_sent_to_it(ours, settings):
    for name, value in guards(https=True, media="").items():
        setattr(settings, name, value)
    answer = ours.browser().get("/need/")
    assert (answer.status_code, answer["Location"]) == (301, f"https://{ours.host}/need/")


def test_no_page_has_anything_inline(ours):
    """The policy would stop it; it is not there to be stopped."""
    inline = re.compile(r"<style|\sstyle\s*=|\son[a-z]+\s*=\s*[\"']|javascript:|<script(?![^>]*\ssrc=)", re.I)
    for address in ("/", "/need/", "/can/", "/board/", "/sign-in/", "/design/", "/nowhere/"):
        assert not inline.search(ours.browser().get(address).content.decode()), address


def test_files_of_ours_serve_no_other_site():
    headers = Headers([("Content-Type", "text/css")])
    of_a_file(headers, "web/commonweal.css", "/static/web/commonweal.css")
    isolation = {name: value for name, value in EVERYWHERE.items() if name.startswith("Cross-Origin")}
    assert dict(headers.items()) == {"Content-Type": "text/css", **isolation}


@pytest.mark.parametrize("media", ["", "https://media.example.org"])
def test_only_pictures_and_sounds_come_from_the_media_host(media):
    policy = guards(https=True, media=media)["CONTENT_SECURITY_POLICY"]["DIRECTIVES"]
    named = {name for name, value in policy.items() if value is not True and media in value and media}
    assert named == ({"img-src", "media-src"} if media else set())
