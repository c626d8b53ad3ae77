"""What came with a message, as a page of the desk."""

import base64

import pytest

from commonweal.base.eventlog import story_of
from commonweal.intake.actions import Media
from commonweal.intake.media.kinds import kind_of
from commonweal.intake.models import Attachment
from commonweal.intake.tests.test_media import MP3, SVG, photograph
from commonweal.web.desk.tests.conftest import Desk, words
from commonweal.web.desk.tests.test_messages import came


@pytest.fixture
def draft(town):
    """A picture, a recording, and a drawing with a script in it that says it is a picture."""
    media = [
        Media(kind="image", content=photograph(), name="hall.jpg"),
        Media(kind="audio", content=MP3, name="x.html.mp3", length_s=3),
        Media(kind="image", content=SVG, name="<b>hall.svg"),
    ]
    return came(town, media=media)


def shown(page):
    """What stands in the page, as the browser would have it."""
    _begin, _sign, rest = page.partition('src="data:')
    kind, _sign, data = rest.partition('"')[0].partition(";base64,")
    return kind, base64.b64decode(data)


def test_a_picture_stands_in_the_page_drawn_anew_and_the_look_is_on_record(jo, draft):
    page = words(jo.get("message_media", draft.pk, 0))
    kind, content = shown(page)
    assert (kind, kind_of(content)) == ("image/jpeg", "image/jpeg")
    assert b"qqPlace" not in content
    assert 'download="message-1.jpg"' in page
    assert [event.data["what"] for event in story_of(draft) if event.verb == "looked"] == ["media"]


def test_a_recording_is_heard_in_the_page(jo, draft):
    assert "Listen to the recording" in words(jo.get("message", draft.pk))
    page = words(jo.get("message_media", draft.pk, 1))
    assert "<audio controls" in page
    assert shown(page) == ("audio/mpeg", MP3)


def test_a_drawing_with_a_script_is_named_and_nothing_of_it_kept(jo, draft):
    page = words(jo.get("message_media", draft.pk, 2))
    assert "no picture or recording that can be opened safely" in page
    assert "data:" not in page
    assert Attachment.objects.get(position=2).content == ""
    assert not any(event.verb == "looked" for event in story_of(draft))
    assert "&lt;b&gt;hall.svg" in words(jo.get("message", draft.pk))


def test_with_a_host_of_its_own_the_page_only_points_there(jo, draft, settings):
    settings.COMMONWEAL_MEDIA_URL = "https://media.example.org"
    page = words(jo.get("message_media", draft.pk, 0))
    assert page.count('"https://media.example.org/') == 2
    assert "data:" not in page


def test_it_is_for_the_desk_alone(town, jo, bo, draft):
    assert jo.get("message_media", draft.pk, 7).status_code == 404
    assert bo.get("message_media", draft.pk, 0).status_code == 404
    assert Desk(town.rosa).get("message_media", draft.pk, 0).status_code == 403
