"""Each component says what it should, to the eye and to a screen reader."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.template import engines

from commonweal.base import clock
from commonweal.web import design
from commonweal.web.icons import ICONS, TURNING

NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
ROW = {
    "kind_label": "Ride",
    "title": "There & back",
    "where": "Abell",
    "when": "tomorrow",
    "url": "/b/1",
    "is_offer": False,
}
LISTS = {
    "board": [ROW],
    "queue": [
        {
            "due_at": NOON,
            "title": "A ride",
            "detail": "Abell",
            "url": "/d/1",
            "is_current": True,
            "held_by": "Sam",
        }
    ],
    "who": [
        {
            "name": "Rosa",
            "reasons": ["600 m"],
            "against": ["no Spanish"],
            "url": "/ask",
            "action_label": "Ask",
            "fields": {},
        }
    ],
    "timeline": [{"at": NOON, "text": "It was published."}],
    "steps": [{"state": "now", "title": "The first was asked", "detail": "at noon"}],
    "figures": [("asks met this week", "46")],
}


@pytest.fixture(autouse=True)
def _noon():
    with clock.frozen(NOON):
        yield


def shown(source, **context):
    return engines["django"].from_string(source).render({"csrf_token": "token", **context})


def test_an_icon_is_hidden_from_screen_readers_and_turns_only_where_it_points():
    for name in ICONS:
        drawn = shown("{% icon name %}", name=name)
        assert 'aria-hidden="true"' in drawn
        assert ("turns" in drawn) is (name in TURNING)


def test_an_unknown_icon_stops_the_page():
    with pytest.raises(KeyError):
        shown('{% icon "unicorn" %}')


def test_a_button_is_a_link_only_with_an_address():
    assert (
        shown('{% button label "/x" kind="primary" %}', label="Go <on>")
        == '<a class="button primary" href="/x">Go &lt;on&gt;</a>'
    )
    assert (
        shown('{% button "Go" name="why" value="found" form_action="" %}')
        == '<button class="button" name="why" value="found">Go</button>'
    )


def test_a_button_says_when_it_is_busy_and_then_takes_no_press():
    busy = shown('{% button "Go" busy=True %}')
    assert 'aria-busy="true"' in busy
    assert "disabled" in busy


def test_press_is_a_form_that_carries_its_token_and_fields():
    page = shown('{% press "Pause" "/pause" version=3 %}')
    assert '<form method="post" action="/pause">' in page
    assert 'name="csrfmiddlewaretoken"' in page
    assert '<input type="hidden" name="version" value="3">' in page


def test_the_doors_are_named_by_what_people_say():
    page = shown('{% doors "/need" "/can" %}')
    assert re.search(r'href="/need"><strong>I need</strong>', page)
    assert re.search(r'href="/can"><strong>I can</strong>', page)


def test_a_code_is_spelt_out():
    page = shown('{% shortcode "K7F-2QM" label="Your code:" %}')
    assert '<span class="unseen">K 7 F - 2 Q M</span>' in page
    assert 'aria-hidden="true">K7F-2QM' in page
    assert 'dir="ltr"' in page


@pytest.mark.parametrize(
    ("value", "most", "width"), [(0, 58, 0), (31, 58, 53), (71, 58, 100), (-1, 58, 0), (1, 0, 0)]
)
def test_a_meter_stays_within_its_bounds_and_has_words(value, most, width):
    page = shown('{% meter value most "31 of 58" %}', value=value, most=most)
    assert f'width="{width}%"' in page
    assert 'role="img" aria-label="31 of 58"' in page


def test_progress_says_the_step():
    assert "Step 2 of 4 · Where" in shown('{% progress 2 4 "Where" %}')


def test_hold_says_who_and_can_be_taken_over():
    page = shown('{% hold "Sam" since url="/take" %}', since=NOON - timedelta(minutes=4))
    assert "Sam is working on this." in page
    assert "4 min ago" in page
    assert 'action="/take"' in page
    assert "csrfmiddlewaretoken" in page
    assert "<form" not in shown('{% hold "Sam" since %}', since=NOON)


def test_due_marks_what_is_late():
    assert 'class="due num late"' in shown("{% due at %}", at=NOON - timedelta(minutes=12))
    assert 'class="due num"' in shown("{% due at %}", at=NOON)


@pytest.mark.parametrize(
    ("kind", "role"), [("wrong", "alert"), ("done", "status"), ("careful", "status"), ("", "status")]
)
def test_a_status_is_announced_and_has_an_icon(kind, role):
    page = shown("{% status kind %}<p>{{ words }}</p>{% endstatus %}", kind=kind, words="<b>")
    assert f'role="{role}"' in page
    assert "<p>&lt;b&gt;</p>" in page
    assert "<svg" in page


def test_a_note_keeps_its_content():
    assert shown('{% note "ask" %}<p>Hi</p>{% endnote %}') == '<div class="note ask"><p>Hi</p></div>'


def test_nothing_offers_a_way_on_only_where_there_is_one():
    assert "<a" not in shown('{% nothing "Nothing here" %}')
    page = shown('{% nothing "Nothing here" "It is quiet." url="/need" label="I need" %}')
    assert 'href="/need"' in page
    assert "It is quiet." in page


def test_confirm_has_one_button_and_a_way_back():
    page = shown('{% confirm "Withdraw?" "/w" "Yes, withdraw it" back="/a" %}<p>It goes.</p>{% endconfirm %}')
    assert "<h1" in page
    assert "<p>It goes.</p>" in page
    assert page.count("<button") == 1
    assert 'class="button primary"' in page
    assert 'href="/a"' in page
    assert "csrfmiddlewaretoken" in page


def test_a_map_frame_names_its_source_and_hands_data_to_the_script():
    page = shown('{% map_frame "Areas" name="baltimore" zoom="12" %}<svg></svg>{% endmap_frame %}')
    assert 'data-map="baltimore" data-zoom="12"' in page
    assert "© OpenStreetMap contributors" in page
    assert "<svg></svg>" in page


def test_a_board_row_leads_somewhere_and_its_button_says_where():
    page = shown("{% board rows level=2 %}", rows=[ROW, {**ROW, "is_offer": True}])
    assert page.count("<h2") == 2
    assert 'aria-label="I can: There &amp; back"' in page
    assert 'aria-label="I need: There &amp; back"' in page
    assert page.count('href="/b/1"') == 4


def test_a_queue_row_says_what_is_late_and_who_is_on_it():
    page = shown("{% queue rows %}", rows=LISTS["queue"])
    assert 'aria-current="true"' in page
    assert "Sam is on it" in page


def test_a_person_has_reasons_and_a_button_of_their_own():
    people = [{**LISTS["who"][0], "fields": {"version": 3}}, {"name": "Lee", "reasons": []}]
    page = shown("{% who people %}", people=people)
    assert "<li>600 m</li>" in page
    assert '<li class="against">no Spanish</li>' in page
    assert 'aria-label="Ask: Rosa"' in page
    assert 'name="version" value="3"' in page
    assert page.count("<form") == 1


def test_steps_say_where_it_stands_without_colour():
    rows = [
        {"state": "done", "title": "We have it"},
        *LISTS["steps"],
        {"state": "later", "title": "You meet"},
    ]
    page = shown("{% steps rows %}", rows=rows)
    assert page.count("(done)") == 1
    assert page.count('aria-current="step"') == 1


def test_answers_keep_lines_and_say_what_is_changed():
    rows = [{"label": "What", "value": "Rice\n<b>", "url": "/change"}, {"label": "Where", "value": ""}]
    page = shown("{% answers rows %}", rows=rows)
    assert "Rice<br>&lt;b&gt;" in page
    assert '<span class="unseen">: What</span>' in page
    assert page.count("<a ") == 1
    assert "–" in page


def test_tabs_mark_the_present_one():
    items = [
        {"label": "Now", "url": "/n", "is_current": True, "count": 0},
        {"label": "Board", "url": "/b", "is_current": False},
    ]
    page = shown('{% tabs items "Desk" %}', items=items)
    assert '<a href="/n" aria-current="page">Now <span class="quiet num">0</span></a>' in page
    assert page.count("aria-current") == 1
    assert '<nav class="tabs" aria-label="Desk">' in page


def test_a_pager_is_drawn_only_where_there_is_more():
    assert shown("{% pager %}").strip() == ""
    page = shown('{% pager "" "/older" %}')
    assert 'rel="next"' in page
    assert "Newer" not in page


@pytest.mark.parametrize("name", LISTS)
def test_a_list_shows_its_rows(name):
    page = shown("{% " + name + " rows %}", rows=LISTS[name])
    assert "skeleton" not in page
    assert "empty" not in page


@pytest.mark.parametrize("name", LISTS)
def test_a_list_says_when_it_is_empty_on_its_way_or_unreadable(name):
    tag = "{% " + name + " rows busy=busy error=error empty=empty %}"
    usual = {"rows": LISTS[name], "busy": False, "error": "", "empty": ""}
    assert 'class="empty"' in shown(tag, **{**usual, "rows": []})
    assert "Quiet today" in shown(tag, **{**usual, "rows": [], "empty": "Quiet today"})
    assert 'aria-busy="true"' in shown(tag, **{**usual, "busy": True})
    assert "Try again" in shown(tag, **{**usual, "error": "Try again"})


def test_design_shows_every_component_with_every_state_or_the_reason():
    for shelf in design.shelves():
        shown_states = {state.key for state in shelf.states}
        assert len(shown_states) + len(shelf.absent) == 5
        assert "usual" in shown_states or shelf.name in ("nothing", "skeleton", "error_summary")
        for state in shelf.states:
            page = engines["django"].get_template(shelf.template).render({"s": state.data})
            assert page.strip(), (shelf.name, state.key)


def test_design_shows_every_tag():
    from commonweal.web.templatetags.commonweal import register

    text = " ".join(shelf.tag for shelf in design.shelves())
    unseen = {name for name in register.tags if not re.search(rf"{{% {name}\b", text)}
    # `fields` prints many `field`s, `stamp` is the time in a timeline, `machine_guard` shows nothing.
    assert unseen == {"fields", "machine_guard", "stamp"}
