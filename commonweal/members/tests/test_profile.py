"""One's own pages: profile, breaks, ways to be reached, leaving."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from commonweal.base.eventlog import By, record
from commonweal.members import queries, sessions
from commonweal.members.actions import add_contact, block, record_sign_in
from commonweal.members.contacts import PHONE, Contact
from commonweal.members.entrances import SignIn
from commonweal.members.forms import PauseForm
from commonweal.members.models import Block, Confirmation, ContactPoint, Member
from commonweal.members.tests import cast
from commonweal.members.tests.cast import ALMA, BEN
from commonweal.networks.tests import cast as networks
from commonweal.networks.tests.cast import NOON

pytestmark = pytest.mark.django_db

PROFILE = "/me/profile/"
REACH = "/me/profile/reach/"
NEW = "new@example.org"
SAID = {"name": "Alma R.", "languages": ["es"], "language": "es", "per_week": "1", "area": ""}
UNKNOWN = "00000000-0000-7000-8000-000000000000"

PAGES = [PROFILE, "/me/profile/change/", "/me/profile/break/", "/me/profile/leave/", REACH]
BUTTONS = [
    "/me/profile/change/",
    "/me/profile/break/",
    "/me/profile/back/",
    "/me/profile/sign-out-everywhere/",
    f"/me/profile/unblock/{UNKNOWN}/",
    "/me/profile/leave/",
    REACH,
    f"{REACH}some-token/",
    f"{REACH}some-token/again/",
    f"{REACH}{UNKNOWN}/first/",
    f"{REACH}{UNKNOWN}/remove/",
]


def state_of(*members):
    return [Member.objects.values().get(pk=member.pk) for member in members] + list(
        ContactPoint.objects.values()
    )


@pytest.mark.parametrize("page", PAGES)
def test_own_pages_are_for_members(as_alma, alma, page):
    assert as_alma.get(page).status_code == 200

    response = Client().get(page)
    assert response.status_code == 302
    assert response.headers["Location"] == f"/sign-in/?next={page.replace('/', '%2F')}"


@pytest.mark.parametrize("button", BUTTONS)
def test_buttons_do_nothing_for_strangers_and_members_of_another_network(client, alma, cleo, button):
    before = state_of(alma, cleo)
    cast.sign_in(client, cleo)

    for browser in (client, Client()):
        response = browser.post(button, SAID)
        assert response.status_code == 302
        assert response.headers["Location"].startswith("/sign-in/")
    assert state_of(alma, cleo) == before


@pytest.mark.parametrize(
    "button",
    [
        f"{REACH}some-token/",
        f"{REACH}some-token/again/",
        f"{REACH}{UNKNOWN}/first/",
        f"{REACH}{UNKNOWN}/remove/",
    ],
)
def test_made_up_ids_are_not_found(as_alma, button):
    assert as_alma.post(button).status_code == 404


@pytest.mark.parametrize(
    "page", ["/me/profile/unblock/nobody/", f"{REACH}%00/first/", f"{REACH}1234/remove/"]
)
def test_what_is_no_id_is_not_found(as_alma, page):
    assert as_alma.post(page).status_code == 404


def test_profile_shows_what_is_kept_and_what_happened(as_alma, alma, ben, django_assert_max_num_queries):
    record_sign_in(member=alma)
    block(member=alma, blocked=ben)

    # network, session, member, contacts, blocks of both kinds, where signed in, story, the frame's own
    with django_assert_max_num_queries(9):
        response = as_alma.get(PROFILE)

    body = response.content.decode()
    assert ALMA.value in body
    assert "Somebody signed in as you" in body
    assert "Ben" in body
    assert response.context["kept"][0]["label"] == "Your name"


def test_place_is_told_to_its_owner_only_as_they_said_it(as_alma, alma, harbor):
    alma.area, alma.place = networks.areas(harbor)["abell"], {"text": "100 E 32nd St"}
    alma.save()
    assert "100 E 32nd St" in as_alma.get(PROFILE).content.decode()
    alma.place = {}
    alma.save()

    assert as_alma.get(PROFILE).context["answers"][-1]["value"] == "Abell"


def test_a_word_about_oneself_is_kept_and_taken_back(as_alma, alma):
    said = {"name": "Alma", "languages": ["en"], "language": "en", "per_week": 2}
    as_alma.post("/me/profile/change/", {**said, "goes_as": "woman"})
    alma.refresh_from_db()
    assert alma.goes_as == "woman"
    assert "I am a woman" in as_alma.get(PROFILE).content.decode()

    assert as_alma.post("/me/profile/change/", {**said, "goes_as": "tree"}).status_code == 422
    as_alma.post("/me/profile/change/", {**said, "goes_as": ""})
    alma.refresh_from_db()
    assert alma.goes_as == ""


def test_events_without_words_are_not_shown(as_alma, alma):
    record(alma, "counted_by_a_room_above", by=By.PROGRAM)

    assert [told.text for told in as_alma.get(PROFILE).context["story"]] == ["You joined the network."]


def test_profile_is_changed_and_the_page_says_so(as_alma, alma, harbor):
    abell = networks.areas(harbor)["abell"]

    response = as_alma.post(
        "/me/profile/change/", {**SAID, "area": str(abell.pk), "other_language": "fr"}, follow=True
    )

    alma.refresh_from_db()
    assert (alma.name, alma.languages, alma.language, alma.per_week) == ("Alma R.", ["es", "fr"], "es", 1)
    assert alma.area == abell
    assert "Your profile is changed." in response.content.decode()
    assert "Your profile is changed." not in as_alma.get(PROFILE).content.decode()


def test_form_shows_what_was_said_with_languages_from_elsewhere(as_alma, alma):
    alma.languages = ["es", "fr"]
    alma.save()

    form = as_alma.get("/me/profile/change/").context["form"]

    assert form["languages"].value() == ["es", "fr"]
    assert [code for code, _name in form.fields["languages"].choices] == ["en", "es", "fr"]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "a" * 61}, "name"),
        ({"name": "\x00"}, "name"),
        ({"languages": ["\x00"]}, "languages"),
        ({"languages": ["xx"]}, "languages"),
        ({"other_language": "xx"}, "other_language"),
        ({"language": "xx"}, "language"),
        ({"per_week": "-1"}, "per_week"),
        ({"per_week": "51"}, "per_week"),
        ({"per_week": "9" * 50}, "per_week"),
        ({"per_week": "two"}, "per_week"),
        ({"area": UNKNOWN}, "area"),
        ({"area": "\x00"}, "area"),
    ],
)
def test_unclear_answers_are_said_at_the_field_and_change_nothing(as_alma, alma, wrong, field):
    before = state_of(alma)

    response = as_alma.post("/me/profile/change/", {**SAID, **wrong})

    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert state_of(alma) == before


def test_area_of_another_network_is_not_on_the_list(as_alma, alma, hills):
    theirs = networks.areas(hills)["abell"]

    response = as_alma.post("/me/profile/change/", {**SAID, "area": str(theirs.pk)})

    assert list(response.context["form"].errors) == ["area"]


def test_nobody_speaks_more_than_a_dozen_languages(as_alma, alma, harbor):
    harbor.languages = ["en", "es", "fr", "ar", "de", "it", "pt", "ru", "zh", "ja", "ko", "tr", "hi"]
    harbor.save()

    response = as_alma.post("/me/profile/change/", {**SAID, "languages": harbor.languages})

    assert list(response.context["form"].errors) == ["languages"]


@pytest.mark.parametrize(("weeks", "until"), [("2", NOON + timedelta(weeks=2)), ("0", None)])
def test_break_is_taken_and_ended(as_alma, alma, weeks, until):
    as_alma.post("/me/profile/break/", {"weeks": weeks})
    alma.refresh_from_db()
    assert (alma.state, alma.paused_until) == (Member.State.PAUSED, until)
    assert "You are on a break" in as_alma.get(PROFILE).content.decode()

    as_alma.post("/me/profile/back/")

    alma.refresh_from_db()
    assert alma.state == Member.State.ACTIVE


@pytest.mark.parametrize("weeks", ["", "3", "-1", "x", "\x00", "9" * 40])
def test_break_of_a_made_up_length_is_refused(as_alma, alma, weeks):
    response = as_alma.post("/me/profile/break/", {"weeks": weeks})

    assert response.status_code == 422
    alma.refresh_from_db()
    assert alma.state == Member.State.ACTIVE


def test_every_other_device_is_signed_out(as_alma, alma):
    elsewhere = Client()
    cast.sign_in(elsewhere, alma)

    as_alma.post("/me/profile/sign-out-everywhere/")

    assert as_alma.get(PROFILE).status_code == 200
    assert elsewhere.get(PROFILE).status_code == 302


def test_keeping_apart_is_taken_back(as_alma, alma, ben):
    block(member=alma, blocked=ben)

    as_alma.post(f"/me/profile/unblock/{ben.pk}/")

    assert not Block.objects.exists()


def test_leaving_is_asked_twice_and_is_for_good(as_alma, alma, harbor):
    assert "We erase your name" in as_alma.get("/me/profile/leave/").content.decode()

    response = as_alma.post("/me/profile/leave/")

    assert response.status_code == 200
    assert "everything about you is erased" in response.content.decode()
    assert not response.wsgi_request.session.keys()
    alma.refresh_from_db()
    assert alma.state == Member.State.LEFT
    assert as_alma.get(PROFILE).status_code == 302
    assert queries.member_for_contact(harbor, ALMA) is None


def ask_for_code(client, contact=NEW):
    response = client.post(REACH, {"contact": contact})
    assert response.status_code == 302
    return response.url


def test_contact_is_added_by_a_code(as_alma, alma, codes):
    page = ask_for_code(as_alma)
    assert NEW in as_alma.get(page).content.decode()

    response = as_alma.post(page, {"code": codes[-1][1]})
    again = as_alma.post(page, {"code": codes[-1][1]})

    assert (response.url, again.url) == (PROFILE, PROFILE)
    assert [point.value for point in queries.contact_points(alma)] == [ALMA.value, NEW]
    assert as_alma.get(PROFILE).status_code == 200


def test_wrong_code_adds_nothing(as_alma, alma, codes):
    page = ask_for_code(as_alma)

    response = as_alma.post(page, {"code": f"{(int(codes[-1][1]) + 1) % 10**6:06}"})

    assert response.status_code == 422
    assert len(queries.contact_points(alma)) == 1


def test_new_code_for_a_contact_comes_by_a_press(as_alma, alma, codes):
    page = as_alma.post(f"{ask_for_code(as_alma)}again/").url

    assert as_alma.post(page, {"code": codes[-1][1]}).url == PROFILE


def test_nobody_adds_a_contact_with_a_code_of_somebody_else(client, alma, ben, codes):
    cast.sign_in(client, alma)
    page = ask_for_code(client)
    others = Client()
    cast.sign_in(others, ben)

    assert others.post(page, {"code": codes[-1][1]}).status_code == 404
    assert others.post(f"{page}again/").status_code == 404
    assert len(queries.contact_points(ben)) == 1


def test_contact_of_another_member_is_refused_in_words(as_alma, alma, ben, codes):
    page = ask_for_code(as_alma, BEN.value)

    response = as_alma.post(page, {"code": codes[-1][1]})

    assert response.status_code == 422
    assert "Another member is reached by this address" in response.content.decode()
    assert len(queries.contact_points(alma)) == 1


def test_unclear_contact_and_too_many_codes_are_said_at_the_field(as_alma, alma, codes):
    assert as_alma.post(REACH, {"contact": "new@"}).status_code == 422
    for _ in range(5):
        ask_for_code(as_alma)

    response = as_alma.post(REACH, {"contact": NEW})

    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["contact"]
    assert Confirmation.objects.count() == 5


@pytest.fixture
def phone(alma, hand):
    hand.advance(timedelta(minutes=1))
    return add_contact(member=alma, contact=Contact(kind=PHONE, value="+14105550199"))


def test_first_contact_is_chosen_by_a_press(as_alma, alma, phone):
    assert "Messages here" in as_alma.get(REACH).content.decode()

    as_alma.post(reverse("members:put_first", args=[phone.pk]))

    assert queries.reach_of(alma) == phone


def test_contact_is_taken_away_and_this_browser_stays(as_alma, alma, phone):
    elsewhere = Client()
    cast.sign_in(elsewhere, alma)

    as_alma.post(reverse("members:remove_contact", args=[phone.pk]))

    assert as_alma.get(PROFILE).status_code == 200
    assert elsewhere.get(PROFILE).status_code == 302
    assert SignIn.objects.get().pk.hex == as_alma.session[sessions.PLACE]


def test_only_contact_stays_and_the_page_says_why(as_alma, alma):
    only = cast.reach(alma)

    response = as_alma.post(reverse("members:remove_contact", args=[only.pk]))

    assert response.status_code == 409
    assert "the only way to reach you" in response.content.decode()
    assert queries.reach_of(alma) == only


def test_contacts_of_others_are_not_found(as_alma, ben, cleo):
    for member in (ben, cleo):
        for name in ("members:put_first", "members:remove_contact"):
            assert as_alma.post(reverse(name, args=[cast.reach(member).pk])).status_code == 404


def test_pages_are_in_the_readers_language_and_direction(as_alma):
    body = as_alma.get(PROFILE, headers={"accept-language": "ar"}).content.decode()

    assert 'lang="ar" dir="rtl"' in body


@pytest.mark.parametrize("page", PAGES)
def test_own_pages_are_kept_by_nobody(as_alma, page):
    assert as_alma.get(page).headers["Cache-Control"] == "no-store, private"


@pytest.mark.parametrize(("language", "words"), [("en", "2 weeks"), ("es", "2 semanas"), ("ar", "أسبوعان")])
def test_how_long_a_break_may_be_is_said_in_the_readers_language(language, words):
    with translation.override(language):
        assert words in str(PauseForm())
