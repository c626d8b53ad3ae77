"""The components of the pages, one tag each. `/design/` shows them all; their templates are in `web/components/`.

A list takes `busy=True` while its rows are on the way and `error="words"` when they could not be read; with no rows
it says so in its own words, or in those of `empty="words"`.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from django import template
from django.forms import BaseForm
from django.forms.boundfield import BoundField
from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from commonweal.base.guard import Guard
from commonweal.base.lists import side_by_side
from commonweal.web import times
from commonweal.web.fields import errors_of, take_apart
from commonweal.web.icons import ICONS, TURNING

register = template.Library()
Context = dict[str, Any]


def _with_token(context: template.Context, **values: Any) -> Context:
    """Values for a component that holds a form: the CSRF token comes along."""
    return {"csrf_token": context.get("csrf_token"), **values}


# ── single things ────────────────────────────────────────────────────────────────────────────────────────────────


@register.simple_tag
@cache
def icon(name: str) -> SafeString:
    """A drawing beside a word. Raises KeyError for a name that is not in the set."""
    turns = " turns" if name in TURNING else ""
    drawing = '<svg class="icon{}" viewBox="0 0 24 24" aria-hidden="true"><path d="{}"/></svg>'
    return format_html(drawing, turns, ICONS[name])


@register.simple_tag
def button(
    label: str, href: str = "", *, kind: str = "", drawn: str = "", busy: bool = False, **attrs: str
) -> SafeString:
    """A link (with `href`) or a form's button that looks like a button.

    `kind`: "primary" (one a page), "offer", "ask", "plain" or nothing. `drawn` names an icon. Other keywords become
    attributes (`name=`, `value=`, `formaction=`, `disabled=True`; an underscore is written as a hyphen).
    """
    classes = f"button {kind}".strip()
    picture = icon(drawn) if drawn else ""
    if busy:
        attrs |= {"aria-busy": "true", "disabled": "disabled"}
    extra = format_html_join(
        "",
        ' {}="{}"',
        ((key.replace("_", "-"), value) for key, value in attrs.items() if value not in (False, None, "")),
    )
    if href:
        return format_html('<a class="{}" href="{}"{}>{}{}</a>', classes, href, extra, picture, label)
    return format_html('<button class="{}"{}>{}{}</button>', classes, extra, picture, label)


@register.inclusion_tag("web/components/press.html", takes_context=True)
def press(
    context: template.Context, label: str, url: str, *, kind: str = "", drawn: str = "", **fields: str
) -> Context:
    """A form of one button that does something: `{% press _("Pause") url kind="primary" version=ask.version %}`.

    Other keywords are sent along as hidden fields.
    """
    return _with_token(context, label=label, url=url, kind=kind, drawn=drawn, fields=fields.items())


@register.inclusion_tag("web/components/guard.html", name="machine_guard")
def guard(guard: Guard | None) -> Context:
    """What tells people from machines in a form for strangers: `{% machine_guard guard %}`; nothing for members."""
    return {"guard": guard}


@register.inclusion_tag("web/components/doors.html")
def doors(need_url: str, can_url: str) -> Context:
    """The two doors of the home page."""
    return {"need_url": need_url, "can_url": can_url}


@register.inclusion_tag("web/components/code.html")
def shortcode(code: str, *, label: str = "") -> Context:
    """A short code in large letters, spelt out for screen readers."""
    return {"code": code, "label": label, "spelt": " ".join(code)}


@register.inclusion_tag("web/components/meter.html")
def meter(value: float, most: float, label: str, *, kind: str = "") -> Context:
    """A bar that says how far something has come; `label` says it in words. `kind`: "offer", "ask" or nothing."""
    share = min(1.0, max(0.0, value / most)) if most else 0.0
    return {"percent": round(share * 100), "label": label, "kind": kind}


@register.inclusion_tag("web/components/progress.html")
def progress(step: int, of: int, label: str = "") -> Context:
    """Where the reader stands in a form of several pages."""
    return {"step": step, "of": of, "label": label, "percent": round(100 * step / of)}


@register.inclusion_tag("web/components/skeleton.html")
def skeleton(lines: int = 3) -> Context:
    """Keeps the place of something that is on its way."""
    return {"lines": range(lines)}


@register.inclusion_tag("web/components/hold.html", takes_context=True)
def hold(context: template.Context, name: str, since: datetime, url: str = "") -> Context:
    """Says that somebody else is working on this; with `url`, a button takes it over."""
    return _with_token(context, name=name, since=since, url=url)


@register.simple_tag
def when(at: datetime) -> SafeString:
    """A moment in words from now ("2 h ago", "in 20 min"), with the exact time on it; a script keeps it true."""
    return times.element(at, times.from_now(at), kept="from-now")


@register.simple_tag
def due(at: datetime) -> SafeString:
    """When something is promised ("in 20 min", "12 min late"), marked when it is late."""
    return times.element(
        at, times.until_due(at), kept="due", classes="due num late" if times.is_late(at) else "due num"
    )


@register.simple_tag
def stamp(at: datetime) -> SafeString:
    """A moment as the clock and the calendar say it: "14:02", "Mon 14:02", "3 Nov 2026"."""
    return times.element(at, times.stamp(at))


# ── notes ────────────────────────────────────────────────────────────────────────────────────────────────────────


@register.simple_block_tag
def note(content: str, kind: str = "") -> SafeString:
    """A pinned note, for what wants a decision. `kind`: "ask", "offer", "decision", "crisis" or nothing."""
    return format_html('<div class="note {}">{}</div>', kind, content)


@register.simple_block_tag
def status(content: str, kind: str = "") -> SafeString:
    """What just happened or must be known. `kind`: "done", "wrong", "careful" or nothing (to be noted)."""
    role = "alert" if kind == "wrong" else "status"
    drawn = icon({"done": "check", "wrong": "careful", "careful": "careful"}.get(kind, "note"))
    return format_html('<div class="status {}" role="{}">{}<div>{}</div></div>', kind, role, drawn, content)


@register.inclusion_tag("web/components/nothing.html")
def nothing(title: str, text: str = "", *, url: str = "", label: str = "") -> Context:
    """Says that there is nothing here, why that may be, and what to do."""
    return {"title": title, "text": text, "url": url, "label": label}


@register.simple_block_tag(takes_context=True)
def confirm(
    context: template.Context,
    content: str,
    title: str,
    url: str,
    label: str,
    *,
    back: str,
    kind: str = "primary",
) -> SafeString:
    """A question before something that cannot be undone: `title`, the block's words, one button, and the way back."""
    values = _with_token(context, title=title, url=url, label=label, back=back, kind=kind, content=content)
    return render_to_string("web/components/confirm.html", values)


@register.simple_block_tag
def map_frame(content: str, label: str, *, name: str = "", **data: str) -> SafeString:
    """The frame of a map. The block is what stands there without tiles or script: an SVG, a list, or words.

    `name` and the other keywords become data attributes that the map's script reads.
    """
    extra = format_html_join(
        "", ' data-{}="{}"', ((key.replace("_", "-"), value) for key, value in {"map": name, **data}.items())
    )
    return format_html(
        '<figure class="map"><div role="group" aria-label="{}"{}>{}</div>'
        '<figcaption><span>{}</span><span>{}</span></figcaption></figure>',
        label, extra, content, label, _("Map data © OpenStreetMap contributors"),
    )  # fmt: skip


# ── forms ────────────────────────────────────────────────────────────────────────────────────────────────────────


@register.inclusion_tag("web/components/field.html")
def field(bound: BoundField, look: str = "") -> Context:
    """A bound field with its label, hint and error. `look`: "chips", "ticks", "slots", or the field's own."""
    return {"parts": take_apart(bound, look), "field": bound}


@register.inclusion_tag("web/components/form.html")
def fields(form: BaseForm) -> Context:
    """All fields of a form, the hidden ones too."""
    return {"form": form}


@register.inclusion_tag("web/components/error_summary.html")
def error_summary(*forms: BaseForm, focus: bool = True) -> Context:
    """What must be put right, on top of a form, each with a link to its field; nothing where nothing is wrong.

    The reader's place moves there when the page opens, unless `focus` is False.
    """
    return {"errors": [error for form in forms for error in errors_of(form)], "focus": focus}


@register.inclusion_tag("web/components/filters.html")
def filters(form: BaseForm, *, label: str = "") -> Context:
    """A bar of choices above a list. It asks by GET, so that a choice has an address."""
    return {"form": form, "label": label or _("Show")}


# ── lists ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _list(rows: Sequence[Any], **values: Any) -> Context:
    return {"rows": rows, **values}


@register.inclusion_tag("web/components/board.html")
def board(
    rows: Sequence[Any], *, level: int = 3, busy: bool = False, error: str = "", empty: str = ""
) -> Context:
    """The noticeboard. A row has `kind_label`, `title`, `where`, `when`, `url`, `is_offer`.

    Titles are headings of `level`.
    """
    lines = SafeString("") if busy or error else _board_lines(rows, level)
    return _list(rows, lines=lines, busy=busy, error=error, empty=empty)


# Written without a template for each row: the noticeboard is the page that is read most.
_BOARD_LINE = (
    '<li><div><p class="kind{4}">{0}</p><h{7} class="what"><a href="{3}"><bdi>{1}</bdi></a></h{7}>'
    '<p class="quiet small">{2}</p></div>'
    '<a class="button{5}" href="{3}" aria-label="{6}: {1}">{6}</a></li>\n'
)


def _board_lines(rows: Sequence[Any], level: int) -> SafeString:
    asked, offered = ("", " offer", _("I can")), (" offer", "", _("I need"))
    ways = (offered if _of(row, "is_offer") else asked for row in rows)
    lines = (_board_line(row, way, level) for row, way in zip(rows, ways, strict=True))
    return format_html_join("", _BOARD_LINE, lines)


def _board_line(row: Any, way: tuple[str, str, str], level: int) -> tuple[Any, ...]:
    place = side_by_side(_of(row, "where"), _of(row, "when"))
    return (_of(row, "kind_label"), _of(row, "title"), place, _of(row, "url"), *way, level)


def _of(row: Any, name: str) -> Any:
    return row.get(name, "") if isinstance(row, Mapping) else getattr(row, name)


@register.inclusion_tag("web/components/queue.html")
def queue(rows: Sequence[Any], *, busy: bool = False, error: str = "", empty: str = "") -> Context:
    """What needs a person. A row has `due_at`, `title`, `detail`, `url`, `is_current` and `held_by` (a name or "")."""
    return _list(rows, busy=busy, error=error, empty=empty)


@register.inclusion_tag("web/components/who.html", takes_context=True)
def who(
    context: template.Context, people: Sequence[Any], *, busy: bool = False, error: str = "", empty: str = ""
) -> Context:
    """Who could help. Each has `name`, `reasons`, `against`, `url`, `action_label` and `fields` (sent when pressed)."""
    return _with_token(context, rows=people, busy=busy, error=error, empty=empty)


@register.inclusion_tag("web/components/reasons.html")
def reasons(good: Sequence[str], against: Sequence[str] = ()) -> Context:
    """Why somebody was found, in plain words; what speaks against it is marked."""
    return {"good": good, "against": against}


@register.inclusion_tag("web/components/timeline.html")
def timeline(entries: Sequence[Any], *, busy: bool = False, error: str = "", empty: str = "") -> Context:
    """The story so far. An entry has `at` (a moment) and `text`."""
    return _list(entries, busy=busy, error=error, empty=empty)


@register.inclusion_tag("web/components/steps.html")
def steps(items: Sequence[Any], *, busy: bool = False, error: str = "", empty: str = "") -> Context:
    """Where something stands. Each has `state` ("done", "now", "stopped", "later"), `title` and `detail`."""
    return _list(items, busy=busy, error=error, empty=empty)


@register.inclusion_tag("web/components/figures.html")
def figures(
    items: Sequence[tuple[str, str]], *, busy: bool = False, error: str = "", empty: str = ""
) -> Context:
    """Numbers with what they mean: pairs of words and value."""
    return _list(items, busy=busy, error=error, empty=empty)


@register.inclusion_tag("web/components/answers.html")
def answers(rows: Iterable[Mapping[str, Any]]) -> Context:
    """What was said, to be looked over: rows of `label`, `value` and perhaps `url` (where to change it)."""
    return {"rows": rows}


@register.inclusion_tag("web/components/tabs.html")
def tabs(items: Iterable[Mapping[str, Any]], label: str) -> Context:
    """Views of one thing: each has `label`, `url`, `is_current` and perhaps `count`."""
    return {"items": items, "label": label}


@register.inclusion_tag("web/components/pager.html")
def pager(newer_url: str = "", older_url: str = "", label: str = "") -> Context:
    """The way to newer and older rows."""
    return {"newer_url": newer_url, "older_url": older_url, "label": label or _("More")}
