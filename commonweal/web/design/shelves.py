"""The shelves of `/design/`: a component each, its tag as one writes it, and its states."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from commonweal.base import clock
from commonweal.web.design import forms, people
from commonweal.web.icons import ICONS

STATES = {
    "usual": "As it usually is",
    "empty": "Empty",
    "busy": "Busy",
    "wrong": "Something wrong",
    "rtl": "Right to left",
}
NEVER_EMPTY = "Never empty: where there is nothing to say it isn't drawn."
NEVER_BUSY = "Never busy: it comes with the page."
NEVER_WRONG = "Nothing can go wrong with it by itself."
BUTTON_BUSY = "Not by itself: the button of its form is busy."
COULD_NOT_READ = "We couldn't read this just now. Nothing is lost; please load the page again."


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """One state of a component, with what its sample is given."""

    key: str
    title: str
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """A component. `make` gives the sample's data for a state, or the sentence that says why there is no such state."""

    name: str
    title: str
    tag: str
    make: Callable[[str], Mapping[str, Any] | str]
    wide: bool = field(default=False)

    @property
    def template(self) -> str:
        """The sample's template."""
        return f"web/design/{self.name}.html"

    @property
    def states(self) -> list[State]:
        """The states that the component has."""
        made = [(key, title, self.make(key)) for key, title in STATES.items()]
        return [
            State(key=key, title=title, data={"state": key, "rtl": key == "rtl", **data})
            for key, title, data in made
            if not isinstance(data, str)
        ]

    @property
    def absent(self) -> list[tuple[str, str]]:
        """The states that it does not have, with the reason."""
        made = [(title, self.make(key)) for key, title in STATES.items()]
        return [(title, why) for title, why in made if isinstance(why, str)]


def _list_of(rows: Callable[[bool], Any]) -> Callable[[str], Mapping[str, Any]]:
    """A list that can be empty, on its way, or unreadable."""

    def make(state: str) -> Mapping[str, Any]:
        return {
            "rows": [] if state == "empty" else rows(state == "rtl"),
            "busy": state == "busy",
            "error": COULD_NOT_READ if state == "wrong" else "",
        }

    return make


def _plain(**never: str) -> Callable[[str], Mapping[str, Any] | str]:
    """A component whose sample needs no data; `never` says which states it doesn't have."""
    return lambda state: never.get(state, {})


def _with(make: Callable[[bool], Any], **never: str) -> Callable[[str], Mapping[str, Any] | str]:
    """A component with rows that has only some of the states."""
    return lambda state: never.get(state, {"rows": make(state == "rtl")})


def _form(*fields: str, **never: str) -> Callable[[str], Mapping[str, Any] | str]:
    """Fields of the sample form."""

    def make(state: str) -> Mapping[str, Any] | str:
        if state in never:
            return never[state]
        form = forms.sample(state)
        return {"form": form, "fields": [form[name] for name in fields]}

    return make


def _times(state: str) -> Mapping[str, Any] | str:
    if state in ("empty", "busy"):
        return {"empty": NEVER_EMPTY, "busy": NEVER_BUSY}[state]
    now = clock.now()
    late = state == "wrong"
    return {
        "soon": now + timedelta(minutes=-12 if late else 20, seconds=20),
        "past": now - timedelta(hours=2),
    }


def _icons(state: str) -> Mapping[str, Any] | str:
    if state in ("usual", "rtl"):
        return {
            "names": [
                name
                for name in ICONS
                if state == "usual" or name in ("arrow", "back", "older", "newer", "again")
            ]
        }
    return {
        "empty": "A name that isn't in the set stops the page in a test.",
        "busy": NEVER_BUSY,
        "wrong": NEVER_WRONG,
    }[state]


def _filters(state: str) -> Mapping[str, Any] | str:
    if state not in ("usual", "rtl"):
        wrong = "A choice that doesn't exist shows everything."
        return {"empty": "Not drawn where there is nothing to choose.", "busy": BUTTON_BUSY, "wrong": wrong}[
            state
        ]
    label = "أظهر" if state == "rtl" else "Show"
    return {"form": forms.SampleFilters(rtl=state == "rtl", auto_id=f"filter_{state}_%s"), "label": label}


def _hold(state: str) -> Mapping[str, Any] | str:
    return {"empty": "Not drawn while nobody holds the ask.", "busy": NEVER_BUSY}.get(state) or {
        "since": clock.now() - timedelta(minutes=4),
        "name": "سامي" if state == "rtl" else "Sam",
    }


def _meter(state: str) -> Mapping[str, Any] | str:
    if state == "busy":
        return NEVER_BUSY
    value, most = {"empty": (0, 58), "wrong": (71, 58)}.get(state, (31, 58))
    words = f"صوّت {value} من {most}" if state == "rtl" else f"{value} of {most} have voted"
    return {"value": value, "most": most, "words": words}


def _colours(state: str) -> Mapping[str, Any] | str:
    if state != "usual":
        return "The same in every state; the dark set follows the reader's device."
    colours = ("ask", "ask-wash", "offer", "offer-wash", "decision", "decision-wash", "crisis", "crisis-wash")
    return {"names": ("paper", "sheet", "ink", "ink-2", *colours)}


def _tabs(state: str) -> Mapping[str, Any] | str:
    if state not in ("usual", "rtl"):
        return {"empty": NEVER_EMPTY, "busy": NEVER_BUSY, "wrong": NEVER_WRONG}[state]
    labels = ("الآن", "اللوحة", "الرسائل") if state == "rtl" else ("Now", "Board", "Messages", "Closed")
    counts = (4, 38, 2, None)
    items = [
        {"label": label, "url": "#tabs", "is_current": label == labels[0], "count": count}
        for label, count in zip(labels, counts, strict=False)
    ]
    return {"items": items, "label": labels[0]}


def _pager(state: str) -> Mapping[str, Any] | str:
    never = {
        "empty": "Not drawn when all fits on a page.",
        "busy": NEVER_BUSY,
        "wrong": "A page that doesn't exist shows the first.",
    }
    return never.get(state) or {"label": "المزيد" if state == "rtl" else "More of the noticeboard"}


def _masthead(state: str) -> Mapping[str, Any] | str:
    if state in ("busy", "wrong"):
        return {"busy": NEVER_BUSY, "wrong": NEVER_WRONG}[state]
    if state == "rtl":
        return {"places": ("اللوحة", "اللقاءات", "مالنا", "القرارات"), "pages": ("كيف نقرر", "الأمان")}
    return {
        "places": ("Noticeboard", "Gatherings", "Our money", "Decisions"),
        "pages": ("How we decide", "Safety"),
    }


_STILL = {"empty": NEVER_EMPTY, "busy": NEVER_BUSY}

_SINGLE = (
    Shelf(
        name="words",
        title="Words",
        tag="<h1> … .title .lead .kind .quiet .small",
        make=_plain(**_STILL, wrong=NEVER_WRONG),
    ),
    Shelf(name="colours", title="Colours", tag="var(--ask) …", make=_colours),
    Shelf(name="icon", title="Icons", tag='{% icon "check" %}', make=_icons),
    Shelf(
        name="doors",
        title="Doors",
        tag="{% doors need_url can_url %}",
        make=_plain(**_STILL, wrong=NEVER_WRONG),
        wide=True,
    ),
    Shelf(
        name="button",
        title="Buttons",
        tag='{% button label href kind="primary" drawn="check" %}',
        make=_plain(empty=NEVER_EMPTY),
    ),
    Shelf(
        name="press",
        title="A form of one button",
        tag='{% press label url version="3" %}',
        make=_plain(empty=NEVER_EMPTY),
    ),
    Shelf(name="note", title="Notes", tag='{% note "decision" %}…{% endnote %}', make=_plain(**_STILL)),
    Shelf(
        name="status",
        title="Status",
        tag='{% status "done" %}…{% endstatus %}',
        make=_plain(empty=NEVER_EMPTY),
    ),
    Shelf(name="hold", title="Held by somebody", tag="{% hold name since url %}", make=_hold),
    Shelf(
        name="shortcode",
        title="Short code",
        tag="{% shortcode code %}",
        make=_plain(**_STILL, wrong=NEVER_WRONG),
    ),
    Shelf(name="times", title="Moments", tag="{% when at %} {% due at %}", make=_times),
    Shelf(name="meter", title="Meter", tag="{% meter value most words %}", make=_meter),
    Shelf(
        name="nothing",
        title="Nothing here",
        tag="{% nothing title text url=… label=… %}",
        make=_plain(usual="It is the empty state of others.", busy=NEVER_BUSY),
    ),
    Shelf(
        name="skeleton",
        title="On its way",
        tag="{% skeleton lines=3 %}",
        make=_plain(
            usual="It is the busy state of others.",
            empty=NEVER_EMPTY,
            wrong="Gives way to a status that says what is wrong.",
        ),
    ),
)

_FORMS = (
    Shelf(
        name="field",
        title="Fields",
        tag="{% field form.words %}",
        make=_form("words", "people", "area", "phone", "buddy"),
    ),
    Shelf(name="ticks", title="Ticks", tag="{% field form.kind %}", make=_form("kind", busy=BUTTON_BUSY)),
    Shelf(
        name="chips",
        title="Chips",
        tag='{% field form.kind look="chips" %}',
        make=_form("kind", busy=BUTTON_BUSY),
    ),
    Shelf(
        name="slots",
        title="The week",
        tag='{% field form.free look="slots" %}',
        make=_form("free", busy=BUTTON_BUSY),
    ),
    Shelf(
        name="error_summary",
        title="What to put right",
        tag="{% error_summary form %}",
        make=_form(
            usual="Not drawn while nothing is wrong.",
            empty="Not drawn while nothing is wrong.",
            busy=NEVER_BUSY,
            rtl="As in the fields above.",
        ),
    ),
    Shelf(name="filters", title="Filters", tag="{% filters form %}", make=_filters),
    Shelf(
        name="progress",
        title="Pages of a form",
        tag="{% progress step of label %}",
        make=_plain(empty=NEVER_EMPTY, busy=NEVER_BUSY, wrong=NEVER_WRONG),
    ),
    Shelf(
        name="answers",
        title="To look over",
        tag="{% answers rows %}",
        make=_with(
            people.answers,
            empty=NEVER_EMPTY,
            busy=NEVER_BUSY,
            wrong="What is wrong is shown at its field.",
        ),
    ),
    Shelf(
        name="confirm",
        title="Are you sure?",
        tag="{% confirm title url label back=… %}…{% endconfirm %}",
        make=_plain(
            empty=NEVER_EMPTY,
            wrong="Whatever was changed meanwhile is said on top.",
            busy="Its button is busy.",
        ),
    ),
)

_LISTS = (
    Shelf(name="board", title="Noticeboard", tag="{% board rows %}", make=_list_of(people.board)),
    Shelf(name="queue", title="Needs a person", tag="{% queue rows %}", make=_list_of(people.queue)),
    Shelf(name="who", title="Who could", tag="{% who people %}", make=_list_of(people.helpers)),
    Shelf(
        name="reasons",
        title="Reasons",
        tag="{% reasons good against %}",
        make=_with(
            people.helpers,
            empty=NEVER_EMPTY,
            busy=NEVER_BUSY,
            wrong="What speaks against somebody is marked.",
        ),
    ),
    Shelf(name="steps", title="Where it stands", tag="{% steps items %}", make=_list_of(people.way)),
    Shelf(name="timeline", title="What happened", tag="{% timeline entries %}", make=_list_of(people.story)),
    Shelf(name="figures", title="Figures", tag="{% figures pairs %}", make=_list_of(people.figures)),
    Shelf(name="table", title="Table", tag='<table class="table">', make=_list_of(people.table)),
    Shelf(name="tabs", title="Tabs", tag="{% tabs items label %}", make=_tabs),
    Shelf(name="pager", title="Newer and older", tag="{% pager newer_url older_url label %}", make=_pager),
    Shelf(
        name="map_frame",
        title="Map",
        tag='{% map_frame label name="…" %}…{% endmap_frame %}',
        make=_plain(),
    ),
    Shelf(
        name="masthead",
        title="Masthead and colophon",
        tag='{% extends "web/base.html" %}',
        make=_masthead,
        wide=True,
    ),
)


def shelves() -> tuple[Shelf, ...]:
    """All components, in the order of the page."""
    return (*_SINGLE, *_FORMS, *_LISTS)
