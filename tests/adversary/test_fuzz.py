"""Whatever a form or an address may hold, by Hypothesis: an answer, and a page that can still be read afterwards."""

from urllib.parse import quote_from_bytes

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from commonweal.exchange.models import Ask
from tests.adversary.cast import THEIRS, undone
from tests.adversary.papers import ON_A_DAY, need

FORM = "application/x-www-form-urlencoded"
# Every example is undone, so they may share what the test was given.
EXAMPLES = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
BYTES = st.binary(max_size=60) | st.text(max_size=40).map(lambda text: text.encode("utf-8", "surrogatepass"))
ODD = st.sampled_from(
    [b"0", b"-1", b"1e5", b"\x00", b"on", b"soon", b"day", b"weekly", b"2026-11-25", b"23:59", b"other"]
)
NAMES = [
    "category", "words", "people", "area", "when", "day", "part", "from_time", "until_time", "weekdays", "contact",
    "called", "street", "found", "square", "quantity", "unit", "hands", "needs", "languages", "other_language",
    "summary", "destination", "returns_on", "key", "find", "map",
]  # fmt: skip


def encoded(said):
    """What a browser would send, byte for byte."""
    return "&".join(f"{quote_from_bytes(name)}={quote_from_bytes(value)}" for name, value in said)


@EXAMPLES
@given(
    st.lists(
        st.tuples(st.sampled_from([b"kind", b"category", b"area", b"from"]) | BYTES, BYTES | ODD), max_size=6
    )
)
def test_whatever_the_address_of_the_board_says_it_is_a_page(ours, said):
    answer = ours.browser().get(f"/board/?{encoded(said)}")
    assert answer.status_code == 200
    assert THEIRS not in answer.content.decode()


@EXAMPLES
@given(
    st.dictionaries(st.sampled_from(NAMES), BYTES | ODD, max_size=8),
    st.sampled_from([{}, ON_A_DAY, {"when": "weekly"}]),
)
def test_whatever_the_form_holds_it_is_taken_whole_or_refused_whole(ours, said, besides):
    good = {name: value.encode() for name, value in {**need(ours), **besides}.items()}
    body = encoded([(name.encode(), value) for name, value in {**good, **said}.items()])
    with undone():
        before = Ask.objects.count()
        browser = ours.browser()
        answer = browser.post("/need/", body, content_type=FORM)
        answer.content.decode()
        assert answer.status_code in (200, 302, 422)
        assert Ask.objects.count() == before + (answer.status_code == 302)
        if answer.status_code == 302:
            assert_readable(browser, answer["Location"], Ask.objects.latest("created_at", "id"))


def assert_readable(browser, status, ask):
    """What was taken can be shown, changed and listed, and fits where it is kept."""
    for address in (status, f"{status}change/", "/board/"):
        assert browser.get(address).status_code == 200
    typed = (ask.words, ask.called, ask.summary, ask.unit, ask.destination, ask.place.get("text", ""))
    assert all(len(text) <= 600 and "\x00" not in text and text == text.strip() for text in typed)
    assert ask.starts_at < ask.ends_at
    assert ask.hands >= 1
    assert ask.people >= 1


@EXAMPLES
@given(BYTES)
def test_whatever_is_looked_up_is_answered(ours, text):
    with undone():
        ours.network.map_name = "baltimore"
        ours.network.save()
        for address in ("/need/places/", "/need/"):
            answer = ours.browser().post(address, f"find=&street={quote_from_bytes(text)}", content_type=FORM)
            assert answer.status_code == 200


@EXAMPLES
@given(BYTES | ODD, BYTES)
def test_whatever_is_typed_as_a_contact_or_code_is_answered(ours, contact, code):
    with undone():
        for address, said in (
            ("/sign-in/", [(b"contact", contact)]),
            ("/code/", [(b"short_code", code), (b"contact", contact)]),
            (f"/sign-in/{ours.tokens['sign_in']}/", [(b"code", code)]),
        ):
            answer = ours.browser().post(address, encoded(said), content_type=FORM)
            assert answer.status_code in (200, 302, 422, 429)
