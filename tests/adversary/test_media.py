"""Where strangers' files are shown from: a host name that serves nothing else, and a site that serves none of them."""

from datetime import timedelta

import pytest
from django.core import signing

from commonweal.base import clock
from commonweal.intake.actions import Media, clean, receive
from commonweal.intake.models import Attachment
from commonweal.intake.tests.test_media import MP3, SVG, image
from commonweal.members.contacts import Contact
from commonweal.web.media import HEADERS, LASTS_S, SALT, source_of
from tests.adversary.cast import MONDAY, OUR_HOST, THEIR_HOST
from tests.adversary.doors import doors

HOST = "media.example.org"
ORIGIN = f"https://{HOST}"


@pytest.fixture(autouse=True)
def media_host(settings, both_hosts):
    """A host name of its own, as a server has one."""
    settings.COMMONWEAL_MEDIA_URL = ORIGIN
    settings.ALLOWED_HOSTS = [OUR_HOST, THEIR_HOST, HOST]


@pytest.fixture
def kept(ours):
    """A picture, a recording and something else that came with one message, seen to."""
    receive(
        network=ours.network, channel="test", provider_id="1", text="see",
        sender=Contact(kind="phone", value="+14105550199"),
        media=[Media(kind="image", content=content) for content in (image(), MP3, SVG)],
    )  # fmt: skip
    found = list(Attachment.objects.filter(network=ours.network).order_by("position"))
    for one in found:
        clean(attachment=one)
    return found


def path_of(attachment):
    return source_of(attachment).removeprefix(ORIGIN)


def ask(side, path, host=HOST, method="GET", **more):
    return side.browser(side.dispatcher).generic(method, path, HTTP_HOST=host, **more)


def test_a_signed_address_is_answered_with_the_file_alone(ours, kept):
    for attachment, kind in zip(kept, ("image/jpeg", "audio/mpeg"), strict=False):
        answer = ask(ours, path_of(attachment))
        assert (answer.status_code, answer["Content-Type"]) == (200, kind)
        assert answer["Content-Disposition"].startswith('attachment; filename="message-')
        assert {name: answer[name] for name in HEADERS} == HEADERS
        assert not answer.cookies
    assert "sandbox" in HEADERS["Content-Security-Policy"]
    assert not ask(ours, path_of(kept[0]), method="HEAD").content


@pytest.mark.parametrize("door", doors(), ids=lambda door: door.name)
def test_no_page_is_at_the_media_host_even_for_who_is_signed_in(ours, door):
    for address in door.of(ours):
        for method, status in (("GET", 404), ("POST", 405)):
            answer = ask(ours, address, method=method)
            assert (answer.status_code, answer.cookies) == (status, {})
            assert len(answer.content) < 30


@pytest.mark.parametrize(
    "path", ["/static/web/commonweal.css", "/favicon.ico", "/robots.txt", "/.well-known/x", "//", "/"]
)
def test_nothing_else_is_there_either(ours, path):
    assert ask(ours, path).status_code == 404


@pytest.mark.parametrize("host", [OUR_HOST, THEIR_HOST])
def test_the_site_has_no_file_at_any_such_address(ours, kept, host):
    assert ask(ours, path_of(kept[0]), host=host).status_code == 404


@pytest.mark.parametrize(
    "host", ["MEDIA.example.org", "media.example.org:443", "media.example.org:8000", "media.example.org."]
)
def test_the_same_name_written_otherwise_is_the_same_host(ours, kept, host):
    assert ask(ours, path_of(kept[0]), host=host).status_code == 200
    assert ask(ours, "/need/", host=host).status_code == 404


@pytest.mark.parametrize(
    "host", ["evil.media.example.org", "media.example.org.evil.example", "media.example.org@evil.example"]
)
def test_a_name_that_only_looks_like_it_is_nobody_s(ours, kept, host):
    assert ask(ours, path_of(kept[0]), host=host).status_code == 400


def test_what_a_caller_claims_of_the_host_counts_for_nothing(ours, kept):
    claims = {"HTTP_X_FORWARDED_HOST": HOST, "HTTP_X_HOST": HOST, "HTTP_FORWARDED": f"host={HOST}"}
    assert ask(ours, path_of(kept[0]), host=OUR_HOST, **claims).status_code == 404


def test_an_address_lasts_five_minutes(ours, kept):
    path = path_of(kept[0])
    for after, status in ((LASTS_S - 1, 200), (LASTS_S + 1, 404)):
        with clock.frozen(MONDAY + timedelta(seconds=after)):
            assert ask(ours, path).status_code == status


def test_an_address_that_nobody_signed_leads_nowhere(ours, kept):
    path = path_of(kept[0])
    named = [str(kept[0].network_id), str(kept[0].pk), 99999999999]
    made_up = [
        path[:-1], path + "A", path[::-1], path.swapcase(), path[:30] + "%00" + path[30:], path + "/", "/" + path,
        "/" + signing.Signer(salt="elsewhere").sign_object(named), "/" + signing.dumps(named),
        "/" + str(kept[0].pk),
    ]  # fmt: skip
    assert {ask(ours, one).status_code for one in made_up} == {404}


def test_an_address_leads_to_no_other_network(ours, theirs, kept):
    crossed = [str(theirs.network.pk), str(kept[0].pk), 99999999999]
    assert ask(ours, "/" + signing.Signer(salt=SALT).sign_object(crossed)).status_code == 404


def test_what_was_refused_or_is_not_what_it_says_is_not_shown(ours, kept):
    assert kept[2].kind == "refused"
    assert ask(ours, path_of(kept[2])).status_code == 404
    Attachment.objects.filter(pk=kept[0].pk).update(kind="audio/ogg")
    assert ask(ours, path_of(kept[0])).status_code == 404
    Attachment.objects.filter(pk=kept[0].pk).update(kind="")
    assert ask(ours, path_of(kept[0])).status_code == 404


def test_without_a_host_of_its_own_there_is_no_address_at_all(ours, kept, settings):
    path = path_of(kept[0])
    settings.COMMONWEAL_MEDIA_URL = ""
    assert source_of(kept[0]).startswith("data:image/jpeg;base64,")
    for host in (OUR_HOST, HOST):
        assert ask(ours, path, host=host).status_code == 404
