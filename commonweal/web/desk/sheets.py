"""Typing in sheets of paper: the order of the sheet, the keyboard alone, one ask after the other."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from commonweal.base.forms import LineField
from commonweal.base.ids import new_token, read_code, shown_code
from commonweal.exchange import actions
from commonweal.exchange.forms.choices import NUMBER, give_choices
from commonweal.exchange.forms.need import NeedForm
from commonweal.exchange.queries import asks_from
from commonweal.exchange.titles import ask_title
from commonweal.networks.models import Network
from commonweal.web.desk.access import require_desk
from commonweal.web.desk.frame import desk_page
from commonweal.web.desk.requests import DeskRequest

SOURCE = "paper"
MOST_ROWS = 99
# What a sheet has no line for stays as it is in an empty form.
LEFT_OUT = ("quantity", "unit", "returns_on", "destination", "summary", "hands", "needs", "wish", "reached",
            "weekdays", "part", "from_time", "until_time", "languages", "square")  # fmt: skip


class SheetForm(NeedForm):
    """One ask of a sheet. Lists open by typing: a figure finds the category that has it, a letter the area."""

    field_order = (
        "sheet", "row", "called", "contact", "category", "words", "people", "other_language", "area", "street",
        "found", "when", "day",
    )  # type: ignore[assignment]  # fmt: skip
    wanted_with = ()

    sheet = LineField(
        label=gettext_lazy("Code of the sheet"),
        required=False,
        max_length=12,
        help_text=gettext_lazy("In the corner of a printed sheet. Leave it empty for any other paper."),
    )
    row = forms.IntegerField(
        label=gettext_lazy("Number on the sheet"),
        required=False,
        min_value=1,
        max_value=MOST_ROWS,
        error_messages=NUMBER,
    )

    def __init__(self, *args: Any, network: Network, **kwargs: Any) -> None:
        super().__init__(*args, network=network, **kwargs)
        self.fields["category"].widget = forms.Select()
        numbered = [(one.slug, f"{number} {one.name}") for number, one in enumerate(self.categories, 1)]
        give_choices(self.fields["category"], [("", "–"), *numbered])
        self.fields["when"].widget = forms.Select(choices=_numbered_ways(self.fields["when"]))
        # One line, so that Enter means the same here as everywhere.
        self.fields["words"].widget = forms.TextInput(attrs={"maxlength": self.fields["words"].max_length})  # type: ignore[attr-defined]
        self.fields["other_language"].label = gettext_lazy("Language they speak")
        give_choices(
            self.fields["other_language"],
            [*self.fields["languages"].choices, *self.fields["other_language"].choices],  # type: ignore[attr-defined]
        )
        for name in ("called", "contact", "words"):
            self.fields[name].help_text = ""  # the sheet says it already
        first = "called" if self.initial.get("sheet") else "sheet"
        if not self.is_bound:
            self.fields[first].widget.attrs["autofocus"] = True
        for name in LEFT_OUT:
            self.fields[name].required = False
            self.fields[name].widget = forms.HiddenInput()

    def clean_sheet(self) -> str:
        """The code as it is kept, or nothing."""
        typed: str = self.cleaned_data["sheet"]
        code = read_code(typed)
        if typed and code is None:
            raise forms.ValidationError(_("This is no code of a sheet. It looks like K7F-2QM."))
        return code or ""

    def clean(self) -> dict[str, Any] | None:
        """A row is typed in once."""
        cleaned = super().clean()
        sheet, row = self.cleaned_data.get("sheet"), self.cleaned_data.get("row")
        if sheet and row is None and "row" not in self.errors:
            self.add_error("row", _("Which number on the sheet is it?"))
        for ask in asks_from(self.network, SOURCE, [f"{sheet}:{row}"]) if sheet and row else []:
            words = _("This one is here already: %(code)s.")
            self.add_error("row", words % {"code": ask.shown_code})
        return cleaned

    def source_key(self) -> str:
        """Sheet and row, where the paper has them; else as for every form."""
        said = self.cleaned_data
        return f"{said['sheet']}:{said['row']}" if said["sheet"] else super().source_key()


def _numbered_ways(field: forms.Field) -> list[tuple[str, str]]:
    assert isinstance(field, forms.ChoiceField)
    named = dict(field.choices)  # type: ignore[arg-type]
    return [(way, f"{number} {named[way]}") for number, way in enumerate(("soon", "today", "day"), 1)]


@require_http_methods(["GET", "HEAD", "POST"])
@require_desk
def sheets(request: DeskRequest) -> HttpResponse:
    """Type in one ask of a sheet, and go on with the next."""
    if request.method == "POST":
        form = SheetForm(request.POST, network=request.network)
        if form.is_valid():
            return _taken_in(request, form)
    else:
        form = SheetForm(network=request.network, initial=_next(request))
    status = 422 if form.is_bound else 200
    return desk_page(
        request, "web/desk/sheets.html", {"form": form, "typed": _typed(request, form)}, status=status
    )


def _taken_in(request: DeskRequest, form: SheetForm) -> HttpResponse:
    published = actions.publish_ask(
        network=request.network, draft=form.draft(), source=SOURCE, source_key=form.source_key()
    )
    words = _("Taken in: %(title)s. Their code is %(code)s.")
    messages.success(request, words % {"title": ask_title(published.ask), "code": published.ask.shown_code})
    said = form.cleaned_data
    onward = {"sheet": said["sheet"], "row": said["row"] + 1} if said["sheet"] else {}
    return redirect(reverse("desk:sheets") + ("?" + urlencode(onward) if onward else ""))


def _next(request: DeskRequest) -> dict[str, Any]:
    """The sheet goes on where it was left."""
    code = read_code(request.GET.get("sheet", ""))
    row = request.GET.get("row", "1")
    known: dict[str, Any] = {"key": new_token()}
    if code:
        known["sheet"] = shown_code(code)
        known["row"] = int(row) if row.isascii() and row.isdigit() and 0 < int(row[:3]) <= MOST_ROWS else 1
    return known


def _typed(request: DeskRequest, form: SheetForm) -> list[dict[str, Any]]:
    """What of this sheet is here already, in its order."""
    code = read_code(str(form["sheet"].value() or ""))
    if not code:
        return []
    keys = {f"{code}:{row}": row for row in range(1, MOST_ROWS + 1)}
    found = asks_from(request.network, SOURCE, list(keys))
    rows = [{"row": keys[ask.source_key], "title": ask_title(ask), "ask": ask} for ask in found]
    return sorted(rows, key=lambda entry: entry["row"])
